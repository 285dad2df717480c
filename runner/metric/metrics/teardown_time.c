#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->teardown_ns, value);
}

const struct metric metric_teardown_time = {
    .name = "teardown_time",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "BYE sent to its 2xx; measured by the side that hangs up.",
    .standard = "RFC 6076 4.4 (SDD)",
    .due = DUE_CALL,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
