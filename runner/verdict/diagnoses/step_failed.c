#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_ACTION;
}

/* The first step that failed: what comes behind it may follow from it. */
static const struct event_action *first_failed(const struct result_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        if (endpoint->timeline[i].kind == EVENT_ACTION &&
            endpoint->timeline[i].action->result == ACTION_FAILED)
            return endpoint->timeline[i].action;
    return NULL;
}

static void write(struct paragraph *paragraph)
{
    const struct event_action *action = first_failed(cluster_endpoint(paragraph->cluster));
    char detail[sizeof action->detail];
    if (!action) {
        say_cause(paragraph, "A step of the scenario did not do what it should.");
        say_next(paragraph, "look for event action in its timeline in result.json.");
        return;
    }
    copy_clean(detail, sizeof detail, action->detail);
    say_cause(paragraph, "The step %u of the scenario (%s%s%s, %s) failed: %s.", action->step + 1,
              action->name, action->name[0] ? ": " : "", action->action, action->trigger, detail);
    if (action->status >= 300)
        say_next(paragraph,
                 "look at the answer with %u in the evidence; if it is right, say so in the step: "
                 "expect: { status: %u }.",
                 action->status, action->status);
    else
        say_next(paragraph, "look at what was on the wire at that time in the evidence, and for "
                            "event action in its timeline in result.json.");
}

const struct diagnosis diagnosis_step_failed = {
    .name = "step_failed",
    .title = "a step of the scenario failed",
    .help = "an action was refused, came too late, or an expectation was not met",
    .matches = matches,
    .write = write,
};
