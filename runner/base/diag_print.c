/* Findings as people read them: the place, the source line, a caret. */
#include "cmtest/diag.h"

#include <string.h>

/* A source line can hold anything: controls must not reach the terminal, and tabs would move the
 * caret. At most LINE_POINTS code points around the place. */
#define LINE_POINTS 96
#define TEXT_POINTS 4096

static void print_points(struct text *out, const char *line, size_t length, int from, int count)
{
    int point = 0;
    for (size_t at = 0; at < length && point < from + count; point++) {
        size_t bytes = text_utf8_length(line + at, length - at);
        unsigned char first = (unsigned char)line[at];
        if (point >= from) {
            bool c1 = bytes == 2 && first == 0xc2 && (unsigned char)line[at + 1] < 0xa0;
            if (first == '\t')
                text_add(out, " ");
            else if (!bytes || first < 0x20 || first == 0x7f || c1)
                text_add(out, "?");
            else
                text_add_bytes(out, line + at, bytes);
        }
        at += bytes ? bytes : 1;
    }
}

/* The line of a place, with a mark under it and words behind the mark. false: there is no line. */
struct underline {
    const char *first, *rest; /* "^", "~" */
    const char *color;
    const char *words; /* or NULL */
};

static bool print_source(const struct diag *diag, const struct place *place,
                         const struct underline *underline, struct text *out, bool color)
{
    const char *line;
    size_t length;
    if (!diag_line(diag, place, &line, &length))
        return false;
    int column = place->column > 0 ? place->column : 1;
    int from = column > LINE_POINTS * 3 / 4 ? column - LINE_POINTS / 2 : 0;
    text_printf(out, "%5d | ", place->line);
    print_points(out, line, length, from, LINE_POINTS);
    text_printf(out, "\n      | %*s%s%s", column - 1 - from, "", color ? underline->color : "",
                underline->first);
    for (int i = 1; i < place->width && i < LINE_POINTS - (column - 1 - from); i++)
        text_add(out, underline->rest);
    text_add(out, color ? "\033[0m" : "");
    if (underline->words) {
        text_add(out, " ");
        print_points(out, underline->words, strlen(underline->words), 0, TEXT_POINTS);
    }
    text_add(out, "\n");
    return true;
}

static bool print_place(const struct place *place, struct text *out)
{
    if (!place->file)
        return false;
    text_add(out, place->file);
    if (place->line > 0)
        text_printf(out, ":%d:%d", place->line, place->column > 0 ? place->column : 1);
    text_add(out, ": ");
    return true;
}

static void print_related(const struct diag *diag, const struct finding *finding,
                          const struct related *related, struct text *out, bool color)
{
    const char *file = related->place.file;
    bool same = file && finding->place.file && strcmp(file, finding->place.file) == 0;
    struct underline here = {"-", "-", "\033[1;34m", same ? related->message : NULL};
    if (same && print_source(diag, &related->place, &here, out, color))
        return;
    text_add(out, "      = ");
    print_place(&related->place, out);
    print_points(out, related->message, strlen(related->message), 0, TEXT_POINTS);
    text_add(out, "\n");
    if (!same)
        print_source(diag, &related->place, &here, out, color);
}

static void print_finding(const struct diag *diag, const struct finding *finding, struct text *out,
                          bool color)
{
    bool error = finding->severity == DIAG_ERROR;
    print_place(&finding->place, out);
    text_printf(out, "%s%s[%s]%s: ",
                !color  ? ""
                : error ? "\033[1;31m"
                        : "\033[1;33m",
                error ? "error" : "warning", finding->code, color ? "\033[0m" : "");
    print_points(out, finding->message, strlen(finding->message), 0, TEXT_POINTS);
    text_add(out, "\n");
    struct underline caret = {"^", "~", "\033[1;32m", finding->hint};
    if (!print_source(diag, &finding->place, &caret, out, color) && finding->hint)
        text_printf(out, "      = %s\n", finding->hint);
    for (size_t i = 0; i < finding->related_count; i++)
        print_related(diag, finding, &finding->related[i], out, color);
}

void diag_print(struct diag *diag, struct text *out, bool color)
{
    for (size_t i = 0; i < diag_count(diag); i++)
        print_finding(diag, diag_get(diag, i), out, color);
    if (diag_dropped(diag))
        text_printf(out, "and %zu more\n", diag_dropped(diag));
}
