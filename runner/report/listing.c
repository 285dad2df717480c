#include "cmtest/listing.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "diagnostic.h"
#include "json_endpoint.h"

#define GAP 2
#define PROSE_MIN 32
#define WIDTH_MIN 24
#define INDENT 4

struct listing {
    const struct listing_column *columns;
    size_t column_count;
    struct arena *arena;
    const char **cells; /* of all rows, row by row */
    size_t row_count;
};

struct listing *listing_new(const struct listing_column *columns)
{
    struct listing *listing = mem_alloc(sizeof *listing);
    listing->columns = columns;
    listing->arena = arena_new();
    while (listing->column_count < LISTING_COLUMNS_MAX && columns[listing->column_count].name)
        listing->column_count++;
    return listing;
}

void listing_free(struct listing *listing)
{
    if (!listing)
        return;
    arena_free(listing->arena);
    free(listing->cells);
    free(listing);
}

void listing_add(struct listing *listing, const char *const *cells)
{
    size_t first = listing->row_count++ * listing->column_count;
    listing->cells = mem_grow(listing->cells, listing->row_count * listing->column_count,
                              sizeof *listing->cells);
    for (size_t i = 0; i < listing->column_count; i++)
        listing->cells[first + i] = cells[i] ? arena_strdup(listing->arena, cells[i]) : NULL;
}

static const char *cell(const struct listing *listing, size_t row, size_t column)
{
    return listing->cells[row * listing->column_count + column];
}

static unsigned columns_of(const char *string, size_t length)
{
    unsigned columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)string[i] & 0xc0) != 0x80;
    return columns;
}

static void add_spaces(struct text *out, unsigned count)
{
    while (count-- > 0)
        text_add(out, " ");
}

/* From column `at` on, which is where the line stands. */
static void wrap_line(struct text *out, const char *string, size_t length, unsigned at,
                      unsigned indent, unsigned width)
{
    bool fresh = true;
    const char *end = string + length;
    while (string < end) {
        size_t word = strcspn(string, " \n");
        if (word > (size_t)(end - string))
            word = (size_t)(end - string);
        unsigned columns = columns_of(string, word);
        if (!fresh && at + 1 + columns > width) {
            text_add(out, "\n");
            add_spaces(out, indent);
            at = indent;
            fresh = true;
        }
        if (!fresh)
            text_add(out, " ");
        text_add_bytes(out, string, word);
        at += columns + !fresh;
        fresh = false;
        string += word;
        while (string < end && *string == ' ')
            string++;
    }
    text_add(out, "\n");
}

void listing_wrap(struct text *out, const char *string, unsigned indent, unsigned width)
{
    do {
        size_t length = strcspn(string, "\n");
        add_spaces(out, length ? indent : 0);
        wrap_line(out, string, length, indent, indent, width);
        string += length + (string[length] == '\n');
    } while (*string);
}

/* Widths of all columns but the last; 0: nothing is in it. */
static unsigned measure(const struct listing *listing, unsigned widths[LISTING_COLUMNS_MAX])
{
    unsigned total = 0;
    for (size_t i = 0; i + 1 < listing->column_count; i++) {
        widths[i] = 0;
        for (size_t row = 0; row < listing->row_count; row++) {
            const char *string = cell(listing, row, i);
            unsigned columns = string ? columns_of(string, strlen(string)) : 0;
            widths[i] = columns > widths[i] ? columns : widths[i];
        }
        total += widths[i] ? widths[i] + GAP : 0;
    }
    return total;
}

static void write_row(const struct listing *listing, size_t row, const unsigned *widths,
                      unsigned indent, unsigned width, struct text *out)
{
    size_t last = listing->column_count - 1;
    for (size_t i = 0; i < last; i++) {
        const char *string = cell(listing, row, i) ? cell(listing, row, i) : "";
        if (!widths[i])
            continue;
        text_add(out, string);
        add_spaces(out, widths[i] + GAP - columns_of(string, strlen(string)));
    }
    const char *prose = cell(listing, row, last) ? cell(listing, row, last) : "";
    size_t before = out->length;
    wrap_line(out, prose, strlen(prose), indent, indent, width);
    if (out->length != before + 1)
        return;
    /* No prose: what is left of the row ends without spaces. */
    out->length--;
    while (out->length && out->data[out->length - 1] == ' ')
        out->length--;
    out->data[out->length] = '\0';
    text_add(out, "\n");
}

static void write_paragraph(const struct listing *listing, size_t row, unsigned width,
                            struct text *out)
{
    size_t last = listing->column_count - 1;
    struct text facts = {0};
    for (size_t i = 1; i < last; i++) {
        const char *lead = listing->columns[i].lead, *string = cell(listing, row, i);
        if (string)
            text_printf(&facts, "%s%s%s", facts.length ? ", " : "", lead ? lead : "", string);
    }
    text_printf(out, "%s%s\n", row ? "\n" : "", cell(listing, row, 0) ? cell(listing, row, 0) : "");
    if (facts.length)
        listing_wrap(out, text_get(&facts), INDENT, width);
    if (cell(listing, row, last))
        listing_wrap(out, cell(listing, row, last), INDENT, width);
    text_fini(&facts);
}

void listing_write_text(const struct listing *listing, unsigned width, struct text *out)
{
    unsigned widths[LISTING_COLUMNS_MAX] = {0};
    unsigned total = measure(listing, widths);
    width = width < WIDTH_MIN ? WIDTH_MIN : width;
    for (size_t row = 0; row < listing->row_count; row++)
        if (total + PROSE_MIN <= width)
            write_row(listing, row, widths, total, width, out);
        else
            write_paragraph(listing, row, width, out);
}

/* A cell of a table in Markdown, in which a bar would end it. */
static void add_cell(struct text *out, const char *string)
{
    text_add(out, " ");
    for (; *string; string++) {
        if (*string == '|')
            text_add(out, "\\|");
        else
            text_add_bytes(out, *string == '\n' ? " " : string, 1);
    }
    text_add(out, " |");
}

void listing_write_markdown(const struct listing *listing, const char *topic, const char *help,
                            struct text *out)
{
    text_printf(out, "# %s\n\n", topic);
    if (help)
        text_printf(out, "%s. Printed by `cmtest list %s --format markdown`.\n\n", help, topic);
    text_add(out, "|");
    for (size_t i = 0; i < listing->column_count; i++)
        add_cell(out, listing->columns[i].name);
    text_add(out, "\n|");
    for (size_t i = 0; i < listing->column_count; i++)
        text_add(out, " --- |");
    for (size_t row = 0; row < listing->row_count; row++) {
        text_add(out, "\n|");
        for (size_t i = 0; i < listing->column_count; i++)
            add_cell(out, cell(listing, row, i) ? cell(listing, row, i) : "");
    }
    text_add(out, "\n");
}

void listing_write_json(const struct listing *listing, const char *topic, struct text *out)
{
    json_t *rows = json_array();
    for (size_t row = 0; row < listing->row_count; row++) {
        json_t *object = json_object();
        for (size_t i = 0; i < listing->column_count; i++)
            json_object_set_new(object, listing->columns[i].name, json_text(cell(listing, row, i)));
        json_array_append_new(rows, object);
    }
    diagnostic_write(
        json_pack("{s:s, s:s, s:o}", "schema", "cmtest-list/1", "topic", topic, "rows", rows), out);
}
