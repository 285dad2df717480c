/*
 * transit: how long packets are under way, but for a constant: the mean and its deviation (Ramjee
 * et al. 1994, algorithm 1), and the fastest one of late. Private to media.
 */
#ifndef MEDIA_TRANSIT_H
#define MEDIA_TRANSIT_H

#include <math.h>
#include <stdint.h>

#define TRANSIT_MEMORY 512 /* packets; 1/512 is the paper's 1 - 0.998 */
#define TRANSIT_WINDOW_NS INT64_C(10000000000)

struct transit {
    uint64_t count;
    double mean, deviation; /* ns */
    int64_t fastest_now, fastest_before, window_end_ns;
};

static inline void transit_add(struct transit *transit, int64_t ns, int64_t arrival_ns)
{
    if (!transit->count) {
        transit->fastest_now = transit->fastest_before = ns;
        transit->window_end_ns = arrival_ns + TRANSIT_WINDOW_NS;
    }
    if (arrival_ns >= transit->window_end_ns) {
        transit->fastest_before = transit->fastest_now;
        transit->fastest_now = ns;
        transit->window_end_ns = arrival_ns + TRANSIT_WINDOW_NS;
    } else if (ns < transit->fastest_now) {
        transit->fastest_now = ns;
    }
    /* At first a plain mean: from 0 the paper's would take seconds to be of use. */
    transit->count++;
    double weight =
        transit->count < TRANSIT_MEMORY ? 1. / (double)transit->count : 1. / TRANSIT_MEMORY;
    transit->mean += weight * ((double)ns - transit->mean);
    transit->deviation += weight * (fabs((double)ns - transit->mean) - transit->deviation);
}

static inline int64_t transit_fastest(const struct transit *transit)
{
    return transit->fastest_now < transit->fastest_before ? transit->fastest_now
                                                          : transit->fastest_before;
}

#endif
