#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "side.h"
#include "statistics.h"

/* Of 50 packets a second, half of the margin of a count. */
#define SKIPPED_SHARE 0.0005

/* The calls of all runs of a side. */
static struct sample gather(const struct side *side, size_t column, const char *group,
                            bool as_share, double **values)
{
    size_t room = 1, count = 0;
    for (size_t i = 0; i < side->count; i++)
        room += side->runs[i]->roster->endpoint_count;
    *values = mem_array(room, sizeof **values);
    for (size_t i = 0; i < side->count; i++)
        count += run_calls(side->runs[i], column, group, as_share, *values + count);
    return (struct sample){*values, count};
}

static unsigned scales(const struct side *side, size_t column)
{
    unsigned found = 0;
    for (size_t i = 0; i < side->count; i++)
        found |= side->runs[i]->scales[column];
    return found;
}

static size_t due(const struct side *side, const char *group)
{
    size_t found = 0;
    for (size_t i = 0; i < side->count; i++)
        found += run_due(side->runs[i], group);
    return found;
}

static bool all_alike(struct sample a, struct sample b)
{
    double first = a.count ? a.values[0] : b.count ? b.values[0] : 0;
    for (size_t i = 0; i < a.count + b.count; i++) {
        double value = i < a.count ? a.values[i] : b.values[i - a.count];
        if (fabs(value - first) > 1e-9 * fmax(1, fabs(first)))
            return false;
    }
    return true;
}

static uint64_t hits(struct sample sample)
{
    uint64_t found = 0;
    for (size_t i = 0; i < sample.count; i++)
        found += sample.values[i] > 0.5;
    return found;
}

static void test_shares(const struct setting *setting, struct work *work, const char *group)
{
    struct comparison_line *line = &work->line;
    double *a, *b;
    struct sample base = gather(&setting->base, work->column, group, true, &a);
    struct sample next = gather(&setting->next, work->column, group, true, &b);
    line->test = TEST_SHARES;
    line->p = fisher_test(hits(base), base.count, hits(next), next.count);
    struct interval found =
        newcombe(hits(base), base.count, hits(next), next.count, setting->alpha);
    line->low = 100 * found.low;
    line->high = 100 * found.high;
    free(a);
    free(b);
}

/* Units are the calls of all runs, or the runs. */
static void test(const struct setting *setting, struct work *work, struct sample base,
                 struct sample next)
{
    struct comparison_line *line = &work->line;
    line->base = sample_mean(base);
    line->next = sample_mean(next);
    line->base_units = base.count;
    line->next_units = next.count;
    line->p = rank_test(base, next, &line->effect);
    line->test = setting->over_runs ? TEST_RUNS : TEST_RANKS;
    work->constant = all_alike(base, next);
    struct interval found = mean_interval(base, next, setting->alpha);
    line->low = found.low;
    line->high = found.high;
    if (!setting->over_runs && line->key.metric->kind == METRIC_RATE)
        test_shares(setting, work, line->group);
}

static double spread(const double *means, size_t count)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (isnan(means[i]))
            continue;
        low = fmin(low, means[i]);
        high = fmax(high, means[i]);
    }
    return high > low ? high - low : 0;
}

static void find_margin(const struct setting *setting, struct work *work)
{
    struct comparison_line *line = &work->line;
    const struct metric *metric = line->key.metric;
    line->margin = comparison_margin(metric, line->base);
    for (size_t i = 0; i < setting->options->margin_count; i++) {
        const struct comparison_margin *own = &setting->options->margins[i];
        if (own->key.metric != metric || own->key.direction != line->key.direction)
            continue;
        line->margin = own->value;
        return;
    }
    /* No time can be told finer than this machine was on time. */
    if (metric->unit == UNIT_MS)
        line->margin = fmax(line->margin, setting->lateness_ms);
    /* Nor a share of packets finer than we sent them; a call may have twice the mean of it. */
    if (metric->unit == UNIT_PERCENT && metric->kind != METRIC_RATE)
        line->margin = fmax(line->margin, 200 * setting->skipped);
    if (!setting->over_runs) {
        line->margin = fmax(line->margin, spread(work->means, setting->base.count));
        line->margin =
            fmax(line->margin, spread(work->means + setting->base.count, setting->next.count));
    }
}

static bool bent(const struct setting *setting, const struct metric *metric)
{
    bool time = metric->unit == UNIT_MS && metric->directions == METRIC_PLAIN;
    bool count = metric->unit == UNIT_PACKETS && setting->skipped > SKIPPED_SHARE;
    return !setting->options->include_own_timing &&
           (metric->own_timing || count || (setting->late && (metric->discards || time)) ||
            (setting->signalling_late && time));
}

/* Why the two cannot be compared at all. */
static void find_trouble(const struct setting *setting, struct work *work)
{
    struct comparison_line *line = &work->line;
    unsigned base = scales(&setting->base, work->column);
    unsigned next = scales(&setting->next, work->column);
    if (!line->base_units || !line->next_units)
        snprintf(line->note, sizeof line->note, "there is no sample in %s",
                 line->base_units ? "NEW" : "BASE");
    work->other_scale =
        line->key.metric->scaled && base != next && line->base_units && line->next_units;
    if (work->other_scale)
        snprintf(line->note, sizeof line->note,
                 "it is on the %s scale in BASE and on the %s one in NEW",
                 metric_scale_name((struct metric_scale){.scales = base}),
                 metric_scale_name((struct metric_scale){.scales = next}));
}

/* Calls that gave no value may be just those that went badly. */
static void find_gaps(const struct setting *setting, struct work *work)
{
    struct comparison_line *line = &work->line;
    double base_due = (double)due(&setting->base, line->group);
    double next_due = (double)due(&setting->next, line->group);
    if (line->note[0] || setting->over_runs || base_due <= 0 || next_due <= 0)
        return;
    double base = (double)line->base_units / base_due, next = (double)line->next_units / next_due;
    if (fabs(base - next) > 0.1)
        snprintf(line->note, sizeof line->note,
                 "%zu of %.0f calls tell of it in BASE, %zu of %.0f in NEW", line->base_units,
                 base_due, line->next_units, next_due);
}

static size_t means(const struct side *side, size_t column, const char *group, double *all,
                    double *known)
{
    size_t count = 0;
    for (size_t i = 0; i < side->count; i++) {
        all[i] = run_mean(side->runs[i], column, group);
        if (!isnan(all[i]))
            known[count++] = all[i];
    }
    return count;
}

bool side_measure(const struct setting *setting, size_t column, const char *group,
                  struct work *work)
{
    size_t runs = setting->base.count + setting->next.count;
    struct metric_key key = {metrics[column / DIRECTIONS], run_directions[column % DIRECTIONS]};
    *work = (struct work){.column = column, .line = {.key = key, .group = group}};
    work->line.corrected = (double)NAN;
    work->line.own_timing = bent(setting, key.metric);
    work->means = mem_array(runs, sizeof(double));
    double *a = mem_array(runs, sizeof *a), *b = mem_array(runs, sizeof *b);
    struct sample base = {a, means(&setting->base, column, group, work->means, a)};
    struct sample next = {
        b, means(&setting->next, column, group, work->means + setting->base.count, b)};
    if (!setting->over_runs) {
        free(a);
        free(b);
        base = gather(&setting->base, column, group, false, &a);
        next = gather(&setting->next, column, group, false, &b);
    }
    bool any = base.count + next.count > 0;
    if (any) {
        test(setting, work, base, next);
        find_margin(setting, work);
        find_trouble(setting, work);
        find_gaps(setting, work);
    }
    free(a);
    free(b);
    return any;
}
