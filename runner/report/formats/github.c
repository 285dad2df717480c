/* Workflow commands of GitHub Actions: annotations beside the lines of the spec. It shows ten
 * errors and ten warnings of a step, so that the rest is one notice. Where a line is not known, it
 * is the first. */
#include "cmtest/report.h"
#include "problem.h"
#include "words.h"

#include <string.h>

#define SHOWN_MAX 10

static void add_command(const struct problem *problem, struct text *out)
{
    text_printf(out, "::%s ", problem->warning ? "warning" : "error");
    if (problem->file[0]) {
        text_add(out, "file=");
        words_github(out, problem->file, true);
        text_printf(out, ",line=%d,", problem->line > 0 ? problem->line : 1);
    }
    text_add(out, "title=");
    words_github(out, problem->title, true);
    text_add(out, "::");
    words_github(out, problem->message, false);
    if (problem->advice[0]) {
        struct text advice = {0};
        text_add_bytes(&advice, problem->advice, strlen(problem->advice) - 1);
        text_add(out, "%0A");
        words_github(out, text_get(&advice), false);
        text_fini(&advice);
    }
    text_add(out, "\n");
}

static void write_github(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    struct problems problems;
    size_t shown[2] = {0};
    problems_collect(report, arena, &problems);
    for (size_t i = 0; i < problems.count; i++)
        if (shown[problems.list[i].warning]++ < SHOWN_MAX)
            add_command(&problems.list[i], out);
    size_t rest = problems.left_out;
    for (int i = 0; i < 2; i++)
        rest += shown[i] > SHOWN_MAX ? shown[i] - SHOWN_MAX : 0;
    if (rest > 0)
        text_printf(out, "::notice title=cmtest::%zu more, in the reports\n", rest);
    arena_free(arena);
}

const struct report_format report_format_github = {
    .name = "github",
    .help = "workflow commands: annotations on the lines of failed thresholds in GitHub Actions",
    .write = write_github,
};
