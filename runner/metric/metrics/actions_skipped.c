#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_steps *steps = read_steps(event);
    if (!steps)
        return false;
    *value = (double)steps->skipped;
    return true;
}

const struct metric metric_actions_skipped = {
    .name = "actions.skipped",
    .kind = METRIC_COUNTER,
    .unit = UNIT_NONE,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Steps of its scenario that an endpoint left out, because what they wait for did not "
            "happen "
            "and did not have to; one sample per endpoint with a scenario.",
    .standard = "none: a definition of cmtest",
    .due = DUE_STEPS,
    .better = BETTER_LOWER,
    .reads = EVENT_OUTCOME,
    .read = read,
};
