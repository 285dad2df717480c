#include "judge.h"

#include <string.h>
#include "gauge.h"

#define LATE_NS INT64_C(5000000)
#define NOT_PRODUCED_SHARE 0.05

enum load judge_load(const struct event_pacing *pacing)
{
    if (pacing->packets == 0)
        return LOAD_KEPT;
    double bad = (double)pacing->over_20ms + (double)pacing->skipped;
    if (bad > NOT_PRODUCED_SHARE * (double)pacing->packets)
        return LOAD_NOT_PRODUCED;
    return pacing->p99_ns != EVENT_NONE && pacing->p99_ns > LATE_NS ? LOAD_LATE : LOAD_KEPT;
}

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

/* ---- the verdict ------------------------------------------------------------------------ */

static enum verdict overall(const struct result *result, enum load load)
{
    bool fail = false, inconclusive = load == LOAD_NOT_PRODUCED;
    if (result->interrupted || result->error[0] || judge_unreachable(result))
        return VERDICT_ERROR;
    for (size_t i = 0; i < result->threshold_count; i++) {
        const struct judgement *judgement = &result->judgements[i];
        fail |= judgement->stopped;
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
    }
    return fail ? VERDICT_FAIL : inconclusive ? VERDICT_INCONCLUSIVE : VERDICT_PASS;
}

void result_judge(struct result *result, int64_t ended_ns)
{
    enum load load = judge_load(&result->pacing);
    result->ended_ns = ended_ns;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++)
        judge_close(result, i);
    gauges_finish(result->gauges);
    for (size_t i = 0; i < result->threshold_count; i++) {
        result->judgements[i] = (struct judgement){.threshold = &result->thresholds[i],
                                                   .worst_endpoint = ROSTER_NONE,
                                                   .from_ns = EVENT_NONE,
                                                   .to_ns = EVENT_NONE};
        judge_threshold(result, &result->judgements[i], load);
    }
    result->verdict = overall(result, load);
    diagnose(result);
    explain(result);
}
