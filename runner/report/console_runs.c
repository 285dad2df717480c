/* The block behind those of several runs. */
#include <string.h>
#include "cmtest/report.h"
#include "runs.h"
#include "words.h"

enum { TOLD = 20 };

static const struct {
    const char *word, *said, *code, *symbol;
} kinds[] = {{"error", "could not run", "\033[1;31m", "\xe2\x9c\x97"},
             {"fail", "failed", "\033[1;31m", "\xe2\x9c\x97"},
             {"inconclusive", "inconclusive", "\033[1;33m", "?"},
             {"flaky", "flaky", "\033[1;33m", "!"},
             {"pass", "passed", "\033[1;32m", "\xe2\x9c\x93"}};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static size_t kind_of(const struct report_run *run)
{
    size_t kind = 0;
    while (kind + 1 < KINDS && strcmp(kinds[kind].word, run_word(run)) != 0)
        kind++;
    return kind;
}

static void add_totals(const struct report *report, bool color, struct text *out)
{
    const char *heading = verdict_heading(report_verdict(report));
    const char *word = verdict_name(report_verdict(report));
    size_t counts[KINDS] = {0}, shown = 0;
    for (size_t i = 0; i < report->run_count; i++)
        counts[kind_of(&report->runs[i])]++;
    for (size_t k = 0; color && k < KINDS; k++)
        if (strcmp(kinds[k].word, word) == 0)
            text_add(out, kinds[k].code);
    text_printf(out, "%s%s  %zu run%s: ", heading, color ? "\033[0m" : "", report->run_count,
                report->run_count == 1 ? "" : "s");
    for (size_t k = 0; k < KINDS; k++)
        if (counts[k] > 0)
            text_printf(out, "%s%zu %s", shown++ > 0 ? ", " : "", counts[k], kinds[k].said);
    if (report->skipped_count > 0)
        text_printf(out, "%s%zu did not run", shown > 0 ? "; " : "", report->skipped_count);
    text_add(out, "\n");
}

/* Those that did not run, with the reason of each. */
static void add_skipped(const struct report *report, const struct run_title *titles, unsigned width,
                        bool symbols, struct text *out)
{
    const char *mark = symbols ? "-" : "SKIPPED";
    size_t indent = 2 + strlen(mark) + 1, i = 0;
    for (; i < report->skipped_count && i < TOLD; i++) {
        struct text words = {0}, clean = {0};
        text_printf(&words, "%s: did not run: %s", titles[i].title, report->skipped[i].why);
        words_clean(&clean, text_get(&words), CLEAN_TERMINAL);
        text_printf(out, "  %s ", mark);
        words_wrap(out, text_get(&clean), indent, indent + 2, width);
        text_fini(&words);
        text_fini(&clean);
    }
    if (i < report->skipped_count)
        text_printf(out, "  and %zu more that did not run\n", report->skipped_count - i);
}

static void add_run(const struct report_run *run, const char *title, unsigned width, bool color,
                    bool symbols, struct text *out)
{
    size_t kind = kind_of(run), indent = 2 + (symbols ? 1 : strlen(run_heading(run))) + 1;
    struct text words = {0}, clean = {0};
    text_printf(out, "  %s%s%s ", color ? kinds[kind].code : "",
                symbols ? kinds[kind].symbol : run_heading(run), color ? "\033[0m" : "");
    text_printf(&words, "%s: ", title);
    if (report_flaky(run))
        run_attempts(run, &words);
    else
        text_add(&words, run->result->why);
    words_clean(&clean, text_get(&words), CLEAN_TERMINAL);
    words_wrap(out, text_get(&clean), indent, indent + 2, width);
    text_fini(&words);
    text_fini(&clean);
}

void report_console_runs(const struct report *report, unsigned width, bool color, bool symbols,
                         struct text *out)
{
    struct arena *arena = arena_new();
    const struct run_title *titles = run_titles(report, arena);
    size_t told = 0, begin = out->length;
    width = width < 24 ? 24 : width;
    add_totals(report, color, out);
    for (size_t k = 0; k + 1 < KINDS; k++)
        for (size_t i = 0; i < report->run_count; i++)
            if (kind_of(&report->runs[i]) == k && told++ < TOLD)
                add_run(&report->runs[i], titles[i].title, width, color, symbols, out);
    if (told > TOLD)
        text_printf(out, "  and %zu more\n", told - TOLD);
    add_skipped(report, titles + report->run_count, width, symbols, out);
    if (report->folder) {
        struct text words = {0};
        for (size_t i = 0; report_formats[i]; i++)
            if (report_formats[i]->file && !report_formats[i]->single)
                text_printf(&words, "%s%s", words.length > 0 ? " " : "", report_formats[i]->file);
        text_printf(out, "Reports: ");
        struct text line = {0};
        text_printf(&line, "%s/: %s", report->folder, text_get(&words));
        words_wrap(out, text_get(&line), 9, 9, width);
        text_fini(&words);
        text_fini(&line);
    }
    report_guard(out, begin);
    arena_free(arena);
}
