#include <stdlib.h>
#include <string.h>
#include "aggregate.h"
#include "cmtest/arena.h"

enum { DIRECTIONS = 3 };

/* One metric in one direction: cells[group], and cells[group_count] for all groups. */
struct cell {
    struct aggregate aggregate;
    uint32_t covered;
    struct metric_scale scale;
};

struct series {
    struct cell *cells;
    uint64_t *seen; /* a bit per endpoint */
};

struct metric_store {
    const struct roster *roster;
    size_t series_count;
    struct series *series; /* [row * DIRECTIONS + direction] */
};

static const unsigned direction_bits[DIRECTIONS] = {METRIC_PLAIN, METRIC_SEND, METRIC_RECEIVE};

struct metric_store *metric_store_new(const struct roster *roster)
{
    struct metric_store *store = mem_alloc(sizeof(*store));
    store->roster = roster;
    while (metrics[store->series_count])
        store->series_count++;
    store->series_count *= DIRECTIONS;
    store->series = mem_array(store->series_count, sizeof(*store->series));
    return store;
}

void metric_store_free(struct metric_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->series_count; i++) {
        struct series *series = &store->series[i];
        for (uint32_t g = 0; series->cells && g <= store->roster->group_count; g++)
            aggregate_fini(&series->cells[g].aggregate);
        free(series->cells);
        free(series->seen);
    }
    free(store->series);
    free(store);
}

static void note_scale(struct cell *cell, const struct event_second *second)
{
    cell->scale.scales |= 1u << second->scale;
    cell->scale.provisional |= second->provisional;
}

static void add(struct metric_store *store, struct series *series, const struct event *event,
                const struct metric *metric, double value)
{
    const struct roster *roster = store->roster;
    uint32_t endpoint = event->endpoint;
    if (!series->cells) {
        series->cells = mem_array((size_t)roster->group_count + 1, sizeof(*series->cells));
        series->seen = mem_array((size_t)roster->endpoint_count / 64 + 1, sizeof(uint64_t));
    }
    struct cell *group = &series->cells[roster->endpoints[endpoint].group];
    struct cell *all = &series->cells[roster->group_count];
    aggregate_add(&group->aggregate, value);
    aggregate_add(&all->aggregate, value);
    if (metric->scaled && event->kind == EVENT_SECOND) {
        note_scale(group, &event->second);
        note_scale(all, &event->second);
    }
    uint64_t bit = UINT64_C(1) << (endpoint % 64);
    if (!(series->seen[endpoint / 64] & bit)) {
        series->seen[endpoint / 64] |= bit;
        group->covered++;
        all->covered++;
    }
}

void metric_store_event(struct metric_store *store, const struct event *event)
{
    if (event->endpoint >= store->roster->endpoint_count)
        return;
    for (size_t row = 0; metrics[row]; row++) {
        for (size_t d = 0; d < DIRECTIONS; d++) {
            double value;
            if (!(metrics[row]->directions & direction_bits[d]))
                continue;
            enum event_direction direction =
                direction_bits[d] == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE;
            if (metrics[row]->read(event, direction, &value))
                add(store, &store->series[row * DIRECTIONS + d], event, metrics[row], value);
        }
    }
}

static const struct series *find_series(const struct metric_store *store,
                                        const struct metric_key *key)
{
    for (size_t row = 0; metrics[row]; row++)
        for (size_t d = 0; d < DIRECTIONS; d++)
            if (metrics[row] == key->metric && direction_bits[d] == key->direction)
                return &store->series[row * DIRECTIONS + d];
    return NULL;
}

static const struct cell *find(const struct metric_store *store, const struct metric_key *key,
                               uint32_t group)
{
    static const struct cell empty;
    const struct series *series = find_series(store, key);
    uint32_t index = group == ROSTER_NONE ? store->roster->group_count : group;
    if (!series || !series->cells || index > store->roster->group_count)
        return &empty;
    return &series->cells[index];
}

bool metric_store_covers(const struct metric_store *store, const struct metric_key *key,
                         uint32_t endpoint)
{
    const struct series *series = find_series(store, key);
    if (!series || !series->seen || endpoint >= store->roster->endpoint_count)
        return false;
    return series->seen[endpoint / 64] >> (endpoint % 64) & 1;
}

const struct aggregate *metric_store_get(const struct metric_store *store,
                                         const struct metric_key *key, uint32_t group)
{
    return &find(store, key, group)->aggregate;
}

uint32_t metric_store_coverage(const struct metric_store *store, const struct metric_key *key,
                               uint32_t group)
{
    return find(store, key, group)->covered;
}

struct metric_scale metric_store_scale(const struct metric_store *store,
                                       const struct metric_key *key, uint32_t group)
{
    return find(store, key, group)->scale;
}

const char *metric_scale_name(struct metric_scale scale)
{
    switch (scale.scales) {
    case 0:
        return NULL;
    case 1u << EMODEL_NARROW:
        return "narrow";
    case 1u << EMODEL_WIDE:
        return "wide";
    case 1u << EMODEL_FULL:
        return "full";
    default:
        return "mixed";
    }
}
