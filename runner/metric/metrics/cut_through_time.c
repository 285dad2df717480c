#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    return event->kind == EVENT_ACTION && read_ms(event->action.flowing_ns, value);
}

const struct metric metric_cut_through_time = {
    .name = "cut_through_time",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "The beginning of a step that expects media to flow, and found it still, to the first "
            "packet in the later of its directions.",
    .standard = "none (cut-through delay)",
    .due = DUE_SIDE,
    .own_signalling = true,
    .own_timing = true,
    .better = BETTER_LOWER,
    .reads = EVENT_ACTION,
    .read = read,
};
