#include "json_endpoint.h"

static json_t *failure(const struct result *result, const struct result_step_failure *from)
{
    char name[96];
    const struct event_action *action = &from->action;
    roster_endpoint_name(result->roster, from->endpoint, name, sizeof(name));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "endpoint", json_text(name), "otherwise",
                     json_boolean(action->otherwise), "status",
                     action->status ? json_count(action->status) : json_null(), "expected",
                     json_text(action->expected[0] ? action->expected : NULL), "observed",
                     json_text(action->observed[0] ? action->observed : NULL), "detail",
                     json_text(action->detail[0] ? action->detail : NULL));
}

static json_t *one(const struct result *result, uint32_t group, uint32_t index)
{
    const struct roster_step *from = &result->roster->groups[group].steps[index];
    const struct result_step *step = result_step(result, group, index);
    json_t *failures = json_array();
    for (uint32_t i = 0; i < step->failure_count; i++)
        json_array_append_new(failures, failure(result, &step->failures[i]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "step",
                     json_count(index), "name", json_text(from->name), "action",
                     json_text(from->action), "trigger", json_text(from->trigger), "expected",
                     json_text(from->expected && from->expected[0] ? from->expected : NULL), "line",
                     from->line ? json_count((uint64_t)from->line) : json_null(), "done",
                     json_count(step->done), "failed", json_count(step->failed), "skipped",
                     json_count(step->skipped), "endpoints_failed", json_count(step->endpoints),
                     "failures", failures);
}

json_t *json_steps(const struct result *result, uint32_t group)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < result->roster->groups[group].step_count; i++)
        json_array_append_new(list, one(result, group, i));
    return list;
}
