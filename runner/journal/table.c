#include "table.h"

#include <stdlib.h>
#include <string.h>

static void keep(struct table *table, const struct table_readings *of)
{
    table->told = of->count;
    table->kept = mem_array(table->readings, sizeof(*table->kept));
    table->power = mem_array(table->readings, sizeof(*table->power));
    for (uint32_t i = 0; i < table->readings; i++) {
        table->kept[i] = of->kept ? of->kept[i] : i;
        table->power[i] = 1;
        for (unsigned digit = 0; digit < of->digits[table->kept[i]]; digit++)
            table->power[i] *= 10;
    }
}

struct table *table_new(uint32_t endpoints, const struct table_readings *of, int64_t started_ns,
                        size_t *room)
{
    struct table *table = mem_alloc(sizeof(*table));
    uint32_t readings = of->kept ? of->kept_count : of->count;
    size_t cells = (size_t)readings * JOURNAL_ROWS_MAX;
    table->endpoints = endpoints;
    table->readings = readings;
    table->masks = (readings + 63) / 64;
    table->started_ns = started_ns;
    table->values = mem_array(cells, sizeof(*table->values));
    table->codes = mem_array(cells, sizeof(*table->codes));
    table->known = mem_array((size_t)table->masks * JOURNAL_ROWS_MAX, sizeof(*table->known));
    table->used = mem_array(readings, sizeof(*table->used));
    table->odd = mem_array(readings, sizeof(*table->odd));
    table->last_second = mem_array(endpoints, sizeof(*table->last_second));
    table->last = mem_array(endpoints, sizeof(*table->last));
    table->histories = arena_new();
    table->present = mem_array(endpoints / 8 + 1, 1);
    table->room = room;
    keep(table, of);
    return table;
}

void table_free(struct table *table)
{
    if (!table)
        return;
    for (uint32_t i = 0; i < table->endpoints; i++)
        if (table->last[i])
            *table->room -= table->readings * sizeof(**table->last);
    arena_free(table->histories);
    free(table->values);
    free(table->codes);
    free(table->known);
    free(table->power);
    free(table->kept);
    free(table->used);
    free(table->odd);
    free(table->last_second);
    free(table->last);
    free(table->present);
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
    memset(table->any, 0, sizeof(table->any));
    memset(table->all, 0xff, sizeof(table->all));
    for (uint32_t i = 0; i < table->readings; i++)
        table->used[i] = table->odd[i] = 0;
    table->rows = 0;
}

int64_t *table_last(struct table *table, uint32_t endpoint)
{
    size_t room = table->readings * sizeof(**table->last);
    if (!table->last[endpoint] && room <= JOURNAL_HISTORY_MAX - *table->room) {
        *table->room += room;
        table->last[endpoint] = arena_alloc(table->histories, room);
    }
    return table->last[endpoint];
}

/* The histories of all endpoints that a plan can have, in both directions. */
_Static_assert(READING_COUNT * sizeof(int64_t) * 2 * JOURNAL_ENDPOINTS_MAX <= JOURNAL_HISTORY_MAX,
               "a writer always has room");

void table_add(struct table *table, const struct event *event)
{
    const struct event_second *second = &event->second;
    int64_t *last = table_last(table, event->endpoint);
    if (!last)
        return;
    uint32_t row = table->rows++;
    table->present[event->endpoint / 8] |= (uint8_t)(1u << event->endpoint % 8);
    table->endpoint[row] = event->endpoint;
    table->at_ns[row] = event->at_ns;
    table->second[row] = second->second;
    table->length_ms[row] = second->length_ms;
    table->flags[row] = (uint8_t)((second->agreed ? TABLE_AGREED : 0) |
                                  (second->provisional ? TABLE_PROVISIONAL : 0));
    table->scale[row] = (uint8_t)second->scale;
    for (unsigned word = 0; word < READING_WORDS; word++) {
        table->known[(size_t)row * READING_WORDS + word] = second->known[word];
        table->any[word] |= second->known[word];
        table->all[word] &= second->known[word];
    }
    memcpy(&table->values[(size_t)row * READING_COUNT], second->value, sizeof(second->value));
    codes_put(table, row, second->value, last);
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

static void get_values(struct table *table, const bool *raw)
{
    for (uint32_t i = 0; i < table->rows; i++)
        codes_get(table, i, table->last[table->endpoint[i]]);
    for (uint32_t r = 0; r < table->readings; r++)
        for (uint32_t i = 0; raw[r] && i < table->rows; i++) {
            size_t cell = (size_t)i * table->readings + r;
            memcpy(&table->values[cell], &table->codes[cell], sizeof(table->values[cell]));
            table->last[table->endpoint[i]][r] = 0;
        }
}

bool table_get(struct table *table, struct bytes *in, uint32_t scales)
{
    bool raw[JOURNAL_READINGS_MAX] = {false};
    table_clear(table);
    table->rows = (uint32_t)get_count(in, JOURNAL_ROWS_MAX);
    if (table->rows == 0)
        return !in->failed;
    if (!get_endpoints(table, in) || !get_rows(table, in, scales))
        return false;
    for (uint32_t i = 0; i < table->rows; i++)
        if (!table_last(table, table->endpoint[i]))
            return false;
    memset(table->known, 0, (size_t)table->rows * table->masks * sizeof(*table->known));
    memset(table->codes, 0, (size_t)table->rows * table->readings * sizeof(*table->codes));
    for (uint32_t i = 0, next = 0; i < table->told; i++) {
        bool is_kept = next < table->readings && table->kept[next] == i;
        if (!(is_kept ? column_get(table, next, in, &raw[next]) : column_skip(table, in)))
            return false;
        next += is_kept;
    }
    get_values(table, raw);
    return !in->failed;
}
