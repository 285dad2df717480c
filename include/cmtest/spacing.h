/*
 * spacing: the time between one arrival and the next, over one second, and packet delay variation
 * (RFC 5481: delay over the smallest delay). Fixed memory; percentiles within 2%, or 0.05 ms where
 * that is more, from 0 to 1 s; what is longer counts as the longest.
 */
#ifndef CMTEST_SPACING_H
#define CMTEST_SPACING_H

#include <stdbool.h>
#include <stdint.h>

#define SPACING_BUCKETS 256

struct spacing {
    uint64_t count;
    int64_t sum_ns, min_ns, max_ns;
    uint32_t buckets[SPACING_BUCKETS]; /* logarithmic */
};

/* Nothing yet. */
void spacing_begin(struct spacing *spacing);
/* Below 0 counts as 0. */
void spacing_add(struct spacing *spacing, int64_t ns);
/* The smallest value that a share q (0..1) does not exceed. Of nothing: false. */
bool spacing_quantile(const struct spacing *spacing, double q, double *ms);

#endif
