#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    if (event->kind != EVENT_OUTCOME)
        return false;
    *value = outcome_severity(event->outcome.outcome) <= 1 ? 1 : 0;
    return true;
}

const struct metric metric_endpoints_success_rate = {
    .name = "endpoints.success_rate",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Share of endpoints that ended SUCCESS or COMPLETED_WITH_WARNINGS.",
    .standard = "none: the outcome of an endpoint",
    .due = DUE_ENDPOINT,
    .highest = 100,
    .better = BETTER_HIGHER,
    .reads = EVENT_OUTCOME,
    .read = read,
};
