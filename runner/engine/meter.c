#include "meter.h"
#include "cmtest/event.h"

void meter_init(struct meter *meter)
{
    atomic_init(&meter->since_ns, EVENT_NONE);
    atomic_init(&meter->last_ns, EVENT_NONE);
}

void meter_count(struct meter *meter, int64_t at_ns)
{
    /* Only this thread writes. */
    int64_t last = atomic_load_explicit(&meter->last_ns, memory_order_relaxed);
    /* What arrives is delivered in the order of its turns, and its stamps may go back a little. */
    if (last != EVENT_NONE && at_ns <= last)
        return;
    if (last == EVENT_NONE || at_ns - last >= FLOW_PAUSE_NS)
        atomic_store_explicit(&meter->since_ns, at_ns, memory_order_release);
    atomic_store_explicit(&meter->last_ns, at_ns, memory_order_release);
}

struct flow meter_read(const struct meter *meter)
{
    /* In the reverse order of writing: a newer `last` never comes with an older `since`. */
    struct flow flow = {.last_ns = atomic_load_explicit(&meter->last_ns, memory_order_acquire)};
    flow.since_ns = atomic_load_explicit(&meter->since_ns, memory_order_acquire);
    return flow;
}
