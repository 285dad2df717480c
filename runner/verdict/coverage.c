#include "coverage.h"

#include <stdio.h>
#include "judge.h"

#define SECOND_NS INT64_C(1000000000)

/* Its call came about, and the metric is one that both sides of a call, or its caller, tell. */
bool result_owes(const struct result *result, const struct metric *metric, uint32_t endpoint)
{
    const struct result_endpoint *who = &result->endpoints[endpoint];
    if (metric->kind == METRIC_RATE)
        return false;
    if (metric->due == DUE_STEPS) /* of those that began none, there is no lateness */
        return judge_has_steps(result, endpoint) && (!who->closed || who->outcome.steps.begun);
    if (!who->call_known || !who->call.established)
        return false;
    return metric->due == DUE_SIDE ||
           (metric->due == DUE_CALL && result->roster->endpoints[endpoint].role == ROLE_CALLER);
}

/* What one side of a call tells (the side that hangs up: the time that it took) is told of the
 * call. */
static bool covered(const struct result *result, const struct threshold *threshold,
                    uint32_t endpoint)
{
    if (metric_store_covers(result->store, &threshold->key, endpoint))
        return true;
    uint32_t partner = result->roster->endpoints[endpoint].partner;
    return threshold->key.metric->due == DUE_CALL && partner < result->roster->endpoint_count &&
           metric_store_covers(result->store, &threshold->key, partner);
}

static bool no_samples(const struct result *result, const struct threshold *threshold,
                       uint32_t group, char *note, size_t size)
{
    uint32_t due = 0, missing = 0, first = 0;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!judge_in_group(result, i, group) || !result_owes(result, threshold->key.metric, i))
            continue;
        due++;
        if (covered(result, threshold, i))
            continue;
        if (missing++ == 0)
            first = i;
    }
    if ((double)missing <= (1 - threshold->min_coverage) * (double)due)
        return false;
    char name[96];
    roster_endpoint_name(result->roster, first, name, sizeof(name));
    snprintf(note, size, "%u of %u endpoints %s gave no sample, first %s", missing, due,
             threshold->key.metric->due == DUE_STEPS ? "with a scenario" : "in a call", name);
    return true;
}

static bool hung_up(const struct result_endpoint *endpoint)
{
    return endpoint->outcome.failure == FAILURE_BYE ||
           (endpoint->call_known && endpoint->call.teardown_ns != EVENT_NONE);
}

uint32_t result_silent_behind(const struct result *result, uint32_t endpoint)
{
    const struct result_seconds *seconds = &result->endpoints[endpoint].seconds;
    uint32_t partner = result_partner(result, endpoint);
    if (partner == ROSTER_NONE || !result->endpoints[partner].seconds.sent_ns ||
        !hung_up(&result->endpoints[partner]))
        return 0;
    int64_t behind = (seconds->last_ns - result->endpoints[partner].seconds.sent_ns) / SECOND_NS;
    return behind <= 0 ? 0 : behind < seconds->silent_run ? (uint32_t)behind : seconds->silent_run;
}

static bool silence(const struct result *result, const struct threshold *threshold, uint32_t group,
                    char *note, size_t size)
{
    uint32_t agreed = 0, silent = 0, first = ROSTER_NONE;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!judge_in_group(result, i, group))
            continue;
        uint32_t behind = result_silent_behind(result, i);
        const struct result_seconds *seconds = &result->endpoints[i].seconds;
        uint32_t more = seconds->silent > behind ? seconds->silent - behind : 0;
        agreed += seconds->agreed > behind ? seconds->agreed - behind : 0;
        if (more && first == ROSTER_NONE)
            first = i;
        silent += more;
    }
    if ((double)silent <= (1 - threshold->min_coverage) * (double)agreed)
        return false;
    char name[96];
    roster_endpoint_name(result->roster, first, name, sizeof(name));
    snprintf(note, size, "no RTP arrived in %u of %u seconds of media, first at %s", silent, agreed,
             name);
    return true;
}

bool coverage_missing(const struct result *result, const struct threshold *threshold,
                      uint32_t group, char *note, size_t size)
{
    if (no_samples(result, threshold, group, note, size))
        return true;
    bool per_second = threshold->key.direction == METRIC_RECEIVE;
    return per_second && silence(result, threshold, group, note, size);
}
