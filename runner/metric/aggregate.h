/*
 * aggregate: the inside of struct aggregate, for the store, which embeds many. Private to
 * runner/metric.
 */
#ifndef METRIC_AGGREGATE_H
#define METRIC_AGGREGATE_H

#include "cmtest/metric.h"

#define PAGE_BUCKETS 32

struct page;

/* Sorted by number; owned. */
struct pages {
    struct page **list;
    size_t count, capacity;
};

struct aggregate {
    uint64_t count, zeros;
    double sum, min, max;
    double mean, squares; /* of Welford: the mean, and the sum of squared differences from it */
    struct pages positive, negative; /* of magnitudes */
};

void aggregate_fini(struct aggregate *aggregate);

#endif
