#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_LOSS);
    if (!second)
        return false;
    *value = second->packet_loss;
    return true;
}

const struct metric metric_packet_loss = {
    .name = "packet_loss",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_PERCENT,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "quality scores",
    .help = "Share of the RTP packets of each second that never arrived.",
    .standard = "RFC 3550 A.3",
    .due = DUE_SIDE,
    .highest = 100,
    .read = read,
};
