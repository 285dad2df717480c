#include "html/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 1.02
#define TINY 1e-9
/* Of the bucket of 0; others are at least so far from it as TINY and the greatest double are. */
#define OFFSET 40000

int32_t html_cell_index(double value)
{
    double size = fabs(value);
    if (size < TINY)
        return 0;
    int32_t index = (int32_t)floor(log(size) / log(WIDTH)) + OFFSET;
    return value < 0 ? -index : index;
}

/* The first bin that is not below the index. */
static uint32_t place_of(const struct html_cell *cell, int32_t index)
{
    uint32_t low = 0, high = cell->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (cell->bins[middle].index < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct html_bin *make_bin(struct html_cell *cell, int32_t index, uint32_t at)
{
    if (cell->count == cell->capacity) {
        uint32_t capacity = cell->capacity ? 2 * cell->capacity : 4;
        struct html_bin *bins = realloc(cell->bins, capacity * sizeof(*bins));
        if (!bins)
            abort();
        cell->bins = bins;
        cell->capacity = capacity;
    }
    memmove(&cell->bins[at + 1], &cell->bins[at], (cell->count - at) * sizeof(*cell->bins));
    cell->bins[at] = (struct html_bin){.index = index};
    cell->count++;
    return &cell->bins[at];
}

static bool is_at(const struct html_cell *cell, uint32_t at, int32_t index)
{
    return at < cell->count && cell->bins[at].index == index;
}

void html_cell_put(struct html_cell *cell, int32_t index, double value)
{
    if (!is_at(cell, cell->used, index))
        cell->used = place_of(cell, index);
    struct html_bin *bin = is_at(cell, cell->used, index) ? &cell->bins[cell->used]
                                                          : make_bin(cell, index, cell->used);
    bin->count++;
    bin->sum += value;
    cell->values++;
}

void html_cell_add(struct html_cell *cell, double value)
{
    if (isfinite(value))
        html_cell_put(cell, html_cell_index(value), value);
}

double html_cell_quantile(const struct html_cell *cell, double q)
{
    double rank = ceil(q * (double)cell->values);
    uint64_t wanted = rank < 1 ? 1 : (uint64_t)rank, seen = 0;
    for (uint32_t i = 0; i < cell->count; i++) {
        seen += cell->bins[i].count;
        if (seen >= wanted)
            return cell->bins[i].sum / cell->bins[i].count;
    }
    return NAN;
}

void html_cell_fini(struct html_cell *cell)
{
    free(cell->bins);
    *cell = (struct html_cell){0};
}
