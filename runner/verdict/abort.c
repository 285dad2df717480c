/*
 * Whether a threshold shall end the run (threshold.h). What is asked here, while calls are still
 * up, is only whether what was measured breaches the limit: that an endpoint has told nothing yet
 * is no breach.
 */
#include <math.h>
#include <stdlib.h>
#include "cmtest/arena.h"
#include "compare.h"
#include "gauge.h"
#include "judge.h"

#define LOOK_NS INT64_C(250000000)

struct aborts {
    bool any;
    int64_t looked_ns;
    int64_t since_ns[]; /* per threshold: since when it is breached; EVENT_NONE: it is not */
};

static struct aborts *aborts_new(const struct result *result)
{
    size_t count = result->threshold_count;
    struct aborts *aborts = mem_alloc(sizeof(*aborts) + count * sizeof(aborts->since_ns[0]));
    aborts->looked_ns = EVENT_NONE;
    for (size_t i = 0; i < count; i++) {
        aborts->since_ns[i] = EVENT_NONE;
        aborts->any = aborts->any || result->thresholds[i].abort;
    }
    return aborts;
}

static bool holds(const struct threshold *threshold, double value)
{
    return threshold_holds(value, threshold->comparison, threshold->limit);
}

/* Of a value that breaches the limit: whether more samples can only make it worse. */
static bool is_final(const struct threshold *threshold, double value)
{
    enum comparison comparison = threshold->comparison;
    bool below = comparison == COMPARE_LE || comparison == COMPARE_LT;
    bool above = comparison == COMPARE_GE || comparison == COMPARE_GT;
    bool equal = comparison == COMPARE_EQ;
    switch (threshold->statistic) {
    case STAT_MAX:
    case STAT_COUNT:
        return below || (equal && value > threshold->limit);
    case STAT_SUM:
        return !threshold->key.metric->signed_values &&
               (below || (equal && value > threshold->limit));
    case STAT_MIN:
        return above || (equal && value < threshold->limit);
    case STAT_VALUE:
    case STAT_AVG:
    case STAT_QUANTILE:
    case STAT_RATE:
    case STAT_STDDEV:
        break;
    }
    return false;
}

/* A share of the planned calls: whether those that are left cannot mend it. */
static bool share_is_final(const struct result *result, const struct threshold *threshold,
                           uint32_t group, double good, double all)
{
    if (threshold->statistic != STAT_VALUE || threshold->key.metric->due != DUE_CALL)
        return false;
    double due = judge_due(result, DUE_CALL, group);
    double left = due > all ? due - all : 0;
    bool high = threshold->comparison == COMPARE_GE || threshold->comparison == COMPARE_GT;
    bool low = threshold->comparison == COMPARE_LE || threshold->comparison == COMPARE_LT;
    double best = 100 * (good + (high ? left : 0)) / (all + left);
    return (high || low) && !holds(threshold, best);
}

static bool breaches_whole(const struct result *result, const struct threshold *threshold,
                           double seconds, bool *final)
{
    bool unknown;
    uint32_t group = judge_group(result, threshold->group, &unknown);
    const struct aggregate *aggregate = metric_store_get(result->store, &threshold->key, group);
    uint64_t count = aggregate_count(aggregate);
    if (unknown || count == 0 || count < threshold->min_samples)
        return false;
    double value = judge_observe(threshold, aggregate, seconds);
    *final = is_final(threshold, value) ||
             share_is_final(result, threshold, group, aggregate_sum(aggregate), (double)count);
    return !holds(threshold, value);
}

static bool breaches_endpoints(const struct result *result, const struct gauge *gauge,
                               double seconds, bool *final)
{
    const struct threshold *threshold = gauge->threshold;
    uint32_t all = 0, bad = 0, gone = 0;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct meter *meter = &gauge->endpoints[i];
        if (!judge_in_group(result, i, gauge->group))
            continue;
        all++;
        if (meter->count == 0 || meter->count < threshold->min_samples)
            continue;
        double value = meter_value(meter, threshold, seconds);
        if (holds(threshold, value))
            continue;
        bad++;
        gone += is_final(threshold, value);
    }
    double allowed = (1 - threshold->endpoint_share) * all + 1e-9;
    *final = gone > allowed;
    return bad > allowed;
}

static bool breaches_scope(struct result *result, struct gauge *gauge, int64_t now_ns, bool *final)
{
    const struct threshold *threshold = gauge->threshold;
    int64_t from_ns, to_ns;
    if (!gauge->used ||
        !course_limits(&result->gauges->course, threshold->during, now_ns, &from_ns, &to_ns))
        return false;
    double seconds = (double)(to_ns - from_ns) / 1e9;
    if (gauge->endpoints)
        return breaches_endpoints(result, gauge, seconds, final);
    if (threshold->window_ns > 0) {
        struct window_worst worst = windows_worst(&gauge->windows, from_ns, to_ns, false);
        *final = true;
        return worst.found && !holds(threshold, worst.value);
    }
    if (gauge->all.count == 0 || gauge->all.count < threshold->min_samples)
        return false;
    double value = meter_value(&gauge->all, threshold, seconds);
    *final = is_final(threshold, value);
    return !holds(threshold, value);
}

static bool must_stop(struct result *result, size_t index, int64_t now_ns)
{
    const struct threshold *threshold = &result->thresholds[index];
    int64_t *since_ns = &result->aborts->since_ns[index];
    bool final = false;
    double seconds = (double)(now_ns - result->started_ns) / 1e9;
    bool breached = threshold_is_scoped(threshold)
                        ? breaches_scope(result, &result->gauges->list[index], now_ns, &final)
                        : breaches_whole(result, threshold, seconds, &final);
    if (!breached) {
        *since_ns = EVENT_NONE;
        return false;
    }
    if (*since_ns == EVENT_NONE)
        *since_ns = now_ns;
    return final || now_ns - *since_ns >= threshold->grace_ns;
}

bool result_must_stop(struct result *result, int64_t now_ns, struct event_stop *stop)
{
    if (!result->aborts)
        result->aborts = aborts_new(result);
    struct aborts *aborts = result->aborts;
    if (!aborts->any || result->stopped ||
        (aborts->looked_ns != EVENT_NONE && now_ns - aborts->looked_ns < LOOK_NS))
        return false;
    aborts->looked_ns = now_ns;
    for (size_t i = 0; i < result->threshold_count; i++) {
        if (!result->thresholds[i].abort || !must_stop(result, i, now_ns))
            continue;
        *stop = (struct event_stop){(uint32_t)i};
        return true;
    }
    return false;
}
