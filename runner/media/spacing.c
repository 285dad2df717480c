#include "cmtest/spacing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmtest/arena.h"

/* Bucket 0 is everything below FIRST_NS; bucket i ends at FIRST_NS * RATIO^i. The middle of a
 * bucket is within sqrt(RATIO) of all that is in it. */
#define FIRST_NS 50000.0
#define RATIO 1.04

void spacing_begin(struct spacing *spacing)
{
    memset(spacing, 0, sizeof *spacing);
}

void spacing_again(struct spacing *spacing)
{
    if (spacing->count > SPACING_FEW)
        memset(spacing->buckets, 0, SPACING_BUCKETS * sizeof *spacing->buckets);
    spacing->count = 0;
    spacing->sum_ns = spacing->min_ns = spacing->max_ns = 0;
    spacing->sorted = false;
}

void spacing_end(struct spacing *spacing)
{
    free(spacing->buckets);
}

static unsigned bucket_of(int64_t ns)
{
    if ((double)ns < FIRST_NS)
        return 0;
    double at = 1 + floor(log((double)ns / FIRST_NS) / log(RATIO));
    return at < SPACING_BUCKETS ? (unsigned)at : SPACING_BUCKETS - 1;
}

/* All that there are, and will be, go into buckets. */
static void pour(struct spacing *spacing)
{
    if (!spacing->buckets)
        spacing->buckets = mem_array(SPACING_BUCKETS, sizeof *spacing->buckets);
    for (unsigned i = 0; i < SPACING_FEW; i++)
        spacing->buckets[bucket_of(spacing->few[i])]++;
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
    if (spacing->count < SPACING_FEW) {
        spacing->few[spacing->count++] = ns < UINT32_MAX ? (uint32_t)ns : UINT32_MAX;
        spacing->sorted = false;
        return;
    }
    if (spacing->count++ == SPACING_FEW)
        pour(spacing);
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

static void sort(struct spacing *spacing)
{
    for (unsigned i = 1; i < spacing->count; i++) {
        uint32_t ns = spacing->few[i];
        unsigned at = i;
        for (; at && spacing->few[at - 1] > ns; at--)
            spacing->few[at] = spacing->few[at - 1];
        spacing->few[at] = ns;
    }
    spacing->sorted = true;
}

static unsigned bucket_of_rank(struct spacing *spacing, double rank)
{
    double sum = 0;
    unsigned bucket = 0;

    if (spacing->count <= SPACING_FEW) {
        if (!spacing->sorted)
            sort(spacing);
        return bucket_of(spacing->few[rank < 1 ? 0 : (unsigned)rank - 1]);
    }
    for (; bucket < SPACING_BUCKETS - 1; bucket++) {
        sum += spacing->buckets[bucket];
        if (sum > 0 && sum >= rank)
            break;
    }
    return bucket;
}

bool spacing_quantile(struct spacing *spacing, double q, double *ms)
{
    if (!spacing->count)
        return false;
    double rank = ceil(fmin(fmax(q, 0), 1) * (double)spacing->count);
    *ms = middle_ns(spacing, bucket_of_rank(spacing, rank)) / 1e6;
    return true;
}
