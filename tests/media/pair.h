/*
 * pair: two streams, each the other's peer, over a link with a delay that may lose packets, under a
 * clock of 20 ms steps.
 */
#ifndef TESTS_MEDIA_PAIR_H
#define TESTS_MEDIA_PAIR_H

#include <string.h>
#include "support/second.h"
#include "support/specification.h"
#include "cmtest/stream.h"

extern const struct codec codec_pcma;

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)
/* Both ends have a monotonic clock that starts at this, and the same wall clock. */
#define EPOCH (5 * SECOND)
#define UTC_OFFSET INT64_C(1795000000000000000)
#define QUEUE 64
#define SECONDS_MAX 16

struct datagram {
    int64_t arrival_ns;
    bool rtcp;
    size_t length;
    uint8_t bytes[STREAM_PACKET_MAX];
};

struct pair {
    struct arena *arena;
    struct stream *ends[2];
    struct datagram queue[2][QUEUE]; /* on the way to ends[i] */
    size_t queued[2];
    uint64_t offered[2]; /* RTP packets of ends[i] */
    int64_t delay_ns;
    unsigned lose_every; /* of the RTP that ends[0] sends */
    int64_t now_ns;
    struct event_second seconds[2][SECONDS_MAX][2];
    unsigned closed;
};

static inline struct stream_config config_of(struct arena *arena, uint64_t seed)
{
    struct codec_params params = {.ptime_ms = 20};
    struct stream_config config = {
        .codec = &codec_pcma,
        .frames = frames_new(arena, &audio_usual, &codec_pcma, &params, NULL),
        .payload_type = 8,
        .receive_payload_type = 8,
        .ptime_ms = 20,
        .cname = "c0ffee",
        .rtcp_interval_ns = SECOND,
        .seed = seed,
    };
    return config;
}

static inline void pair_begin(struct pair *pair, int64_t delay_ns, unsigned lose_every)
{
    memset(pair, 0, sizeof *pair);
    pair->arena = arena_new();
    pair->delay_ns = delay_ns;
    pair->lose_every = lose_every;
    pair->now_ns = EPOCH;
    for (unsigned i = 0; i < 2; i++) {
        struct stream_config config = config_of(pair->arena, 100 + i);
        pair->ends[i] = stream_new(&config, EPOCH);
    }
}

static inline void pair_end(struct pair *pair)
{
    stream_free(pair->ends[0]);
    stream_free(pair->ends[1]);
    arena_free(pair->arena);
}

static inline void put(struct pair *pair, unsigned to, const uint8_t *bytes, size_t length,
                       bool rtcp)
{
    assert_true(length > 0 && pair->queued[to] < QUEUE);
    struct datagram *datagram = &pair->queue[to][pair->queued[to]++];
    datagram->arrival_ns = pair->now_ns + pair->delay_ns;
    datagram->rtcp = rtcp;
    datagram->length = length;
    memcpy(datagram->bytes, bytes, length);
}

static inline void deliver(struct pair *pair, unsigned to)
{
    size_t kept = 0;

    for (size_t i = 0; i < pair->queued[to]; i++) {
        struct datagram *datagram = &pair->queue[to][i];
        int64_t at = datagram->arrival_ns;
        if (at > pair->now_ns)
            pair->queue[to][kept++] = *datagram;
        else if (datagram->rtcp)
            stream_rtcp_receive(pair->ends[to], datagram->bytes, datagram->length, at,
                                at + UTC_OFFSET);
        else
            stream_receive(pair->ends[to], datagram->bytes, datagram->length, at);
    }
    pair->queued[to] = kept;
}

static inline void step(struct pair *pair, bool sending)
{
    uint8_t out[STREAM_PACKET_MAX];

    for (unsigned i = 0; i < 2; i++) {
        deliver(pair, i);
        if (sending) {
            size_t length = stream_send(pair->ends[i], out);
            pair->offered[i]++;
            if (i != 0 || !pair->lose_every || pair->offered[0] % pair->lose_every)
                put(pair, 1 - i, out, length, false);
        }
        if (stream_rtcp_due(pair->ends[i]) <= pair->now_ns) {
            size_t length = stream_rtcp_send(pair->ends[i], pair->now_ns, pair->now_ns + UTC_OFFSET,
                                             pair->now_ns + 20 * MS, false, out);
            put(pair, 1 - i, out, length, true);
        }
    }
    pair->now_ns += 20 * MS;
    if ((pair->now_ns - EPOCH) % SECOND == 0) {
        for (unsigned i = 0; i < 2; i++) {
            deliver(pair, i);
            stream_second(pair->ends[i], pair->now_ns, pair->seconds[i][pair->closed]);
        }
        pair->closed++;
    }
}

/* 10 s of sending; the second after that lets arrive what is on the way. */
static inline void pair_run(struct pair *pair, int64_t delay_ns, unsigned lose_every)
{
    pair_begin(pair, delay_ns, lose_every);
    for (unsigned i = 0; i < 550; i++)
        step(pair, i < 500);
    assert_int_equal(pair->closed, 11);
}

#endif
