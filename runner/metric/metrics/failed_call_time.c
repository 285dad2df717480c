#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->failed_ns, value);
}

const struct metric metric_failed_call_time = {
    .name = "failed_call_time",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "INVITE sent to the response that refused it (4xx, 5xx, 6xx; not a challenge that was "
            "answered), or to the end of the caller's patience; failed calls only.",
    .standard = "RFC 6076 4.3 (failed SRD)",
    .due = DUE_FAILED,
    .own_signalling = true,
    .reads = EVENT_CALL,
    .read = read,
};
