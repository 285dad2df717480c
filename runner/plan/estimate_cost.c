#include "costs.h"
#include "estimate_load.h"

#define SECOND 1e9

static double registration_ns(const struct plan *plan, const struct plan_group *group)
{
    return COST_REGISTRATION_NS +
           (plan->registrars[group->registrar].embedded ? COST_REGISTRAR_NS : 0);
}

/* One of our endpoints in a call, ns of processor. */
static double side_ns(const struct plan *plan, uint32_t endpoint, const struct estimate_group *own,
                      double seconds)
{
    const struct plan_group *group = &plan->groups[plan->endpoints[endpoint].group];
    bool secured = group->security.sdes || group->security.dtls;
    double each = COST_PACKET_NS + (secured ? COST_SRTP_NS : 0) + load_decoding_ns(group, own);
    double proxy = plan->registrars[group->registrar].embedded ? COST_PROXY_NS : 0;
    return COST_CALL_SIDE_NS + proxy + seconds * (own->packets * each + COST_STREAM_SECOND_NS);
}

static double factor_of(const struct machine *machine)
{
    return machine->pair_ns > 0 ? (double)machine->pair_ns / COST_PAIR_NS : 1;
}

void load_costs(const struct plan *plan, const struct machine *machine, struct estimate *estimate)
{
    double total = COST_START_NS + (double)estimate->end_ns / SECOND * COST_WALL_SECOND_NS;
    for (uint32_t i = 0; i < plan->endpoint_count; i++) {
        const struct plan_endpoint *endpoint = &plan->endpoints[i];
        const struct estimate_group *own = &estimate->groups[endpoint->group];
        total += registration_ns(plan, &plan->groups[endpoint->group]);
        if (!endpoint->caller)
            continue;
        struct load_call call = load_call(plan, i);
        double seconds = (double)(call.end_ns - call.answer_ns) / SECOND;
        total += side_ns(plan, i, own, seconds);
        if (endpoint->partner != ROSTER_NONE)
            total += side_ns(plan, endpoint->partner, own, seconds);
    }
    struct estimate_costs *costs = &estimate->costs;
    costs->cpu_s = total * factor_of(machine) / SECOND;
    costs->scaled = machine->pair_ns > 0;
    costs->within = costs->scaled ? COST_SCALED_WITHIN : COST_UNSCALED_WITHIN;
    costs->memory = estimate->resources[RESOURCE_MEMORY].need;
    costs->kernel_memory = (double)estimate->peak_endpoints * 2 * COST_SOCKET_BYTES;
    double media = estimate->end_ns > 0 ? (double)estimate->end_ns / SECOND : 1;
    costs->cores = costs->cpu_s / media;
}
