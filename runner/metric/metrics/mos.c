#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_MOS);
    if (!second)
        return false;
    *value = second->mos;
    return true;
}

const struct metric metric_mos = {
    .name = "mos",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_NONE,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "quality scores",
    .help = "Listening MOS of each second, 1.0 to 4.5, from R (estimated, simplified E-model).",
    .standard = "ITU-T G.107 Annex B",
    .due = DUE_SIDE,
    .highest = 4.5,
    .read = read,
};
