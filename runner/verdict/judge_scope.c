/*
 * A threshold about a part of the run: a phase, the worst window, or single endpoints.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "cmtest/arena.h"
#include "cmtest/text.h"
#include "compare.h"
#include "coverage.h"
#include "gauge.h"
#include "judge.h"

/* Whether all who are in a call must have given samples: in a phase that is not the call itself,
 * nobody has to. */
static bool owed_then(enum threshold_phase during)
{
    return during == DURING_ALL || during == DURING_STEADY || during == DURING_INCALL;
}

static bool is_due(const struct result *result, const struct metric *metric, uint32_t endpoint)
{
    if (metric->kind != METRIC_RATE)
        return result_owes(result, metric, endpoint);
    return metric->due == DUE_ENDPOINT ||
           (metric->due == DUE_CALL && result->roster->endpoints[endpoint].role == ROLE_CALLER) ||
           (metric->due == DUE_STEPS && judge_has_steps(result, endpoint));
}

/* What one side of a call tells is told of the call, as in coverage.c. */
static bool is_covered(const struct result *result, const struct gauge *gauge, uint32_t endpoint)
{
    uint32_t partner = result->roster->endpoints[endpoint].partner;
    return gauge_seen(gauge, endpoint) ||
           (gauge->threshold->key.metric->due == DUE_CALL &&
            partner < result->roster->endpoint_count && gauge_seen(gauge, partner));
}

/* true and a note: more is missing than min_coverage allows. */
static bool is_missing(const struct result *result, const struct gauge *gauge,
                       struct judgement *judgement)
{
    const struct threshold *threshold = gauge->threshold;
    char name[96];
    uint32_t due = 0, missing = 0, first = 0;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!judge_in_group(result, i, gauge->group) ||
            !result_owes(result, threshold->key.metric, i))
            continue;
        due++;
        if (!is_covered(result, gauge, i) && missing++ == 0)
            first = i;
    }
    double allowed = 1 - threshold->min_coverage + 1e-9;
    if (owed_then(threshold->during) && missing > allowed * due) {
        roster_endpoint_name(result->roster, first, name, sizeof(name));
        snprintf(judgement->note, sizeof(judgement->note),
                 "%u of %u endpoints in a call gave no sample, first %s", missing, due, name);
        return true;
    }
    if (gauge->silent <= allowed * gauge->agreed)
        return false;
    roster_endpoint_name(result->roster, gauge->silent_first, name, sizeof(name));
    snprintf(judgement->note, sizeof(judgement->note),
             "no RTP arrived in %u of %u seconds of media, first at %s", gauge->silent,
             gauge->agreed, name);
    return true;
}

/* ---- endpoints -------------------------------------------------------------------------- */

struct ranked {
    double badness, value;
    uint32_t endpoint;
};

static int worst_first(const void *one, const void *other)
{
    const struct ranked *a = one, *b = other;
    if (a->badness != b->badness)
        return a->badness > b->badness ? -1 : 1;
    return a->endpoint < b->endpoint ? -1 : a->endpoint > b->endpoint;
}

struct ranking {
    struct ranked *list;
    uint32_t count, due, ok, few;  /* few: samples, but less than min_samples */
    uint32_t silent, silent_first; /* samples, but also seconds without any RTP */
};

/* The figures of the seconds in which it was heard say nothing of those in which it was not. */
static bool is_silent(const struct gauge *gauge, uint32_t endpoint)
{
    const struct threshold *threshold = gauge->threshold;
    const struct silence *silence = &gauge->silences[endpoint];
    /* Not given, it is the share of endpoints, which forgives nothing of one of them. */
    bool given = threshold->min_coverage != threshold->endpoint_share;
    double allowed = given ? 1 - threshold->min_coverage : 0;
    return silence->silent > allowed * silence->agreed + 1e-9;
}

static void rank(const struct result *result, const struct gauge *gauge, double seconds,
                 struct ranking *ranking)
{
    const struct threshold *threshold = gauge->threshold;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!judge_in_group(result, i, gauge->group))
            continue;
        const struct meter *meter = &gauge->endpoints[i];
        ranking->due += meter->count > 0 ||
                        (owed_then(threshold->during) && is_due(result, threshold->key.metric, i) &&
                         !is_covered(result, gauge, i));
        if (meter->count == 0)
            continue;
        double value = meter_value(meter, threshold, seconds);
        bool few = meter->count < threshold->min_samples, silent = is_silent(gauge, i);
        ranking->few += few;
        if (silent && ranking->silent++ == 0)
            ranking->silent_first = i;
        ranking->ok +=
            !few && !silent && threshold_holds(value, threshold->comparison, threshold->limit);
        ranking->list[ranking->count++] =
            (struct ranked){few || silent ? INFINITY : windows_badness(threshold, value), value, i};
    }
    qsort(ranking->list, ranking->count, sizeof(*ranking->list), worst_first);
}

static void note_silent(const struct result *result, const struct gauge *gauge,
                        const struct ranking *ranking, struct judgement *judgement)
{
    const struct silence *silence = &gauge->silences[ranking->silent_first];
    char name[96];
    roster_endpoint_name(result->roster, ranking->silent_first, name, sizeof(name));
    snprintf(judgement->note, sizeof(judgement->note),
             "no RTP arrived at %u endpoint%s for seconds, first %u of %u at %s", ranking->silent,
             ranking->silent == 1 ? "" : "s", silence->silent, silence->agreed, name);
}

static void judge_endpoints(const struct result *result, const struct gauge *gauge, double seconds,
                            struct judgement *judgement)
{
    const struct threshold *threshold = gauge->threshold;
    struct ranking ranking = {.list =
                                  mem_array(result->roster->endpoint_count, sizeof(struct ranked))};
    rank(result, gauge, seconds, &ranking);
    uint32_t missing = ranking.due - ranking.count;
    bool forgiven = threshold->min_coverage < threshold->endpoint_share &&
                    missing <= (1 - threshold->min_coverage) * ranking.due + 1e-9;
    uint32_t due = forgiven ? ranking.count : ranking.due;
    uint32_t allowed = (uint32_t)((1 - threshold->endpoint_share) * due + 1e-9);
    uint32_t gone = forgiven ? 0 : missing;
    uint32_t at = allowed > gone ? allowed - gone : 0;
    const struct ranked *shown = &ranking.list[at < ranking.count ? at : ranking.count - 1];
    judgement->observed = shown->value;
    judgement->worst_endpoint = shown->endpoint;
    judgement->endpoints_ok = ranking.ok;
    judgement->endpoints_due = due;
    if (due - ranking.ok <= allowed)
        judgement->verdict = VERDICT_PASS;
    else if (gone > 0)
        snprintf(judgement->note, sizeof(judgement->note), "%u endpoint%s gave no sample", gone,
                 gone == 1 ? "" : "s");
    else if (ranking.few > 0)
        snprintf(judgement->note, sizeof(judgement->note),
                 "%u endpoint%s gave less than the %llu samples that are needed", ranking.few,
                 ranking.few == 1 ? "" : "s", (unsigned long long)threshold->min_samples);
    else if (ranking.silent > 0)
        note_silent(result, gauge, &ranking, judgement);
    free(ranking.list);
}

/* ---- windows and phases ----------------------------------------------------------------- */

static bool judge_window(const struct gauge *gauge, struct judgement *judgement, int64_t from_ns,
                         int64_t to_ns, bool all)
{
    /* Computing a window keeps its value, and changes nothing that is told. */
    struct windows *windows = (struct windows *)&gauge->windows;
    struct window_worst worst = windows_worst(windows, from_ns, to_ns, all);
    judgement->measured = worst.found;
    if (!worst.found) {
        judge_note_few(judgement, judgement->samples);
        return false;
    }
    judgement->observed = worst.value;
    judgement->samples = worst.samples;
    if (gauge->threshold->statistic == STAT_VALUE) {
        judgement->denominator = worst.samples;
        judgement->numerator = (uint64_t)(worst.value / 100 * (double)worst.samples + 0.5);
    }
    judgement->from_ns = worst.from_ns;
    judgement->to_ns = worst.to_ns;
    if (windows->lost > 0) {
        snprintf(judgement->note, sizeof(judgement->note),
                 "%llu samples came too late to be counted", (unsigned long long)windows->lost);
        return false;
    }
    return threshold_holds(worst.value, gauge->threshold->comparison, gauge->threshold->limit);
}

static void note_no_phase(const struct result *result, const struct gauge *gauge,
                          struct judgement *judgement)
{
    const struct course *course = &result->gauges->course;
    if (gauge->threshold->during != DURING_STEADY)
        snprintf(judgement->note, sizeof(judgement->note), "no sample: there was no %s",
                 threshold_phase_name(gauge->threshold->during));
    else if (course->unsettled > 0)
        snprintf(judgement->note, sizeof(judgement->note),
                 "no sample: there was no steady time, for %u planned calls were neither set up "
                 "nor ended",
                 course->unsettled);
    else
        snprintf(judgement->note, sizeof(judgement->note),
                 "no sample: there was no steady time, for calls were hung up before all were set "
                 "up");
}

static void judge_all(const struct result *result, const struct gauge *gauge, double seconds,
                      struct judgement *judgement)
{
    const struct threshold *threshold = gauge->threshold;
    judgement->observed = meter_value(&gauge->all, threshold, seconds);
    if (judgement->samples < threshold->min_samples)
        judge_note_few(judgement, judgement->samples);
    else if (threshold_holds(judgement->observed, threshold->comparison, threshold->limit) &&
             !is_missing(result, gauge, judgement))
        judgement->verdict = VERDICT_PASS;
}

static struct meter total(const struct result *result, const struct gauge *gauge)
{
    struct meter sum = {0};
    if (!gauge->endpoints)
        meter_merge(&sum, &gauge->all, false);
    for (uint32_t i = 0; gauge->endpoints && i < result->roster->endpoint_count; i++)
        meter_merge(&sum, &gauge->endpoints[i], false);
    return sum;
}

/* For people: whose figure it is, and of when. */
static void tell_part(const struct result *result, struct judgement *judgement)
{
    const struct threshold *threshold = judgement->threshold;
    struct text part = {0};
    if (threshold->endpoint_share > 0)
        text_printf(&part, "%u of %u endpoints", judgement->endpoints_ok, judgement->endpoints_due);
    if (judgement->worst_endpoint != ROSTER_NONE) {
        char name[96];
        roster_endpoint_name(result->roster, judgement->worst_endpoint, name, sizeof(name));
        text_printf(&part, ", %s %s", threshold->endpoint_share < 1 ? "this one" : "worst", name);
    }
    if (judgement->from_ns != EVENT_NONE)
        text_printf(&part, "%s%.1f s to %.1f s", part.length > 0 ? "; " : "",
                    (double)(judgement->from_ns - result->started_ns) / 1e9,
                    (double)(judgement->to_ns - result->started_ns) / 1e9);
    text_copy(judgement->part, sizeof(judgement->part), text_get(&part));
    text_fini(&part);
}

static void judge_part(const struct result *result, const struct gauge *gauge, int64_t from_ns,
                       int64_t to_ns, struct judgement *judgement)
{
    const struct threshold *threshold = gauge->threshold;
    double seconds = (double)(to_ns - from_ns) / 1e9;
    judgement->measured = true;
    if (threshold->during == DURING_STEADY || threshold->during == DURING_RAMP) {
        judgement->from_ns = from_ns;
        judgement->to_ns = to_ns;
    }
    if (threshold->endpoint_share > 0)
        judge_endpoints(result, gauge, seconds, judgement);
    else if (threshold->window_ns == 0)
        judge_all(result, gauge, seconds, judgement);
    else if (judge_window(gauge, judgement, from_ns, to_ns, true) &&
             !is_missing(result, gauge, judgement))
        judgement->verdict = VERDICT_PASS;
    if (judgement->measured)
        tell_part(result, judgement);
}

static void note_no_sample(const struct result *result, const struct gauge *gauge, bool exists,
                           struct judgement *judgement)
{
    enum threshold_phase during = gauge->threshold->during;
    if (!exists)
        note_no_phase(result, gauge, judgement);
    else if (during != DURING_ALL)
        snprintf(judgement->note, sizeof(judgement->note), "no sample: none was in %s",
                 threshold_phase_name(during));
    else
        judge_note_no_data(result, judgement, gauge->group);
}

void judge_scope(const struct result *result, struct judgement *judgement, uint32_t group)
{
    const struct threshold *threshold = judgement->threshold;
    const struct gauge *gauge = &result->gauges->list[threshold - result->thresholds];
    int64_t from_ns, to_ns;
    struct meter sum = total(result, gauge);
    bool exists = course_limits(&result->gauges->course, threshold->during, result->ended_ns,
                                &from_ns, &to_ns);
    judgement->samples = sum.count;
    judgement->covered = gauge->covered;
    judgement->due = judge_due(result, threshold->key.metric->due, group);
    if (!threshold_is_plain(threshold))
        judgement->scale = sum.scale;
    if (threshold->key.metric->kind == METRIC_RATE) {
        judgement->numerator = (uint64_t)(sum.sum + 0.5);
        judgement->denominator = sum.count;
    }
    if (!exists || sum.count == 0)
        note_no_sample(result, gauge, exists, judgement);
    else
        judge_part(result, gauge, from_ns, to_ns, judgement);
}
