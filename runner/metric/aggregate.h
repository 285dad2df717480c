/*
 * aggregate: the inside of struct aggregate, for the store, which embeds many. Private to
 * runner/metric.
 */
#ifndef METRIC_AGGREGATE_H
#define METRIC_AGGREGATE_H

#include "cmtest/metric.h"

#define PAGE_BUCKETS 32

struct bucket;
struct page;

/* The number stands here, so that looking for a page does not touch the others. */
struct numbered {
    int32_t number;
    struct page *page;
};

/* Sorted by number; owned. */
struct pages {
    struct numbered *list;
    size_t count, capacity;
    struct numbered used; /* last; NULL: none */
};

struct aggregate {
    uint64_t count, zeros;
    double sum, min, max;
    double mean, squares; /* of Welford: the mean, and the sum of squared differences from it */
    struct pages positive, negative; /* of magnitudes */
};

/* Where a value goes, which is the same for every aggregate. */
struct aggregate_place {
    double value;
    int32_t page, bucket; /* of its magnitude */
    int sign;             /* -1, 0: it is as good as zero, 1 */
};

/* false: it is not finite, and not taken. */
bool aggregate_locate(double value, struct aggregate_place *place);
void aggregate_put(struct aggregate *aggregate, const struct aggregate_place *place);
/* All but the buckets. */
void aggregate_count_in(struct aggregate *aggregate, double value);
/* The buckets alone: counts the value there, or among the zeros and then NULL. A bucket stays where
 * it is. */
struct bucket *aggregate_place(struct aggregate *aggregate, const struct aggregate_place *place);
/* Its last value, so many times more. */
void aggregate_again(struct bucket *bucket, uint64_t times);
/* Replaces the buckets by those of all of them together. */
void aggregate_join(struct aggregate *aggregate, const struct aggregate *const *parts,
                    size_t count);
void aggregate_fini(struct aggregate *aggregate);

#endif
