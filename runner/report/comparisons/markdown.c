#include <stdio.h>
#include <string.h>
#include "../comparison_words.h"
#include "../words.h"

/* GitHub takes 65,536 characters in a comment. */
#define ROOM 60000

/* Text of others: what Markdown or HTML would read is escaped. */
static void put(struct text *out, const char *string)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_TERMINAL);
    for (const char *c = text_get(&clean); *c; c++) {
        if (strchr("&<>\"'@", *c))
            text_printf(out, "&#%d;", *c);
        else
            text_printf(out, strchr("\\`*_{}[]()#+!|~$", *c) ? "\\%c" : "%c", *c);
    }
    text_fini(&clean);
}

static const char head[] = "| | metric | BASE | NEW | change | interval | p | |\n"
                           "| --- | --- | ---: | ---: | ---: | --- | --- | --- |\n";

static void put_line(const struct comparison_line *line, struct text *out)
{
    char name[192], base[48], next[48], moved[48], low[48], high[48], chance[32];
    comparison_name(line, name, sizeof name);
    comparison_figure(line, line->base, false, base, sizeof base);
    comparison_figure(line, line->next, false, next, sizeof next);
    comparison_figure(line, line->next - line->base, true, moved, sizeof moved);
    comparison_figure(line, line->low, true, low, sizeof low);
    comparison_figure(line, line->high, true, high, sizeof high);
    comparison_chance(line, chance, sizeof chance);
    bool bold = line->word == COMPARISON_WORSE;
    text_printf(out, "| %s%s%s | ", bold ? "**" : "", comparison_word(line->word),
                bold ? "**" : "");
    put(out, name);
    text_printf(out, " | %s | %s | %s | %s to %s | %s | ", base, next, moved, low, high,
                chance[0] == 'p' ? chance[2] == '<' ? "&lt; 0.0001" : chance + 2 : "");
    put(out, line->note);
    text_add(out, " |\n");
}

static void put_lines(const struct comparison_report *report, bool shown, struct text *out)
{
    size_t left = 0;
    bool any = false;
    for (size_t i = 0; i < report->line_count; i++) {
        const struct comparison_line *line = &report->lines[i];
        if (comparison_shown(line) != shown)
            continue;
        if (out->length > ROOM) {
            left++;
            continue;
        }
        text_add(out, any ? "" : head);
        any = true;
        put_line(line, out);
    }
    if (left)
        text_printf(out, "\n%zu more are left out here; `--format json` has them.\n", left);
}

static void put_names(const char *side, const char *const *names, size_t count, struct text *out)
{
    text_printf(out, "%s: ", side);
    for (size_t i = 0; i < count; i++) {
        text_add(out, i ? ", " : "");
        put(out, names[i]);
    }
    text_add(out, "\n\n");
}

static void write(const struct comparison_report *report, const struct comparison_page *page,
                  struct text *out)
{
    (void)page;
    struct text counts = {0};
    comparison_counts(report, &counts);
    text_printf(out, "### cmtest compare: %s\n\n%s\n\n", comparison_word(report->word),
                text_get(&counts));
    text_fini(&counts);
    if (report->why[0]) {
        text_add(out, "**Why:** ");
        put(out, report->why);
        text_add(out, "\n\n");
    }
    put_names("BASE", report->base_names, report->base_count, out);
    put_names("NEW", report->next_names, report->next_count, out);
    for (size_t i = 0; i < report->warning_count; i++) {
        text_add(out, "> ");
        put(out, report->warnings[i]);
        text_add(out, "\n\n");
    }
    put_lines(report, true, out);
    size_t rest = report->counts[COMPARISON_SAME] + report->counts[COMPARISON_CANNOT_TELL];
    if (!rest)
        return;
    text_printf(out,
                "\n<details><summary>%zu that did not move, or of which it cannot be told"
                "</summary>\n\n",
                rest);
    put_lines(report, false, out);
    text_add(out, "\n</details>\n");
}

const struct comparison_format comparison_format_markdown = {
    .name = "markdown",
    .help = "for a comment in a pull request",
    .write = write,
};
