/*
 * arrivals: times of what arrives: spacing, delay variation, differences of transit times, jumps of
 * the timestamp. Private to the stream.
 */
#ifndef MEDIA_ARRIVALS_H
#define MEDIA_ARRIVALS_H

#include "cmtest/event.h"
#include "cmtest/spacing.h"
#include "transit.h"

struct arrivals {
    bool known;    /* the next three are of the packet before */
    bool transits; /* there was one, since timestamps began anew */
    uint32_t timestamp;
    int64_t arrival_ns;
    double transit_ns;      /* but for a constant */
    struct fastest fastest; /* of transit_ns */
    uint64_t jumps;
    /* Of this second: */
    double difference_ns; /* the largest */
    struct spacing spacing, variation;
};

void arrivals_init(struct arrivals *arrivals);
void arrivals_end(struct arrivals *arrivals);
/* Timestamps begin anew: no difference to the packet before. */
void arrivals_restart(struct arrivals *arrivals);
void arrivals_packet(struct arrivals *arrivals, uint32_t timestamp, uint32_t clock_rate,
                     int64_t arrival_ns);
/* Into the second, and begins the next. */
void arrivals_second(struct arrivals *arrivals, struct event_second *second);

#endif
