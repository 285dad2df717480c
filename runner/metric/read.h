/*
 * read: what most rows of the metrics table have in common. Private to runner/metric.
 */
#ifndef METRIC_READ_H
#define METRIC_READ_H

#include "cmtest/metric.h"

/* The second of this direction, or NULL. */
static inline const struct event_second *read_second(const struct event *event,
                                                     enum event_direction direction)
{
    return event->kind == EVENT_SECOND && event->second.direction == direction ? &event->second
                                                                               : NULL;
}

static inline bool read_has_share(const struct event_second *second, enum metric_share share)
{
    return share == SHARE_ANY || (share == SHARE_SAMPLE && event_second_is_sample(second)) ||
           (share == SHARE_WHOLE && second->length_ms >= 1000);
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

/* NULL: no outcome, or none of an endpoint with a scenario. */
static inline const struct event_steps *read_steps(const struct event *event)
{
    const struct event_steps *steps = &event->outcome.steps;
    return event->kind == EVENT_OUTCOME && steps->begun + steps->failed + steps->skipped > 0 ? steps
                                                                                             : NULL;
}

static inline bool read_ms(int64_t ns, double *value)
{
    if (ns == EVENT_NONE)
        return false;
    *value = (double)ns / 1e6;
    return true;
}

#endif
