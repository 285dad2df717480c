/* summary.json: the runs of an invocation, a few lines each; schema/summary.schema.json describes
 * it. What is known of one is in the result.json of its folder. */
#include "cmtest/report.h"
#include "diagnostic.h"
#include "json_endpoint.h"
#include "place.h"
#include "runs.h"

static json_t *thresholds(const struct run_counts *counts)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "total", json_count(counts->thresholds), "failed",
                     json_count(counts->failed), "undecided", json_count(counts->undecided),
                     "warned", json_count(counts->warned));
}

static json_t *run(const struct report *report, const struct report_run *each)
{
    const struct result *result = each->result;
    const struct run_counts counts = run_count(result);
    struct text spec = {0};
    place_spec(report, result->roster->spec, &spec);
    json_t *object = json_object();
    json_object_set_new(object, "name",
                        json_text(result->roster->name ? result->roster->name : ""));
    json_object_set_new(object, "case", json_text(each->case_name));
    json_object_set_new(object, "spec", spec.length ? json_text(text_get(&spec)) : json_null());
    json_object_set_new(object, "folder", json_text(each->folder ? each->folder : ""));
    json_object_set_new(object, "verdict", json_string(verdict_name(result->verdict)));
    json_object_set_new(object, "exit_code", json_integer(result_exit_code(result)));
    json_object_set_new(object, "flaky", json_boolean(report_flaky(each)));
    json_object_set_new(object, "attempts", json_count(each->attempts));
    json_object_set_new(object, "tried", json_tried(each));
    json_object_set_new(object, "why", json_text(result->why));
    json_object_set_new(object, "try", json_text(result->try_next));
    json_object_set_new(object, "limits", json_limits(result));
    json_object_set_new(object, "started", json_time(result->started_ns));
    json_object_set_new(object, "duration", json_seconds(result->ended_ns - result->started_ns));
    json_object_set_new(object, "thresholds", thresholds(&counts));
    json_object_set_new(object, "endpoints",
                        json_pack("{s:o, s:o}", "total", json_count(counts.endpoints), "failed",
                                  json_count(counts.endpoints_failed)));
    text_fini(&spec);
    return object;
}

static json_t *skipped(const struct report *report, const struct report_skip *each)
{
    struct text spec = {0};
    place_spec(report, each->spec, &spec);
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "name", json_text(each->name ? each->name : ""), "case",
        json_text(each->case_name), "spec", spec.length ? json_text(text_get(&spec)) : json_null(),
        "given", json_text(each->spec), "why", json_text(each->why));
    text_fini(&spec);
    return object;
}

static void write_summary(const struct report *report, struct text *out)
{
    json_t *runs = json_array(), *left = json_array();
    size_t flaky = 0;
    for (size_t i = 0; i < report->run_count; i++) {
        flaky += report_flaky(&report->runs[i]);
        json_array_append_new(runs, run(report, &report->runs[i]));
    }
    for (size_t i = 0; i < report->skipped_count; i++)
        json_array_append_new(left, skipped(report, &report->skipped[i]));
    diagnostic_write(json_pack("{s:s, s:s, s:s, s:i, s:s, s:o, s:b, s:o, s:o}", "schema",
                               "cmtest-summary/1", "version", CMTEST_VERSION, "verdict",
                               verdict_name(report_verdict(report)), "exit_code",
                               report_exit_code(report), "end", report_end_name(report->end),
                               "flaky", json_count(flaky), "fail_on_flaky", report->fail_on_flaky,
                               "runs", runs, "skipped", left),
                     out);
}

const struct report_format report_format_summary = {
    .name = "summary",
    .file = "summary.json",
    .help = "all runs in a few lines each, for programs (schema/summary.schema.json)",
    .write = write_summary,
};
