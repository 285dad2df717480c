#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    if (event->kind != EVENT_REGISTRATION)
        return false;
    *value = event->registration.ok ? 1 : 0;
    return true;
}

const struct metric metric_registration_success_rate = {
    .name = "registration.success_rate",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Share of registrations that the registrar accepted.",
    .standard = "RFC 6076 4.2 (complement of IRA)",
    .due = DUE_ENDPOINT,
    .highest = 100,
    .better = BETTER_HIGHER,
    .reads = EVENT_REGISTRATION,
    .read = read,
};
