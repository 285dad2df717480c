#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    const struct event_second *second = read_whole_second(event, direction, 0);
    if (!second)
        return false;
    *value = second->bytes;
    return true;
}

const struct metric metric_bytes = {
    .name = "bytes",
    .kind = METRIC_COUNTER,
    .unit = UNIT_BYTES,
    .directions = METRIC_SEND | METRIC_RECEIVE,
    .category = "network transport",
    .help = "RTP payload bytes in each whole second, without headers and padding.",
    .standard = "RFC 3550 6.4.1",
    .due = DUE_SIDE,
    .own_timing = true,
    .read = read,
};
