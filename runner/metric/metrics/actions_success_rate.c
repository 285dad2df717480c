#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    if (event->kind != EVENT_ACTION || event->action.result == ACTION_SKIPPED)
        return false;
    *value = event->action.result == ACTION_DONE;
    /* What stands behind else does not make good what was missed. */
    return !event->action.otherwise || *value == 0;
}

const struct metric metric_actions_success_rate = {
    .name = "actions.success_rate",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Steps of scenarios that did what they should, of those that were begun or had to be; "
            "those "
            "that were left out count neither way.",
    .standard = "none: a definition of cmtest",
    .due = DUE_STEPS,
    .better = BETTER_HIGHER,
    .reads = EVENT_ACTION,
    .read = read,
};
