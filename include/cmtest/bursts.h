/*
 * bursts: how the losses of one source lie, packet by packet in sequence order: bursts and gaps
 * (RFC 3611 4.7.2), and the burst ratio of the E-model (G.107 7.5). Pure, no allocation.
 *
 * A packet is missing when it was lost, or discarded because it came after its playout time. A
 * burst begins and ends with a missing packet and has fewer than Gmin received ones between any
 * two; everything else is gap. By this definition over the whole pattern: the estimate of RFC
 * 3611 A.2, which counts the newest single loss as a burst until the next one comes, is kept beside
 * it, for that is what goes on the wire.
 */
#ifndef CMTEST_BURSTS_H
#define CMTEST_BURSTS_H

#include <stdbool.h>
#include <stdint.h>

#define BURSTS_GMIN 16

enum bursts_packet { PACKET_RECEIVED, PACKET_LOST, PACKET_DISCARDED };

struct bursts {
    /* What a packet that came touches stands first. */
    uint64_t packets, lost, discarded;
    uint64_t received_run; /* since the last missing one */
    uint64_t a2_received;  /* RFC 3611 A.2, with those below */
    /* The stretch since the last burst that has ended: missing packets less than Gmin apart. */
    uint64_t open_missing;
    uint64_t open_gap;     /* gap packets before it that no burst has closed */
    bool in_run;           /* of missing packets without one received between */
    uint64_t open_packets; /* from the first missing one to the last */
    uint64_t runs;         /* for the burst ratio */
    /* Of bursts that have ended. */
    uint64_t burst_count, burst_packets, burst_missing;
    uint64_t gap_count, gap_packets; /* stretches between, before and behind bursts */
    uint64_t a2_run;
    uint64_t c11, c13, c14, c22, c23, c33;
};

void bursts_init(struct bursts *bursts);
/* The next packet in sequence order. */
void bursts_packet(struct bursts *bursts, enum bursts_packet what);
/* The next ones, at least one: all were received. */
void bursts_received(struct bursts *bursts, uint64_t count);

/* Over everything so far, as if it ended here. */
struct bursts_figures {
    uint64_t bursts, burst_missing, gap_missing;
    double burst_density; /* percent of a burst's packets that are missing; 0 without a burst */
    double gap_density;   /* percent of the gaps' packets that are missing; 0 without a gap */
    double burst_packets; /* mean length of a burst; 0 without one */
    double gap_packets;   /* mean length of a gap; 0 without one */
    double burst_r;       /* mean run of missing packets against that of random loss; may be below
                             1; 1 when nothing or everything is missing */
};
void bursts_figures(const struct bursts *bursts, struct bursts_figures *figures);

/* The fields of the VoIP metrics block (RFC 3611 4.7.2) by its A.2. */
struct bursts_report {
    uint8_t burst_density, gap_density; /* 1/256 */
    uint16_t burst_ms, gap_ms;
};
void bursts_report(const struct bursts *bursts, uint32_t packet_ms, struct bursts_report *report);

#endif
