#include <math.h>
#include <stdio.h>
#include <string.h>
#include "compare.h"
#include "coverage.h"
#include "judge.h"
#include "limits.h"
#include "told.h"

uint32_t judge_due(const struct result *result, enum metric_due due, uint32_t group)
{
    const struct roster *roster = result->roster;
    uint32_t count = 0;
    if (due == DUE_CALL && group == ROSTER_NONE)
        return roster->planned_calls;
    if (due == DUE_ENDPOINT)
        return group == ROSTER_NONE ? roster->endpoint_count : roster->groups[group].count;
    for (uint32_t i = 0; i < roster->endpoint_count; i++) {
        if (!judge_in_group(result, i, group))
            continue;
        const struct result_endpoint *endpoint = &result->endpoints[i];
        bool caller = roster->endpoints[i].role == ROLE_CALLER;
        if (due == DUE_CALL)
            count += caller;
        else if (due == DUE_STEPS)
            count += judge_has_steps(result, i);
        else if (due == DUE_SIDE)
            count += endpoint->call_known && endpoint->call.established;
        else
            count += caller && endpoint->call_known && endpoint->call.failed_ns != EVENT_NONE;
    }
    return count;
}

static bool any_media(const struct result *result, uint32_t group)
{
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++)
        if (judge_in_group(result, i, group) && result->endpoints[i].seconds.count > 0)
            return true;
    return false;
}

/* Cut off by the second Ctrl-C: what its call was is not known. */
static bool cut_short(const struct result *result, uint32_t group)
{
    for (uint32_t i = 0; result->interrupted && i < result->roster->endpoint_count; i++)
        if (judge_in_group(result, i, group) && !result->endpoints[i].call_known &&
            result->endpoints[i].reached >= PHASE_CALLING)
            return true;
    return false;
}

const char *judge_no_data(const struct result *result, const struct metric *metric, uint32_t group,
                          uint32_t due)
{
    if (strcmp(metric->name, "registration.time") == 0)
        return "no registration was accepted";
    if (metric->due == DUE_ENDPOINT)
        return strncmp(metric->name, "registration.", 13) == 0 ? "no registration was answered"
                                                               : "no endpoint was run";
    if (cut_short(result, group))
        return "the run was interrupted before the calls had told of it";
    if (metric->due == DUE_CALL)
        return due == 0 ? "it dials no call" : "no call got that far";
    if (metric->due == DUE_STEPS)
        return due ? "no step of a scenario was begun" : "it has no scenario";
    if (metric->due == DUE_FAILED)
        return "no call failed";
    if (due == 0)
        return "no call was established";
    return any_media(result, group) ? "media ran, but nothing told this figure"
                                    : "no call reached media";
}

double judge_observe(const struct threshold *threshold, const struct aggregate *aggregate,
                     double seconds)
{
    bool counter = threshold->key.metric->kind == METRIC_COUNTER;
    switch (threshold->statistic) {
    case STAT_VALUE:
        return 100 * aggregate_sum(aggregate) / (double)aggregate_count(aggregate);
    case STAT_AVG:
        return aggregate_avg(aggregate);
    case STAT_MIN:
        return aggregate_min(aggregate);
    case STAT_MAX:
        return aggregate_max(aggregate);
    case STAT_COUNT:
        return (double)aggregate_count(aggregate);
    case STAT_QUANTILE:
        return aggregate_quantile(aggregate, threshold->quantile);
    case STAT_SUM:
        return aggregate_sum(aggregate);
    case STAT_STDDEV:
        return aggregate_stddev(aggregate);
    case STAT_RATE:
        return seconds > 0
                   ? (counter ? aggregate_sum(aggregate) : (double)aggregate_count(aggregate)) /
                         seconds
                   : NAN;
    }
    return NAN;
}

void judge_note_no_data(const struct result *result, struct judgement *judgement, uint32_t group)
{
    const struct metric *metric = judgement->threshold->key.metric;
    snprintf(judgement->note, sizeof(judgement->note), "no sample: %s",
             group != ROSTER_NONE && metric->due == DUE_CALL && judgement->due == 0
                 ? "this group dials no call"
                 : judge_no_data(result, metric, group, judgement->due));
}

void judge_note_few(struct judgement *judgement, uint64_t samples)
{
    snprintf(judgement->note, sizeof(judgement->note), "%llu samples, and at least %llu are needed",
             (unsigned long long)samples, (unsigned long long)judgement->threshold->min_samples);
}

static void judge_whole(const struct result *result, struct judgement *judgement, uint32_t group)
{
    const struct threshold *threshold = judgement->threshold;
    const struct metric *metric = threshold->key.metric;
    const struct aggregate *aggregate = metric_store_get(result->store, &threshold->key, group);
    judgement->samples = aggregate_count(aggregate);
    judgement->covered = metric_store_coverage(result->store, &threshold->key, group);
    judgement->due = judge_due(result, metric->due, group);
    if (!threshold_is_plain(threshold))
        judgement->scale = metric_store_scale(result->store, &threshold->key, group);
    if (metric->kind == METRIC_RATE) {
        judgement->numerator = (uint64_t)(aggregate_sum(aggregate) + 0.5);
        judgement->denominator = judgement->samples;
    }
    if (judgement->samples == 0) {
        judge_note_no_data(result, judgement, group);
        return;
    }
    judgement->measured = true;
    judgement->observed =
        judge_observe(threshold, aggregate, (double)(result->ended_ns - result->started_ns) / 1e9);
    if (judgement->samples < threshold->min_samples)
        judge_note_few(judgement, judgement->samples);
    else if (threshold_holds(judgement->observed, threshold->comparison, threshold->limit) &&
             !coverage_missing(result, threshold, group, judgement->note, sizeof(judgement->note)))
        judgement->verdict = VERDICT_PASS;
}

/* What ended the run cannot be mended by what came while it hung up. */
static void note_stop(const struct result *result, struct judgement *judgement)
{
    if (!result->stopped || result->stop.threshold != judgement->threshold - result->thresholds)
        return;
    size_t length = strlen(judgement->note);
    judgement->stopped = true;
    judgement->verdict = VERDICT_FAIL;
    snprintf(judgement->note + length, sizeof(judgement->note) - length,
             "%sit ended the run after %.0f s", length ? "; " : "",
             (double)(result->stopped_ns - result->started_ns) / 1e9);
}

void judge_threshold(struct result *result, struct judgement *judgement)
{
    const struct threshold *threshold = judgement->threshold;
    bool unknown;
    uint32_t group = judge_group(result, threshold->group, &unknown);

    judgement->verdict = VERDICT_FAIL;
    if (told_judge(result, judgement))
        return;
    if (unknown) {
        snprintf(judgement->note, sizeof(judgement->note), "no sample: there is no group %.64s",
                 threshold->group);
        return;
    }
    if (threshold_is_scoped(threshold))
        judge_scope(result, judgement, group);
    else
        judge_whole(result, judgement, group);
    note_stop(result, judgement);
    limits_excuse(result, judgement, group);
}
