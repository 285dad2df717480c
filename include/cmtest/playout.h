/*
 * playout: the playout (jitter) buffer of a receiver: which packet is heard when, and which are too
 * late. It decides for every packet time: play this packet, conceal, or wait; so what it tells is
 * what a listener would have met. No clock, no audio, bounded memory, one thread.
 *
 * The delay counts from the fastest packet of the last 10 to 20 s. fixed: it is `nominal`.
 * adaptive: it follows the variation of arrivals (mean + 4 deviations of the transit times, as in
 * Ramjee et al. 1994, algorithm 1), between minimum and maximum, and begins with nominal.
 * Both are exact at the start and behind each pause of the sender. While it speaks, the delay may
 * be up to half a packet time too short (half the delay, if that is less): then one packet time of
 * concealment is inserted; or up to one and a half too long: then a packet is left out. So both
 * follow clocks that drift.
 */
#ifndef CMTEST_PLAYOUT_H
#define CMTEST_PLAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/rtp.h"

struct playout_config {
    bool adaptive;
    int64_t nominal_ns, minimum_ns, maximum_ns;
    uint32_t clock_rate;  /* of RTP timestamps, Hz */
    uint32_t packet_step; /* timestamp units per packet; what the sender does replaces it */
};

#define PLAYOUT_PACKETS 256

struct playout;
struct playout *playout_new(const struct playout_config *config);
void playout_free(struct playout *playout);

/* A packet of audio, in the order of arrival. payload may be NULL: only its time counts. What is
 * later than its playout time is discarded, duplicates are ignored. It starts anew with a new SSRC,
 * with the second of two packets in a row that are far off (RFC 3550 A.1 in sequence, 2 s in time),
 * and when for a second all were late. */
void playout_put(struct playout *playout, const struct rtp_packet *packet, int64_t arrival_ns);
/* A packet of the same source without audio (telephone-event): it is not missing. */
void playout_other(struct playout *playout, const struct rtp_packet *packet);

enum playout_what {
    PLAYOUT_NOTHING, /* not yet time, or nothing has come ever */
    PLAYOUT_PACKET,  /* play this */
    PLAYOUT_CONCEAL, /* it is missing: conceal one packet time */
    PLAYOUT_SILENCE  /* the sender pauses (DTX): nothing was due */
};
/* With an empty buffer nobody knows whether the sender pauses: then the first three packet times
 * are CONCEAL and the others SILENCE. The totals wait: the next packet tells what was missing. */
struct playout_event {
    int64_t due_ns; /* when it is heard */
    uint16_t sequence;
    uint32_t timestamp;
    const uint8_t *payload; /* borrowed until the next call */
    size_t length;
    /* CONCEAL: the packet behind it is there (forward error correction can use it). */
    const uint8_t *next_payload;
    size_t next_length;
    bool inserted; /* CONCEAL: nothing is missing, the delay grows */
};
/* What is heard at now; call until PLAYOUT_NOTHING, before what arrives later is put. */
enum playout_what playout_get(struct playout *playout, int64_t now_ns, struct playout_event *event);

/* Cumulative, over new starts. A packet that was put is played, discarded, dropped, overflowed,
 * stray, a duplicate, or waits. */
struct playout_totals {
    uint64_t played;
    uint64_t concealed;    /* packet times: of missing packets, and inserted ones */
    uint64_t concealments; /* runs of them */
    uint64_t discarded;    /* late */
    uint64_t dropped;      /* left out to shorten the delay, or waiting at a new start */
    uint64_t overflowed;   /* no room for more than PLAYOUT_PACKETS */
    uint64_t strays;       /* far off, and no second one followed */
    uint64_t duplicates;
    uint64_t adjustments; /* of the delay, by 1 ms or more */
    int64_t delay_ns;  /* now: arrival of an average packet to its playout; below 0: it is late */
    int64_t target_ns; /* arrival of the fastest packet to its playout, as it should be */
    uint32_t waiting;  /* packets in the buffer */
};
void playout_totals(const struct playout *playout, struct playout_totals *totals);
/* discarded + overflowed. */
uint64_t playout_refused(const struct playout *playout);

#endif
