#include "tally.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

static size_t count_steps(const struct roster *roster, uint32_t groups)
{
    size_t count = 0;
    for (uint32_t i = 0; i < groups; i++)
        count += roster->groups[i].step_count;
    return count;
}

void tally_new(struct result *result)
{
    size_t count = count_steps(result->roster, result->roster->group_count);
    result->steps = mem_array(count, sizeof *result->steps);
}

void tally_free(struct result *result)
{
    size_t count = count_steps(result->roster, result->roster->group_count);
    for (size_t i = 0; i < count; i++) {
        free(result->steps[i].failed_at);
        free(result->steps[i].failures);
    }
    free(result->steps);
}

const struct result_step *result_step(const struct result *result, uint32_t group, uint32_t step)
{
    return &result->steps[count_steps(result->roster, group) + step];
}

/* The first endpoints by number, not by time: which of them fails first is chance. */
static void keep_failure(struct result_step *step, const struct event *event)
{
    uint32_t at = step->failure_count;
    while (at > 0 && step->failures[at - 1].endpoint > event->endpoint)
        at--;
    if (at == RESULT_STEP_FAILURES)
        return;
    if (step->failure_count < RESULT_STEP_FAILURES)
        step->failures = mem_grow(step->failures, ++step->failure_count, sizeof *step->failures);
    memmove(&step->failures[at + 1], &step->failures[at],
            (step->failure_count - at - 1) * sizeof *step->failures);
    step->failures[at] = (struct result_step_failure){event->endpoint, event->action};
}

static void fail(struct result_step *step, const struct roster_group *group,
                 const struct event *event)
{
    uint32_t index = event->endpoint - group->first;
    uint64_t bit = UINT64_C(1) << index % 64;
    step->failed++;
    if (!step->failed_at)
        step->failed_at = mem_array(group->count / 64 + 1, sizeof *step->failed_at);
    if (step->failed_at[index / 64] & bit)
        return;
    step->failed_at[index / 64] |= bit;
    step->endpoints++;
    keep_failure(step, event);
}

void tally_take(struct result *result, const struct event *event)
{
    const struct event_action *action = &event->action;
    uint32_t number = result->roster->endpoints[event->endpoint].group;
    const struct roster_group *group = &result->roster->groups[number];
    if (action->step >= group->step_count)
        return;
    struct result_step *step = &result->steps[count_steps(result->roster, number) + action->step];
    if (action->result == ACTION_FAILED)
        fail(step, group, event);
    else if (action->result == ACTION_DONE)
        step->done += !action->otherwise;
    else
        step->skipped += !action->otherwise;
}
