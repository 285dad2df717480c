/*
 * spread: how the values of seconds go into the buckets of aggregates, of all readings of a
 * direction of a group. Most readings are what they were a second ago, for this endpoint and for
 * the others: such a value is only counted, and goes to its bucket when another comes. Private to
 * runner/metric.
 */
#ifndef METRIC_SPREAD_H
#define METRIC_SPREAD_H

#include "sums.h"

/* By reading. Made with spread_init(). */
struct spread {
    double last[SUMS_COUNT];
    double waiting[SUMS_COUNT];        /* how many of last are in no bucket yet */
    struct bucket *bucket[SUMS_COUNT]; /* of last; NULL: it counts as zero */
};

void spread_init(struct spread *spread);
/* Counts what is as it was; the others are in changed, of READING_COUNT: how many. */
unsigned spread_count(struct spread *spread, const struct sums_row *row, uint16_t changed[]);
/* A value that changed. */
void spread_change(struct spread *spread, unsigned reading, const struct aggregate_place *place,
                   struct aggregate *aggregate);
/* So that the buckets hold all. */
void spread_settle(struct spread *spread, unsigned reading, struct aggregate *aggregate);

#endif
