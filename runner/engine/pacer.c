#include "pacer_private.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* Behind by more packet times than this, the missed ones are skipped: a phone that was stopped does
 * not send its past in one burst. */
#define CATCH_UP 3
/* How often a line asks whether a report is due, or may arrive again: arrivals are stamped. */
#define RTCP_POLL_NS PACER_IDLE_NS
#define REPORTS 256 /* sockets with reports that are read in one turn */
/* From so many lines on, what a packet costs is more than what strangers may tell. */
#define MANY_LINES 256
#define LATE_NS (5 * NS_PER_MS)
#define VERY_LATE_NS (20 * NS_PER_MS)

/* ---- packets -------------------------------------------------------------------------------- */

static void note_lateness(struct pacer *pacer, int64_t late)
{
    struct event_pacing *pacing = &pacer->pacing;
    pacing->packets++;
    pacer->health.now.asked++;
    pacer->health.now.done += late <= VERY_LATE_NS;
    pacing->over_5ms += late > LATE_NS;
    pacing->over_20ms += late > VERY_LATE_NS;
    lag_add(&pacer->lateness, late);
}

static void note_unsent(struct pacer *pacer)
{
    pacer->pacing.skipped++;
    pacer->pacing.packets++;
    pacer->health.now.asked++;
}

static void note_refused(struct pacer *pacer)
{
    pacer_note_refused(pacer, errno);
    note_unsent(pacer);
}

static void send_rtp(struct pacer *pacer, struct line *line, int64_t now)
{
    int64_t behind = (now - line->due_ns) / line->period_ns;
    if (behind > CATCH_UP) {
        uint32_t missed = (uint32_t)behind;
        stream_skip(line->stream, missed);
        pacer->pacing.skipped += missed;
        pacer->pacing.packets += missed;
        pacer->health.now.asked += missed;
        line->due_ns += line->period_ns * missed;
    }
    uint8_t bytes[LINE_PACKET_MAX];
    size_t length = stream_send(line->stream, bytes);
    if (!length)
        return;
    if (!line_protect(line, bytes, &length)) {
        stream_unsent(line->stream);
        note_unsent(pacer);
        return;
    }
    /* Its delay counts from when it was due: what this thread is late is no part of it. */
    if (line->impaired[DIRECTION_SEND]) {
        impairment_offer(line->impaired[DIRECTION_SEND], bytes, length, line->due_ns);
        return;
    }
    int64_t at = clock_now();
    if (line_transmit(line, bytes, length, at)) {
        note_lateness(pacer, at - line->due_ns);
    } else {
        note_refused(pacer);
        stream_unsent(line->stream);
    }
}

/* Those that an impairment lets go by now. */
static void send_impaired(struct pacer *pacer, struct line *line)
{
    uint8_t bytes[IMPAIRMENT_BYTES];
    size_t length;
    int64_t due_ns;
    while ((length = line_take(line, clock_now(), bytes, &due_ns))) {
        int64_t at = clock_now();
        if (line_transmit(line, bytes, length, at))
            note_lateness(pacer, at - due_ns);
        else
            note_refused(pacer);
    }
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* Between the packet times too, as long as there are no keys. */
static void shake(struct pacer *pacer, struct line *line, int64_t now, int64_t offset)
{
    if (!line_ready(line)) {
        line->changed[DIRECTION_SEND] = line->changed[DIRECTION_RECEIVE] = true;
        line_drain(line, false, true, now, offset);
        if (!line->mux)
            line_drain(line, true, true, now, offset);
    }
    const char *why = line_shake(line, now);
    if (why && pacer->failed)
        pacer->failed(pacer->owner, line->endpoint, why);
}

/* An RTCP socket that is not read any more is a descriptor and kernel memory for nothing. Until the
 * answer is final the peer may still choose two ports. */
static void merge(struct line *line)
{
    if (!line->mux || line->early || line->rtcp_fd < 0)
        return;
    close(line->rtcp_fd);
    line->rtcp_fd = -1;
}

/* later: what has come is read behind the turn of its partner. */
static void serve(struct pacer *pacer, struct line *line, bool later, int64_t now, int64_t offset)
{
    pacer_end_pause(line);
    /* What came in a second is told with it. */
    if (!later || now >= line->second_ns)
        line_drain(line, false, false, now, offset);
    if (now >= line->rtcp_poll_ns) {
        if (line->unwatched && !line->mux)
            pacer_watch(pacer, line);
        line->rtcp_poll_ns = line->due_ns + RTCP_POLL_NS;
        if (now >= stream_rtcp_due(line->stream))
            line_send_rtcp(line, now, false);
    }
    if (now >= line->second_ns) {
        pacer_tell_second(pacer, line, now);
        line_narrow(line, pacer->running >= MANY_LINES, now);
        merge(line);
        line->second_ns += NS_PER_S;
    }
    if (line->may_send && !line->quiet && line_ready(line))
        send_rtp(pacer, line, now);
    else
        stream_skip(line->stream, 1);
    pacer_tell_digits(pacer, line, now, line->due_ns);
    pacer_tell_changes(pacer, line, now);
    pacer_advance(line);
    if (line->due_ns + CATCH_UP * line->period_ns < now)
        line->due_ns = now; /* a line that does not send need not catch up */
}

static void forget(struct pacer *pacer, struct line *line)
{
    close(line->rtp_fd);
    if (line->rtcp_fd >= 0)
        close(line->rtcp_fd);
    keying_free(line->keying);
    free(line->agreed);
    stream_end(line->stream);
    line_unrecord(line);
    line_unimpair(line);
    pacer->lines[line->endpoint] = NULL;
    pacer->running--;
    pool_give(pacer->places, line);
    atomic_fetch_add(&pacer->vacant, 1);
}

static void finish(struct pacer *pacer, struct line *line, int64_t now)
{
    int64_t offset = clock_from_realtime(0);
    line_drain(line, false, true, now, offset);
    if (!line->mux)
        line_drain(line, true, true, now, offset);
    line_send_rtcp(line, now, true);
    pacer_tell_second(pacer, line, now);
    pacer_tell_digits(pacer, line, now, line->due_ns);
    pacer_tell_changes(pacer, line, now);
    struct stream_totals totals;
    stream_totals(line->stream, &totals);
    line_truth(line, totals.impaired);
    line_add_totals(line, &totals);
    struct event recording = {.kind = EVENT_RECORDING};
    if (line_recorded(line, &recording.recording))
        pacer_tell(pacer, line->endpoint, now, &recording);
    uint32_t endpoint = line->endpoint;
    forget(pacer, line);
    if (!pacer->running)
        pacer_tell_pacing(pacer, now);
    pacer->closed(pacer->owner, endpoint, &totals);
}

void pacer_watch(struct pacer *pacer, struct line *line)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = line};
    line->unwatched = epoll_ctl(pacer->reports, EPOLL_CTL_MOD, line->rtcp_fd, &event) != 0 &&
                      epoll_ctl(pacer->reports, EPOLL_CTL_ADD, line->rtcp_fd, &event) != 0;
}

/* Reports come once in seconds, and to ask each socket for them would cost as much as its audio.
 * Those that have one tell; and are not asked again for a while, lest a flood starves the others.
 */
static void take_reports(struct pacer *pacer)
{
    struct epoll_event events[REPORTS];
    int count = pacer->running ? epoll_wait(pacer->reports, events, REPORTS, 0) : 0;
    int64_t offset = count > 0 ? clock_from_realtime(0) : 0;
    for (int i = 0; i < count; i++) {
        struct line *line = events[i].data.ptr;
        line->unwatched = true;
        if (!line->mux)
            line_drain(line, true, true, clock_now(), offset);
    }
}

static void visit(struct pacer *pacer, struct line *line, bool later, int64_t offset)
{
    line_fetch(line);
    int64_t now = clock_now();
    if (line->closing) {
        finish(pacer, line, now);
        return;
    }
    if (line->keying)
        shake(pacer, line, now, offset);
    if (line->due_ns <= now)
        serve(pacer, line, later, now, offset);
    if (line->impaired[DIRECTION_SEND])
        send_impaired(pacer, line);
    line_send_reports(line, now);
    pacer_put(pacer, line);
}

/* Of two partners in a row the first reads behind the second, whose packet the kernel then still
 * has at hand: both sockets are in the cache, and the memory of the packet that was read is that of
 * the next one that is sent. */
static void turn(struct pacer *pacer)
{
    struct line *line = pacer_take(pacer), *reader = NULL;
    int64_t offset = line ? clock_from_realtime(0) : 0;
    for (struct line *next; line; line = next) {
        next = line->next;
        if (pacer->precise && line_due(line) > clock_now())
            clock_sleep_until(line_due(line));
        bool later = !pacer->precise && !line->closing && next &&
                     next->endpoint == pacer->habits[line->endpoint].partner;
        visit(pacer, line, later, offset);
        if (reader)
            line_drain(reader, false, false, clock_now(), offset);
        reader = later ? line : NULL;
    }
}

static void *run(void *arg)
{
    struct pacer *pacer = arg;
    pthread_setname_np(pthread_self(), "media");
    pacer_prefer(pacer);
    health_begin(&pacer->health, "media", 0);
    pacer->tick = clock_now() / NS_PER_MS;
    while (!atomic_load(&pacer->stop)) {
        pacer_obey(pacer);
        take_reports(pacer);
        int64_t now = clock_now(), until = now / NS_PER_MS;
        /* After a long stop every slot is overdue, and one round serves them all. */
        if (until - pacer->tick > WHEEL)
            pacer->tick = until - WHEEL;
        while (pacer->tick < until) {
            pacer->tick++;
            lag_add(&pacer->lag, now - pacer->tick * NS_PER_MS);
            turn(pacer);
        }
        if (pacer->running && now - pacer->pacing_told_ns >= NS_PER_S)
            pacer_tell_pacing(pacer, now);
        /* It tells of the class that it has the rest of the time. */
        if (now - pacer->health.since_ns >= HEALTH_NS && !pacer->real_time.aside)
            pacer_tell_health(pacer, now);
        if (pacer->running)
            pacer_wait(pacer, (pacer->tick + 1) * NS_PER_MS);
        else
            pacer_rest(pacer);
    }
    pacer_tell_health(pacer, clock_now());
    return NULL;
}

/* ---- the door ------------------------------------------------------------------------------- */

struct pacer *pacer_new(event_fn *event, void *to,
                        void (*closed)(void *owner, uint32_t endpoint,
                                       const struct stream_totals *totals),
                        void *owner, uint32_t endpoint_count)
{
    struct pacer *pacer = mem_alloc(sizeof *pacer);
    pacer->event = event;
    pacer->to = to;
    pacer->closed = closed;
    pacer->owner = owner;
    pacer->lines = mem_array(endpoint_count, sizeof(struct line *));
    pacer->fates = mem_array(endpoint_count, sizeof *pacer->fates);
    pacer->habits = mem_array(endpoint_count, sizeof *pacer->habits);
    for (uint32_t i = 0; i < endpoint_count; i++)
        pacer->habits[i].partner = ROSTER_NONE;
    pacer->budget.bytes = RECORDER_BYTES_USUAL;
    pacer->line_count = endpoint_count;
    pacer->places = pool_new(PLACE_BYTES + stream_bytes());
    pacer->commands = mailbox_new(sizeof(struct command));
    pacer->reports = epoll_create1(EPOLL_CLOEXEC);
    pacer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pacer->reports < 0 || pacer->wake < 0) {
        perror("cmtest: media thread");
        exit(70);
    }
    if (pthread_create(&pacer->thread, NULL, run, pacer) != 0) {
        perror("cmtest: media thread");
        exit(70);
    }
    return pacer;
}

void pacer_on_failure(struct pacer *pacer,
                      void (*failed)(void *owner, uint32_t endpoint, const char *why))
{
    pacer->failed = failed;
}

void pacer_on_digit(struct pacer *pacer,
                    void (*digit)(void *owner, uint32_t endpoint, const struct event_digit *digit,
                                  int64_t at_ns))
{
    pacer->digit = digit;
}

void pacer_on_change(struct pacer *pacer, void (*changed)(void *owner, uint32_t endpoint,
                                                          enum stream_change change, int64_t at_ns))
{
    pacer->changed = changed;
}

void pacer_on_packet(struct pacer *pacer, struct meter (*meters)[2])
{
    pacer->meters = meters;
}

void pacer_stop(struct pacer *pacer)
{
    if (atomic_exchange(&pacer->stop, true))
        return;
    pacer_wake(pacer);
    pthread_join(pacer->thread, NULL);
}

/* The sockets of what was told too late to be started. */
static void close_unstarted(struct pacer *pacer)
{
    const void *items;
    size_t count = mailbox_take(pacer->commands, &items);
    for (size_t i = 0; i < count; i++) {
        const struct command *command = (const struct command *)items + i;
        if (command->kind == COMMAND_START) {
            close(command->rtp_fd);
            if (command->rtcp_fd >= 0)
                close(command->rtcp_fd);
        }
        pool_block_free(command->places);
    }
}

void pacer_free(struct pacer *pacer)
{
    if (!pacer)
        return;
    pacer_stop(pacer);
    close_unstarted(pacer);
    for (uint32_t i = 0; i < pacer->line_count; i++)
        if (pacer->lines[i])
            forget(pacer, pacer->lines[i]);
    mailbox_free(pacer->commands);
    close(pacer->reports);
    close(pacer->wake);
    pool_free(pacer->places);
    free(pacer->lines);
    free(pacer->fates);
    free(pacer->habits);
    free(pacer);
}
