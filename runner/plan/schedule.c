#include "build.h"

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
             group->count, target->name, left, target->count);
}

static void uncalled(struct build *build, uint32_t index, uint32_t left)
{
    const struct plan_group *group = &build->plan->groups[index];
    diag_add(build->diag, DIAG_WARNING, "uncalled-endpoints",
             spec_place(build->spec, "groups[%u].endpoints", index), "they register and wait",
             "nobody calls %u of the %u endpoints of group %s", left, group->count, group->name);
}

/* Caller k calls the next callee that nobody calls yet. */
static void assign_partners(struct build *build)
{
    struct plan *plan = build->plan;
    uint64_t *taken = mem_array(plan->group_count + 1, sizeof *taken);
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        if (group->call != CALL_GROUP)
            continue;
        const struct plan_group *target = &plan->groups[group->target];
        uint64_t from = taken[group->target];
        taken[group->target] += group->count;
        if (!target->count) /* missing or wrong, which was said */
            continue;
        if (taken[group->target] > target->count) {
            uint32_t left = from < target->count ? target->count - (uint32_t)from : 0;
            too_small(build, group, g, left, taken[group->target]);
            continue;
        }
        for (uint32_t i = 0; i < group->count; i++) {
            uint32_t caller = group->first + i, callee = target->first + (uint32_t)from + i;
            plan->endpoints[caller].partner = callee;
            plan->endpoints[callee].partner = caller;
        }
    }
    for (uint32_t g = 0; g < plan->group_count; g++)
        if (plan->groups[g].called && taken[g] > 0 && taken[g] < plan->groups[g].count)
            uncalled(build, g, plan->groups[g].count - (uint32_t)taken[g]);
    free(taken);
}

static void assign_starts(struct plan *plan)
{
    int64_t order = 0, total = (int64_t)plan->endpoint_count;
    for (int callers = 0; callers <= 1; callers++) {
        for (size_t g = 0; g < plan->group_count; g++) {
            const struct plan_group *group = &plan->groups[g];
            if ((group->call != CALL_NONE) != callers)
                continue;
            for (uint32_t i = 0; i < group->count; i++)
                plan->endpoints[group->first + i].start_ns = order++ * plan->buildup_ns / total;
        }
    }
}

/* Registering takes two transactions with the challenge, and so does the INVITE within the same
 * bound; the hang-up and the de-registration run into the last one. */
static int64_t deadline(const struct plan *plan)
{
    int64_t ring = 0;
    for (size_t g = 0; g < plan->group_count; g++)
        if (plan->groups[g].call == CALL_NONE && plan->groups[g].ring_ns > ring)
            ring = plan->groups[g].ring_ns;
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
    assign_starts(plan);
    plan->deadline_ns = deadline(plan);
}
