#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_MOS_CQ);
    if (!second)
        return false;
    *value = second->mos_cq;
    return true;
}

const struct metric metric_mos_cq = {
    .name = "mos_cq",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_NONE,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "quality scores",
    .help = "Conversational MOS of each second, from the conversational R (estimated).",
    .standard = "ITU-T G.107 Annex B",
    .due = DUE_SIDE,
    .highest = 4.5,
    .own_timing = true,
    .read = read,
};
