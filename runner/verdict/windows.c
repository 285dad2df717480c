#include "windows.h"

#include <math.h>
#include <stdlib.h>
#include "cmtest/arena.h"

#define SECOND_NS INT64_C(1000000000)
/* Seconds that a sample may be behind the newest one. */
#define LAG 4

void windows_init(struct windows *windows, const struct threshold *threshold, int64_t started_ns)
{
    *windows = (struct windows){.threshold = threshold,
                                .started_ns = started_ns,
                                .length = (uint32_t)(threshold->window_ns / SECOND_NS)};
}

void windows_fini(struct windows *windows)
{
    for (uint32_t i = 0; i < windows->count; i++)
        meter_fini(&windows->slots[i]);
    free(windows->slots);
    free(windows->values);
}

double windows_badness(const struct threshold *threshold, double value)
{
    switch (threshold->comparison) {
    case COMPARE_GE:
    case COMPARE_GT:
        return -value;
    case COMPARE_LE:
    case COMPARE_LT:
        return value;
    case COMPARE_EQ:
        return fabs(value - threshold->limit);
    case COMPARE_NE:
        return -fabs(value - threshold->limit);
    }
    return value;
}

static struct window_value compute(const struct windows *windows, uint32_t first, uint32_t end)
{
    struct meter sum = {0};
    bool keep = meter_keeps(windows->threshold);
    for (uint32_t i = first; i < end && i < windows->count; i++)
        meter_merge(&sum, &windows->slots[i], keep);
    struct window_value value = {meter_value(&sum, windows->threshold, (double)(end - first)),
                                 sum.count};
    meter_fini(&sum);
    return value;
}

/* Computes the windows that end before `end`, and gives back what no other needs. */
static void advance(struct windows *windows, uint32_t end)
{
    while (windows->valued + windows->length <= end) {
        uint32_t at = windows->valued++;
        windows->values[at] = compute(windows, at, at + windows->length);
        free(windows->slots[at].raw);
        aggregate_free(windows->slots[at].sketch);
        windows->slots[at].raw = NULL;
        windows->slots[at].raw_count = windows->slots[at].raw_capacity = 0;
        windows->slots[at].sketch = NULL;
    }
}

static void grow(struct windows *windows, uint32_t count)
{
    if (count > windows->capacity) {
        while (windows->capacity < count)
            windows->capacity = windows->capacity ? windows->capacity * 2 : 64;
        windows->slots = mem_grow(windows->slots, windows->capacity, sizeof(*windows->slots));
        windows->values = mem_grow(windows->values, windows->capacity, sizeof(*windows->values));
    }
    for (uint32_t i = windows->count; i < count; i++) {
        windows->slots[i] = (struct meter){0};
        windows->values[i] = (struct window_value){NAN, 0};
    }
    windows->count = count;
}

void windows_add(struct windows *windows, int64_t at_ns, double value, struct metric_scale scale)
{
    int64_t slot = at_ns < windows->started_ns ? -1 : (at_ns - windows->started_ns) / SECOND_NS;
    int64_t open = windows->valued > 0 ? (int64_t)windows->valued + windows->length - 1 : 0;
    if (slot < open || slot >= WINDOWS_MAX) {
        windows->lost++;
        return;
    }
    uint32_t at = (uint32_t)slot;
    bool any = windows->count > 0;
    windows->first = any && windows->first < at ? windows->first : at;
    windows->last = any && windows->last > at ? windows->last : at;
    if (at >= windows->count)
        grow(windows, at + 1);
    struct meter *meter = &windows->slots[at];
    meter_add(meter, value, meter_keeps(windows->threshold));
    meter->scale.scales |= scale.scales;
    meter->scale.provisional |= scale.provisional;
    if (windows->count > LAG)
        advance(windows, windows->count - LAG);
}

static void consider(const struct windows *windows, struct window_worst *worst,
                     struct window_value value, uint32_t first, uint32_t end)
{
    const struct threshold *threshold = windows->threshold;
    if (isnan(value.value) || value.samples < threshold->min_samples)
        return;
    if (worst->found &&
        windows_badness(threshold, value.value) <= windows_badness(threshold, worst->value))
        return;
    *worst = (struct window_worst){.found = true,
                                   .value = value.value,
                                   .samples = value.samples,
                                   .from_ns = windows->started_ns + first * SECOND_NS,
                                   .to_ns = windows->started_ns + end * SECOND_NS};
}

struct window_worst windows_worst(struct windows *windows, int64_t from_ns, int64_t to_ns, bool all)
{
    struct window_worst worst = {0};
    if (windows->count == 0)
        return worst;
    uint32_t first = windows->first, end = windows->last + 1;
    /* Whole seconds of the phase, when they make up a window. */
    int64_t begin = (from_ns - windows->started_ns + SECOND_NS - 1) / SECOND_NS;
    int64_t stop = (to_ns - windows->started_ns) / SECOND_NS;
    begin = begin > first ? begin : first;
    stop = stop < end ? stop : end;
    if (stop - begin >= windows->length) {
        first = (uint32_t)begin;
        end = (uint32_t)stop;
    }
    if (all && end - first < windows->length) {
        consider(windows, &worst, compute(windows, first, end), first, end);
        return worst;
    }
    if (all)
        advance(windows, windows->count);
    for (uint32_t i = first; i < windows->valued && i + windows->length <= end; i++)
        consider(windows, &worst, windows->values[i], i, i + windows->length);
    return worst;
}
