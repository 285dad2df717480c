/* Between the endpoints and the media thread: what they ask of it, and what it tells them. */
#include "engine_private.h"
#include "cmtest/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(FLOW_PAUSE_NS == STREAM_STOPPED_NS, "media that stops is the same everywhere");

/* Encoding them takes the time of signalling. */
#define TONES_MAX_NS (20 * NS_PER_S)

static int open_ports(void *service, uint32_t id, uint16_t *rtp_port, uint16_t *rtcp_port)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    uint32_t group = engine->plan->endpoints[id].group;
    bool own = engine->plan->groups[group].port_last != 0;
    /* Most calls without media end before there is anything to report. */
    bool later = engine->plan->groups[group].deferred;
    seat->rtcp_fd = -1;
    int failed =
        ports_open(own ? &engine->own_ports[group] : &engine->ports, engine->addresses[group],
                   &(struct port_marks){engine->plan->groups[group].dscp,
                                        engine->plan->groups[group].receive_buffer},
                   &seat->rtp_fd, later ? NULL : &seat->rtcp_fd, rtp_port);
    if (failed) {
        engine->health.now.refused[health_refusal_of(failed)]++;
        return failed;
    }
    seat->port_open = true;
    *rtcp_port = (uint16_t)(*rtp_port + 1);
    return 0;
}

static void set_hearing(struct engine *engine, uint32_t id)
{
    const struct plan_endpoint *planned = &engine->plan->endpoints[id];
    const struct plan_group *group = &engine->plan->groups[planned->group];
    pacer_hear(engine->pacer, id, &group->hearing, group->name, planned->index, planned->partner);
}

/* What the session descriptions agreed on, with our certificate. */
static struct session_media with_identity(const struct engine *engine,
                                          const struct session_media *media)
{
    struct session_media whole = *media;
    whole.keying.identity = engine->identity;
    return whole;
}

void media_start_line(struct engine *engine, uint32_t id, const struct session_media *media,
                      bool early, int64_t began_ns)
{
    struct seat *seat = &engine->seats[id];
    struct session_media whole = with_identity(engine, media);
    if (seat->rtcp_fd < 0)
        seat->rtcp_fd = ports_reopen(seat->rtp_fd);
    if (seat->rtcp_fd < 0)
        engine->health.now.refused[health_refusal_of(errno)]++;
    media_impair_stream(engine, id);
    set_hearing(engine, id);
    pacer_start(engine->pacer, id, seat->rtp_fd, seat->rtcp_fd, &whole,
                frames_of(engine, id, media), early, engine_seed(engine, id, ++seat->streams),
                began_ns);
}

static void start_stream(void *service, uint32_t id, const struct session_media *media, bool early)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    seat->media_started = true;
    seat->audio_began_ns = clock_now();
    if (!media_idle_begin(engine, id, media, early))
        media_start_line(engine, id, media, early, 0);
}

static void update_stream(void *service, uint32_t id, const struct session_media *media, bool early)
{
    struct engine *engine = service;
    struct session_media whole = with_identity(engine, media);
    if (media_idle_update(engine, id, media, early))
        return;
    pacer_update(engine->pacer, id, &whole, media->codec ? frames_of(engine, id, media) : NULL,
                 early);
    media_play_on(engine, id, media);
}

static const char *send_digits(void *service, uint32_t id, const struct session_media *media,
                               const struct digits *digits)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    uint32_t count = (uint32_t)strlen(digits->text);
    int64_t now = clock_now(), length_ns = count * (digits->tone_ns + digits->gap_ns);
    const struct frames *frames = NULL;
    /* Those that a change of the media has ended are never told. */
    if (now > seat->digits_over_ns + NS_PER_S)
        seat->digits = 0;
    if (seat->digits + count > DIGIT_TEXT_MAX)
        return "too many digits wait already";
    struct dtmf_timing timing = {.tone_ms = (uint32_t)(digits->tone_ns / NS_PER_MS),
                                 .gap_ms = (uint32_t)(digits->gap_ns / NS_PER_MS)};
    if (digits->method == DIGIT_INBAND) {
        if (length_ns > TONES_MAX_NS)
            return "digits in the audio last 20 s at most at a time";
        dtmf_timing_lead(&timing, media->codec);
        frames = frames_of_digits(engine, media, digits->text, &timing);
        if (!frames)
            return "there is no more room for encoded audio";
    }
    media_idle_start(engine, id);
    seat->digits += count;
    seat->digits_over_ns = (seat->digits_over_ns > now ? seat->digits_over_ns : now) + length_ns;
    pacer_digits(engine->pacer, id, frames, digits->text, &timing);
    return NULL;
}

static void quiet_stream(void *service, uint32_t id)
{
    struct engine *engine = service;
    if (!engine->seats[id].idle)
        pacer_quiet(engine->pacer, id);
}

void media_close_ports(struct seat *seat)
{
    if (!seat->port_open)
        return;
    close(seat->rtp_fd);
    if (seat->rtcp_fd >= 0)
        close(seat->rtcp_fd);
    seat->port_open = false;
}

static void close_stream(void *service, uint32_t id)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    if (seat->media_started) {
        if (!media_idle_end(engine, id))
            pacer_close(engine->pacer, id);
        return;
    }
    media_close_ports(seat);
    endpoint_media_closed(seat->endpoint, false, NULL);
}

const struct media_service media_service = {.open = open_ports,
                                            .start = start_stream,
                                            .update = update_stream,
                                            .digits = send_digits,
                                            .play = media_play,
                                            .mute = media_mute,
                                            .impair = media_impair,
                                            .flows = partner_flows,
                                            .quiet = quiet_stream,
                                            .close = close_stream};

/* ---- what the media thread tells, taken on the loop ------------------------------------------ */

struct closing {
    struct seat *seat;
    struct stream_totals totals;
};

static void take_closed(void *arg)
{
    struct closing *closing = arg;
    closing->seat->port_open = false;
    if (closing->seat->endpoint)
        endpoint_media_closed(closing->seat->endpoint, true, &closing->totals);
    free(closing);
}

/* On the media thread. */
static void stream_closed(void *owner, uint32_t id, const struct stream_totals *totals)
{
    struct engine *engine = owner;
    struct closing *closing = mem_alloc(sizeof *closing);
    closing->seat = &engine->seats[id];
    closing->totals = *totals;
    loop_post(engine->loop, take_closed, closing);
}

struct failing {
    struct seat *seat;
    char why[256];
};

static void take_failed(void *arg)
{
    struct failing *failing = arg;
    if (failing->seat->endpoint)
        endpoint_media_failed(failing->seat->endpoint, failing->why);
    free(failing);
}

/* On the media thread. */
static void stream_failed(void *owner, uint32_t id, const char *why)
{
    struct engine *engine = owner;
    struct failing *failing = mem_alloc(sizeof *failing);
    failing->seat = &engine->seats[id];
    text_copy(failing->why, sizeof failing->why, why);
    loop_post(engine->loop, take_failed, failing);
}

struct telling {
    struct seat *seat;
    struct event_digit digit;
    int64_t at_ns;
};

static void take_digit(void *arg)
{
    struct telling *telling = arg;
    struct seat *seat = telling->seat;
    if (telling->digit.direction == DIRECTION_SEND && seat->digits)
        seat->digits--;
    if (seat->endpoint)
        endpoint_digit(seat->endpoint, &telling->digit, telling->at_ns);
    free(telling);
}

/* On the media thread. */
static void stream_told_digit(void *owner, uint32_t id, const struct event_digit *digit,
                              int64_t at_ns)
{
    struct engine *engine = owner;
    struct telling *telling = mem_alloc(sizeof *telling);
    *telling = (struct telling){.seat = &engine->seats[id], .digit = *digit, .at_ns = at_ns};
    loop_post(engine->loop, take_digit, telling);
}

struct changing {
    struct seat *seat;
    enum stream_change change;
    int64_t at_ns;
};

static void take_change(void *arg)
{
    struct changing *changing = arg;
    if (changing->seat->endpoint)
        endpoint_media_changed(changing->seat->endpoint, changing->change, changing->at_ns);
    free(changing);
}

/* On the media thread. */
static void stream_told_change(void *owner, uint32_t id, enum stream_change change, int64_t at_ns)
{
    struct engine *engine = owner;
    /* Only steps wait for it, and each time the signalling thread would wake. */
    if (!engine->plan->groups[engine->plan->endpoints[id].group].script.count)
        return;
    struct changing *changing = mem_alloc(sizeof *changing);
    *changing = (struct changing){.seat = &engine->seats[id], .change = change, .at_ns = at_ns};
    loop_post(engine->loop, take_change, changing);
}

void media_begin(struct engine *engine)
{
    engine->pacer = pacer_new(engine->config.event, engine->config.to, stream_closed, engine,
                              (uint32_t)engine->plan->endpoint_count);
    pacer_on_failure(engine->pacer, stream_failed);
    pacer_on_digit(engine->pacer, stream_told_digit);
    pacer_on_change(engine->pacer, stream_told_change);
    pacer_on_packet(engine->pacer, engine->meters);
    if (engine->plan->precise)
        pacer_precise(engine->pacer);
    if (engine->config.share)
        pacer_place(engine->pacer, engine->config.worker, engine->config.cpu);
    pacer_reserve(engine->pacer, engine->config.streams);
}
