/* kept: the seconds of streams of a run as its events tell them, for tests that look at them. */
#ifndef CMTEST_KEPT_H
#define CMTEST_KEPT_H

#include <stdlib.h>
#include "cmtest/arena.h"
#include "cmtest/event.h"

struct kept {
    struct event *seconds;
    size_t count;
};

/* For the event() of an execution_watch. */
static inline void kept_take(struct kept *kept, const struct event *event)
{
    if (event->kind != EVENT_SECOND)
        return;
    kept->seconds = mem_grow(kept->seconds, kept->count + 1, sizeof *kept->seconds);
    kept->seconds[kept->count++] = *event;
}

static inline void kept_free(struct kept *kept)
{
    free(kept->seconds);
}

/* false: this one is of another endpoint or direction, or does not know it. */
static inline bool kept_get(const struct kept *kept, size_t at, uint32_t endpoint,
                            enum event_direction direction, enum reading reading, double *value)
{
    const struct event *event = &kept->seconds[at];
    return event->endpoint == endpoint && event->second.direction == direction &&
           second_get(&event->second, reading, value);
}

static inline bool kept_ever(const struct kept *kept, uint32_t endpoint,
                             enum event_direction direction, enum reading reading)
{
    double value;
    for (size_t i = 0; i < kept->count; i++)
        if (kept_get(kept, i, endpoint, direction, reading, &value))
            return true;
    return false;
}

static inline double kept_sum(const struct kept *kept, uint32_t endpoint,
                              enum event_direction direction, enum reading reading)
{
    double sum = 0, value;
    for (size_t i = 0; i < kept->count; i++)
        if (kept_get(kept, i, endpoint, direction, reading, &value))
            sum += value;
    return sum;
}

#endif
