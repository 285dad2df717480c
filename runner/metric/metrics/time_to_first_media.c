#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->first_media_ns, value);
}

const struct metric metric_time_to_first_media = {
    .name = "time_to_first_media",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "The 2xx to the first valid RTP packet received; 0 when media came before the 2xx.",
    .standard = "none (cut-through delay)",
    .due = DUE_SIDE,
    .own_signalling = true,
    .own_timing = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
