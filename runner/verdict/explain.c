/*
 * Why and Try: one paragraph of reason and one next step, for anything but a pass.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "judge.h"
#include "limits.h"
#include "means.h"
#include "paragraph.h"

static void add_first(const struct result *result, uint32_t index, bool registration,
                      struct text *out)
{
    char name[96];
    const struct result_endpoint *endpoint = &result->endpoints[index];
    roster_endpoint_name(result->roster, index, name, sizeof(name));
    text_add(out, name);
    if (!registration && endpoint->call_known && endpoint->call.call_id[0])
        text_printf(out, ", Call-ID %s", endpoint->call.call_id);
    else if (result->roster->endpoints[index].account)
        text_printf(out, ", account %s", result->roster->endpoints[index].account);
}

/* The biggest cluster of endpoints that failed; NULL when none did. */
static const struct result_diagnosis *worst_failure(const struct result *result)
{
    const struct result_diagnosis *first = &result->diagnoses[0];
    return result->diagnosis_count > 0 && outcome_severity(first->outcome) > 1 ? first : NULL;
}

/* Why media is missing in a call that came about; NULL when that is not known. */
static const struct result_diagnosis *media_failure(const struct result *result)
{
    for (uint32_t i = 0; i < result->diagnosis_count; i++)
        if (result->diagnoses[i].failure == FAILURE_NO_MEDIA)
            return &result->diagnoses[i];
    return NULL;
}

/* ---- a measured figure missed its limit ------------------------------------------------- */

/* The mean of what one endpoint gave to a threshold, and the scales that it was on; NaN when
 * nothing. */
static double endpoint_mean(const struct result *result, const struct threshold *threshold,
                            uint32_t index, struct metric_scale *scale)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct metric_key *key = &threshold->key;
    enum event_direction direction =
        key->direction == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE;
    struct event event = {.endpoint = index};
    const struct result_mean *seconds = means_get(result, threshold, index);
    double sum = seconds->sum, value;
    size_t count = seconds->count;

    *scale = (struct metric_scale){.scales = seconds->scales};
    event.kind = EVENT_CALL;
    event.call = endpoint->call;
    if (endpoint->call_known && key->metric->read(&event, direction, &value) && isfinite(value)) {
        sum += value;
        count++;
    }
    event.kind = EVENT_REGISTRATION;
    event.registration = endpoint->registration;
    if (endpoint->registered_known && key->metric->read(&event, direction, &value)) {
        sum += value;
        count++;
    }
    /* A rate is read as 0 or 1, and told in percent. */
    double unit = key->metric->kind == METRIC_RATE ? 100 : 1;
    return count > 0 ? unit * sum / (double)count : NAN;
}

static uint32_t worst_endpoint(const struct result *result, const struct threshold *threshold,
                               double *worst, struct metric_scale *scale)
{
    bool unknown;
    uint32_t group = judge_group(result, threshold->group, &unknown);
    bool low_is_bad = threshold->comparison == COMPARE_GE || threshold->comparison == COMPARE_GT;
    uint32_t found = ROSTER_NONE;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!judge_in_group(result, i, group))
            continue;
        struct metric_scale on;
        double mean = endpoint_mean(result, threshold, i, &on);
        if (isnan(mean))
            continue;
        if (found == ROSTER_NONE || (low_is_bad ? mean < *worst : mean > *worst)) {
            found = i;
            *worst = mean;
            *scale = on;
        }
    }
    return found;
}

static void explain_figure(const struct result *result, const struct judgement *judgement,
                           struct text *why)
{
    char figure[64];
    double worst = 0;
    struct metric_scale scale = {0};
    const struct threshold *threshold = judgement->threshold;
    threshold_format(threshold, judgement->observed, figure, sizeof(figure));
    text_printf(why, "%s: it was %s", threshold->text, figure);
    if (judgement->part[0])
        text_printf(why, " (%s)", judgement->part);
    uint32_t index = threshold_is_plain(threshold) || threshold->statistic == STAT_SUM ||
                             threshold_is_scoped(threshold)
                         ? ROSTER_NONE
                         : worst_endpoint(result, threshold, &worst, &scale);
    if (index != ROSTER_NONE) {
        threshold_format(threshold, worst, figure, sizeof(figure));
        text_printf(why, ". Worst: group %s, ",
                    result->roster->groups[result->roster->endpoints[index].group].name);
        add_first(result, index, threshold->key.metric->due == DUE_ENDPOINT, why);
        text_printf(why, ", with a mean of %s", figure);
        if (metric_scale_name(scale))
            text_printf(why, ", %s band%s", metric_scale_name(scale),
                        scale.scales & (scale.scales - 1) ? "s" : "");
    }
    text_add(why, ".");
}

/* A call may have failed although both of its endpoints ended well: with warnings, or cut short. */
static bool explain_calls(const struct result *result, struct text *why)
{
    uint32_t count = 0, first = ROSTER_NONE;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        if (!endpoint->call_known || !endpoint->call.counted || endpoint->call.completed)
            continue;
        if (count++ == 0)
            first = i;
    }
    if (count == 0)
        return false;
    const struct event_call *call = &result->endpoints[first].call;
    text_printf(why, "%u of %u call%s not completed. First: ", count, result->roster->planned_calls,
                result->roster->planned_calls == 1 ? " was" : "s were");
    add_first(result, first, false, why);
    text_printf(why, ": %s", call_result_name(call->result));
    if (call->status > 0)
        text_printf(why, ", %u %s", call->status, call->reason);
    if (call->result == CALL_NOT_ATTEMPTED && result->endpoints[first].outcome.detail[0])
        text_printf(why, " (%s)", result->endpoints[first].outcome.detail);
    text_add(why, ".");
    return true;
}

/* The addresses of a call that heard nothing, else of one of which that is not known; NULL: all
 * heard something. */
static const struct event_media *silent_media(const struct result *result)
{
    const struct event_media *any = NULL;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        if (!endpoint->media_known)
            continue;
        if (endpoint->call_known && endpoint->call.packets_received == 0)
            return &endpoint->media;
        if (!endpoint->call_known && !any)
            any = &endpoint->media;
    }
    return any;
}

static void advise_figure(const struct judgement *judgement, const struct result *result,
                          struct text *next)
{
    const struct threshold *threshold = judgement->threshold;
    const struct metric *metric = threshold->key.metric;
    bool incomplete = !judgement->measured || (judgement->note[0] && !judgement->stopped);
    const struct event_media *media = incomplete ? silent_media(result) : NULL;
    const struct result_diagnosis *diagnosis = incomplete ? media_failure(result) : NULL;
    if (diagnosis && metric->due == DUE_SIDE && judgement->due > 0) {
        text_add(next, diagnosis->next);
        return;
    }
    if (media && metric->due == DUE_SIDE && judgement->due > 0) {
        text_printf(next, "check that RTP passes between %s and %s (firewall, NAT, SDP).",
                    media->local, media->remote);
        return;
    }
    if (!judgement->measured && metric->due == DUE_CALL && judgement->due == 0)
        text_add(next, "judge the group that calls instead.");
    else if (metric->due == DUE_STEPS && judgement->due > 0)
        text_add(next, "look for event action in the timelines in result.json: each step has its "
                       "planned and real time, and what came of it.");
    else if (metric->due == DUE_SIDE && !judgement->measured && judgement->due > 0)
        text_add(next, "RTP came, but not what this figure is made of: what the peer says of our "
                       "packets and round trips come of its RTCP (receive.rtcp_packets in "
                       "result.json), and `cmtest list metrics` tells what others need.");
    else if (metric->due == DUE_SIDE && judgement->measured)
        text_add(next, "compare both directions of that call in result.json: the one that is bad "
                       "names the path to look at.");
    else if (metric->unit == UNIT_MS && judgement->measured)
        text_add(next, "look at that endpoint's timeline in result.json; a longer buildup shows "
                       "whether load is the reason.");
}

/* ---- the cases -------------------------------------------------------------------------- */

static void tell(struct result *result, const struct result_diagnosis *diagnosis, struct text *why,
                 struct text *next)
{
    text_add(why, diagnosis->text);
    text_add(next, diagnosis->next);
    result->diagnosis_told = (uint32_t)(diagnosis - result->diagnoses);
}

/* That no packet came has a diagnosis, which says more than the figure; no failure of an endpoint
 * told of it, since the call itself went well. */
static const struct result_diagnosis *silence(const struct result *result,
                                              const struct judgement *figure)
{
    if (!figure || figure->observed != 0 ||
        strcmp(figure->threshold->key.metric->name, "call.packets_received") != 0)
        return NULL;
    for (uint32_t i = 0; i < result->diagnosis_count; i++)
        if (result->diagnoses[i].failure == FAILURE_NO_MEDIA)
            return &result->diagnoses[i];
    return NULL;
}

static void explain_fail(struct result *result, struct text *why, struct text *next)
{
    const struct result_diagnosis *failure = worst_failure(result);
    const struct judgement *figure = NULL, *share = NULL, *missing = NULL;
    for (size_t i = result->threshold_count; i-- > 0;) {
        const struct judgement *judgement = &result->judgements[i];
        if (judgement->verdict != VERDICT_FAIL || judgement->threshold->warn)
            continue;
        if (!judgement->measured || (judgement->note[0] && !judgement->stopped))
            missing = judgement;
        else if (judgement->threshold->statistic == STAT_VALUE)
            share = judgement;
        else
            figure = judgement;
    }
    if (result->stopped) {
        text_printf(why, "The run was ended after %.0f s, by %s. ",
                    (double)(result->stopped_ns - result->started_ns) / 1e9,
                    result->thresholds[result->stop.threshold].text);
    }
    bool ends = share || missing || result->threshold_count == 0;
    bool told = false;
    const struct result_diagnosis *silent = silence(result, figure);
    if (!(ends && failure) && silent) {
        tell(result, silent, why, next);
        return;
    }
    if (ends && failure) {
        tell(result, failure, why, next);
        told = true;
    } else if (share && strncmp(share->threshold->key.metric->name, "calls.", 6) == 0) {
        told = explain_calls(result, why);
    }
    if (!told && share) {
        explain_figure(result, share, why);
        told = true;
    }
    if (missing && !failure) {
        text_printf(why, "%s%s: %s.", told ? " " : "", missing->threshold->text, missing->note);
        if (next->length == 0)
            advise_figure(missing, result, next);
        told = true;
    }
    if (figure) {
        text_add(why, told ? " " : "");
        explain_figure(result, figure, why);
        if (next->length == 0)
            advise_figure(figure, result, next);
    }
}

static void explain_unreachable(struct result *result, struct text *why, struct text *next)
{
    const struct result_diagnosis *failure = worst_failure(result);
    text_add(why, "No registration was answered. ");
    if (failure)
        tell(result, failure, why, next);
}

static const struct result_limit *decisive(const struct result *result)
{
    enum limit_harm worst = limits_harm(result);
    for (uint32_t i = 0; i < result->limit_count; i++)
        if (result->limits[i].decisive)
            return &result->limits[i];
    for (uint32_t i = 0; i < result->limit_count; i++)
        if (result->limits[i].harm == worst)
            return &result->limits[i];
    return NULL;
}

static void explain_limit(struct result *result, struct text *why, struct text *next)
{
    const struct result_limit *limit = decisive(result);
    if (!limit)
        return;
    result->limit_told = (uint32_t)(limit - result->limits);
    text_printf(why, "This machine was the limit, not the system under test: %s: %s",
                limit->resource, limit->text);
    for (size_t i = 0; i < result->threshold_count && limit->harm == LIMIT_BENDS; i++) {
        if (result->judgements[i].verdict == VERDICT_INCONCLUSIVE) {
            text_printf(why, ", which bends what %s judges", result->thresholds[i].text);
            break;
        }
    }
    text_add(why, ".");
    if (limit->fits)
        text_printf(why, " About %u endpoint%s in a call would fit.", limit->fits,
                    limit->fits == 1 ? "" : "s");
    text_printf(next, "%s.", limit->next);
}

static void explain_error(struct result *result, struct text *why, struct text *next)
{
    if (result->interrupted)
        text_printf(why,
                    "The run was interrupted after %.0f s; what was measured until then is "
                    "reported, but not judged as a whole.",
                    (double)(result->ended_ns - result->started_ns) / 1e9);
    else if (result->error[0])
        text_printf(why, "The run could not be carried out: %s.", result->error);
    else
        explain_unreachable(result, why, next);
}

void explain(struct result *result)
{
    struct text why = {0}, next = {0};
    result->diagnosis_told = RESULT_DIAGNOSES_MAX;
    result->limit_told = RESULT_LIMITS_MAX;
    switch (result->verdict) {
    case VERDICT_PASS:
        break;
    case VERDICT_FAIL:
        explain_fail(result, &why, &next);
        break;
    case VERDICT_ERROR:
        explain_error(result, &why, &next);
        break;
    case VERDICT_INCONCLUSIVE:
        explain_limit(result, &why, &next);
        break;
    }
    copy_clean(result->why, sizeof(result->why), text_get(&why));
    copy_clean(result->try_next, sizeof(result->try_next), text_get(&next));
    text_fini(&why);
    text_fini(&next);
}
