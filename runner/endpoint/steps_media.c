/* What steps do to the media of the call: what is sent, and what the network does to it. */
#include "steps_private.h"

/* The media that runs, if it can carry something; NULL, and *why. */
static const struct session_media *sending(const struct endpoint *endpoint, const char **why)
{
    const struct call *call = &endpoint->call;
    *why = !steps_talking(endpoint)                           ? steps_not_up
           : !call->flowing || !call->flowing->codec          ? "no media runs"
           : !endpoint->media->play || !endpoint->media->mute ? "there is no media to change"
                                                              : NULL;
    return *why ? NULL : call->flowing;
}

static void played(void *arg)
{
    struct endpoint *endpoint = arg;
    steps_done(endpoint, &endpoint->steps->playing, true, 0, NULL);
}

/* What was being played once is so no more. */
static void interrupt(struct endpoint *endpoint)
{
    loop_timer_cancel(&endpoint->steps->play_timer);
    steps_done(endpoint, &endpoint->steps->playing, false, 0,
               "something else was played before its end");
}

const char *steps_send(struct endpoint *endpoint, const struct audio *audio, bool once,
                       int64_t *length_ns)
{
    const char *why;
    const struct session_media *media = sending(endpoint, &why);
    if (why)
        return why;
    if ((once || *length_ns) && !media->may_send)
        return "nothing may be sent: the call is on hold";
    why = endpoint->media->play(endpoint->service, endpoint->config.id, media, audio, once,
                                length_ns);
    if (why)
        return why;
    interrupt(endpoint);
    if (*length_ns)
        loop_timer_set(endpoint->loop, &endpoint->steps->play_timer, clock_now() + *length_ns,
                       played, endpoint);
    return NULL;
}

const char *steps_play(void *who, uint32_t ticket, const struct audio *audio, bool once,
                       int64_t length_ns)
{
    struct endpoint *endpoint = who;
    const char *why = steps_send(endpoint, audio, once, &length_ns);
    if (why)
        return why;
    if (length_ns)
        endpoint->steps->playing = ticket;
    else
        steps_done(endpoint, &ticket, true, 0, NULL);
    return NULL;
}

const char *steps_mute(void *who, uint32_t ticket, bool mute)
{
    struct endpoint *endpoint = who;
    const char *why;
    const struct session_media *media = sending(endpoint, &why);
    if (!why)
        why = endpoint->media->mute(endpoint->service, endpoint->config.id, media, mute);
    if (!why)
        steps_done(endpoint, &ticket, true, 0, NULL);
    return why;
}

const char *steps_impair(void *who, uint32_t ticket, bool send, bool receive,
                         const struct impairment_config *config)
{
    struct endpoint *endpoint = who;
    if (!endpoint->media->impair)
        return "there is no network to impair";
    if (send)
        endpoint->media->impair(endpoint->service, endpoint->config.id, DIRECTION_SEND, config);
    if (receive)
        endpoint->media->impair(endpoint->service, endpoint->config.id, DIRECTION_RECEIVE, config);
    steps_done(endpoint, &ticket, true, 0, NULL);
    return NULL;
}

void endpoint_media_changed(struct endpoint *endpoint, enum stream_change change, int64_t at_ns)
{
    static const enum occurrence_kind kinds[] = {[STREAM_STARTED] = OCCURRED_STARTED,
                                                 [STREAM_STOPPED] = OCCURRED_STOPPED,
                                                 [STREAM_AUDIO] = OCCURRED_AUDIO,
                                                 [STREAM_SILENCE] = OCCURRED_SILENCE};
    steps_occurred_at(endpoint, kinds[change], at_ns);
}
