/* What the scenario asks of the run, beside the call: signals and commands. */
#include "steps_private.h"

#include <stdio.h>

const char *steps_signal(void *who, uint32_t ticket, const char *name, const char *group)
{
    struct endpoint *endpoint = who;
    const struct endpoint_handler *handler = endpoint->handler;
    char seen[48];
    unsigned heard =
        handler->signal ? handler->signal(endpoint->owner, endpoint->config.id, name, group) : 0;
    if (!heard)
        return "nobody is there to hear it";
    snprintf(seen, sizeof seen, "heard by %u endpoint%s", heard, heard == 1 ? "" : "s");
    steps_done_seen(endpoint, &ticket, true, 0, NULL, seen);
    return NULL;
}

bool endpoint_hears(const struct endpoint *endpoint)
{
    const struct script *script = endpoint->config.script;
    return !endpoint->closing && endpoint->phase != PHASE_CLOSED && script && script->count &&
           !(endpoint->steps && endpoint->steps->frozen);
}

bool endpoint_signal(struct endpoint *endpoint, const char *name)
{
    if (endpoint->closing || endpoint->phase == PHASE_CLOSED)
        return false;
    /* Whoever is to start later has a scenario too. */
    steps_start(endpoint);
    if (!endpoint->steps || endpoint->steps->frozen)
        return false;
    steps_happened(endpoint, &(struct occurrence){.kind = OCCURRED_SIGNAL, .signal = name});
    return true;
}

const char *steps_run(void *who, uint32_t ticket, const struct user_command *command)
{
    struct endpoint *endpoint = who;
    const struct endpoint_handler *handler = endpoint->handler;
    if (!handler->run)
        return "commands are not run here";
    return handler->run(endpoint->owner, endpoint->config.id, ticket, command,
                        endpoint->call.call_id);
}

void endpoint_ran(struct endpoint *endpoint, uint32_t ticket, bool ok, const char *seen)
{
    if (endpoint->steps && !endpoint->steps->frozen)
        steps_done_seen(endpoint, &ticket, ok, 0, NULL, seen);
}
