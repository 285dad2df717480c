#include "cmtest/spacing.h"

#include <math.h>
#include <string.h>

/* Bucket 0 is everything below FIRST_NS; bucket i ends at FIRST_NS * RATIO^i. The middle of a
 * bucket is within sqrt(RATIO) of all that is in it. */
#define FIRST_NS 50000.0
#define RATIO 1.04

void spacing_begin(struct spacing *spacing)
{
    memset(spacing, 0, sizeof *spacing);
}

static unsigned bucket_of(int64_t ns)
{
    if ((double)ns < FIRST_NS)
        return 0;
    double at = 1 + floor(log((double)ns / FIRST_NS) / log(RATIO));
    return at < SPACING_BUCKETS ? (unsigned)at : SPACING_BUCKETS - 1;
}

void spacing_add(struct spacing *spacing, int64_t ns)
{
    if (ns < 0)
        ns = 0;
    if (!spacing->count || ns < spacing->min_ns)
        spacing->min_ns = ns;
    if (ns > spacing->max_ns)
        spacing->max_ns = ns;
    if (__builtin_add_overflow(spacing->sum_ns, ns, &spacing->sum_ns))
        spacing->sum_ns = INT64_MAX;
    spacing->count++;
    spacing->buckets[bucket_of(ns)]++;
}

static double middle_ns(const struct spacing *spacing, unsigned bucket)
{
    double ns = FIRST_NS * pow(RATIO, bucket - .5);
    if (bucket == 0)
        ns = FIRST_NS / 2;
    if (bucket == SPACING_BUCKETS - 1)
        ns = (double)spacing->max_ns;
    return fmin(fmax(ns, (double)spacing->min_ns), (double)spacing->max_ns);
}

bool spacing_quantile(const struct spacing *spacing, double q, double *ms)
{
    if (!spacing->count)
        return false;
    double rank = ceil(fmin(fmax(q, 0), 1) * (double)spacing->count), sum = 0;
    unsigned bucket = 0;
    for (; bucket < SPACING_BUCKETS - 1; bucket++) {
        sum += spacing->buckets[bucket];
        if (sum > 0 && sum >= rank)
            break;
    }
    *ms = middle_ns(spacing, bucket) / 1e6;
    return true;
}
