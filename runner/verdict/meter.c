#include "meter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

void meter_fini(struct meter *meter)
{
    free(meter->raw);
    aggregate_free(meter->sketch);
    *meter = (struct meter){0};
}

bool meter_keeps(const struct threshold *threshold)
{
    return threshold->statistic == STAT_QUANTILE;
}

static void to_sketch(struct meter *meter)
{
    if (meter->sketch)
        return;
    meter->sketch = aggregate_new();
    for (uint32_t i = 0; i < meter->raw_count; i++)
        aggregate_add(meter->sketch, meter->raw[i]);
    free(meter->raw);
    meter->raw = NULL;
    meter->raw_count = meter->raw_capacity = 0;
}

static void keep_value(struct meter *meter, double value)
{
    if (meter->raw_count == METER_RAW)
        to_sketch(meter);
    if (meter->sketch) {
        aggregate_add(meter->sketch, value);
        return;
    }
    if (meter->raw_count == meter->raw_capacity) {
        meter->raw_capacity = meter->raw_capacity ? meter->raw_capacity * 2 : 16;
        meter->raw = mem_grow(meter->raw, meter->raw_capacity, sizeof(*meter->raw));
    }
    meter->raw[meter->raw_count++] = value;
}

void meter_add(struct meter *meter, double value, bool keep)
{
    if (!isfinite(value))
        return;
    meter->min = meter->count == 0 ? value : fmin(meter->min, value);
    meter->max = meter->count == 0 ? value : fmax(meter->max, value);
    meter->count++;
    meter->sum += value;
    double off = value - meter->mean;
    meter->mean += off / (double)meter->count;
    meter->squares += off * (value - meter->mean);
    if (keep)
        keep_value(meter, value);
}

static void merge_values(struct meter *into, const struct meter *from)
{
    if (from->sketch) {
        to_sketch(into);
        aggregate_merge(into->sketch, from->sketch);
    }
    for (uint32_t i = 0; i < from->raw_count; i++)
        keep_value(into, from->raw[i]);
}

void meter_merge(struct meter *into, const struct meter *from, bool keep)
{
    if (from->count == 0)
        return;
    into->min = into->count == 0 ? from->min : fmin(into->min, from->min);
    into->max = into->count == 0 ? from->max : fmax(into->max, from->max);
    double off = from->mean - into->mean, count = (double)into->count + (double)from->count;
    double part = (double)from->count / count;
    into->squares += from->squares + off * off * (double)into->count * part;
    into->mean += off * part;
    into->count += from->count;
    into->sum += from->sum;
    into->scale.scales |= from->scale.scales;
    into->scale.provisional |= from->scale.provisional;
    if (keep)
        merge_values(into, from);
}

static int by_value(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static double quantile(const struct meter *meter, double share)
{
    if (meter->sketch)
        return aggregate_quantile(meter->sketch, share);
    double sorted[METER_RAW];
    memcpy(sorted, meter->raw, meter->raw_count * sizeof(*sorted));
    qsort(sorted, meter->raw_count, sizeof(*sorted), by_value);
    /* The same rank as that of an aggregate. */
    double rank = ceil(share * meter->raw_count - 1e-6);
    size_t at = rank < 1 ? 0 : (size_t)rank - 1;
    return sorted[at < meter->raw_count ? at : meter->raw_count - 1];
}

double meter_value(const struct meter *meter, const struct threshold *threshold, double seconds)
{
    bool counter = threshold->key.metric->kind == METRIC_COUNTER;
    double count = (double)meter->count;
    if (threshold->statistic == STAT_COUNT)
        return count;
    if (threshold->statistic == STAT_RATE)
        return seconds > 0 ? (counter ? meter->sum : count) / seconds : NAN;
    if (threshold->statistic == STAT_SUM && (counter || meter->count > 0))
        return meter->sum;
    if (meter->count == 0)
        return NAN;
    switch (threshold->statistic) {
    case STAT_VALUE:
        return 100 * meter->sum / count;
    case STAT_AVG:
        return meter->sum / count;
    case STAT_MIN:
        return meter->min;
    case STAT_MAX:
        return meter->max;
    case STAT_STDDEV:
        return sqrt(meter->squares / count);
    case STAT_QUANTILE:
        return quantile(meter, threshold->quantile);
    case STAT_COUNT:
    case STAT_RATE:
    case STAT_SUM:
        break;
    }
    return NAN;
}
