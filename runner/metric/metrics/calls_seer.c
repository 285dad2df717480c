#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_attempt(event);
    if (!call || (call->status >= 300 && call->status < 400))
        return false;
    uint16_t status = call->status;
    *value = call->result == CALL_ANSWERED || status == 480 || status == 486 || status == 600 ||
                     status == 603
                 ? 1
                 : 0;
    return true;
}

const struct metric metric_calls_seer = {
    .name = "calls.seer",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Session establishment effectiveness ratio: of all INVITEs but those that ended with a "
            "3xx, the share that ended with 2xx, 480, 486, 600 or 603.",
    .standard = "RFC 6076 4.7 (SEER)",
    .due = DUE_CALL,
    .highest = 100,
    .better = BETTER_HIGHER,
    .reads = EVENT_CALL,
    .read = read,
};
