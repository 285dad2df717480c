#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    return event->kind == EVENT_ACTION && read_ms(event->action.stopped_ns, value);
}

const struct metric metric_media_stop_time = {
    .name = "media_stop_time",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help =
        "The beginning of a step that expects media to stop to the last packet that still came.",
    .standard = "none (RFC 3264 8.4 says what has to stop)",
    .due = DUE_SIDE,
    .own_signalling = true,
    .own_timing = true,
    .better = BETTER_LOWER,
    .reads = EVENT_ACTION,
    .read = read,
};
