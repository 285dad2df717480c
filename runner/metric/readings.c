#include "readings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "read.h"
#include "spread.h"

#define SCALES 3
#define SHARES 3

/* One direction of a group, or of all of them, which has no spread of its own. */
struct part {
    struct sums sums;
    struct spread *spread;
    struct aggregate aggregates[READING_COUNT];
    uint32_t covered[READING_COUNT];
    uint64_t scales[SCALES][READING_WORDS]; /* of scaled ones: those on this scale, */
    uint64_t provisional[READING_WORDS];    /* ... and of such codecs */
};

struct way {
    uint64_t of_share[SHARES][READING_WORDS]; /* that a metric reads, by metric_share */
    uint64_t scaled[READING_WORDS];
    struct sums_mask mask;
    struct part **parts; /* by group, then that of all; NULL: nothing was told */
    uint64_t *seen;      /* READING_WORDS per endpoint */
    /* Of the value that was placed last: an endpoint often has what the one before had. */
    struct aggregate_place places[READING_COUNT];
};

struct readings {
    const struct roster *roster;
    struct way ways[2]; /* by event_direction */
};

static void set(uint64_t *mask, unsigned reading)
{
    mask[reading / 64] |= UINT64_C(1) << reading % 64;
}

static bool has(const uint64_t *mask, unsigned reading)
{
    return mask[reading / 64] >> reading % 64 & 1;
}

struct readings *readings_new(const struct roster *roster)
{
    struct readings *readings = mem_alloc(sizeof(*readings));
    readings->roster = roster;
    for (unsigned d = 0; d < 2; d++) {
        struct way *way = &readings->ways[d];
        way->parts = mem_array((size_t)roster->group_count + 1, sizeof(struct part *));
        way->seen = mem_array(roster->endpoint_count, READING_WORDS * sizeof(uint64_t));
        for (size_t row = 0; metrics[row]; row++) {
            const struct metric *metric = metrics[row];
            unsigned bit = d == DIRECTION_SEND ? METRIC_SEND : METRIC_RECEIVE;
            if (!metric->of_second || !(metric->directions & bit))
                continue;
            set(way->of_share[metric->share], metric->reading);
            if (metric->scaled)
                set(way->scaled, metric->reading);
        }
    }
    return readings;
}

static void part_free(struct part *part)
{
    if (!part)
        return;
    for (unsigned i = 0; i < READING_COUNT; i++)
        aggregate_fini(&part->aggregates[i]);
    free(part->spread);
    free(part);
}

void readings_free(struct readings *readings)
{
    for (unsigned d = 0; d < 2; d++) {
        for (uint32_t g = 0; g <= readings->roster->group_count; g++)
            part_free(readings->ways[d].parts[g]);
        free(readings->ways[d].parts);
        free(readings->ways[d].seen);
    }
    free(readings);
}

static struct part *part_of(const struct readings *readings, struct way *way, uint32_t group)
{
    struct part *part = way->parts[group];
    if (part)
        return part;
    part = mem_alloc(sizeof *part);
    sums_init(&part->sums);
    if (group < readings->roster->group_count) {
        part->spread = mem_alloc(sizeof *part->spread);
        spread_init(part->spread);
    }
    way->parts[group] = part;
    return part;
}

static void place(struct way *way, struct part *group, const struct sums_row *row)
{
    uint16_t changed[READING_COUNT];
    unsigned count = spread_count(group->spread, row, changed);
    for (unsigned i = 0; i < count; i++) {
        unsigned reading = changed[i];
        struct aggregate_place *at = &way->places[reading];
        if (at->value != row->value[reading])
            aggregate_locate(row->value[reading], at);
        spread_change(group->spread, reading, at, &group->aggregates[reading]);
    }
}

static void note_scale(const struct way *way, struct part *part, const struct event_second *second,
                       const uint64_t *readings)
{
    for (unsigned word = 0; word < READING_WORDS; word++) {
        uint64_t scaled = readings[word] & way->scaled[word];
        part->scales[second->scale % SCALES][word] |= scaled;
        part->provisional[word] |= second->provisional ? scaled : 0;
    }
}

static void cover(uint64_t *seen, struct part *group, struct part *all, const uint64_t *readings)
{
    for (unsigned word = 0; word < READING_WORDS; word++) {
        uint64_t bits = readings[word] & ~seen[word];
        seen[word] |= bits;
        for (; bits; bits &= bits - 1) {
            unsigned reading = word * 64 + (unsigned)__builtin_ctzll(bits);
            group->covered[reading]++;
            all->covered[reading]++;
        }
    }
}

void readings_take(struct readings *readings, const struct event *event)
{
    const struct event_second *second = &event->second;
    const struct roster *roster = readings->roster;
    struct way *way = &readings->ways[second->direction];
    struct part *group = part_of(readings, way, roster->endpoints[event->endpoint].group);
    struct part *all = part_of(readings, way, roster->group_count);
    uint64_t taken[READING_WORDS] = {0};
    struct sums_row row;
    for (unsigned share = 0; share < SHARES; share++)
        for (unsigned w = 0; w < READING_WORDS && read_has_share(second, share); w++)
            taken[w] |= second->known[w] & way->of_share[share][w];
    sums_mask(&way->mask, taken);
    sums_row(&row, second, &way->mask);
    sums_add(&group->sums, &row, &way->mask);
    sums_add(&all->sums, &row, &way->mask);
    place(way, group, &row);
    note_scale(way, group, second, taken);
    note_scale(way, all, second, taken);
    cover(&way->seen[(size_t)event->endpoint * READING_WORDS], group, all, taken);
}

/* ---- what came of it ------------------------------------------------------------------------ */

static const struct way *way_of(const struct readings *readings, const struct metric_key *key)
{
    return &readings->ways[key->direction == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE];
}

/* NULL: nothing was told. */
static struct part *find(const struct readings *readings, const struct metric_key *key,
                         uint32_t group)
{
    uint32_t index = group == ROSTER_NONE ? readings->roster->group_count : group;
    if (key->direction == METRIC_PLAIN || index > readings->roster->group_count)
        return NULL;
    return way_of(readings, key)->parts[index];
}

/* The buckets of all groups. */
static void join(const struct readings *readings, const struct way *way, unsigned reading,
                 struct aggregate *all)
{
    uint32_t groups = readings->roster->group_count;
    const struct aggregate **list = mem_array(groups, sizeof(*list));
    size_t count = 0;
    for (uint32_t g = 0; g < groups; g++) {
        struct part *part = way->parts[g];
        if (!part)
            continue;
        spread_settle(part->spread, reading, &part->aggregates[reading]);
        list[count++] = &part->aggregates[reading];
    }
    aggregate_join(all, list, count);
    free(list);
}

const struct aggregate *readings_get(const struct readings *readings, const struct metric_key *key,
                                     uint32_t group)
{
    static const struct aggregate empty;
    unsigned reading = key->metric->reading;
    struct part *part = find(readings, key, group);
    if (!part || part->sums.count[reading] == 0)
        return &empty;
    struct aggregate *aggregate = &part->aggregates[reading];
    uint64_t before = aggregate->count;
    sums_get(&part->sums, reading, aggregate);
    if (part->spread)
        spread_settle(part->spread, reading, aggregate);
    else if (aggregate->count != before)
        join(readings, way_of(readings, key), reading, aggregate);
    return aggregate;
}

uint32_t readings_coverage(const struct readings *readings, const struct metric_key *key,
                           uint32_t group)
{
    const struct part *part = find(readings, key, group);
    return part ? part->covered[key->metric->reading] : 0;
}

struct metric_scale readings_scale(const struct readings *readings, const struct metric_key *key,
                                   uint32_t group)
{
    const struct part *part = find(readings, key, group);
    struct metric_scale scale = {0};
    for (unsigned i = 0; part && i < SCALES; i++)
        scale.scales |= (unsigned)has(part->scales[i], key->metric->reading) << i;
    scale.provisional = part && has(part->provisional, key->metric->reading);
    return scale;
}

bool readings_cover(const struct readings *readings, const struct metric_key *key,
                    uint32_t endpoint)
{
    return key->direction != METRIC_PLAIN &&
           has(&way_of(readings, key)->seen[(size_t)endpoint * READING_WORDS],
               key->metric->reading);
}
