#include "judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cmtest/text.h"
#include "compare.h"
#include "coverage.h"
#include "limits.h"
#include "timeline.h"

bool judge_unreachable(const struct result *result)
{
    bool any = false;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        if (!endpoint->registered_known)
            continue;
        if (endpoint->registration.ok || endpoint->registration.status != 0)
            return false;
        any = true;
    }
    return any;
}

uint32_t judge_group(const struct result *result, const char *name, bool *unknown)
{
    *unknown = false;
    if (!name)
        return ROSTER_NONE;
    for (uint32_t i = 0; i < result->roster->group_count; i++)
        if (strcmp(result->roster->groups[i].name, name) == 0)
            return i;
    *unknown = true;
    return ROSTER_NONE;
}

bool judge_in_group(const struct result *result, uint32_t endpoint, uint32_t group)
{
    return group == ROSTER_NONE || result->roster->endpoints[endpoint].group == group;
}

bool judge_has_steps(const struct result *result, uint32_t endpoint)
{
    return result->roster->groups[result->roster->endpoints[endpoint].group].step_count > 0;
}

/* ---- what never reported ---------------------------------------------------------------- */

/* An endpoint whose worker vanished, and a call that nobody told of, are failures: a share of those
 * that did report would look better than the run was. */
static void close_endpoint(struct result *result, uint32_t index)
{
    struct result_endpoint *endpoint = &result->endpoints[index];
    struct event event = {.at_ns = result->ended_ns, .endpoint = index};

    timeline_close(endpoint);
    if (!endpoint->closed && !endpoint->registered_known && !result->interrupted) {
        event.kind = EVENT_REGISTRATION;
        event.registration = (struct event_registration){.expires = -1, .time_ns = EVENT_NONE};
        metric_store_event(result->store, &event);
    }
    if (result->roster->endpoints[index].role == ROLE_CALLER && !endpoint->call_known) {
        event.kind = EVENT_CALL;
        event.call = (struct event_call){
            .result = endpoint->phase < PHASE_CALLING ? CALL_NOT_ATTEMPTED : CALL_ERROR,
            .counted = true,
            .trying_ns = EVENT_NONE,
            .ringing_ns = EVENT_NONE,
            .pdd_ns = EVENT_NONE,
            .setup_ns = EVENT_NONE,
            .first_media_ns = EVENT_NONE,
            .duration_ns = EVENT_NONE,
            .teardown_ns = EVENT_NONE,
            .early_media_ns = EVENT_NONE,
            .failed_ns = EVENT_NONE,
            .retry_after = -1,
        };
        metric_store_event(result->store, &event);
    }
    if (!endpoint->closed) {
        endpoint->outcome = (struct event_outcome){.outcome = OUTCOME_OSERROR,
                                                   .failure = result->interrupted ? FAILURE_CUT_OFF
                                                                                  : FAILURE_LOCAL};
        text_copy(endpoint->outcome.detail, sizeof(endpoint->outcome.detail),
                  result->interrupted ? "the run was interrupted before it ended"
                  : result->error[0] || result->machine.refused != MACHINE_NONE
                      ? "it was not started: the run could not be carried out"
                      : "the worker that ran it vanished");
    }
    event.kind = EVENT_OUTCOME;
    event.outcome = endpoint->outcome;
    metric_store_event(result->store, &event);
    if ((unsigned)endpoint->outcome.outcome <= OUTCOME_TEARDOWN_ERROR)
        result->outcome_counts[endpoint->outcome.outcome]++;
}

/* ---- one threshold ---------------------------------------------------------------------- */

static uint32_t count_due(const struct result *result, enum metric_due due, uint32_t group)
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
        if (judge_in_group(result, i, group) && result->endpoints[i].second_count > 0)
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

static const char *no_data_reason(const struct result *result, const struct metric *metric,
                                  uint32_t group, uint32_t due)
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

static double observe(const struct threshold *threshold, const struct aggregate *aggregate)
{
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
    }
    return NAN;
}

static void judge(struct result *result, struct judgement *judgement)
{
    const struct threshold *threshold = judgement->threshold;
    const struct metric *metric = threshold->key.metric;
    bool unknown;
    uint32_t group = judge_group(result, threshold->group, &unknown);

    judgement->verdict = VERDICT_FAIL;
    if (unknown) {
        snprintf(judgement->note, sizeof(judgement->note), "no sample: there is no group %.64s",
                 threshold->group);
        return;
    }
    const struct aggregate *aggregate = metric_store_get(result->store, &threshold->key, group);
    judgement->samples = aggregate_count(aggregate);
    judgement->covered = metric_store_coverage(result->store, &threshold->key, group);
    judgement->due = count_due(result, metric->due, group);
    if (threshold->statistic != STAT_COUNT)
        judgement->scale = metric_store_scale(result->store, &threshold->key, group);
    if (metric->kind == METRIC_RATE) {
        judgement->numerator = (uint64_t)(aggregate_sum(aggregate) + 0.5);
        judgement->denominator = judgement->samples;
    }
    if (judgement->samples == 0) {
        snprintf(judgement->note, sizeof(judgement->note), "no sample: %s",
                 group != ROSTER_NONE && metric->due == DUE_CALL && judgement->due == 0
                     ? "this group dials no call"
                     : no_data_reason(result, metric, group, judgement->due));
    } else {
        judgement->measured = true;
        judgement->observed = observe(threshold, aggregate);
        if (judgement->samples < threshold->min_samples)
            snprintf(judgement->note, sizeof(judgement->note),
                     "%llu samples, and at least %llu are needed",
                     (unsigned long long)judgement->samples,
                     (unsigned long long)threshold->min_samples);
        else if (threshold_holds(judgement->observed, threshold->comparison, threshold->limit) &&
                 !coverage_missing(result, threshold, group, judgement->note,
                                   sizeof(judgement->note)))
            judgement->verdict = VERDICT_PASS;
    }
    limits_excuse(result, judgement, group);
}

/* ---- the verdict ------------------------------------------------------------------------ */

static enum verdict overall(struct result *result)
{
    enum limit_harm harm = limits_harm(result);
    bool fail = false, inconclusive = harm >= LIMIT_NOT_PRODUCED;
    if (result->interrupted || result->error[0])
        return VERDICT_ERROR;
    if (harm == LIMIT_NOT_STARTED)
        return VERDICT_INCONCLUSIVE;
    if (judge_unreachable(result))
        return limits_excuse_endpoints(result) ? VERDICT_INCONCLUSIVE : VERDICT_ERROR;
    for (size_t i = 0; i < result->threshold_count; i++) {
        const struct judgement *judgement = &result->judgements[i];
        if (judgement->threshold->warn)
            continue;
        fail |= judgement->verdict == VERDICT_FAIL;
        inconclusive |= judgement->verdict == VERDICT_INCONCLUSIVE;
    }
    /* Nothing to judge by: then every endpoint must have done well, and there must be one. */
    if (result->threshold_count == 0) {
        uint32_t well = result->outcome_counts[OUTCOME_SUCCESS] +
                        result->outcome_counts[OUTCOME_COMPLETED_WITH_WARNINGS];
        fail = !inconclusive && (well == 0 || well != result->roster->endpoint_count);
        if (fail && limits_excuse_endpoints(result)) {
            inconclusive = true;
            fail = false;
        }
    }
    return fail ? VERDICT_FAIL : inconclusive ? VERDICT_INCONCLUSIVE : VERDICT_PASS;
}

void result_judge(struct result *result, int64_t ended_ns)
{
    result->ended_ns = ended_ns;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++)
        close_endpoint(result, i);
    limits_measure(result);
    for (size_t i = 0; i < result->threshold_count; i++) {
        result->judgements[i] = (struct judgement){.threshold = &result->thresholds[i]};
        judge(result, &result->judgements[i]);
    }
    result->verdict = overall(result);
    diagnose(result);
    explain(result);
}
