/*
 * spacing: the time between one arrival and the next, over one second, and packet delay variation
 * (RFC 5481: delay over the smallest delay). Bounded memory; percentiles within 2%, or 0.05 ms
 * where that is more, from 0 to 1 s; what is longer counts as the longest.
 */
#ifndef CMTEST_SPACING_H
#define CMTEST_SPACING_H

#include <stdbool.h>
#include <stdint.h>

#define SPACING_BUCKETS 256
#define SPACING_FEW 64

/* What most streams have in a second is kept as it came: it lies together, and there are thousands
 * of them. */
struct spacing {
    uint64_t count;
    int64_t sum_ns, min_ns, max_ns;
    uint32_t *buckets; /* logarithmic, of all, once there are more; NULL: there never were */
    bool sorted;
    uint8_t few[SPACING_FEW]; /* buckets of the first ones */
};

/* Nothing yet. */
void spacing_begin(struct spacing *spacing);
/* The next second. */
void spacing_again(struct spacing *spacing);
void spacing_end(struct spacing *spacing);
/* Below 0 counts as 0. */
void spacing_add(struct spacing *spacing, int64_t ns);
/* The smallest value that a share q (0..1) does not exceed. Of nothing: false. */
bool spacing_quantile(struct spacing *spacing, double q, double *ms);

#endif
