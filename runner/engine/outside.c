/* What scenarios ask of the run, beside their calls: signals to each other, addresses of others. */
#include "engine_private.h"
#include "cmtest/text.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ROSTER_NONE when there is none: the plan has told it already. */
static uint32_t find_group(const struct plan *plan, const char *name)
{
    for (uint32_t i = 0; i < plan->group_count; i++)
        if (strcmp(plan->groups[i].name, name) == 0)
            return i;
    return ROSTER_NONE;
}

/* In their order, so that a run is like the one before. */
static unsigned tell_group(struct engine *engine, uint32_t group, uint32_t sender, const char *name)
{
    const struct plan_group *own = &engine->plan->groups[group];
    unsigned heard = 0;
    for (uint32_t i = 0; i < own->count; i++) {
        uint32_t other = own->first + i;
        if (other != sender && engine->seats[other].endpoint)
            heard += endpoint_signal(engine->seats[other].endpoint, name);
    }
    return heard;
}

/* Endpoints of other workers, which are told by and by, but are there now. */
static unsigned count_ears(const struct engine *engine, uint32_t group)
{
    const struct plan_group *own = &engine->plan->groups[group];
    unsigned heard = 0;
    for (uint32_t id = own->first; id < own->first + own->count; id++)
        if (engine->config.share->worker_of[id] != engine->config.worker)
            heard += atomic_load_explicit(&engine->config.ears[id], memory_order_relaxed);
    return heard;
}

void outside_lend_ear(struct engine *engine, uint32_t id)
{
    if (engine->config.share && engine->seats[id].endpoint)
        atomic_store_explicit(&engine->config.ears[id], endpoint_hears(engine->seats[id].endpoint),
                              memory_order_relaxed);
}

unsigned outside_signal(void *owner, uint32_t id, const char *name, const char *group)
{
    struct engine *engine = owner;
    const struct plan *plan = engine->plan;
    uint32_t partner = plan->endpoints[id].partner;
    struct engine_signal signal;
    if (!group)
        return partner != ROSTER_NONE && endpoint_signal(engine->seats[partner].endpoint, name);
    uint32_t index = find_group(plan, group);
    if (index == ROSTER_NONE)
        return 0;
    unsigned heard = tell_group(engine, index, id, name);
    if (!engine->config.share || strlen(name) >= sizeof signal.name)
        return heard;
    signal.group = index;
    text_copy(signal.name, sizeof signal.name, name);
    engine->config.signal(engine->config.arg, &signal);
    return heard + count_ears(engine, index);
}

static const char *keep_name(struct engine *engine, const char *name)
{
    struct kept_name *kept = engine->names;
    while (kept && strcmp(kept->text, name) != 0)
        kept = kept->next;
    if (kept)
        return kept->text;
    kept = arena_alloc(engine->arena, sizeof *kept);
    text_copy(kept->text, sizeof kept->text, name);
    kept->next = engine->names;
    engine->names = kept;
    return kept->text;
}

struct passing {
    struct engine *engine;
    struct engine_signal signal;
};

static void take_signal(void *arg)
{
    struct passing *passing = arg;
    struct engine *engine = passing->engine;
    tell_group(engine, passing->signal.group, ROSTER_NONE, keep_name(engine, passing->signal.name));
    free(passing);
}

void engine_signal(struct engine *engine, const struct engine_signal *signal)
{
    struct passing *passing = mem_alloc(sizeof *passing);
    *passing = (struct passing){engine, *signal};
    loop_post(engine->loop, take_signal, passing);
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
