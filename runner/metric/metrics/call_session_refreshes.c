#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    if (!call || !call->established)
        return false;
    *value = (double)call->refreshes;
    return true;
}

const struct metric metric_call_session_refreshes = {
    .name = "call.session_refreshes",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_NONE,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Session refreshes of a call that went well, by either side; one sample per side of an "
            "established call.",
    .standard = "RFC 4028",
    .due = DUE_SIDE,
    .reads = EVENT_CALL,
    .read = read,
};
