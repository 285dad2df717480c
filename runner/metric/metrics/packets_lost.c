#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_LOSS);
    if (!second)
        return false;
    *value = second->lost;
    return true;
}

const struct metric metric_packets_lost = {
    .name = "packets_lost",
    .kind = METRIC_COUNTER,
    .unit = UNIT_PACKETS,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "network transport",
    .help = "RTP packets lost in each second; negative when duplicates came.",
    .standard = "RFC 3550 A.3",
    .due = DUE_SIDE,
    .read = read,
};
