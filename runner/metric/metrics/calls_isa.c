#include "read.h"

static bool ineffective(const struct event_call *call)
{
    switch (call->status) {
    case 408:
    case 500:
    case 503:
    case 504:
        return true;
    case 0:
        /* Behind a provisional response timer B is off, and it is the caller who gave up. */
        return call->trying_ns == EVENT_NONE;
    default:
        return false;
    }
}

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_attempt(event);
    if (!call)
        return false;
    *value = ineffective(call) ? 1 : 0;
    return true;
}

const struct metric metric_calls_isa = {
    .name = "calls.isa",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Ineffective session attempts: of all INVITEs, the share that ended with 408, 500, 503 "
            "or 504, had no response at all (timer B: as a 408), or could not be sent (as a 503).",
    .standard = "RFC 6076 4.8 (ISA)",
    .due = DUE_CALL,
    .highest = 100,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
