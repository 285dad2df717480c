#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    if (event->kind != EVENT_ACTION || event->action.began_ns == EVENT_NONE ||
        event->action.planned_ns == EVENT_NONE)
        return false;
    *value = (double)(event->action.began_ns - event->action.planned_ns) / 1e6;
    return true;
}

const struct metric metric_actions_lateness = {
    .name = "actions.lateness",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help =
        "From when a step was due (its time, or the event that it waits for) to when it was begun; "
        "one sample per step.",
    .standard = "none: a definition of cmtest",
    .due = DUE_STEPS,
    .own_signalling = true,
    .own_timing = true,
    .better = BETTER_LOWER,
    .reads = EVENT_ACTION,
    .read = read,
};
