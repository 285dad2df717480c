/* GitLab's code quality report: a list, empty when all is well. */
#include <string.h>
#include "cmtest/report.h"
#include "diagnostic.h"
#include "json_endpoint.h"
#include "problem.h"

static json_t *issue(const struct problem *problem)
{
    return json_pack(
        "{s:o, s:o, s:s, s:s, s:{s:o, s:{s:i}}}", "description", json_text(problem->message),
        "check_name", json_text(problem->rule), "fingerprint", problem->fingerprint, "severity",
        problem->warning ? "minor" : "major", "location", "path", json_text(problem->file), "lines",
        "begin", problem->line > 0 ? problem->line : 1);
}

static void write_gitlab(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    struct problems problems;
    json_t *issues = json_array();
    problems_collect(report, arena, &problems);
    for (size_t i = 0; i < problems.count; i++)
        json_array_append_new(issues, issue(&problems.list[i]));
    diagnostic_write(issues, out);
    arena_free(arena);
}

const struct report_format report_format_gitlab = {
    .name = "gitlab",
    .help = "code quality report: failed thresholds and steps in GitLab's merge requests",
    .write = write_gitlab,
};
