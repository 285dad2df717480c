#include "plan_grid.h"
#include "cmtest/arena.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2
#define COLUMN_MIN 6

static size_t columns_of(const struct text *text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text->length; i++)
        columns += ((unsigned char)text->data[i] & 0xc0) != 0x80;
    return columns;
}

void grid_add(struct grid *grid, const char *format, ...)
{
    struct text raw = {0};
    va_list args;
    if (grid->count == grid->capacity) {
        grid->capacity = grid->capacity ? 2 * grid->capacity : 64;
        grid->cells = mem_grow(grid->cells, grid->capacity, sizeof *grid->cells);
    }
    struct text *cell = &grid->cells[grid->count++];
    *cell = (struct text){0};
    va_start(args, format);
    text_vprintf(&raw, format, args);
    va_end(args);
    words_clean(cell, text_get(&raw), CLEAN_TERMINAL);
    text_fini(&raw);
}

/* One column of the widest gives way at a time, so that all stay as even as can be. */
static void shrink(size_t widths[], size_t columns, size_t most)
{
    for (;;) {
        size_t total = GAP * (columns - 1), widest = 0;
        for (size_t c = 0; c < columns; c++) {
            total += widths[c];
            widest = widths[c] >= widths[widest] ? c : widest;
        }
        if (total <= most || widths[widest] <= COLUMN_MIN)
            return;
        widths[widest]--;
    }
}

static void put_spaces(struct text *out, size_t count)
{
    while (count-- > 0)
        text_add(out, " ");
}

static void put_cut(const struct text *cell, size_t width, bool symbols, struct text *out)
{
    const char *mark = symbols ? "\xe2\x80\xa6" : "~";
    size_t bytes = 0;
    for (size_t columns = 0; columns + 1 < width; columns++)
        bytes += text_utf8_length(cell->data + bytes, cell->length - bytes);
    text_add_bytes(out, cell->data, bytes);
    text_add(out, mark);
}

static void put_row(const struct grid *grid, size_t row, const size_t widths[], bool symbols,
                    struct text *out)
{
    size_t columns = strlen(grid->columns), owed = 0;
    for (size_t c = 0; c < columns; c++) {
        const struct text *cell = &grid->cells[row * columns + c];
        size_t own = columns_of(cell), spare = own < widths[c] ? widths[c] - own : 0;
        if (own > 0) {
            put_spaces(out, owed + (grid->columns[c] == 'r' ? spare : 0));
            if (own > widths[c])
                put_cut(cell, widths[c], symbols, out);
            else
                text_add(out, text_get(cell));
            owed = 0;
        }
        /* Owed and not written, so that no line ends in spaces. */
        owed += GAP + (own > 0 && grid->columns[c] == 'r' ? 0 : spare);
    }
    text_add(out, "\n");
}

void grid_print(struct grid *grid, size_t indent, size_t width, bool symbols, struct text *out)
{
    size_t columns = strlen(grid->columns), widths[GRID_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < grid->count; i++) {
        size_t own = columns_of(&grid->cells[i]);
        widths[i % columns] = own > widths[i % columns] ? own : widths[i % columns];
    }
    shrink(widths, columns, width > indent ? width - indent : 0);
    for (size_t row = 0; row < grid->count / columns; row++) {
        put_spaces(out, indent);
        put_row(grid, row, widths, symbols, out);
    }
    for (size_t i = 0; i < grid->count; i++)
        text_fini(&grid->cells[i]);
    free(grid->cells);
    grid->cells = NULL;
    grid->count = grid->capacity = 0;
}
