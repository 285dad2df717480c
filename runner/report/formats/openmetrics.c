/*
 * metrics.txt: OpenMetrics text 1.0, for GitLab's metrics report and whatever scrapes files. Gauges
 * per run, metric, direction, group and statistic; nothing per endpoint, for names must be few and
 * the same in every run. What was not measured has no line.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "runs.h"
#include "words.h"

/* Groups are told one by one while they are few, and metrics while runs are. */
#define GROUPS_MAX 64
#define RUNS_MAX 200

struct page {
    const struct report *report;
    const struct run_title *titles;
    struct text *out;
};

static void add_label(struct text *out, const char *name, const char *value)
{
    struct text clean = {0};
    words_clean(&clean, value, CLEAN_TERMINAL);
    text_printf(out, "%s%s=\"", out->data[out->length - 1] == '{' ? "" : ",", name);
    for (const char *at = text_get(&clean); *at; at++)
        text_printf(out, strchr("\"\\", *at) ? "\\%c" : "%c", *at);
    text_add(out, "\"");
    text_fini(&clean);
}

static void open_sample(struct page *page, const char *family, size_t run)
{
    text_printf(page->out, "%s{", family);
    add_label(page->out, "test", page->titles[run].name);
    if (page->titles[run].label[0])
        add_label(page->out, "case", page->titles[run].label);
}

static void close_sample(struct page *page, double value)
{
    char digits[64];
    snprintf(digits, sizeof(digits), "%.10g", value);
    char *comma = strchr(digits, ','); /* the locale's */
    if (comma)
        *comma = '.';
    text_printf(page->out, "} %s\n", digits);
}

static void open_family(struct page *page, const char *family, const char *type, const char *unit,
                        const char *help)
{
    text_printf(page->out, "# TYPE %s %s\n", family, type);
    if (unit[0])
        text_printf(page->out, "# UNIT %s %s\n", family, unit);
    text_printf(page->out, "# HELP %s ", family);
    for (; *help; help++)
        text_printf(page->out, strchr("\"\\", *help) ? "\\%c" : "%c", *help == '\n' ? ' ' : *help);
    text_add(page->out, "\n");
}

/* ---- the runs --------------------------------------------------------------------------- */

static void add_verdicts(struct page *page)
{
    open_family(page, "cmtest_verdict", "stateset", "", "How the run ended.");
    for (size_t i = 0; i < page->report->run_count; i++)
        for (int v = VERDICT_PASS; v <= VERDICT_INCONCLUSIVE; v++) {
            open_sample(page, "cmtest_verdict", i);
            add_label(page->out, "cmtest_verdict", verdict_name((enum verdict)v));
            close_sample(page, page->report->runs[i].result->verdict == (enum verdict)v);
        }
}

static void add_skipped(struct page *page)
{
    const struct report *report = page->report;
    if (report->skipped_count == 0)
        return;
    open_family(page, "cmtest_skipped", "gauge", "", "1: it did not run.");
    for (size_t i = 0; i < report->skipped_count; i++) {
        open_sample(page, "cmtest_skipped", report->run_count + i);
        close_sample(page, 1);
    }
}

static double duration(const struct report_run *run)
{
    return (double)(run->result->ended_ns - run->result->started_ns) / 1e9;
}

static double attempts(const struct report_run *run)
{
    return run->attempts;
}

static double flaky(const struct report_run *run)
{
    return report_flaky(run);
}

static void add_runs(struct page *page)
{
    static const struct {
        const char *family, *unit, *help;
        double (*get)(const struct report_run *run);
    } gauges[] = {
        {"cmtest_duration_seconds", "seconds", "How long the run took.", duration},
        {"cmtest_attempts", "", "How often it was tried.", attempts},
        {"cmtest_flaky", "", "1 when it passed only after attempts that were no pass.", flaky},
    };
    for (size_t g = 0; g < sizeof(gauges) / sizeof(gauges[0]); g++) {
        open_family(page, gauges[g].family, "gauge", gauges[g].unit, gauges[g].help);
        for (size_t i = 0; i < page->report->run_count; i++) {
            open_sample(page, gauges[g].family, i);
            close_sample(page, gauges[g].get(&page->report->runs[i]));
        }
    }
}

static void add_outcomes(struct page *page)
{
    open_family(page, "cmtest_endpoints", "gauge", "", "Endpoints by how they ended.");
    for (size_t i = 0; i < page->report->run_count; i++)
        for (int o = 0; o <= OUTCOME_TEARDOWN_ERROR; o++) {
            open_sample(page, "cmtest_endpoints", i);
            add_label(page->out, "outcome", outcome_name((enum endpoint_outcome)o));
            close_sample(page, page->report->runs[i].result->outcome_counts[o]);
        }
}

/* ---- thresholds ------------------------------------------------------------------------- */

/* The same threshold may stand in a spec twice; it is judged the same. */
static bool said(const struct result *result, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(result->thresholds[i].text, result->thresholds[index].text) == 0)
            return true;
    return false;
}

static void add_thresholds(struct page *page)
{
    const char *family = "cmtest_threshold_passed";
    bool open = false;
    for (size_t i = 0; i < page->report->run_count; i++) {
        const struct result *result = page->report->runs[i].result;
        for (size_t t = 0; result->verdict != VERDICT_ERROR && t < result->threshold_count; t++) {
            if (said(result, t))
                continue;
            if (!open)
                open_family(page, family, "gauge", "", "1 when the threshold is met.");
            open = true;
            open_sample(page, family, i);
            add_label(page->out, "threshold", result->judgements[t].threshold->text);
            close_sample(page, result->judgements[t].verdict == VERDICT_PASS);
        }
    }
}

/* ---- metrics ---------------------------------------------------------------------------- */

/* OpenMetrics has base units. */
static const struct {
    const char *name;
    double divisor;
} units[] = {[UNIT_NONE] = {"", 1},
             [UNIT_PERCENT] = {"ratio", 100},
             [UNIT_MS] = {"seconds", 1000},
             [UNIT_PACKETS] = {"packets", 1},
             [UNIT_BYTES] = {"bytes", 1},
             [UNIT_PPM] = {"ratio", 1e6},
             [UNIT_DBOV] = {"dbov", 1},
             [UNIT_DBM] = {"dbm0", 1},
             [UNIT_BPS] = {"bits_per_second", 1},
             [UNIT_PER_SECOND] = {"per_second", 1}};

struct family {
    struct metric_key key;
    char name[160];
    bool open;
};

static void name_family(struct family *family)
{
    const struct metric *metric = family->key.metric;
    const char *unit = units[metric->unit].name;
    size_t length = strlen(metric->name), tail = strlen(unit);
    bool said_unit = tail > 0 && length > tail && metric->name[length - tail - 1] == '_' &&
                     strcmp(metric->name + length - tail, unit) == 0;
    snprintf(family->name, sizeof(family->name), "cmtest_%s%s%s", metric->name,
             tail > 0 && !said_unit ? "_" : "", said_unit ? "" : unit);
    for (char *at = family->name; *at; at++)
        *at = *at == '.' || *at == '-' ? '_' : *at;
}

static void add_value(struct page *page, struct family *family, size_t run, const char *group,
                      const char *statistic, double value)
{
    const struct metric *metric = family->key.metric;
    const char *direction = family->key.direction == METRIC_SEND      ? "send"
                            : family->key.direction == METRIC_RECEIVE ? "receive"
                                                                      : NULL;
    if (!isfinite(value))
        return;
    if (!family->open)
        open_family(page, family->name, "gauge", units[metric->unit].name, metric->help);
    family->open = true;
    open_sample(page, family->name, run);
    if (direction)
        add_label(page->out, "direction", direction);
    if (group)
        add_label(page->out, "group", group);
    if (statistic)
        add_label(page->out, "statistic", statistic);
    close_sample(page, value / units[metric->unit].divisor);
}

static void add_aggregate(struct page *page, struct family *family, size_t run, uint32_t group)
{
    static const struct {
        const char *name;
        double q;
    } quantiles[] = {{"p5", .05}, {"p50", .5}, {"p95", .95}};
    const struct result *result = page->report->runs[run].result;
    const struct aggregate *aggregate = metric_store_get(result->store, &family->key, group);
    const char *name = group == ROSTER_NONE ? NULL : result->roster->groups[group].name;
    if (aggregate_count(aggregate) == 0)
        return;
    if (family->key.metric->kind == METRIC_RATE) {
        add_value(page, family, run, name, NULL, 100 * aggregate_avg(aggregate));
        return;
    }
    add_value(page, family, run, name, "avg", aggregate_avg(aggregate));
    add_value(page, family, run, name, "min", aggregate_min(aggregate));
    for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
        add_value(page, family, run, name, quantiles[i].name,
                  aggregate_quantile(aggregate, quantiles[i].q));
    add_value(page, family, run, name, "max", aggregate_max(aggregate));
}

static void add_metric(struct page *page, const struct metric *metric, size_t groups)
{
    static const unsigned directions[] = {METRIC_PLAIN, METRIC_SEND, METRIC_RECEIVE};
    struct family family = {.key = {metric, 0}};
    name_family(&family);
    for (size_t d = 0; d < sizeof(directions) / sizeof(directions[0]); d++) {
        family.key.direction = directions[d];
        if (!(metric->directions & directions[d]))
            continue;
        for (size_t i = 0; i < page->report->run_count; i++) {
            const struct roster *roster = page->report->runs[i].result->roster;
            add_aggregate(page, &family, i, ROSTER_NONE);
            for (uint32_t g = 0; groups <= GROUPS_MAX && g < roster->group_count; g++)
                add_aggregate(page, &family, i, g);
        }
    }
}

static void write_openmetrics(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    struct page page = {report, run_titles(report, arena), out};
    size_t groups = 0;
    add_verdicts(&page);
    add_skipped(&page);
    add_runs(&page);
    add_outcomes(&page);
    add_thresholds(&page);
    for (size_t i = 0; i < report->run_count; i++)
        groups += report->runs[i].result->roster->group_count;
    for (size_t i = 0; report->run_count <= RUNS_MAX && metrics[i]; i++)
        add_metric(&page, metrics[i], groups);
    text_add(out, "# EOF\n");
    arena_free(arena);
}

const struct report_format report_format_openmetrics = {
    .name = "openmetrics",
    .file = "metrics.txt",
    .help = "OpenMetrics: verdicts and metrics per group and statistic, for GitLab",
    .write = write_openmetrics,
};
