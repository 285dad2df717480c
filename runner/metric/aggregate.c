/*
 * Bucket i holds the values in (GAMMA^(i-1), GAMMA^i], so that the middle of a bucket is within
 * 0.1% of each of them. A bucket remembers its own lowest and highest value: when all are the same
 * (a steady MOS, 490 packets) the quantile is exact and cannot miss a limit by rounding. Buckets
 * are kept in pages, made when first touched: memory grows with the spread of the values, never
 * with their number.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "aggregate.h"
#include "cmtest/arena.h"

#define RELATIVE_ERROR 0.001
#define GAMMA ((1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR))
/* Nearer to zero than this is zero: it bounds the number of buckets. */
#define TINY 1e-12

struct bucket {
    uint64_t count;
    double low, high;
};

struct page {
    struct bucket buckets[PAGE_BUCKETS];
};

struct aggregate *aggregate_new(void)
{
    return mem_alloc(sizeof(struct aggregate));
}

static void pages_fini(struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        free(pages->list[i].page);
    free(pages->list);
}

void aggregate_fini(struct aggregate *aggregate)
{
    pages_fini(&aggregate->positive);
    pages_fini(&aggregate->negative);
}

void aggregate_free(struct aggregate *aggregate)
{
    if (!aggregate)
        return;
    aggregate_fini(aggregate);
    free(aggregate);
}

static struct page *pages_get(struct pages *pages, int32_t number)
{
    size_t low = 0, high = pages->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pages->list[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < pages->count && pages->list[low].number == number)
        return pages->list[low].page;
    if (pages->count == pages->capacity) {
        pages->capacity = pages->capacity ? pages->capacity * 2 : 4;
        pages->list = mem_grow(pages->list, pages->capacity, sizeof(*pages->list));
    }
    memmove(&pages->list[low + 1], &pages->list[low], (pages->count - low) * sizeof(*pages->list));
    pages->list[low] = (struct numbered){number, mem_alloc(sizeof(struct page))};
    pages->count++;
    return pages->list[low].page;
}

static void bucket_merge(struct bucket *into, const struct bucket *from)
{
    if (from->count == 0)
        return;
    into->low = into->count == 0 ? from->low : fmin(into->low, from->low);
    into->high = into->count == 0 ? from->high : fmax(into->high, from->high);
    into->count += from->count;
}

bool aggregate_locate(double value, struct aggregate_place *place)
{
    double magnitude = fabs(value);
    if (!isfinite(value))
        return false;
    place->value = value;
    place->sign = magnitude <= TINY ? 0 : value > 0 ? 1 : -1;
    if (place->sign == 0)
        return true;
    double at = log(magnitude) / log(GAMMA);
    int32_t index = (int32_t)at;
    index += index < at; /* ceil() */
    place->page = index >= 0 ? index / PAGE_BUCKETS : -1 - (-1 - index) / PAGE_BUCKETS;
    place->bucket = index - place->page * PAGE_BUCKETS;
    return true;
}

static struct bucket *pages_put(struct pages *pages, const struct aggregate_place *place)
{
    double magnitude = fabs(place->value);
    if (!pages->used.page || pages->used.number != place->page)
        pages->used = (struct numbered){place->page, pages_get(pages, place->page)};
    struct bucket *bucket = &pages->used.page->buckets[place->bucket];
    if (bucket->count == 0 || magnitude < bucket->low)
        bucket->low = magnitude;
    if (bucket->count == 0 || magnitude > bucket->high)
        bucket->high = magnitude;
    bucket->count++;
    return bucket;
}

struct bucket *aggregate_place(struct aggregate *aggregate, const struct aggregate_place *place)
{
    if (place->sign != 0)
        return pages_put(place->sign > 0 ? &aggregate->positive : &aggregate->negative, place);
    aggregate->zeros++;
    return NULL;
}

void aggregate_again(struct bucket *bucket, uint64_t times)
{
    bucket->count += times;
}

void aggregate_put(struct aggregate *aggregate, const struct aggregate_place *place)
{
    aggregate_place(aggregate, place);
    aggregate_count_in(aggregate, place->value);
}

void aggregate_count_in(struct aggregate *aggregate, double value)
{
    if (aggregate->count == 0 || value < aggregate->min)
        aggregate->min = value;
    if (aggregate->count == 0 || value > aggregate->max)
        aggregate->max = value;
    aggregate->count++;
    aggregate->sum += value;
    double off = value - aggregate->mean;
    aggregate->mean += off / (double)aggregate->count;
    aggregate->squares += off * (value - aggregate->mean);
}

void aggregate_add(struct aggregate *aggregate, double value)
{
    struct aggregate_place place;
    if (aggregate_locate(value, &place))
        aggregate_put(aggregate, &place);
}

static void pages_merge(struct pages *into, const struct pages *from)
{
    for (size_t i = 0; i < from->count; i++) {
        struct page *page = pages_get(into, from->list[i].number);
        for (size_t b = 0; b < PAGE_BUCKETS; b++)
            bucket_merge(&page->buckets[b], &from->list[i].page->buckets[b]);
    }
}

void aggregate_merge(struct aggregate *into, const struct aggregate *from)
{
    if (from->count == 0)
        return;
    pages_merge(&into->positive, &from->positive);
    pages_merge(&into->negative, &from->negative);
    into->min = into->count == 0 ? from->min : fmin(into->min, from->min);
    into->max = into->count == 0 ? from->max : fmax(into->max, from->max);
    into->zeros += from->zeros;
    /* Chan, Golub, LeVeque 1979. */
    double off = from->mean - into->mean, count = (double)into->count + (double)from->count;
    into->squares +=
        from->squares + off * off * (double)into->count * ((double)from->count / count);
    into->mean += off * ((double)from->count / count);
    into->count += from->count;
    into->sum += from->sum;
}

void aggregate_join(struct aggregate *aggregate, const struct aggregate *const *parts, size_t count)
{
    aggregate_fini(aggregate);
    aggregate->positive = aggregate->negative = (struct pages){0};
    aggregate->zeros = 0;
    for (size_t i = 0; i < count; i++) {
        pages_merge(&aggregate->positive, &parts[i]->positive);
        pages_merge(&aggregate->negative, &parts[i]->negative);
        aggregate->zeros += parts[i]->zeros;
    }
}

uint64_t aggregate_count(const struct aggregate *aggregate)
{
    return aggregate->count;
}

double aggregate_sum(const struct aggregate *aggregate)
{
    return aggregate->sum;
}

double aggregate_min(const struct aggregate *aggregate)
{
    return aggregate->count > 0 ? aggregate->min : NAN;
}

double aggregate_max(const struct aggregate *aggregate)
{
    return aggregate->count > 0 ? aggregate->max : NAN;
}

double aggregate_avg(const struct aggregate *aggregate)
{
    return aggregate->count > 0 ? aggregate->sum / (double)aggregate->count : NAN;
}

double aggregate_stddev(const struct aggregate *aggregate)
{
    return aggregate->count > 0 ? sqrt(aggregate->squares / (double)aggregate->count) : NAN;
}

/* The rank-th (from 1) of a bucket's values, by magnitude. */
static double bucket_value(const struct bucket *bucket, uint64_t rank)
{
    if (rank == 1)
        return bucket->low;
    if (rank == bucket->count)
        return bucket->high;
    return bucket->low + (bucket->high - bucket->low) / 2;
}

/* Takes buckets from the lowest magnitude up until rank falls into one; else subtracts them all. */
static bool rank_upwards(const struct pages *pages, uint64_t *rank, double *value)
{
    for (size_t i = 0; i < pages->count; i++) {
        for (size_t b = 0; b < PAGE_BUCKETS; b++) {
            const struct bucket *bucket = &pages->list[i].page->buckets[b];
            if (*rank <= bucket->count) {
                *value = bucket_value(bucket, *rank);
                return true;
            }
            *rank -= bucket->count;
        }
    }
    return false;
}

static bool rank_downwards(const struct pages *pages, uint64_t *rank, double *value)
{
    for (size_t i = pages->count; i-- > 0;) {
        for (size_t b = PAGE_BUCKETS; b-- > 0;) {
            const struct bucket *bucket = &pages->list[i].page->buckets[b];
            if (*rank <= bucket->count) {
                *value = bucket_value(bucket, bucket->count + 1 - *rank);
                return true;
            }
            *rank -= bucket->count;
        }
    }
    return false;
}

double aggregate_quantile(const struct aggregate *aggregate, double q)
{
    double value;
    if (aggregate->count == 0)
        return NAN;
    /* 0.07 * 100 is a little over 7 in binary; the rank is 7 all the same. */
    double wanted = ceil(q * (double)aggregate->count - 1e-6);
    uint64_t rank = wanted < 1 ? 1 : (uint64_t)wanted;
    if (rank >= aggregate->count)
        return aggregate->max;
    if (rank == 1)
        return aggregate->min;
    if (rank_downwards(&aggregate->negative, &rank, &value))
        return -value;
    if (rank <= aggregate->zeros)
        return 0;
    rank -= aggregate->zeros;
    return rank_upwards(&aggregate->positive, &rank, &value) ? value : aggregate->max;
}
