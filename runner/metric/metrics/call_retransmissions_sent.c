#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    if (!call || call->result == CALL_NOT_ATTEMPTED)
        return false;
    *value = (double)call->repeats_sent;
    return true;
}

const struct metric metric_call_retransmissions_sent = {
    .name = "call.retransmissions_sent",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_NONE,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "SIP messages of a call that we had to send again; one sample per side of a call that "
            "was dialled.",
    .standard = "RFC 3261 17 (timers A, E and G)",
    .due = DUE_SIDE,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
