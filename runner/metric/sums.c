#include "sums.h"

#include <math.h>
#include <string.h>

void sums_mask(struct sums_mask *mask, const uint64_t readings[READING_WORDS])
{
    /* Most seconds tell what the one before told. */
    if (memcmp(mask->readings, readings, sizeof(mask->readings)) == 0)
        return;
    memcpy(mask->readings, readings, sizeof(mask->readings));
    for (unsigned i = 0; i < READING_COUNT; i++)
        mask->taken[i] = (double)(readings[i / 64] >> i % 64 & 1);
}

static void clean(const double *restrict from, const double *restrict mask, double *restrict value,
                  double *restrict taken)
{
    for (unsigned i = 0; i < READING_COUNT; i++) {
        /* What is not finite is no number when it is taken from itself. */
        taken[i] = from[i] - from[i] == 0 ? mask[i] : 0;
        value[i] = taken[i] != 0 ? from[i] : 0;
    }
}

void sums_row(struct sums_row *row, const struct event_second *second, const struct sums_mask *mask)
{
    clean(second->value, mask->taken, row->value, row->taken);
    for (unsigned i = READING_COUNT; i < SUMS_COUNT; i++)
        row->value[i] = row->taken[i] = 0;
}

void sums_init(struct sums *sums)
{
    memset(sums, 0, sizeof(*sums));
    for (unsigned i = 0; i < SUMS_COUNT; i++) {
        sums->min[i] = INFINITY;
        sums->max[i] = -INFINITY;
    }
}

/* Apart, because pointers that are arguments may be promised not to overlap. */
static void add(const double *restrict value, const double *restrict taken, double *restrict count,
                double *restrict mean, double *restrict squares)
{
    for (unsigned i = 0; i < SUMS_BLOCK; i++) {
        double now = count[i] + taken[i];
        double off = (value[i] - mean[i]) * taken[i];
        double next = mean[i] + off / (now > 1 ? now : 1);
        squares[i] += off * (value[i] - next);
        mean[i] = next;
        count[i] = now;
    }
}

static void reach(const double *restrict value, const double *restrict taken, double *restrict sum,
                  double *restrict min, double *restrict max)
{
    for (unsigned i = 0; i < SUMS_BLOCK; i++) {
        double low = taken[i] != 0 ? value[i] : INFINITY;
        double high = taken[i] != 0 ? value[i] : -INFINITY;
        sum[i] += value[i];
        min[i] = low < min[i] ? low : min[i];
        max[i] = high > max[i] ? high : max[i];
    }
}

void sums_add(struct sums *sums, const struct sums_row *row, const struct sums_mask *mask)
{
    for (unsigned i = 0; i < SUMS_COUNT; i += SUMS_BLOCK) {
        if (!(mask->readings[i / 64] >> i % 64 & SUMS_BLOCK_BITS))
            continue;
        add(row->value + i, row->taken + i, sums->count + i, sums->mean + i, sums->squares + i);
        reach(row->value + i, row->taken + i, sums->sum + i, sums->min + i, sums->max + i);
    }
}

void sums_get(const struct sums *sums, unsigned reading, struct aggregate *aggregate)
{
    aggregate->count = (uint64_t)sums->count[reading];
    aggregate->sum = sums->sum[reading];
    aggregate->min = sums->min[reading];
    aggregate->max = sums->max[reading];
    aggregate->mean = sums->mean[reading];
    aggregate->squares = sums->squares[reading];
}
