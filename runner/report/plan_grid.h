/*
 * plan_grid: rows of cells in columns as wide as they need to be; when the page is too narrow for
 * them, the widest columns are cut.
 */
#ifndef REPORT_PLAN_GRID_H
#define REPORT_PLAN_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/text.h"

#define GRID_COLUMNS_MAX 8

struct grid {
    const char *columns; /* one letter each: 'l' left, 'r' right aligned */
    struct text *cells;
    size_t count, capacity;
};

/* The next cell; what may not stand on a terminal is replaced. */
void grid_add(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whole rows, each after so many spaces; then the grid is empty again. */
void grid_print(struct grid *grid, size_t indent, size_t width, bool symbols, struct text *out);

#endif
