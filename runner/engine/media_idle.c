/* Media that nobody may send. Until a report could be due (RFC 3550 6.2) it needs no line of the
 * media thread, and most calls that are nothing but signalling have ended by then. */
#include "engine_private.h"
#include "cmtest/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define IDLE_MAX_NS (200 * NS_PER_MS)

struct idle {
    struct seat *seat;
    struct session_media media;
    bool early;
    int64_t began_ns;
    struct loop_timer timer;
};

static const struct plan_hearing *hearing_of(const struct engine *engine, uint32_t id)
{
    return &engine->plan->groups[engine->plan->endpoints[id].group].hearing;
}

/* Keys and impairments have figures of their own. */
static bool is_idle(const struct seat *seat, const struct session_media *media)
{
    return media->codec && !media->may_send && !media->may_receive &&
           !(media->keying.row && media->keying.row->secured) && !seat->impair[DIRECTION_SEND] &&
           !seat->impair[DIRECTION_RECEIVE];
}

static struct idle take(struct seat *seat)
{
    struct idle idle = *seat->idle;
    loop_timer_cancel(&seat->idle->timer);
    free(seat->idle);
    seat->idle = NULL;
    return idle;
}

void media_idle_start(struct engine *engine, uint32_t id)
{
    struct seat *seat = &engine->seats[id];
    if (!seat->idle)
        return;
    struct idle idle = take(seat);
    media_start_line(engine, id, &idle.media, idle.early, idle.began_ns);
}

static void lasts(void *arg)
{
    const struct idle *idle = arg;
    media_idle_start(idle->seat->engine, idle->seat->id);
}

bool media_idle_begin(struct engine *engine, uint32_t id, const struct session_media *media,
                      bool early)
{
    struct seat *seat = &engine->seats[id];
    /* The first report is due after a quarter of its interval at the earliest. */
    int64_t now = clock_now(), until = hearing_of(engine, id)->rtcp_interval_ns / 4;
    if (!is_idle(seat, media))
        return false;
    seat->idle = mem_alloc(sizeof *seat->idle);
    *seat->idle = (struct idle){.seat = seat, .media = *media, .early = early, .began_ns = now};
    loop_timer_set(engine->loop, &seat->idle->timer,
                   now + (until < IDLE_MAX_NS ? until : IDLE_MAX_NS), lasts, seat->idle);
    return true;
}

bool media_idle_update(struct engine *engine, uint32_t id, const struct session_media *media,
                       bool early)
{
    struct seat *seat = &engine->seats[id];
    if (!seat->idle || !is_idle(seat, media)) {
        media_idle_start(engine, id);
        return false;
    }
    seat->idle->media = *media;
    seat->idle->early = early;
    return true;
}

static bool is_empty(int fd)
{
    char byte;
    return fd < 0 || (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN);
}

bool media_idle_end(struct engine *engine, uint32_t id)
{
    struct seat *seat = &engine->seats[id];
    /* Whoever sent something although nobody may: a line counts it. */
    if (seat->idle && (!is_empty(seat->rtp_fd) || !is_empty(seat->rtcp_fd)))
        media_idle_start(engine, id);
    if (!seat->idle)
        return false;
    struct idle idle = take(seat);
    struct event_second seconds[2];
    struct stream_totals totals;
    int64_t now = clock_now();
    media_close_ports(seat);
    pacer_nothing(hearing_of(engine, id), engine->plan->endpoints[id].index, &idle.media,
                  frames_of(engine, id, &idle.media), idle.began_ns, now, seconds, &totals);
    for (int i = 0; i < 2; i++) {
        struct event event = {
            .at_ns = clock_utc(now), .endpoint = id, .kind = EVENT_SECOND, .second = seconds[i]};
        engine->config.event(engine->config.to, &event);
    }
    endpoint_media_closed(seat->endpoint, true, &totals);
    return true;
}

void media_idle_forget(struct seat *seat)
{
    if (!seat->idle)
        return;
    (void)take(seat);
    media_close_ports(seat);
}
