#include "build.h"
#include "cmtest/random.h"

#include <stdio.h>
#include <stdlib.h>

#define GRACE_NS (INT64_C(5) * 1000 * 1000 * 1000)

/* Accounts are handed out per registrar in the order of the groups. */
static void assign_accounts(struct build *build)
{
    struct plan *plan = build->plan;
    for (uint32_t r = 0; r < plan->registrar_count; r++) {
        const struct plan_registrar *registrar = &plan->registrars[r];
        size_t next = 0;
        for (size_t g = 0; g < plan->group_count; g++) {
            const struct plan_group *group = &plan->groups[g];
            for (uint32_t i = 0; group->registrar == r && i < group->count; i++)
                if (next < registrar->account_count)
                    plan->endpoints[group->first + i].account = &registrar->accounts[next++];
        }
    }
}

static void too_small(struct build *build, const struct plan_group *group, uint32_t index,
                      uint32_t left, uint64_t calls)
{
    const struct plan_group *target = &build->plan->groups[group->target];
    char hint[160];
    snprintf(hint, sizeof hint, "set groups.%s.endpoints to %llu", target->name,
             (unsigned long long)calls);
    diag_add(build->diag, DIAG_ERROR, "callee-group-too-small",
             spec_place(build->spec, "groups[%u].call", index), hint,
             "group %s makes %u calls to %s, where %u of %u endpoints are free", group->name,
             group->callers, target->name, left, target->count);
    diag_related(build->diag, spec_place(build->spec, "groups[%u]", group->target),
                 "%s is defined here", target->name);
}

static void uncalled(struct build *build, uint32_t index, uint32_t left)
{
    const struct plan_group *group = &build->plan->groups[index];
    diag_add(build->diag, DIAG_WARNING, "uncalled-endpoints",
             spec_place(build->spec, "groups[%u].endpoints", index), "they register and wait",
             "nobody calls %u of the %u endpoints of group %s", left, group->count, group->name);
}

/* Caller k calls the next callee that nobody calls yet. */
static void pair(struct plan *plan, const struct plan_group *group, uint64_t from)
{
    const struct plan_group *target = &plan->groups[group->target];
    uint32_t first = target->first + target->callers;
    for (uint32_t i = 0; i < group->callers; i++) {
        uint32_t caller = group->first + i, callee = first + (uint32_t)from + i;
        plan->endpoints[caller].partner = callee;
        plan->endpoints[callee].partner = caller;
    }
}

static void assign_partners(struct build *build)
{
    struct plan *plan = build->plan;
    uint64_t *taken = mem_array(plan->group_count + 1, sizeof *taken);
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        if (group->call != CALL_GROUP)
            continue;
        const struct plan_group *target = &plan->groups[group->target];
        uint32_t free_callees = target->count - target->callers;
        uint64_t from = taken[group->target];
        taken[group->target] += group->callers;
        if (!target->count) /* missing or wrong, which was said */
            continue;
        if (taken[group->target] > free_callees) {
            uint32_t left = from < free_callees ? free_callees - (uint32_t)from : 0;
            too_small(build, group, g, left, taken[group->target]);
            continue;
        }
        pair(plan, group, from);
    }
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        uint32_t callees = group->count - group->callers;
        bool calls_itself = group->call == CALL_GROUP && group->target == g;
        if (group->called && !calls_itself && taken[g] > 0 && taken[g] < callees)
            uncalled(build, g, callees - (uint32_t)taken[g]);
    }
    free(taken);
}

static void assign_calls(struct build *build)
{
    struct plan *plan = build->plan;
    struct random random;
    random_init(&random, plan->seed);
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        for (uint32_t i = 0; i < group->callers; i++) {
            struct plan_endpoint *endpoint = &plan->endpoints[group->first + i];
            endpoint->caller = true;
            if (group->uri_count)
                endpoint->uri = group->uris[i % group->uri_count];
            endpoint->duration_ns = build_length(build, &build->spec->groups[g], &random);
            if (endpoint->duration_ns > plan->duration_ns)
                plan->duration_ns = endpoint->duration_ns;
        }
    }
}

/* Of the order-th endpoint in the order of their roles. With a rate all register in the buildup, so
 * that the rate is one of calls and of nothing else; without a buildup, as they call. */
static void set_times(const struct build *build, struct plan_endpoint *endpoint, int64_t order,
                      int64_t callees)
{
    int64_t total = (int64_t)build->plan->endpoint_count, buildup = build->spec->buildup_ns;
    uint32_t rate = build->spec->load.rate;
    endpoint->start_ns = endpoint->dial_ns = order * buildup / total;
    if (!rate || !endpoint->caller)
        return;
    /* Per 1000 s; 100,000 calls of 1e12 ns each fit. */
    endpoint->dial_ns = buildup + (order - callees) * (INT64_C(1000000000000) / rate);
    if (!buildup)
        endpoint->start_ns = endpoint->dial_ns;
}

static void assign_starts(struct build *build)
{
    struct plan *plan = build->plan;
    int64_t order = 0, callees = 0;
    for (size_t i = 0; i < plan->endpoint_count; i++)
        callees += !plan->endpoints[i].caller;
    for (int callers = 0; callers <= 1; callers++) {
        for (size_t i = 0; i < plan->endpoint_count; i++) {
            struct plan_endpoint *endpoint = &plan->endpoints[i];
            if (endpoint->caller != (bool)callers)
                continue;
            set_times(build, endpoint, order++, callees);
            if (endpoint->dial_ns > plan->buildup_ns)
                plan->buildup_ns = endpoint->dial_ns;
        }
    }
}

/* Registering takes two transactions with the challenge, and so does the INVITE within the same
 * bound; the hang-up and the de-registration run into the last one. */
static int64_t deadline(const struct plan *plan)
{
    int64_t ring = 0;
    for (size_t g = 0; g < plan->group_count; g++)
        if (plan->groups[g].callers < plan->groups[g].count &&
            plan_ring_ns(&plan->groups[g]) > ring)
            ring = plan_ring_ns(&plan->groups[g]);
    return plan->buildup_ns + 2 * PLAN_TRANSACTION_NS + ring + plan->duration_ns +
           PLAN_TRANSACTION_NS + GRACE_NS;
}

void build_endpoints(struct build *build)
{
    struct plan *plan = build->plan;
    if (!plan->endpoint_count)
        return;
    plan->endpoints = arena_array(build->arena, plan->endpoint_count, sizeof *plan->endpoints);
    for (uint32_t g = 0; g < plan->group_count; g++) {
        for (uint32_t i = 0; i < plan->groups[g].count; i++) {
            struct plan_endpoint *endpoint = &plan->endpoints[plan->groups[g].first + i];
            endpoint->group = g;
            endpoint->index = i;
            endpoint->partner = ROSTER_NONE;
        }
    }
    assign_accounts(build);
    assign_partners(build);
    build_length_check(build);
    plan->duration_ns = 0;
    assign_calls(build);
    if (!plan->duration_ns) /* nobody calls: so long outside callers may */
        plan->duration_ns = build->spec->duration_ns;
    assign_starts(build);
    plan->deadline_ns = deadline(plan);
}
