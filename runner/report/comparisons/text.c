#include <stdio.h>
#include <string.h>
#include "../comparison_words.h"
#include "../words.h"

static const char *paint(const struct comparison_page *page, enum comparison_word word)
{
    static const char *const codes[] = {"\033[32m", "\033[32m", "\033[33m", "\033[33m", "\033[31m"};
    return page->color ? codes[word] : "";
}

static const char *plain(const struct comparison_page *page)
{
    return page->color ? "\033[0m" : "";
}

static void put_wrapped(const struct comparison_page *page, const char *first, const char *string,
                        struct text *out)
{
    text_add(out, first);
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_TERMINAL);
    words_wrap(out, text_get(&clean), strlen(first), strlen(first), page->width);
    text_fini(&clean);
}

static void put_names(const struct comparison_page *page, const char *side,
                      const char *const *names, size_t count, struct text *out)
{
    for (size_t i = 0; i < count; i++)
        put_wrapped(page, i ? "        " : side, names[i], out);
}

static void put_line(const struct comparison_report *report, const struct comparison_page *page,
                     const struct comparison_line *line, struct text *out)
{
    char name[192], base[48], next[48], moved[48], low[48], high[48], margin[48], chance[32];
    comparison_name(line, name, sizeof name);
    comparison_figure(line, line->base, false, base, sizeof base);
    comparison_figure(line, line->next, false, next, sizeof next);
    comparison_figure(line, line->next - line->base, true, moved, sizeof moved);
    comparison_figure(line, line->low, true, low, sizeof low);
    comparison_figure(line, line->high, true, high, sizeof high);
    comparison_figure(line, line->margin, false, margin, sizeof margin);
    comparison_chance(line, chance, sizeof chance);
    text_printf(out, "%s%-11s%s %-38s %12s -> %s\n", paint(page, line->word),
                comparison_word(line->word), plain(page), name, base, next);
    struct text detail = {0};
    if (line->base_units && line->next_units)
        text_printf(&detail, "%s (%s to %s), margin %s%s%s, %zu and %zu %s", moved, low, high,
                    margin, chance[0] ? ", " : "", chance, line->base_units, line->next_units,
                    report->over_runs ? "runs" : "calls");
    if (line->note[0])
        text_printf(&detail, "%s%s", detail.length ? "; " : "", line->note);
    put_wrapped(page, "            ", text_get(&detail), out);
    text_fini(&detail);
}

static void put_verdict(const struct comparison_report *report, const struct comparison_page *page,
                        struct text *out)
{
    struct text counts = {0};
    comparison_counts(report, &counts);
    const char *word = comparison_word(report->word);
    text_add(out, paint(page, report->word));
    for (const char *c = word; *c; c++)
        text_printf(out, "%c", *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    text_printf(out, "%s  %s\n", plain(page), text_get(&counts));
    text_fini(&counts);
    put_names(page, "  BASE  ", report->base_names, report->base_count, out);
    put_names(page, "  NEW   ", report->next_names, report->next_count, out);
    if (report->why[0])
        put_wrapped(page, "  Why   ", report->why, out);
    for (size_t i = 0; i < report->warning_count; i++)
        put_wrapped(page, "  Note  ", report->warnings[i], out);
}

static void write(const struct comparison_report *report, const struct comparison_page *page,
                  struct text *out)
{
    put_verdict(report, page, out);
    size_t hidden = 0;
    bool any = false;
    for (size_t i = 0; i < report->line_count; i++) {
        const struct comparison_line *line = &report->lines[i];
        if (!page->all && !comparison_shown(line)) {
            hidden++;
            continue;
        }
        text_add(out, any ? "" : "\n");
        any = true;
        put_line(report, page, line, out);
    }
    if (hidden)
        text_printf(out, "\n%zu metrics did not move, or it cannot be told; --all shows them.\n",
                    hidden);
}

const struct comparison_format comparison_format_text = {
    .name = "text",
    .help = "for a terminal",
    .write = write,
};
