/* The scenario of the endpoint: tells the player what happens, and lets it ask. */
#include "steps_private.h"

#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

/* How often an offer that waits for another one is tried. */
#define AGAIN_NS (20 * NS_PER_MS)

/* ---- news ------------------------------------------------------------------------------------ */

static const char *direction_of(const struct session_media *media)
{
    return media->may_send      ? media->may_receive ? "sendrecv" : "sendonly"
           : media->may_receive ? "recvonly"
                                : "inactive";
}

static void drain(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    while (steps->news_count) {
        struct news news = steps->news[0];
        int64_t now = clock_now();
        /* More may come while it is told. */
        memmove(steps->news, steps->news + 1, --steps->news_count * sizeof news);
        if (news.kind == NEWS_OCCURRED)
            player_occurred(steps->player, now, news.at_ns, &news.occurred);
        else if (news.kind == NEWS_ARRIVED)
            player_arrived(steps->player, now, news.occurred.method, news.occurred.digit,
                           news.duration_ns);
        else
            player_done(steps->player, now, news.ticket,
                        &(struct report){.ok = news.ok,
                                         .status = news.status,
                                         .why = news.why  ? news.why
                                                : news.ok ? NULL
                                                          : news.seen,
                                         .direction = news.direction,
                                         .codec = news.codec,
                                         .answer = news.answer,
                                         .answer_length = news.answer_length,
                                         .seen = news.seen,
                                         .at_ns = news.at_ns});
        free(news.answer);
        free(news.seen);
    }
}

static void serve(void *arg);

static void set_timer(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    int64_t now = clock_now(), next = steps->news_count ? now : player_next(steps->player);
    if (steps->waiting_count && next > now + AGAIN_NS)
        next = now + AGAIN_NS;
    if (steps->frozen || next == PLAYER_NEVER)
        loop_timer_cancel(&steps->timer);
    else
        loop_timer_set(endpoint->loop, &steps->timer, next, serve, endpoint);
}

static void serve(void *arg)
{
    struct endpoint *endpoint = arg;
    drain(endpoint);
    if (endpoint->steps->frozen)
        return;
    player_tick(endpoint->steps->player, clock_now());
    steps_offer_what_waits(endpoint);
    set_timer(endpoint);
}

void steps_add(struct endpoint *endpoint, const struct news *news)
{
    struct steps *steps = endpoint->steps;
    /* A peer that floods us in one turn of the loop is heard in part; what was asked for is always
     * told, for there are no more tickets than this at once. */
    if (steps->news_count >=
        (news->kind != NEWS_DONE ? STEPS_NEWS_MAX : STEPS_NEWS_MAX + PLAYER_RUNS_MAX)) {
        free(news->answer);
        free(news->seen);
        return;
    }
    steps->news[steps->news_count++] = *news;
    if (!steps->frozen)
        set_timer(endpoint);
}

static void happened(struct endpoint *endpoint, const struct occurrence *occurrence, int64_t at_ns)
{
    if (endpoint->steps && !endpoint->steps->frozen)
        steps_add(endpoint,
                  &(struct news){.kind = NEWS_OCCURRED, .at_ns = at_ns, .occurred = *occurrence});
}

void steps_happened(struct endpoint *endpoint, const struct occurrence *occurrence)
{
    happened(endpoint, occurrence, clock_now());
}

void steps_occurred_at(struct endpoint *endpoint, enum occurrence_kind kind, int64_t at_ns)
{
    happened(endpoint, &(struct occurrence){.kind = kind}, at_ns);
}

void steps_occurred(struct endpoint *endpoint, enum occurrence_kind kind)
{
    steps_happened(endpoint, &(struct occurrence){.kind = kind});
}

void steps_done(struct endpoint *endpoint, uint32_t *ticket, bool ok, int status, const char *why)
{
    steps_done_seen(endpoint, ticket, ok, status, why, NULL);
}

void steps_done_seen(struct endpoint *endpoint, uint32_t *ticket, bool ok, int status,
                     const char *why, const char *seen)
{
    const struct call *call = &endpoint->call;
    struct news news = {.kind = NEWS_DONE,
                        .at_ns = clock_now(),
                        .ticket = *ticket,
                        .ok = ok,
                        .status = (uint16_t)(status > 0 ? status : 0),
                        .why = why};
    if (!*ticket)
        return;
    if (ticket == &endpoint->steps->offer && call->leg && call->leg->agreed) {
        news.direction = direction_of(session_media_of(call->leg));
        news.codec =
            session_media_of(call->leg)->codec ? session_media_of(call->leg)->codec->name : NULL;
    }
    const struct steps *steps = endpoint->steps;
    /* These are done by an ACK, a NOTIFY, or the time: the newest response is none of theirs. */
    bool answered = ticket != &steps->answer && ticket != &steps->refusal &&
                    ticket != &steps->transfer && ticket != &steps->playing;
    if (steps->response && answered &&
        (ticket == &steps->hangup || (status && news.status == steps->response_status))) {
        news.answer = endpoint->steps->response;
        news.answer_length = endpoint->steps->response_length;
        endpoint->steps->response = NULL;
    }
    *ticket = 0;
    news.seen = seen ? mem_strdup(seen) : NULL;
    steps_add(endpoint, &news);
}

struct leg *steps_talking(const struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    bool up = call->leg && call->leg->dialog && call->confirmed && !call->leg->leaving;
    return up && !call->over ? call->leg : NULL;
}

const char steps_not_up[] = "there is no call that is up";

static const struct performer performer = {.offer = steps_offer,
                                           .request = steps_request,
                                           .digits = steps_digits,
                                           .refresh_session = steps_refresh_session,
                                           .reregister = steps_reregister,
                                           .play = steps_play,
                                           .mute = steps_mute,
                                           .impair = steps_impair,
                                           .deregister = steps_deregister,
                                           .answer = steps_answer,
                                           .refuse = steps_refuse,
                                           .transfer = steps_transfer,
                                           .signal = steps_signal,
                                           .run = steps_run,
                                           .hang_up = steps_hang_up,
                                           .flows = steps_flows};

/* ---- life ------------------------------------------------------------------------------------ */

static void tell(void *who, const struct event_action *action)
{
    struct endpoint *endpoint = who;
    struct event event = {.kind = EVENT_ACTION, .action = *action};
    struct event_action *told = &event.action;
    int64_t *const times[] = {&told->planned_ns, &told->began_ns, &told->ended_ns};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (*times[i] != EVENT_NONE)
            *times[i] = clock_utc(*times[i]);
    endpoint_emit(endpoint, &event);
    if (told->result == ACTION_FAILED)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_ACTION, told->status, NULL,
                        "step %u (%s%s%s, %s) failed: %s", told->step + 1, told->name,
                        told->name[0] ? ": " : "", told->action, told->trigger, told->detail);
}

void steps_start(struct endpoint *endpoint)
{
    const struct script *script = endpoint->config.script;
    if (!script || !script->count || endpoint->steps)
        return;
    endpoint->steps = mem_alloc(sizeof *endpoint->steps);
    endpoint->steps->player = player_new(script, &performer, endpoint, tell);
    for (size_t i = 0; i < script->count; i++)
        endpoint->steps->asserts |= script->steps[i].expect.assertion_count > 0;
}

static const char *answer_failed(const struct dialog_end *end)
{
    return end->no_ack    ? "no ACK came"
           : end->by_peer ? "the caller gave up before"
                          : "the call was not established";
}

void steps_freeze(struct endpoint *endpoint, bool well)
{
    if (!endpoint->steps || endpoint->steps->frozen)
        return;
    struct steps *steps = endpoint->steps;
    const struct dialog_end *end = call_ended(&endpoint->call);
    /* Both may have said BYE at once, and ours needs no answer then. */
    int bye = end->bye_failed ? end->bye_status : endpoint->call.teardown_ns ? 200 : 0;
    steps_done(endpoint, &steps->hangup, well, bye, well ? NULL : "the BYE found no good answer");
    steps_done(endpoint, &steps->refusal, end->status == steps->refused_with, end->status,
               end->by_peer ? "the caller gave up before" : NULL);
    steps_done(endpoint, &steps->answer, false, end->status, answer_failed(end));
    steps_done(endpoint, &steps->transfer, false, 0, "the call ended first");
    steps->frozen = true;
    loop_timer_cancel(&endpoint->steps->timer);
    loop_timer_cancel(&endpoint->steps->play_timer);
}

void steps_end(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    if (!steps)
        return;
    steps_freeze(endpoint, true);
    drain(endpoint);
    if (endpoint->interrupted || endpoint->aborted)
        player_stop(steps->player, clock_now());
    else
        player_end(steps->player, clock_now());
}

void steps_free(struct endpoint *endpoint)
{
    if (!endpoint->steps)
        return;
    loop_timer_cancel(&endpoint->steps->timer);
    free(endpoint->steps->response);
    free(endpoint->steps->requests);
    loop_timer_cancel(&endpoint->steps->play_timer);
    player_free(endpoint->steps->player);
    for (size_t i = 0; i < endpoint->steps->news_count; i++) {
        free(endpoint->steps->news[i].seen);
        free(endpoint->steps->news[i].answer);
    }
    free(endpoint->steps);
    endpoint->steps = NULL;
}
