#include "judge.h"

#include <string.h>
#include "gauge.h"
#include "limits.h"

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
        judge_close(result, i);
    limits_measure(result);
    gauges_finish(result->gauges);
    for (size_t i = 0; i < result->threshold_count; i++) {
        result->judgements[i] = (struct judgement){.threshold = &result->thresholds[i],
                                                   .worst_endpoint = ROSTER_NONE,
                                                   .from_ns = EVENT_NONE,
                                                   .to_ns = EVENT_NONE};
        judge_threshold(result, &result->judgements[i]);
    }
    result->verdict = overall(result);
    diagnose(result);
    explain(result);
}
