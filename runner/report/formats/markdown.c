/*
 * summary.md: for GitHub's step summary (1 MiB) and notes of GitLab (1,000,000 characters): verdict
 * first; with several runs a table of them, and then those that are no pass before those that are.
 */
#include <string.h>
#include "markdown_parts.h"
#include "place.h"
#include "words.h"

#define SIZE_MAX_BYTES 900000
#define ROWS_MAX 500

static void add_heading(struct text *out, const char *level, const struct report_run *run,
                        const struct run_title *title)
{
    struct text totals = {0};
    text_printf(out, "%s %s: ", level, run_heading(run));
    markdown_text(out, title->title);
    words_totals(&totals, run->result);
    text_add(out, "\n\n");
    markdown_text(out, text_get(&totals));
    text_fini(&totals);
}

static void add_run(const struct report *report, const struct report_run *run,
                    const struct run_title *title, const char *level, struct text *out)
{
    const struct result *result = run->result;
    struct text spec = {0};
    add_heading(out, level, run, title);
    place_spec(report, result->roster->spec, &spec);
    if (spec.length > 0) {
        text_add(out, ", ");
        markdown_code(out, text_get(&spec), false);
    }
    text_printf(out, ", seed %llu\n", (unsigned long long)result->seed);
    text_fini(&spec);
    markdown_reasons(run, out);
    markdown_thresholds(result, out);
    markdown_steps(result, out);
    markdown_diagnoses(result, out);
    markdown_endpoints(run, out);
}

/* ---- several runs ----------------------------------------------------------------------- */

static void add_totals(const struct report *report, struct text *out)
{
    static const struct {
        const char *word, *said;
    } kinds[] = {{"error", "could not run"},
                 {"fail", "failed"},
                 {"inconclusive", "inconclusive"},
                 {"flaky", "flaky"},
                 {"pass", "passed"}};
    bool any = false;
    text_printf(out, "## %s: ", verdict_heading(report_verdict(report)));
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        size_t count = 0;
        for (size_t i = 0; i < report->run_count; i++)
            count += strcmp(run_word(&report->runs[i]), kinds[k].word) == 0;
        if (count > 0)
            text_printf(out, "%s%zu %s", any ? ", " : "", count, kinds[k].said);
        any = any || count > 0;
    }
    text_printf(out, "%s of %zu run%s", any ? "" : "none", report->run_count,
                report->run_count == 1 ? "" : "s");
    if (report->skipped_count > 0)
        text_printf(out, "; %zu did not run", report->skipped_count);
    text_add(out, "\n\n");
}

static void add_row(const struct report_run *run, const struct run_title *title, struct text *out)
{
    const struct run_counts counts = run_count(run->result);
    text_printf(out, "| %s | ", run_heading(run));
    markdown_text(out, title->title);
    if (run->result->verdict == VERDICT_ERROR)
        text_add(out, " | not judged");
    else
        text_printf(out, " | %zu of %zu",
                    counts.thresholds - counts.failed - counts.undecided - counts.warned,
                    counts.thresholds);
    text_printf(out, " | %u of %u | %lld s | ", counts.endpoints - counts.endpoints_failed,
                counts.endpoints,
                (long long)(run->result->ended_ns - run->result->started_ns + 500000000) /
                    1000000000);
    if (report_flaky(run)) {
        struct text words = {0};
        run_attempts(run, &words);
        markdown_text(out, text_get(&words));
        text_fini(&words);
    } else {
        markdown_text(out, run->result->why);
    }
    text_add(out, " |\n");
}

static void add_skipped(const struct report *report, const struct run_title *titles,
                        struct text *out)
{
    size_t shown = 0;
    for (; shown < report->skipped_count && shown < ROWS_MAX; shown++) {
        text_add(out, "| SKIPPED | ");
        markdown_text(out, titles[report->run_count + shown].title);
        text_add(out, " | | | | ");
        markdown_text(out, report->skipped[shown].why);
        text_add(out, " |\n");
    }
    if (shown < report->skipped_count)
        text_printf(out, "\n%zu more that did not run are in summary.json.\n",
                    report->skipped_count - shown);
}

static void add_table(const struct report *report, const struct run_title *titles, struct text *out)
{
    size_t shown = 0;
    text_add(out, "| Verdict | Run | Thresholds met | Endpoints well | Time | Why |\n"
                  "|---|---|---:|---:|---:|---|\n");
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < report->run_count && shown < ROWS_MAX; i++) {
            bool plain = strcmp(run_word(&report->runs[i]), "pass") == 0;
            if (plain == (round == 1)) {
                add_row(&report->runs[i], &titles[i], out);
                shown++;
            }
        }
    add_skipped(report, titles, out);
    if (shown < report->run_count)
        text_printf(out, "\n%zu more runs are in summary.json.\n", report->run_count - shown);
    text_add(out, "\n");
}

static void add_folded(const struct report *report, size_t index, const struct run_title *title,
                       struct text *out)
{
    text_add(out, "<details><summary>PASS: ");
    markdown_text(out, title->title);
    text_add(out, "</summary>\n\n");
    add_run(report, &report->runs[index], title, "###", out);
    text_add(out, "</details>\n\n");
}

static void add_sections(const struct report *report, const struct run_title *titles,
                         struct text *out)
{
    size_t left_out = 0;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < report->run_count; i++) {
            bool plain = strcmp(run_word(&report->runs[i]), "pass") == 0;
            size_t before = out->length;
            if (plain != (round == 1))
                continue;
            if (left_out == 0 && plain)
                add_folded(report, i, &titles[i], out);
            else if (left_out == 0)
                add_run(report, &report->runs[i], &titles[i], "###", out);
            if (out->length > before && out->length < SIZE_MAX_BYTES)
                continue;
            out->length = before;
            out->data[before] = '\0';
            left_out++;
        }
    if (left_out > 0)
        text_printf(out, "%zu runs did not fit in here.\n", left_out);
}

static void write_markdown(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    const struct run_title *titles = run_titles(report, arena);
    if (report->run_count == 1 && report->skipped_count == 0) {
        add_run(report, &report->runs[0], &titles[0], "##", out);
    } else {
        add_totals(report, out);
        add_table(report, titles, out);
        add_sections(report, titles, out);
    }
    arena_free(arena);
}

const struct report_format report_format_markdown = {
    .name = "markdown",
    .file = "summary.md",
    .help = "Markdown: verdicts, thresholds and what failed, for step summaries and notes",
    .write = write_markdown,
};
