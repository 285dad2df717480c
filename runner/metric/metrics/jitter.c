#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_second(event, direction, SECOND_JITTER);
    if (!second)
        return false;
    *value = second->jitter_ms;
    return true;
}

const struct metric metric_jitter = {
    .name = "jitter",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "quality scores",
    .help = "Interarrival jitter at the end of each second.",
    .standard = "RFC 3550 6.4.1, A.8",
    .due = DUE_SIDE,
    .own_timing = true,
    .read = read,
};
