#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->ringing_ns, value);
}

const struct metric metric_time_to_ringing = {
    .name = "time_to_ringing",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "INVITE sent to the first 180 Ringing; measured by the caller.",
    .standard = "none (part of RFC 6076 4.3)",
    .due = DUE_CALL,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
