#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && read_ms(call->early_media_ns, value);
}

const struct metric metric_time_to_early_media = {
    .name = "time_to_early_media",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "INVITE sent to the first valid RTP packet received before the 2xx, when a provisional "
            "response had agreed on early media; measured by the caller.",
    .standard = "none (ringback or announcement)",
    .due = DUE_CALL,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
