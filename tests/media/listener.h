/*
 * listener: a playout buffer that is asked every millisecond of a virtual clock, and what it told.
 */
#ifndef TESTS_MEDIA_LISTENER_H
#define TESTS_MEDIA_LISTENER_H

#include <stdlib.h>
#include <string.h>
#include "support/specification.h"
#include "cmtest/playout.h"

#define MS INT64_C(1000000)
#define PTIME (20 * MS)
#define STEP 160u
#define CLOCK 8000u

struct listener {
    struct playout *playout;
    int64_t now_ns;
    uint16_t first_sequence;
    uint32_t first_timestamp, ssrc;
    char told[256]; /* the first ones: P packet, C conceal, I inserted, S silence */
    size_t count;
    uint64_t packets, conceals, inserted, silences, with_next;
    uint32_t most_waiting;
    int64_t last_due_ns;
};

static inline struct listener listener_new(const struct playout_config *config)
{
    struct playout_config own = *config;
    own.clock_rate = own.clock_rate ? own.clock_rate : CLOCK;
    own.packet_step = own.packet_step ? own.packet_step : STEP;
    return (struct listener){.playout = playout_new(&own),
                             .first_sequence = 65530,
                             .first_timestamp = UINT32_MAX - 800,
                             .last_due_ns = INT64_MIN};
}

/* One that plays 40 ms after the fastest. */
static inline struct listener fixed_new(void)
{
    return listener_new(&(struct playout_config){.nominal_ns = 40 * MS});
}

static inline struct playout_totals listener_totals(struct listener *listener)
{
    struct playout_totals totals;
    playout_totals(listener->playout, &totals);
    return totals;
}

static inline void listener_take(struct listener *listener)
{
    struct playout_event event;
    enum playout_what what;
    while ((what = playout_get(listener->playout, listener->now_ns, &event)) != PLAYOUT_NOTHING) {
        assert_true(event.due_ns <= listener->now_ns && event.due_ns >= listener->last_due_ns);
        listener->packets += what == PLAYOUT_PACKET;
        listener->conceals += what == PLAYOUT_CONCEAL && !event.inserted;
        listener->inserted += what == PLAYOUT_CONCEAL && event.inserted;
        listener->silences += what == PLAYOUT_SILENCE;
        listener->with_next += event.next_payload != NULL;
        if (listener->count + 1 < sizeof listener->told)
            listener->told[listener->count++] = event.inserted ? 'I' : "?PCS"[what];
        /* The payload of a packet is its sequence number. */
        if (event.payload) {
            assert_int_equal(event.length, sizeof event.sequence);
            assert_memory_equal(event.payload, &event.sequence, sizeof event.sequence);
        }
        listener->last_due_ns = event.due_ns;
    }
}

static inline void listener_until(struct listener *listener, int64_t ns)
{
    for (; listener->now_ns < ns; listener->now_ns += MS) {
        listener_take(listener);
        uint32_t waiting = listener_totals(listener).waiting;
        if (waiting > listener->most_waiting)
            listener->most_waiting = waiting;
    }
    listener->now_ns = ns;
    listener_take(listener);
}

/* Packet n, whose audio begins at packet time `at`, arrives at ns. */
static inline void listener_put_at(struct listener *listener, uint32_t n, uint32_t at, int64_t ns)
{
    uint16_t sequence = (uint16_t)(listener->first_sequence + n);
    struct rtp_packet packet = {.sequence = sequence,
                                .timestamp = listener->first_timestamp + at * STEP,
                                .ssrc = listener->ssrc,
                                .payload = (const uint8_t *)&sequence,
                                .payload_length = sizeof sequence};
    listener_until(listener, ns);
    playout_put(listener->playout, &packet, ns);
}

static inline void listener_put(struct listener *listener, uint32_t n, int64_t ns)
{
    listener_put_at(listener, n, n, ns);
}

static inline void listener_free(struct listener *listener)
{
    playout_free(listener->playout);
}

/* Every packet that was put is somewhere. */
static inline void listener_check_sum(struct listener *listener, uint64_t put)
{
    struct playout_totals t = listener_totals(listener);
    assert_int_equal(t.played + t.discarded + t.dropped + t.overflowed + t.strays + t.duplicates +
                         t.waiting,
                     put);
}

#endif
