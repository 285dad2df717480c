#include "table.h"

#include <string.h>

enum { NONE_KNOWN, ALL_KNOWN, SOME_KNOWN };

static bool has(const uint64_t *mask, uint32_t reading)
{
    return mask[reading / 64] >> reading % 64 & 1;
}

/* The codes (or values) of the rows that know the reading; how many. */
static uint32_t gather(struct table *table, uint32_t reading, const void *of)
{
    const uint64_t *known = table->known;
    const uint64_t *from = (const uint64_t *)of + reading;
    uint32_t count = 0;
    if (has(table->all, reading)) {
        for (uint32_t i = 0; i < table->rows; i++)
            table->column[i] = from[(size_t)i * table->readings];
        return table->rows;
    }
    for (uint32_t i = 0; i < table->rows; i++) {
        table->column[count] = from[(size_t)i * table->readings];
        count += has(&known[(size_t)i * table->masks], reading);
    }
    return count;
}

static unsigned width_of(const struct table *table, uint32_t reading, uint32_t count)
{
    uint64_t used = table->used[reading];
    unsigned width = 0;
    if (count < table->rows) {
        used = 0;
        for (uint32_t i = 0; i < count; i++)
            used |= table->column[i];
    }
    while (width < 8 && used >> 8 * width)
        width++;
    return width;
}

static void put_planes(struct table *table, uint32_t count, unsigned width, struct text *out)
{
    uint8_t *to = table->work;
    for (unsigned plane = 0; plane < width; plane++)
        for (uint32_t i = 0; i < count; i++)
            *to++ = (uint8_t)(table->column[i] >> 8 * plane);
    text_add_bytes(out, (const char *)table->work, (size_t)(to - table->work));
}

static void put_mask(struct table *table, uint32_t reading, struct text *out)
{
    uint32_t size = (table->rows + 7) / 8;
    memset(table->work, 0, size);
    for (uint32_t i = 0; i < table->rows; i++)
        table->work[i / 8] |=
            (uint8_t)(has(&table->known[(size_t)i * table->masks], reading) << i % 8);
    text_add_bytes(out, (const char *)table->work, size);
}

/* What stands as it is has no integer that the next one could be told from. */
static void forget(struct table *table, uint32_t reading)
{
    for (uint32_t i = 0; i < table->rows; i++)
        table->last[table->endpoint[i]][reading] = 0;
}

void column_put(struct table *table, uint32_t reading, struct text *out)
{
    if (!has(table->any, reading)) {
        text_add_bytes(out, "", 1);
        return;
    }
    bool raw = table->odd[reading] != 0;
    uint32_t count =
        gather(table, reading, raw ? (const void *)table->values : (const void *)table->codes);
    unsigned form = raw ? JOURNAL_FORM_RAW : width_of(table, reading, count);
    unsigned presence = has(table->all, reading) ? ALL_KNOWN : SOME_KNOWN;
    char head = (char)(presence | form << 4);
    text_add_bytes(out, &head, 1);
    if (presence == SOME_KNOWN)
        put_mask(table, reading, out);
    put_planes(table, count, raw ? 8 : form, out);
    if (raw)
        forget(table, reading);
}

/* In which rows it is known; how many. */
static uint32_t get_known(struct table *table, uint32_t reading, const uint8_t *mask)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->rows; i++) {
        uint64_t bit = mask ? (uint64_t)(mask[i / 8] >> i % 8 & 1) : 1;
        table->known[(size_t)i * table->masks + reading / 64] |= bit << reading % 64;
        count += (uint32_t)bit;
    }
    return count;
}

/* What stands before the planes. */
struct column {
    unsigned presence, width; /* planes */
    bool raw;
    const uint8_t *mask; /* NULL unless SOME_KNOWN */
};

static bool get_head(const struct table *table, struct bytes *in, struct column *column)
{
    const uint8_t *head = get_bytes(in, 1);
    unsigned form = head ? *head >> 4 : 0;
    *column = (struct column){.presence = head ? *head & 15 : SOME_KNOWN + 1,
                              .raw = form == JOURNAL_FORM_RAW};
    column->width = column->raw ? 8 : form;
    if (column->presence == NONE_KNOWN)
        return form == 0;
    if (column->presence > SOME_KNOWN || column->width > 8)
        return false;
    return column->presence == ALL_KNOWN || (column->mask = get_bytes(in, (table->rows + 7) / 8));
}

/* Codes were 0. */
static void put_codes(struct table *table, uint32_t reading, const uint8_t *planes, uint32_t count,
                      const struct column *column)
{
    uint64_t *to = table->codes + reading;
    if (column->width == 0)
        return;
    memset(table->column, 0, count * sizeof(table->column[0]));
    for (unsigned plane = 0; plane < column->width; plane++)
        for (uint32_t i = 0; i < count; i++)
            table->column[i] |= (uint64_t)planes[(size_t)plane * count + i] << 8 * plane;
    for (uint32_t i = 0, next = 0; i < table->rows; i++, to += table->readings)
        if (!column->mask || column->mask[i / 8] >> i % 8 & 1)
            *to = table->column[next++];
}

bool column_get(struct table *table, uint32_t reading, struct bytes *in, bool *raw)
{
    struct column column;
    if (!get_head(table, in, &column))
        return false;
    *raw = column.raw;
    uint32_t count = column.presence == NONE_KNOWN ? 0 : get_known(table, reading, column.mask);
    const uint8_t *planes = get_bytes(in, (size_t)count * column.width);
    if (!planes)
        return false;
    put_codes(table, reading, planes, count, &column);
    return true;
}

bool column_skip(const struct table *table, struct bytes *in)
{
    struct column column;
    if (!get_head(table, in, &column))
        return false;
    uint32_t count = column.presence == ALL_KNOWN ? table->rows : 0;
    for (uint32_t i = 0; column.mask && i < table->rows; i++)
        count += column.mask[i / 8] >> i % 8 & 1;
    return get_bytes(in, (size_t)count * column.width) != NULL;
}
