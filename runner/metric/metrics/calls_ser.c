#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_attempt(event);
    if (!call || (call->status >= 300 && call->status < 400))
        return false;
    *value = call->result == CALL_ANSWERED ? 1 : 0;
    return true;
}

const struct metric metric_calls_ser = {
    .name = "calls.ser",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Session establishment ratio: of all INVITEs but those that ended with a 3xx, the "
            "share that was answered with a 2xx.",
    .standard = "RFC 6076 4.6 (SER)",
    .due = DUE_CALL,
    .highest = 100,
    .better = BETTER_HIGHER,
    .reads = EVENT_CALL,
    .read = read,
};
