#include <stdlib.h>
#include <string.h>
#include "aggregate.h"
#include "cmtest/arena.h"
#include "cmtest/event_fields.h"
#include "read.h"
#include "readings.h"

enum { DIRECTIONS = 3 };

/* One metric in one direction: cells[group], and cells[group_count] for all groups. The buckets of
 * all are put together of those of the groups when somebody asks. */
struct cell {
    struct aggregate aggregate;
    uint64_t joined; /* values in the buckets of all */
    uint32_t covered;
};

struct series {
    struct cell *cells;
    uint64_t *seen; /* a bit per endpoint */
};

/* A row of the table in one direction, for the events that it reads: all but seconds. */
struct source {
    const struct metric *metric;
    struct series *series;
    enum event_direction direction;
};

struct metric_store {
    const struct roster *roster;
    size_t series_count;
    struct series *series;               /* [row * DIRECTIONS + direction] */
    struct source *sources[EVENT_KINDS]; /* by the kind of the event */
    size_t source_count[EVENT_KINDS];
    struct readings *readings; /* of all that seconds tell */
};

static const unsigned direction_bits[DIRECTIONS] = {METRIC_PLAIN, METRIC_SEND, METRIC_RECEIVE};

static void add_source(struct metric_store *store, size_t row, size_t d)
{
    struct source source = {metrics[row], &store->series[row * DIRECTIONS + d],
                            direction_bits[d] == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE};
    enum event_kind kind = metrics[row]->reads;
    size_t count = ++store->source_count[kind];
    store->sources[kind] = mem_grow(store->sources[kind], count, sizeof(source));
    store->sources[kind][count - 1] = source;
}

struct metric_store *metric_store_new(const struct roster *roster)
{
    struct metric_store *store = mem_alloc(sizeof(*store));
    store->roster = roster;
    while (metrics[store->series_count])
        store->series_count++;
    store->series_count *= DIRECTIONS;
    store->series = mem_array(store->series_count, sizeof(*store->series));
    for (size_t row = 0; metrics[row]; row++)
        for (size_t d = 0; d < DIRECTIONS; d++)
            if (metrics[row]->directions & direction_bits[d] && !metrics[row]->of_second)
                add_source(store, row, d);
    store->readings = readings_new(roster);
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
    for (size_t kind = 0; kind < EVENT_KINDS; kind++)
        free(store->sources[kind]);
    free(store->series);
    readings_free(store->readings);
    free(store);
}

static void open_series(const struct metric_store *store, struct series *series)
{
    const struct roster *roster = store->roster;
    series->cells = mem_array((size_t)roster->group_count + 1, sizeof(*series->cells));
    series->seen = mem_array((size_t)roster->endpoint_count / 64 + 1, sizeof(uint64_t));
}

static void add(struct metric_store *store, const struct source *source, const struct event *event,
                const struct aggregate_place *place)
{
    const struct roster *roster = store->roster;
    struct series *series = source->series;
    uint32_t endpoint = event->endpoint;
    if (!series->cells)
        open_series(store, series);
    struct cell *group = &series->cells[roster->endpoints[endpoint].group];
    struct cell *all = &series->cells[roster->group_count];
    if (place) {
        aggregate_put(&group->aggregate, place);
        aggregate_count_in(&all->aggregate, place->value);
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
    if (event->kind == EVENT_SECOND)
        readings_take(store->readings, event);
    for (size_t i = 0; i < store->source_count[event->kind]; i++) {
        const struct source *source = &store->sources[event->kind][i];
        struct aggregate_place place;
        double value;
        if (source->metric->read(event, source->direction, &value))
            add(store, source, event, aggregate_locate(value, &place) ? &place : NULL);
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

/* NULL: nothing was told. */
static struct cell *find(const struct metric_store *store, const struct metric_key *key,
                         uint32_t group)
{
    const struct series *series = find_series(store, key);
    uint32_t index = group == ROSTER_NONE ? store->roster->group_count : group;
    if (!series || !series->cells || index > store->roster->group_count)
        return NULL;
    return &series->cells[index];
}

static void join(const struct cell *groups, uint32_t count, struct cell *all)
{
    const struct aggregate **list = mem_array(count, sizeof(*list));
    for (uint32_t i = 0; i < count; i++)
        list[i] = &groups[i].aggregate;
    aggregate_join(&all->aggregate, list, count);
    all->joined = all->aggregate.count;
    free(list);
}

bool metric_store_covers(const struct metric_store *store, const struct metric_key *key,
                         uint32_t endpoint)
{
    if (endpoint >= store->roster->endpoint_count)
        return false;
    if (key->metric->of_second)
        return readings_cover(store->readings, key, endpoint);
    const struct series *series = find_series(store, key);
    return series && series->seen && series->seen[endpoint / 64] >> (endpoint % 64) & 1;
}

const struct aggregate *metric_store_get(const struct metric_store *store,
                                         const struct metric_key *key, uint32_t group)
{
    if (key->metric->of_second)
        return readings_get(store->readings, key, group);
    static const struct aggregate empty;
    uint32_t groups = store->roster->group_count;
    struct cell *cell = find(store, key, group);
    if (!cell)
        return &empty;
    if (group >= groups && cell->joined != cell->aggregate.count)
        join(cell - groups, groups, cell);
    return &cell->aggregate;
}

uint32_t metric_store_coverage(const struct metric_store *store, const struct metric_key *key,
                               uint32_t group)
{
    if (key->metric->of_second)
        return readings_coverage(store->readings, key, group);
    const struct cell *cell = find(store, key, group);
    return cell ? cell->covered : 0;
}

struct metric_scale metric_store_scale(const struct metric_store *store,
                                       const struct metric_key *key, uint32_t group)
{
    if (key->metric->of_second)
        return readings_scale(store->readings, key, group);
    return (struct metric_scale){0};
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
