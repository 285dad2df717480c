#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    if (!call || !call->media_known)
        return false;
    *value = (double)call->packets_sent;
    return true;
}

const struct metric metric_call_packets_sent = {
    .name = "call.packets_sent",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_PACKETS,
    .directions = METRIC_PLAIN,
    .category = "network transport",
    .help = "RTP packets sent during a whole call; one sample per side of a call.",
    .standard = "RFC 3550 6.4.1",
    .due = DUE_SIDE,
    .own_timing = true,
    .reads = EVENT_CALL,
    .read = read,
};
