/*
 * read: what most rows of the metrics table have in common. Private to runner/metric.
 */
#ifndef METRIC_READ_H
#define METRIC_READ_H

#include "cmtest/metric.h"

/* The second of this direction with these bits of `known` set, or NULL. */
static inline const struct event_second *read_second(const struct event *event,
                                                     enum event_direction direction, uint32_t known)
{
    if (event->kind != EVENT_SECOND || event->second.direction != direction)
        return NULL;
    return (event->second.known & known) == known ? &event->second : NULL;
}

/* As above, but a whole second only: a count in a part of one would look like a drop. */
static inline const struct event_second *
read_whole_second(const struct event *event, enum event_direction direction, uint32_t known)
{
    const struct event_second *second = read_second(event, direction, known);
    return second && second->length_ms >= 1000 ? second : NULL;
}

static inline const struct event_call *read_call(const struct event *event)
{
    return event->kind == EVENT_CALL ? &event->call : NULL;
}

/* The call as an attempt of the network: counted once, however often it was challenged, and only
 * when there was an INVITE. */
static inline const struct event_call *read_attempt(const struct event *event)
{
    const struct event_call *call = read_call(event);
    return call && call->counted && call->result != CALL_NOT_ATTEMPTED ? call : NULL;
}

static inline bool read_ms(int64_t ns, double *value)
{
    if (ns == EVENT_NONE)
        return false;
    *value = (double)ns / 1e6;
    return true;
}

#endif
