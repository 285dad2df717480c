#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_steps *steps = read_steps(event);
    if (!steps)
        return false;
    *value = (double)steps->begun;
    return true;
}

const struct metric metric_actions_executed = {
    .name = "actions.executed",
    .kind = METRIC_COUNTER,
    .unit = UNIT_NONE,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Steps of its scenario that an endpoint began, whatever came of them; one sample per "
            "endpoint with a scenario.",
    .standard = "none: a definition of cmtest",
    .callmeter = "scenario_actions_executed",
    .due = DUE_STEPS,
    .reads = EVENT_OUTCOME,
    .read = read,
};
