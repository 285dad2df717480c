/*
 * transit: how long packets are under way, but for a constant: the mean and its deviation (Ramjee
 * et al. 1994, algorithm 1), and the fastest one of late. Private to media.
 */
#ifndef MEDIA_TRANSIT_H
#define MEDIA_TRANSIT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define TRANSIT_MEMORY 512 /* packets; 1/512 is the paper's 1 - 0.998 */
#define TRANSIT_WINDOW_NS INT64_C(10000000000)

/* The least of the last 10 to 20 s. */
struct fastest {
    int64_t now_ns, before_ns, window_end_ns;
};

static inline void fastest_add(struct fastest *fastest, bool first, int64_t ns, int64_t arrival_ns)
{
    if (first) {
        fastest->now_ns = fastest->before_ns = ns;
        fastest->window_end_ns = arrival_ns + TRANSIT_WINDOW_NS;
    }
    if (arrival_ns >= fastest->window_end_ns) {
        fastest->before_ns = fastest->now_ns;
        fastest->now_ns = ns;
        fastest->window_end_ns = arrival_ns + TRANSIT_WINDOW_NS;
    } else if (ns < fastest->now_ns) {
        fastest->now_ns = ns;
    }
}

static inline int64_t fastest_ns(const struct fastest *fastest)
{
    return fastest->now_ns < fastest->before_ns ? fastest->now_ns : fastest->before_ns;
}

struct transit {
    uint64_t count;
    double mean, deviation; /* ns */
    struct fastest fastest;
};

static inline void transit_add(struct transit *transit, int64_t ns, int64_t arrival_ns)
{
    fastest_add(&transit->fastest, !transit->count, ns, arrival_ns);
    /* At first a plain mean: from 0 the paper's would take seconds to be of use. */
    transit->count++;
    double weight =
        transit->count < TRANSIT_MEMORY ? 1. / (double)transit->count : 1. / TRANSIT_MEMORY;
    transit->mean += weight * ((double)ns - transit->mean);
    transit->deviation += weight * (fabs((double)ns - transit->mean) - transit->deviation);
}

#endif
