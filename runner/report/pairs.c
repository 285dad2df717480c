#include "pairs.h"

#include "place.h"
#include "runs.h"

static void add_number(struct pairs *pairs, const char *name, unsigned long long number)
{
    struct text *value = &pairs->list[pairs->count].value;
    pairs->list[pairs->count++].name = name;
    text_printf(value, "%llu", number);
}

static void add_file(struct pairs *pairs, const char *name, const struct report *report,
                     const char *format)
{
    struct text *value = &pairs->list[pairs->count].value;
    pairs->list[pairs->count++].name = name;
    place_file(report, NULL, report_format_find(format)->file, value);
}

void pairs_collect(struct pairs *pairs, const struct report *report)
{
    struct run_counts all = {0};
    size_t ended[4] = {0}, flaky = 0;
    *pairs = (struct pairs){.count = 1};
    for (size_t i = 0; i < report->run_count; i++) {
        const struct run_counts counts = run_count(report->runs[i].result);
        ended[report->runs[i].result->verdict]++;
        flaky += report_flaky(&report->runs[i]);
        all.thresholds += counts.thresholds;
        all.failed += counts.failed;
        all.endpoints += counts.endpoints;
        all.endpoints_failed += counts.endpoints_failed;
    }
    pairs->list[0].name = "verdict";
    text_add(&pairs->list[0].value, verdict_name(report_verdict(report)));
    add_number(pairs, "exit-code", (unsigned)report_exit_code(report));
    add_number(pairs, "runs", report->run_count);
    add_number(pairs, "passed", ended[VERDICT_PASS] - flaky);
    add_number(pairs, "flaky", flaky);
    add_number(pairs, "failed", ended[VERDICT_FAIL]);
    add_number(pairs, "inconclusive", ended[VERDICT_INCONCLUSIVE]);
    add_number(pairs, "errors", ended[VERDICT_ERROR]);
    add_number(pairs, "skipped", report->skipped_count);
    add_number(pairs, "thresholds", all.thresholds);
    add_number(pairs, "thresholds-failed", all.failed);
    add_number(pairs, "endpoints", all.endpoints);
    add_number(pairs, "endpoints-failed", all.endpoints_failed);
    if (!report->folder)
        return;
    text_add(&pairs->list[pairs->count].value, report->folder);
    pairs->list[pairs->count++].name = "report";
    add_file(pairs, "junit", report, "junit");
    add_file(pairs, "summary", report, "markdown");
}

void pairs_free(struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        text_fini(&pairs->list[i].value);
}
