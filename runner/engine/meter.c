#include "meter.h"
#include "cmtest/event.h"

void meter_init(struct meter *meter)
{
    atomic_init(&meter->since_ns, EVENT_NONE);
    atomic_init(&meter->last_ns, EVENT_NONE);
}

void meter_count(struct meter *meter, int64_t at_ns)
{
    int64_t last = atomic_load(&meter->last_ns);
    /* What arrives is delivered in the order of its turns, and its stamps may go back a little. */
    if (last != EVENT_NONE && at_ns <= last)
        return;
    if (last == EVENT_NONE || at_ns - last >= FLOW_PAUSE_NS)
        atomic_store(&meter->since_ns, at_ns);
    atomic_store(&meter->last_ns, at_ns);
}

struct flow meter_read(const struct meter *meter)
{
    /* In the reverse order of writing: a newer `last` never comes with an older `since`. */
    struct flow flow = {.last_ns = atomic_load(&meter->last_ns)};
    flow.since_ns = atomic_load(&meter->since_ns);
    return flow;
}
