#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->pdd_ns, value);
}

const struct metric metric_post_dial_delay = {
    .name = "post_dial_delay",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "INVITE sent to the first provisional response but 100 (180, 183), else to the 2xx: "
            "the silence that a caller hears.",
    .standard = "RFC 6076 4.3 (successful SRD), ITU-T E.721",
    .due = DUE_CALL,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
