#include "gauge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

static void find_group(struct gauge *gauge, const struct roster *roster)
{
    gauge->group = ROSTER_NONE;
    gauge->used = threshold_is_scoped(gauge->threshold);
    if (!gauge->threshold->group)
        return;
    for (uint32_t i = 0; i < roster->group_count; i++)
        if (strcmp(roster->groups[i].name, gauge->threshold->group) == 0)
            gauge->group = i;
    gauge->used = gauge->used && gauge->group != ROSTER_NONE;
}

struct gauges *gauges_new(const struct roster *roster, const struct threshold *thresholds,
                          size_t count, int64_t started_ns)
{
    struct gauges *gauges = mem_alloc(sizeof(*gauges));
    gauges->roster = roster;
    gauges->list = mem_array(count, sizeof(*gauges->list));
    gauges->count = count;
    gauges->newest_ns = 0;
    for (size_t i = 0; i < count; i++) {
        struct gauge *gauge = &gauges->list[i];
        gauge->threshold = &thresholds[i];
        gauge->silent_first = ROSTER_NONE;
        find_group(gauge, roster);
        if (!gauge->used)
            continue;
        gauges->any = true;
        gauge->seen = mem_array((size_t)roster->endpoint_count / 8 + 1, 1);
        if (thresholds[i].endpoint_share > 0) {
            gauge->endpoints = mem_array(roster->endpoint_count, sizeof(*gauge->endpoints));
            gauge->silences = mem_array(roster->endpoint_count, sizeof(*gauge->silences));
        }
        if (thresholds[i].window_ns > 0)
            windows_init(&gauge->windows, &thresholds[i], started_ns);
    }
    if (gauges->any)
        course_init(&gauges->course, roster, started_ns);
    return gauges;
}

void gauges_free(struct gauges *gauges)
{
    if (!gauges)
        return;
    for (size_t i = 0; i < gauges->count; i++) {
        struct gauge *gauge = &gauges->list[i];
        meter_fini(&gauge->all);
        for (uint32_t e = 0; gauge->endpoints && e < gauges->roster->endpoint_count; e++)
            meter_fini(&gauge->endpoints[e]);
        free(gauge->endpoints);
        free(gauge->silences);
        windows_fini(&gauge->windows);
        free(gauge->seen);
    }
    course_fini(&gauges->course);
    free(gauges->waiting);
    free(gauges->list);
    free(gauges);
}

bool gauge_seen(const struct gauge *gauge, uint32_t endpoint)
{
    return gauge->seen && gauge->seen[endpoint / 8] >> endpoint % 8 & 1;
}

static void measure(struct gauge *gauge, const struct gauge_sample *sample)
{
    uint32_t endpoint = sample->endpoint;
    bool keep = meter_keeps(gauge->threshold);
    struct meter *meter = gauge->endpoints ? &gauge->endpoints[endpoint] : &gauge->all;
    if (gauge->threshold->window_ns > 0)
        windows_add(&gauge->windows, sample->at_ns, sample->value, sample->scale);
    /* With windows, this one tells how many there were. */
    meter_add(meter, sample->value, keep && gauge->threshold->window_ns == 0);
    meter->scale.scales |= sample->scale.scales;
    meter->scale.provisional |= sample->scale.provisional;
    if (gauge_seen(gauge, endpoint))
        return;
    gauge->seen[endpoint / 8] |= (uint8_t)(1u << endpoint % 8);
    gauge->covered++;
}

static void take(struct gauges *gauges, const struct gauge_sample *sample)
{
    struct gauge *gauge = &gauges->list[sample->gauge];
    if (!course_holds(&gauges->course, gauge->threshold->during, sample->endpoint, sample->at_ns))
        return;
    if (sample->measured)
        measure(gauge, sample);
    gauge->agreed += sample->agreed;
    gauge->silent += sample->silent;
    if (gauge->silences) {
        gauge->silences[sample->endpoint].agreed += sample->agreed;
        gauge->silences[sample->endpoint].silent += sample->silent;
    }
    if (sample->silent && (gauge->silent_first > sample->endpoint))
        gauge->silent_first = sample->endpoint;
}

static void release(struct gauges *gauges, bool all)
{
    while (gauges->waiting_count > 0) {
        const struct gauge_sample *sample = &gauges->waiting[gauges->waiting_first];
        if (!all && gauges->newest_ns - sample->at_ns < GAUGE_WAIT_NS)
            return;
        take(gauges, sample);
        gauges->waiting_first = (gauges->waiting_first + 1) % gauges->waiting_capacity;
        gauges->waiting_count--;
    }
}

static void wait_for(struct gauges *gauges, const struct gauge_sample *sample)
{
    if (gauges->waiting_count == gauges->waiting_capacity) {
        size_t capacity = gauges->waiting_capacity ? gauges->waiting_capacity * 2 : 64;
        struct gauge_sample *ring = mem_array(capacity, sizeof(*ring));
        for (size_t i = 0; i < gauges->waiting_count; i++)
            ring[i] = gauges->waiting[(gauges->waiting_first + i) % gauges->waiting_capacity];
        free(gauges->waiting);
        gauges->waiting = ring;
        gauges->waiting_first = 0;
        gauges->waiting_capacity = capacity;
    }
    gauges->waiting[(gauges->waiting_first + gauges->waiting_count++) % gauges->waiting_capacity] =
        *sample;
}

/* The first second of a stream holds its start, and the last one its end: as coverage.c does. */
static void look_for_silence(const struct event *event, struct gauge_sample *sample)
{
    const struct event_second *second = &event->second;
    double packets = 0;
    if (second->direction != DIRECTION_RECEIVE || !second->agreed || second->second == 0 ||
        second->length_ms < 1000)
        return;
    sample->agreed = true;
    sample->silent = !second_get(second, READING_PACKETS, &packets) || packets <= 0;
}

static bool read_sample(const struct gauge *gauge, const struct event *event,
                        struct gauge_sample *sample)
{
    const struct metric_key *key = &gauge->threshold->key;
    enum event_direction direction =
        key->direction == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE;
    sample->measured =
        metric_read(key->metric, event, direction, &sample->value) && isfinite(sample->value);
    if (event->kind == EVENT_SECOND) {
        sample->at_ns -= (int64_t)event->second.length_ms * 500000;
        if (key->direction == METRIC_RECEIVE)
            look_for_silence(event, sample);
        if (key->metric->scaled)
            sample->scale =
                (struct metric_scale){1u << event->second.scale, event->second.provisional};
    }
    return sample->measured || sample->agreed;
}

void gauges_sample(struct gauges *gauges, const struct event *event)
{
    /* A time that cannot be, of a file that somebody made up. */
    if (!gauges->any || event->at_ns < 0 || event->at_ns > INT64_MAX / 2)
        return;
    uint32_t group = gauges->roster->endpoints[event->endpoint].group;
    for (size_t i = 0; i < gauges->count; i++) {
        struct gauge_sample sample = {
            .at_ns = event->at_ns, .endpoint = event->endpoint, .gauge = (uint32_t)i};
        const struct gauge *gauge = &gauges->list[i];
        if (gauge->used && (gauge->group == ROSTER_NONE || gauge->group == group) &&
            read_sample(gauge, event, &sample))
            wait_for(gauges, &sample);
    }
    if (event->at_ns > gauges->newest_ns)
        gauges->newest_ns = event->at_ns;
    release(gauges, false);
}

void gauges_event(struct gauges *gauges, const struct event *event)
{
    if (!gauges->any)
        return;
    course_event(&gauges->course, event);
    if (event->kind != EVENT_OUTCOME)
        gauges_sample(gauges, event);
}

void gauges_finish(struct gauges *gauges)
{
    release(gauges, true);
}
