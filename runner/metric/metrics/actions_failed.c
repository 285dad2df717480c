#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_steps *steps = read_steps(event);
    if (!steps)
        return false;
    *value = (double)steps->failed;
    return true;
}

const struct metric metric_actions_failed = {
    .name = "actions.failed",
    .kind = METRIC_COUNTER,
    .unit = UNIT_NONE,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Steps of its scenario that failed at an endpoint: refused, not as expected, or their "
            "time or "
            "event never came; one sample per endpoint with a scenario.",
    .standard = "none: a definition of cmtest",
    .callmeter = "scenario_actions_failed",
    .due = DUE_STEPS,
    .better = BETTER_LOWER,
    .reads = EVENT_OUTCOME,
    .read = read,
};
