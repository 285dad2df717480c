#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->duration_ns, value);
}

const struct metric metric_call_duration = {
    .name = "call_duration",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help =
        "The 2xx to the BYE, as this side sent or received them; one sample per side of a call.",
    .standard = "RFC 6076 4.5 (SDT)",
    .due = DUE_SIDE,
    .own_signalling = true,
    .reads = EVENT_CALL,
    .read = read,
};
