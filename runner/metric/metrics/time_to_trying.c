#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->trying_ns, value);
}

const struct metric metric_time_to_trying = {
    .name = "time_to_trying",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "INVITE sent to the first 1xx, 100 Trying included; measured by the caller.",
    .standard = "none (RFC 6076 ignores 100)",
    .due = DUE_CALL,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
