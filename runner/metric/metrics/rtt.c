#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_RTT);
    if (!second)
        return false;
    *value = second->rtt_ms;
    return true;
}

const struct metric metric_rtt = {
    .name = "rtt",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "quality scores",
    .help = "Round trip of RTCP, from the LSR and DLSR of the latest report.",
    .standard = "RFC 3550 6.4.1",
    .due = DUE_SIDE,
    .own_timing = true,
    .read = read,
};
