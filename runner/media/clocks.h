/*
 * clocks: the sender's clocks against ours and each other, from its sender reports. Private to the
 * stream.
 */
#ifndef MEDIA_CLOCKS_H
#define MEDIA_CLOCKS_H

#include "cmtest/drift.h"
#include "cmtest/event.h"

struct clocks {
    bool known; /* the next ones are of the report before */
    uint32_t ssrc, rtp_timestamp;
    uint64_t ntp;
    int64_t arrival_ns;
    int64_t units;  /* of the RTP clock since the first report */
    int64_t ntp_ns; /* since the first report */
    struct drift arrival, wall;
};

/* A sender report; zeroed to begin. */
void clocks_report(struct clocks *clocks, uint32_t ssrc, uint64_t ntp, uint32_t rtp_timestamp,
                   uint32_t clock_rate, int64_t arrival_ns);
void clocks_second(const struct clocks *clocks, struct event_second *second);

#endif
