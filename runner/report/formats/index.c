/* index.html: the runs of an invocation, those that are no pass first, each with a link to its own
 * report.html. Without a script, and without any request. */
#include <string.h>
#include "cmtest/report.h"
#include "html/html.h"
#include "runs.h"
#include "words.h"

#define PAGE "report.html"
#define SHOWN_MAX 5000

extern const char html_index_css[];

/* A path as a relative link: what is no plain character is escaped. */
static void add_link(struct text *out, const char *path)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789-._~/";
    text_add(out, "./"); /* a colon is no scheme */
    for (; *path; path++)
        if (strchr(safe, *path))
            text_add_bytes(out, path, 1);
        else
            text_printf(out, "%%%02X", (unsigned char)*path);
}

static void add_head(const struct report *report, struct text *out)
{
    const char *verdict = verdict_name(report_verdict(report));
    text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                  "form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<link rel=\"icon\" href=\"data:,\">\n<title>");
    text_printf(out, "%s: %zu run%s</title>\n<style>\n", verdict, report->run_count,
                report->run_count == 1 ? "" : "s");
    text_add(out, html_index_css);
    text_add(out, "</style>\n</head>\n<body>\n<main>\n");
    text_printf(out, "<h1><span class=\"verdict %s\">%s</span>", verdict,
                verdict_heading(report_verdict(report)));
}

static void add_totals(const struct report *report, struct text *out)
{
    static const char *const words[][2] = {{"error", "could not run"},
                                           {"fail", "failed"},
                                           {"inconclusive", "inconclusive"},
                                           {"flaky", "flaky"},
                                           {"pass", "passed"}};
    text_printf(out, " %zu run%s</h1>\n<p>", report->run_count, report->run_count == 1 ? "" : "s");
    bool any = false;
    for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        size_t count = 0;
        for (size_t i = 0; i < report->run_count; i++)
            count += strcmp(run_word(&report->runs[i]), words[k][0]) == 0;
        if (count > 0)
            text_printf(out, "%s%zu %s", any ? ", " : "", count, words[k][1]);
        any = any || count > 0;
    }
    if (report->skipped_count > 0)
        text_printf(out, "%s%zu did not run", any ? "; " : "", report->skipped_count);
    if (report->end != REPORT_COMPLETE)
        text_printf(out, " (%s)", report_end_name(report->end));
    text_add(out, "</p>\n");
}

static void add_run(const struct report_run *run, const char *title, struct text *out)
{
    const struct result *result = run->result;
    const struct run_counts counts = run_count(result);
    struct text words = {0}, path = {0};
    if (run->folder && run->folder[0])
        text_printf(&path, "%s/", run->folder);
    text_add(&path, PAGE);
    text_printf(out, "<tr><td><span class=\"verdict %s\">%s</span></td><td><a href=\"",
                run_word(run), run_heading(run));
    add_link(out, text_get(&path));
    text_add(out, "\">");
    html_text(out, title);
    text_add(out, "</a></td>");
    if (result->verdict == VERDICT_ERROR)
        text_add(out, "<td class=\"dim\">not judged</td>");
    else
        text_printf(out, "<td>%zu of %zu</td>",
                    counts.thresholds - counts.failed - counts.undecided - counts.warned,
                    counts.thresholds);
    text_printf(out, "<td>%u of %u</td><td>%lld s</td><td class=\"why\">",
                counts.endpoints - counts.endpoints_failed, counts.endpoints,
                (long long)(result->ended_ns - result->started_ns + 500000000) / 1000000000);
    run_attempts(run, &words);
    if (!report_flaky(run))
        text_printf(&words, "%s%s", words.length > 0 ? ": " : "", result->why);
    html_text(out, text_get(&words));
    text_add(out, "</td></tr>\n");
    text_fini(&words);
    text_fini(&path);
}

static void add_skipped(const struct report *report, const struct run_title *titles,
                        struct text *out)
{
    for (size_t i = 0; i < report->skipped_count && i < SHOWN_MAX; i++) {
        text_add(out, "<tr><td><span class=\"verdict skipped\">SKIPPED</span></td><td>");
        html_text(out, titles[i].title);
        text_add(out, "</td><td></td><td></td><td></td><td class=\"why\">");
        html_text(out, report->skipped[i].why);
        text_add(out, "</td></tr>\n");
    }
}

static void write_index(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    const struct run_title *titles = run_titles(report, arena);
    size_t shown = 0, all = report->run_count + report->skipped_count;
    add_head(report, out);
    add_totals(report, out);
    text_add(out, "<table><thead><tr><th>Verdict</th><th>Run</th><th>Thresholds met</th>"
                  "<th>Endpoints well</th><th>Time</th><th>Why</th></tr></thead>\n<tbody>\n");
    for (int plain = 0; plain < 2; plain++) {
        for (size_t i = 0; i < report->run_count && shown < SHOWN_MAX; i++)
            if ((strcmp(run_word(&report->runs[i]), "pass") == 0) == (plain == 1)) {
                add_run(&report->runs[i], titles[i].title, out);
                shown++;
            }
        if (!plain)
            add_skipped(report, titles + report->run_count, out);
    }
    text_add(out, "</tbody></table>\n");
    if (shown < report->run_count || report->skipped_count > SHOWN_MAX)
        text_printf(out, "<p>There are %zu cases in all; summary.json has the others.</p>\n", all);
    text_add(out,
             "</main>\n<footer>Made by cmtest " CMTEST_VERSION ".</footer>\n</body>\n</html>\n");
    arena_free(arena);
}

const struct report_format report_format_index = {
    .name = "index",
    .file = "index.html",
    .help = "for people: all runs with their verdicts, and links to the report.html of each",
    .write = write_index,
};
