#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_whole_second(event, direction, 0);
    if (!second)
        return false;
    *value = second->packets;
    return true;
}

const struct metric metric_packets = {
    .name = "packets",
    .kind = METRIC_COUNTER,
    .unit = UNIT_PACKETS,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "network transport",
    .help = "RTP packets in each whole second.",
    .standard = "RFC 3550",
    .due = DUE_SIDE,
    .own_timing = true,
    .read = read,
};
