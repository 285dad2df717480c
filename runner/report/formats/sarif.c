/* SARIF 2.1.0 of what made the runs anything but a plain pass, at the lines of their specs. */
#include <string.h>
#include "cmtest/report.h"
#include "diagnostic.h"
#include "json_endpoint.h"
#include "problem.h"

static json_t *message(const char *text)
{
    return json_pack("{s:o}", "text", json_text(text));
}

static json_t *rules(void)
{
    json_t *list = json_array();
    for (const struct problem_rule *rule = problem_rules; rule->id; rule++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "id", rule->id, "shortDescription",
                                              message(rule->title), "fullDescription",
                                              message(rule->help)));
    return list;
}

static int rule_index(const char *id)
{
    int index = 0;
    while (problem_rules[index].id && strcmp(problem_rules[index].id, id) != 0)
        index++;
    return index;
}

static json_t *found(const struct problem *problem)
{
    struct text words = {0};
    text_printf(&words, "%s\n%s", problem->message, problem->advice);
    json_t *place = json_pack("{s:{s:o, s:{s:i}}}", "physicalLocation", "artifactLocation",
                              diagnostic_artifact(problem->file), "region", "startLine",
                              problem->line > 0 ? problem->line : 1);
    json_t *object =
        json_pack("{s:s, s:i, s:s, s:o, s:[o], s:{s:s}}", "ruleId", problem->rule, "ruleIndex",
                  rule_index(problem->rule), "level", problem->warning ? "warning" : "error",
                  "message", message(text_get(&words)), "locations", place, "partialFingerprints",
                  "cmtest/v1", problem->fingerprint);
    text_fini(&words);
    return object;
}

static void write_sarif(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    struct problems problems;
    json_t *results = json_array();
    problems_collect(report, arena, &problems);
    for (size_t i = 0; i < problems.count; i++)
        json_array_append_new(results, found(&problems.list[i]));
    json_t *run = json_pack("{s:{s:{s:s, s:s, s:o}}, s:s, s:o}", "tool", "driver", "name", "cmtest",
                            "version", CMTEST_VERSION, "rules", rules(), "columnKind",
                            "unicodeCodePoints", "results", results);
    diagnostic_write(json_pack("{s:s, s:s, s:[o]}", "$schema",
                               "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                               "runs", run),
                     out);
    arena_free(arena);
}

const struct report_format report_format_sarif = {
    .name = "sarif",
    .help = "SARIF 2.1.0: failed thresholds and steps for code scanning and editors",
    .write = write_sarif,
};
