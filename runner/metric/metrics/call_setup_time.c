#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->setup_ns, value);
}

const struct metric metric_call_setup_time = {
    .name = "call_setup_time",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "INVITE sent to the 2xx, the ringing of the callee included; measured by the caller.",
    .standard = "none (RFC 6076 4.3 plus the time to answer)",
    .due = DUE_CALL,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
