/* Where the servers are, and the agents that reach them: one per local address and registrar, or
 * one per endpoint where each has a connection of its own. */
#include "engine_private.h"
#include "cmtest/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* An agent speaks IPv4 or IPv6: of the servers that were found, those of the first one that there
 * is a way to. */
static bool choose_family(struct located *located, char *local, size_t size)
{
    size_t count = 0, first = 0;
    while (first < located->count && !agent_route(&located->servers[first], local, size))
        first++;
    bool ipv6 = first < located->count && strchr(located->servers[first].host, ':');
    for (size_t i = first; i < located->count; i++)
        if ((strchr(located->servers[i].host, ':') != NULL) == ipv6)
            located->servers[count++] = located->servers[i];
    located->count = count;
    return count > 0;
}

static bool find_server(struct engine *engine, size_t index, char *why, size_t why_size)
{
    const struct plan_registrar *registrar = &engine->plan->registrars[index];
    struct located *located = &engine->located[index];
    struct locate_query query = {.host = registrar->host,
                                 .port = registrar->port,
                                 .transport = registrar->transport,
                                 .seed = engine->plan->seed};
    char port[24] = "";
    locate(&query, located);
    const char *reason = located->why;
    if (located->count &&
        choose_family(located, engine->routes[index], sizeof engine->routes[index]))
        return true;
    if (!located->why[0])
        reason = strerror(errno);
    if (registrar->port)
        snprintf(port, sizeof port, " (port %u)", registrar->port);
    snprintf(why, why_size, "registrar %s: %s%s cannot be used: %s; check %s in the spec",
             registrar->name, registrar->host, port, reason,
             registrar->route ? "its proxy" : "its server and domain");
    return false;
}

static bool load_profile(struct engine *engine, size_t index, char *why, size_t why_size)
{
    const struct plan_registrar *registrar = &engine->plan->registrars[index];
    const struct located *located = &engine->located[index];
    struct tls_fault fault;
    bool secure = false;
    for (size_t i = 0; i < located->count; i++)
        secure = secure || located->servers[i].transport->secure;
    if (!secure || !registrar->tls)
        return true;
    engine->profiles[index] = tls_profile_new(registrar->tls, &fault);
    if (!engine->profiles[index])
        snprintf(why, why_size, "registrar %s: %s: %s", registrar->name, fault.file, fault.detail);
    return engine->profiles[index] != NULL;
}

bool agents_prepare(struct engine *engine, char *why, size_t why_size)
{
    const struct plan *plan = engine->plan;
    struct arena *arena = engine->arena;
    engine->routes = arena_array(arena, plan->registrar_count, sizeof *engine->routes);
    engine->located = arena_array(arena, plan->registrar_count, sizeof *engine->located);
    engine->profiles = arena_array(arena, plan->registrar_count, sizeof *engine->profiles);
    engine->addresses = arena_array(arena, plan->group_count, sizeof *engine->addresses);
    engine->agents = arena_array(arena, plan->group_count, sizeof *engine->agents);
    for (size_t i = 0; i < plan->registrar_count; i++)
        if (!find_server(engine, i, why, why_size) || !load_profile(engine, i, why, why_size)) {
            agents_forget(engine);
            return false;
        }
    for (size_t i = 0; i < plan->group_count; i++) {
        const struct plan_group *group = &plan->groups[i];
        text_copy(engine->addresses[i], sizeof engine->addresses[i],
                  group->source_address ? group->source_address : engine->routes[group->registrar]);
    }
    return true;
}

void agents_forget(struct engine *engine)
{
    for (size_t i = 0; i < engine->plan->registrar_count; i++)
        tls_profile_free(engine->profiles[i]);
}

static struct agent *make(struct engine *engine, uint32_t group)
{
    uint32_t index = engine->plan->groups[group].registrar;
    const struct plan_registrar *registrar = &engine->plan->registrars[index];
    struct agent_config config = {.address = engine->addresses[group],
                                  .tls = engine->profiles[index],
                                  .udp_limit = registrar->udp_limit,
                                  .crlf_ns = registrar->crlf_ns};
    struct agent *agent = agent_new(engine->loop, &config);
    if (!agent)
        engine->unbound = engine->addresses[group];
    return agent;
}

static bool is_for_each(const struct engine *engine, uint32_t group)
{
    uint32_t index = engine->plan->groups[group].registrar;
    return engine->plan->registrars[index].per_endpoint &&
           engine->located[index].servers[0].transport->stream;
}

static bool is_needed(const struct engine *engine, uint32_t group)
{
    for (uint32_t i = 0; i < engine->own_count; i++)
        if (engine->plan->endpoints[engine->own[i]].group == group)
            return true;
    return false;
}

bool agents_make(struct engine *engine)
{
    const struct plan *plan = engine->plan;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        if (is_for_each(engine, i) || !is_needed(engine, i))
            continue;
        for (uint32_t j = 0; j < i && !engine->agents[i]; j++)
            if (plan->groups[i].registrar == plan->groups[j].registrar &&
                strcmp(engine->addresses[i], engine->addresses[j]) == 0)
                engine->agents[i] = engine->agents[j];
        if (!engine->agents[i] && !(engine->agents[i] = make(engine, i)))
            return false;
    }
    for (uint32_t i = 0; i < engine->own_count; i++) {
        struct seat *seat = &engine->seats[engine->own[i]];
        uint32_t group = plan->endpoints[engine->own[i]].group;
        seat->agent = engine->agents[group];
        if (!seat->agent && !(seat->agent = make(engine, group)))
            return false;
    }
    return true;
}

void agents_free(struct engine *engine)
{
    void (*let_go)(struct agent * agent) = engine->config.ends_process ? agent_leave : agent_free;
    const struct plan *plan = engine->plan;
    for (uint32_t i = 0; i < engine->own_count; i++) {
        struct seat *seat = &engine->seats[engine->own[i]];
        if (!engine->agents[plan->endpoints[engine->own[i]].group])
            let_go(seat->agent);
        seat->agent = NULL;
    }
    for (size_t i = plan->group_count; i-- > 0;) {
        bool shared = false;
        for (size_t j = 0; j < i; j++)
            shared |= engine->agents[i] == engine->agents[j];
        if (!shared)
            let_go(engine->agents[i]);
        engine->agents[i] = NULL;
    }
}
