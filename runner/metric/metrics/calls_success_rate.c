#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    if (!call || !call->counted)
        return false;
    *value = call->completed ? 1 : 0;
    return true;
}

const struct metric metric_calls_success_rate = {
    .name = "calls.success_rate",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Share of calls that were answered, carried on for the planned time and ended by a "
            "BYE; one that was never dialled is a failed one.",
    .standard = "RFC 6076 4.9 (SCR)",
    .due = DUE_CALL,
    .highest = 100,
    .better = BETTER_HIGHER,
    .reads = EVENT_CALL,
    .read = read,
};
