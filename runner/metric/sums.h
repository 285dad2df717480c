/*
 * sums: what an aggregate adds up, of all readings of a direction at once: a second is taken in one
 * pass without a branch, and gives to the last bit what aggregate_put() gives value by value.
 * Private to runner/metric.
 */
#ifndef METRIC_SUMS_H
#define METRIC_SUMS_H

#include "aggregate.h"

/* So many are taken together, or none of them when a second tells none. */
#define SUMS_BLOCK 8
#define SUMS_BLOCK_BITS 0xff
/* What stands behind READING_COUNT is never taken. */
#define SUMS_COUNT ((READING_COUNT + SUMS_BLOCK - 1) / SUMS_BLOCK * SUMS_BLOCK)

/* By reading. Made with sums_init(). */
struct sums {
    double count[SUMS_COUNT], sum[SUMS_COUNT], min[SUMS_COUNT], max[SUMS_COUNT];
    double mean[SUMS_COUNT], squares[SUMS_COUNT];
};

/* The values of a second that are taken, by reading; 0 where they are not. */
struct sums_row {
    double value[SUMS_COUNT];
    double taken[SUMS_COUNT]; /* 1, else 0 */
};

/* Which readings are to be taken: a bit each, and the same as numbers. Zeroed: none. */
struct sums_mask {
    uint64_t readings[READING_WORDS];
    double taken[SUMS_COUNT];
};
void sums_mask(struct sums_mask *mask, const uint64_t readings[READING_WORDS]);
/* Those of the mask that are finite. */
void sums_row(struct sums_row *row, const struct event_second *second,
              const struct sums_mask *mask);
void sums_init(struct sums *sums);
void sums_add(struct sums *sums, const struct sums_row *row, const struct sums_mask *mask);
/* Replaces all of an aggregate but its buckets. */
void sums_get(const struct sums *sums, unsigned reading, struct aggregate *aggregate);

#endif
