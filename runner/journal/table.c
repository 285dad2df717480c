#include "table.h"

#include <stdlib.h>
#include <string.h>

struct table *table_new(uint32_t endpoints, uint32_t readings, int64_t started_ns, size_t *room)
{
    struct table *table = mem_alloc(sizeof(*table));
    table->endpoints = endpoints;
    table->readings = readings;
    table->started_ns = started_ns;
    table->values = mem_array((size_t)readings * TABLE_STRIDE, sizeof(*table->values));
    table->known = mem_array((size_t)readings * TABLE_WORDS, sizeof(*table->known));
    table->last_second = mem_array(endpoints, sizeof(*table->last_second));
    table->last = mem_array(readings, sizeof(*table->last));
    table->present = mem_array(endpoints / 8 + 1, 1);
    table->scales = mem_array(readings, 1);
    table->work = mem_alloc((size_t)JOURNAL_ROWS_MAX * 10);
    table->room = room;
    return table;
}

void table_free(struct table *table)
{
    if (!table)
        return;
    table_restart(table);
    free(table->values);
    free(table->known);
    free(table->last_second);
    free(table->last);
    free(table->present);
    free(table->scales);
    free(table->work);
    free(table);
}

bool table_has(const struct table *table, uint32_t endpoint)
{
    return table->present[endpoint / 8] >> endpoint % 8 & 1;
}

void table_clear(struct table *table)
{
    for (uint32_t i = 0; i < table->rows; i++)
        table->present[table->endpoint[i] / 8] = 0;
    for (uint32_t i = 0; i < table->readings; i++)
        memset(&table->known[(size_t)i * TABLE_WORDS], 0, (table->rows + 63) / 64 * 8);
    table->rows = 0;
}

void table_restart(struct table *table)
{
    table_clear(table);
    for (uint32_t i = 0; i < table->readings; i++) {
        if (table->last[i])
            *table->room -= table->endpoints * sizeof(double);
        free(table->last[i]);
        table->last[i] = NULL;
    }
    if (table->endpoints > 0)
        memset(table->last_second, 0, table->endpoints * sizeof(*table->last_second));
}

void table_put(struct table *table, struct text *out)
{
    put_varint(out, table->rows);
    if (table->rows == 0)
        return;
    for (uint32_t i = 0; i < table->rows; i++)
        put_zigzag(out, (int64_t)table->endpoint[i] - (i ? (int64_t)table->endpoint[i - 1] : 0));
    for (uint32_t i = 0; i < table->rows; i++) {
        int64_t before = i ? table->at_ns[i - 1] : table->started_ns;
        put_zigzag(out, (int64_t)((uint64_t)table->at_ns[i] - (uint64_t)before));
    }
    for (uint32_t i = 0; i < table->rows; i++) {
        uint32_t *last = &table->last_second[table->endpoint[i]];
        put_zigzag(out, (int64_t)table->second[i] - (int64_t)*last);
        *last = table->second[i];
    }
    for (uint32_t i = 0; i < table->rows; i++)
        put_zigzag(out, (int64_t)table->length_ms[i] - 1000);
    for (uint32_t i = 0; i < table->rows; i++)
        put_varint(out, table->flags[i]);
    for (uint32_t i = 0; i < table->rows; i++)
        put_varint(out, table->scale[i]);
    for (uint32_t i = 0; i < table->readings; i++)
        column_put(table, i, out);
}

/* 0 and failed: not a uint32_t. */
static uint32_t get_u32(struct bytes *in, int64_t before)
{
    int64_t more = get_zigzag(in);
    if (more >= -(int64_t)UINT32_MAX && more <= (int64_t)UINT32_MAX && before + more >= 0 &&
        before + more <= (int64_t)UINT32_MAX)
        return (uint32_t)(before + more);
    in->failed = true;
    return 0;
}

static bool get_endpoints(struct table *table, struct bytes *in)
{
    for (uint32_t i = 0; i < table->rows && !in->failed; i++) {
        uint32_t endpoint = get_u32(in, i ? (int64_t)table->endpoint[i - 1] : 0);
        if (in->failed || endpoint >= table->endpoints) {
            table->rows = i;
            return false;
        }
        table->endpoint[i] = endpoint;
    }
    return !in->failed;
}

static bool get_rows(struct table *table, struct bytes *in, uint32_t scales)
{
    for (uint32_t i = 0; i < table->rows; i++) {
        int64_t before = i ? table->at_ns[i - 1] : table->started_ns;
        table->at_ns[i] = (int64_t)((uint64_t)before + (uint64_t)get_zigzag(in));
    }
    for (uint32_t i = 0; i < table->rows; i++) {
        uint32_t *last = &table->last_second[table->endpoint[i]];
        *last = table->second[i] = get_u32(in, (int64_t)*last);
    }
    for (uint32_t i = 0; i < table->rows; i++)
        table->length_ms[i] = get_u32(in, 1000);
    for (uint32_t i = 0; i < table->rows; i++)
        table->flags[i] = (uint8_t)get_count(in, TABLE_AGREED | TABLE_PROVISIONAL);
    for (uint32_t i = 0; i < table->rows; i++)
        table->scale[i] = (uint8_t)get_count(in, scales ? scales - 1 : 0);
    return !in->failed;
}

bool table_get(struct table *table, struct bytes *in, uint32_t scales)
{
    table_clear(table);
    table->rows = (uint32_t)get_count(in, JOURNAL_ROWS_MAX);
    if (table->rows == 0)
        return !in->failed;
    if (!get_endpoints(table, in) || !get_rows(table, in, scales))
        return false;
    for (uint32_t i = 0; i < table->readings; i++)
        if (!column_get(table, i, in))
            return false;
    return !in->failed;
}
