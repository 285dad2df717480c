#include "told.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "compare.h"
#include "cmtest/text.h"

static bool same_direction(const char *told, unsigned direction)
{
    switch (direction) {
    case METRIC_SEND:
        return strcmp(told, "send") == 0;
    case METRIC_RECEIVE:
        return strcmp(told, "receive") == 0;
    default:
        return true;
    }
}

static bool same_metric(const struct event_figure *figure, const struct metric_key *key)
{
    const struct metric *metric = key->metric;
    const char *theirs = key->direction == METRIC_SEND && metric->callmeter_send
                             ? metric->callmeter_send
                             : metric->callmeter;
    return (strcmp(figure->metric, metric->name) == 0 ||
            (theirs && strcmp(figure->metric, theirs) == 0)) &&
           same_direction(figure->direction, key->direction);
}

static bool same_statistic(const char *word, const struct threshold *threshold)
{
    static const struct {
        const char *word;
        enum statistic statistic;
    } words[] = {{"value", STAT_VALUE}, {"avg", STAT_AVG},   {"mean", STAT_AVG},
                 {"min", STAT_MIN},     {"max", STAT_MAX},   {"count", STAT_COUNT},
                 {"sum", STAT_SUM},     {"rate", STAT_RATE}, {"stddev", STAT_STDDEV}};
    char *end;
    if (threshold->statistic == STAT_QUANTILE) {
        double quantile = strcmp(word, "median") == 0        ? 50
                          : word[0] == 'p' || word[0] == 'P' ? strtod(word + 1, &end)
                                                             : -1;
        if (quantile != 50 && (quantile < 0 || *end))
            return false;
        return fabs(quantile - 100 * threshold->quantile) < 1e-9;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].statistic == threshold->statistic;
    return false;
}

static void take_figure(struct result *result, const struct event_figure *figure)
{
    if (!result->told)
        result->told = mem_array(result->threshold_count, sizeof *result->told);
    for (size_t i = 0; i < result->threshold_count; i++) {
        const struct threshold *threshold = &result->thresholds[i];
        if (!threshold_is_scoped(threshold) &&
            strcmp(figure->group, threshold->group ? threshold->group : "") == 0 &&
            same_metric(figure, &threshold->key) && same_statistic(figure->statistic, threshold) &&
            isfinite(figure->value) &&
            (threshold->key.metric->kind != METRIC_RATE ||
             (figure->value >= 0 && figure->value <= 100)))
            result->told[i] = (struct result_told){true, figure->value, figure->samples};
    }
}

bool told_take(struct result *result, const struct event *event)
{
    if (event->kind == EVENT_FIGURE) {
        take_figure(result, &event->figure);
        return true;
    }
    if (event->kind != EVENT_REMOTE)
        return false;
    result->remote_known = true;
    result->remote = event->remote;
    return true;
}

static bool is_partial(const struct result *result)
{
    return result->remote_known && result->remote.partial;
}

bool told_judge(const struct result *result, struct judgement *judgement)
{
    const struct threshold *threshold = judgement->threshold;
    size_t index = (size_t)(threshold - result->thresholds);
    if (!is_partial(result))
        return false;
    if (!result->told || !result->told[index].known) {
        snprintf(judgement->note, sizeof judgement->note,
                 threshold_is_scoped(threshold)
                     ? "no sample: the platform told figures of the whole run only, from which a "
                       "part of it cannot be computed"
                     : "no sample: the platform told figures only, and this one is not among them");
        return true;
    }
    const struct result_told *told = &result->told[index];
    judgement->measured = true;
    judgement->observed = told->value;
    judgement->samples = told->samples;
    if (threshold->key.metric->kind == METRIC_RATE && told->samples < UINT32_MAX) {
        judgement->numerator = (uint64_t)llround(told->value * (double)told->samples / 100);
        judgement->denominator = told->samples;
    }
    if (told->samples < threshold->min_samples)
        snprintf(judgement->note, sizeof judgement->note,
                 "of %llu samples, as the platform told, and at least %llu are needed",
                 (unsigned long long)told->samples, (unsigned long long)threshold->min_samples);
    else if (threshold_holds(told->value, threshold->comparison, threshold->limit))
        judgement->verdict = VERDICT_PASS;
    return true;
}

bool told_nothing(const struct result *result, uint32_t endpoint)
{
    return is_partial(result) && !result->endpoints[endpoint].closed;
}

bool told_close(struct result *result, uint32_t index)
{
    struct result_endpoint *endpoint = &result->endpoints[index];
    if (!told_nothing(result, index))
        return false;
    endpoint->outcome =
        (struct event_outcome){.outcome = OUTCOME_OSERROR, .failure = FAILURE_LOCAL};
    text_copy(endpoint->outcome.detail, sizeof endpoint->outcome.detail,
              "the platform told nothing of it");
    result->outcome_counts[OUTCOME_OSERROR]++;
    return true;
}
