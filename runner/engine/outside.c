/* What scenarios ask of the run, beside their calls: signals to each other, addresses of others. */
#include "engine_private.h"

#include <string.h>

/* ROSTER_NONE when there is none: the plan has told it already. */
static uint32_t find_group(const struct plan *plan, const char *name)
{
    for (uint32_t i = 0; i < plan->group_count; i++)
        if (strcmp(plan->groups[i].name, name) == 0)
            return i;
    return ROSTER_NONE;
}

unsigned outside_signal(void *owner, uint32_t id, const char *name, const char *group)
{
    struct engine *engine = owner;
    const struct plan *plan = engine->plan;
    uint32_t partner = plan->endpoints[id].partner;
    unsigned heard = 0;
    if (!group)
        return partner != ROSTER_NONE && endpoint_signal(engine->seats[partner].endpoint, name);
    uint32_t index = find_group(plan, group);
    if (index == ROSTER_NONE)
        return 0;
    /* In their order, so that a run is like the one before. */
    for (uint32_t i = 0; i < plan->groups[index].count; i++) {
        uint32_t other = plan->groups[index].first + i;
        if (other != id && engine->seats[other].endpoint)
            heard += endpoint_signal(engine->seats[other].endpoint, name);
    }
    return heard;
}

char *outside_address(void *owner, uint32_t id, const char *group)
{
    struct engine *engine = owner;
    const struct plan *plan = engine->plan;
    uint32_t index = find_group(plan, group);
    if (index == ROSTER_NONE || !plan->groups[index].count)
        return NULL;
    uint32_t number = plan->endpoints[id].index % plan->groups[index].count;
    struct identity identity = engine_identity(engine, plan->groups[index].first + number);
    return agent_aor(&identity);
}

/* ---- commands -------------------------------------------------------------------------------- */

static void take_results(void *arg)
{
    struct engine *engine = arg;
    const struct commands_result *results;
    size_t count = commands_take(engine->commands, &results);
    for (size_t i = 0; i < count; i++)
        endpoint_ran(engine->seats[results[i].endpoint].endpoint, results[i].ticket, results[i].ok,
                     results[i].seen);
}

/* On the thread of the commands. */
static void ready(void *owner)
{
    struct engine *engine = owner;
    loop_post(engine->loop, take_results, engine);
}

bool outside_open(struct engine *engine)
{
    if (engine->plan->allow_exec)
        engine->commands = commands_new(ready, engine);
    return engine->commands || !engine->plan->allow_exec;
}

const char *outside_run(void *owner, uint32_t id, uint32_t ticket,
                        const struct user_command *command, const char *call_id)
{
    struct engine *engine = owner;
    char name[96];
    if (!engine->commands)
        return "commands are not allowed: cmtest run --allow-exec";
    roster_endpoint_name(&engine->plan->roster, id, name, sizeof name);
    commands_run(engine->commands,
                 &(struct commands_order){
                     .endpoint = id,
                     .ticket = ticket,
                     .command = command->command,
                     .name = name,
                     .group = engine->plan->groups[engine->plan->endpoints[id].group].name,
                     .call_id = call_id,
                     .timeout_ns = command->timeout_ns});
    return NULL;
}

void outside_closed(struct engine *engine, uint32_t id)
{
    if (engine->commands)
        commands_drop(engine->commands, id);
}
