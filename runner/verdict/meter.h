/*
 * meter: the samples of a part of a run (of an endpoint, of a second, of a phase), of which any
 * statistic can be asked. Mergeable by addition. All 0 is an empty one. Private to runner/verdict.
 *
 * Values themselves are kept only for a percentile: up to METER_RAW as they are, more of them in
 * an aggregate (metric.h), whose size does not depend on their number.
 */
#ifndef VERDICT_METER_H
#define VERDICT_METER_H

#include "cmtest/metric.h"
#include "cmtest/threshold.h"

#define METER_RAW 512

struct meter {
    uint64_t count;
    double sum, min, max;
    double mean, squares; /* as in an aggregate */
    double *raw;          /* NULL with a sketch */
    uint32_t raw_count, raw_capacity;
    struct aggregate *sketch;
    struct metric_scale scale;
};

void meter_fini(struct meter *meter);
/* keep: a percentile will be asked of it. */
void meter_add(struct meter *meter, double value, bool keep);
void meter_merge(struct meter *into, const struct meter *from, bool keep);
/* seconds: the time that the meter is about, for a rate. NaN when there is nothing to tell. */
double meter_value(const struct meter *meter, const struct threshold *threshold, double seconds);
/* Whether `threshold` asks for what needs the values. */
bool meter_keeps(const struct threshold *threshold);

#endif
