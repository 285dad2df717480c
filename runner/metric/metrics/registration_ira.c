#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    if (event->kind != EVENT_REGISTRATION)
        return false;
    *value = event->registration.ok ? 0 : 1;
    return true;
}

const struct metric metric_registration_ira = {
    .name = "registration.ira",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Ineffective registration attempts: the share that ended with a 4xx, 5xx or 6xx or "
            "without an answer. A challenge (401, 407) is no failure when the next REGISTER is "
            "accepted, and one when the answer to it is refused.",
    .standard = "RFC 6076 4.2 (IRA)",
    .due = DUE_ENDPOINT,
    .highest = 100,
    .better = BETTER_LOWER,
    .reads = EVENT_REGISTRATION,
    .read = read,
};
