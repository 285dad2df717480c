#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_MOS_CQ);
    if (!second)
        return false;
    *value = second->r_factor_cq;
    return true;
}

const struct metric metric_r_factor_cq = {
    .name = "r_factor_cq",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_NONE,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "quality scores",
    .help = "Conversational quality R of each second: with delay, needs a measured RTT "
            "(estimated).",
    .standard = "ITU-T G.107",
    .due = DUE_SIDE,
    .highest = 93.2,
    .own_timing = true,
    .read = read,
};
