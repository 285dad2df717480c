#include "cmtest/diag.h"
#include "cmtest/arena.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct source_text {
    char *file;
    char *bytes;
    size_t length;
};

struct diag {
    struct finding *findings;
    size_t count, dropped, errors;
    bool sorted;
    struct source_text *sources;
    size_t source_count;
};

struct diag *diag_new(void)
{
    struct diag *diag = mem_alloc(sizeof *diag);
    diag->findings = mem_array(DIAG_LIMIT, sizeof *diag->findings);
    return diag;
}

void diag_free(struct diag *diag)
{
    if (!diag)
        return;
    for (size_t i = 0; i < diag->count; i++) {
        free(diag->findings[i].message);
        free(diag->findings[i].hint);
    }
    for (size_t i = 0; i < diag->source_count; i++) {
        free(diag->sources[i].file);
        free(diag->sources[i].bytes);
    }
    free(diag->findings);
    free(diag->sources);
    free(diag);
}

const char *diag_source(struct diag *diag, const char *file, const char *bytes, size_t length)
{
    diag->sources = mem_grow(diag->sources, diag->source_count + 1, sizeof *diag->sources);
    struct source_text *source = &diag->sources[diag->source_count++];
    source->file = mem_strdup(file);
    source->bytes = mem_alloc(length + 1);
    memcpy(source->bytes, bytes, length);
    source->length = length;
    return source->file;
}

void diag_add(struct diag *diag, enum diag_severity severity, const char *code, struct place place,
              const char *hint, const char *format, ...)
{
    if (severity == DIAG_ERROR)
        diag->errors++;
    if (diag->count == DIAG_LIMIT) {
        diag->dropped++;
        return;
    }
    struct text message = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    diag->findings[diag->count++] = (struct finding){
        .severity = severity,
        .code = code,
        .place = place,
        .message = message.data ? message.data : mem_strdup(""),
        .hint = hint ? mem_strdup(hint) : NULL,
    };
    diag->sorted = false;
}

size_t diag_errors(const struct diag *diag)
{
    return diag->errors;
}

size_t diag_count(const struct diag *diag)
{
    return diag->count;
}

static bool after(const struct finding *a, const struct finding *b)
{
    int files = strcmp(a->place.file ? a->place.file : "", b->place.file ? b->place.file : "");
    if (files)
        return files > 0;
    if (a->place.line != b->place.line)
        return a->place.line > b->place.line;
    return a->place.column > b->place.column;
}

/* Insertion sort: stable, and there are at most DIAG_LIMIT. */
static void sort(struct diag *diag)
{
    for (size_t i = 1; i < diag->count; i++) {
        struct finding moving = diag->findings[i];
        size_t j = i;
        for (; j && after(&diag->findings[j - 1], &moving); j--)
            diag->findings[j] = diag->findings[j - 1];
        diag->findings[j] = moving;
    }
    diag->sorted = true;
}

const struct finding *diag_get(struct diag *diag, size_t index)
{
    if (!diag->sorted)
        sort(diag);
    return &diag->findings[index];
}

static bool find_line(const struct diag *diag, const struct place *place, const char **line,
                      size_t *length)
{
    for (size_t i = diag->source_count; i-- > 0;) {
        const struct source_text *source = &diag->sources[i];
        if (strcmp(source->file, place->file) != 0)
            continue;
        const char *at = source->bytes, *end = at + source->length;
        for (int n = 1; n < place->line && at; n++) {
            at = memchr(at, '\n', (size_t)(end - at));
            at = at ? at + 1 : NULL;
        }
        if (!at || at > end)
            return false;
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        *line = at;
        *length = (size_t)((stop ? stop : end) - at);
        while (*length && at[*length - 1] == '\r')
            --*length;
        return true;
    }
    return false;
}

/* A source line can hold anything: controls must not reach the terminal, and tabs would move the
 * caret. At most LINE_POINTS code points around the place. */
#define LINE_POINTS 96

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

static void print_source(const struct diag *diag, const struct finding *finding, struct text *out,
                         bool color)
{
    const char *line;
    size_t length;
    if (finding->place.line < 1 || !find_line(diag, &finding->place, &line, &length))
        return;
    int column = finding->place.column > 0 ? finding->place.column : 1;
    int from = column > LINE_POINTS * 3 / 4 ? column - LINE_POINTS / 2 : 0;
    text_printf(out, "%5d | ", finding->place.line);
    print_points(out, line, length, from, LINE_POINTS);
    text_printf(out, "\n      | %*s%s^", column - 1 - from, "", color ? "\033[1;32m" : "");
    int width = finding->place.width;
    for (int i = 1; i < width && i < LINE_POINTS - (column - 1 - from); i++)
        text_add(out, "~");
    text_add(out, color ? "\033[0m" : "");
    if (finding->hint)
        text_printf(out, " %s", finding->hint);
    text_add(out, "\n");
}

void diag_print(struct diag *diag, struct text *out, bool color)
{
    for (size_t i = 0; i < diag->count; i++) {
        const struct finding *finding = diag_get(diag, i);
        const struct place *place = &finding->place;
        bool error = finding->severity == DIAG_ERROR;
        if (place->file)
            text_add(out, place->file);
        if (place->file && place->line > 0)
            text_printf(out, ":%d:%d", place->line, place->column > 0 ? place->column : 1);
        text_printf(out, "%s%s%s[%s]%s: ", place->file ? ": " : "",
                    !color  ? ""
                    : error ? "\033[1;31m"
                            : "\033[1;33m",
                    error ? "error" : "warning", finding->code, color ? "\033[0m" : "");
        print_points(out, finding->message, strlen(finding->message), 0, 4096);
        text_add(out, "\n");
        size_t before = out->length;
        print_source(diag, finding, out, color);
        if (out->length == before && finding->hint)
            text_printf(out, "      = %s\n", finding->hint);
    }
    if (diag->dropped)
        text_printf(out, "and %zu more\n", diag->dropped);
}
