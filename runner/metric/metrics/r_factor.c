#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_MOS);
    if (!second)
        return false;
    *value = second->r_factor;
    return true;
}

const struct metric metric_r_factor = {
    .name = "r_factor",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_NONE,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "quality scores",
    .help = "Listening quality R of each second from codec and loss (estimated, simplified "
            "E-model).",
    .standard = "ITU-T G.107",
    .due = DUE_SIDE,
    .highest = 93.2,
    .read = read,
};
