#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    if (event->kind != EVENT_REGISTRATION || !event->registration.ok)
        return false;
    return read_ms(event->registration.time_ns, value);
}

const struct metric metric_registration_time = {
    .name = "registration.time",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "First REGISTER sent to its final 2xx, challenges included; accepted registrations "
            "only.",
    .standard = "RFC 6076 4.1 (RRD)",
    .due = DUE_ENDPOINT,
    .own_signalling = true,
    .better = BETTER_LOWER,
    .reads = EVENT_REGISTRATION,
    .read = read,
};
