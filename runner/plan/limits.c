/* What a plan must fit into: ports, the pace of a server, the budget. */
#include "build.h"

#include <stdio.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

/* Endpoints of all groups that share these ports. */
static uint32_t port_users(const struct plan *plan, const struct plan_group *group)
{
    uint32_t users = 0;
    const char *address = group->source_address ? group->source_address : "";
    for (size_t i = 0; i < plan->group_count; i++) {
        const struct plan_group *other = &plan->groups[i];
        if (other->port_first == group->port_first && other->port_last == group->port_last &&
            strcmp(other->source_address ? other->source_address : "", address) == 0)
            users += other->count;
    }
    return users;
}

static void check_ports(struct build *build, unsigned index)
{
    const struct plan_group *group = &build->plan->groups[index];
    char hint[96];
    if (!group->port_last || spec_faulty(build->spec, "groups[%u].rtp_ports", index))
        return;
    uint32_t pairs = group->port_last > group->port_first
                         ? (uint32_t)(group->port_last - group->port_first + 1) / 2
                         : 0;
    uint32_t users = port_users(build->plan, group);
    if (users <= pairs)
        return;
    snprintf(hint, sizeof hint, "%u endpoints need %u ports, from an even one on", users,
             2 * users);
    diag_add(build->diag, DIAG_ERROR, "rtp-range-too-small",
             spec_place(build->spec, "groups[%u].rtp_ports", index), hint,
             "this range has ports for %u call%s, and %u may be up at once", pairs,
             pairs == 1 ? "" : "s", users);
}

static void check_pace(struct build *build, unsigned index)
{
    const struct plan *plan = build->plan;
    uint32_t limit = build->spec->registrars[index].registrations_per_second, count = 0;
    int64_t first = 0, last = 0;
    char hint[96];
    if (!limit)
        return;
    for (size_t i = 0; i < plan->endpoint_count; i++) {
        const struct plan_endpoint *endpoint = &plan->endpoints[i];
        if (plan->groups[endpoint->group].registrar != index)
            continue;
        first = !count || endpoint->start_ns < first ? endpoint->start_ns : first;
        last = endpoint->start_ns > last ? endpoint->start_ns : last;
        count++;
    }
    int64_t need = count > 1 ? (int64_t)(count - 1) * SECOND_NS / limit : 0;
    if (last - first >= need)
        return;
    snprintf(hint, sizeof hint, "a buildup of at least %lld s",
             (long long)((int64_t)plan->endpoint_count / limit + 1));
    diag_add(build->diag, DIAG_ERROR, "buildup-too-fast",
             spec_given(build->spec, "buildup") ? spec_place(build->spec, "buildup")
                                                : spec_place(build->spec, "duration"),
             hint, "%u endpoints register at %s within %.3g s, which takes %u per second", count,
             plan->registrars[index].name, (double)(last - first) / 1e9, limit);
    diag_related(build->diag,
                 spec_place(build->spec, "registrars[%u].registrations_per_second", index),
                 "the limit is stated here");
}

static int64_t longest(const struct plan *plan)
{
    int64_t end = 0;
    for (size_t i = 0; i < plan->endpoint_count; i++) {
        const struct plan_endpoint *endpoint = &plan->endpoints[i];
        int64_t ring = 0;
        if (endpoint->partner != ROSTER_NONE) {
            const struct plan_group *group =
                &plan->groups[plan->endpoints[endpoint->partner].group];
            ring = plan_ring_ns(group);
        }
        int64_t at = endpoint->dial_ns + ring + endpoint->duration_ns;
        end = at > end ? at : end;
    }
    return end;
}

static void check_budget(struct build *build)
{
    const struct spec_budget *budget = &build->spec->budget;
    const struct plan *plan = build->plan;
    uint64_t calls = 0;
    for (size_t i = 0; i < plan->group_count; i++)
        calls += plan->groups[i].callers;
    calls *= build->spec->load.repeat.count ? build->spec->load.repeat.count : 1;
    int64_t wall = longest(plan);
    if (budget->calls && calls > budget->calls)
        diag_add(build->diag, DIAG_ERROR, "budget-exceeded",
                 spec_place(build->spec, "budget.calls"), "raise it, or plan fewer",
                 "%llu calls are planned, and the budget is %u", (unsigned long long)calls,
                 budget->calls);
    if (budget->wall_ns && wall > budget->wall_ns)
        diag_add(build->diag, DIAG_ERROR, "budget-exceeded", spec_place(build->spec, "budget.wall"),
                 "raise it, or make buildup or duration shorter",
                 "the test takes %.4g s as planned, and the budget is %.4g s", (double)wall / 1e9,
                 (double)budget->wall_ns / 1e9);
}

void build_limits(struct build *build)
{
    if (spec_faulty(build->spec, "groups") || !build->plan->endpoint_count)
        return;
    for (unsigned i = 0; i < build->spec->groups_count; i++)
        check_ports(build, i);
    if (!spec_faulty(build->spec, "buildup"))
        for (unsigned i = 0; i < build->spec->registrars_count; i++)
            check_pace(build, i);
    if (!spec_faulty(build->spec, "duration"))
        check_budget(build);
}
