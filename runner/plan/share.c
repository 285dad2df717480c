#include "cmtest/share.h"

#define NOBODY UINT32_MAX

/* How many parts there are that cannot be divided. */
static uint32_t count_parts(const struct plan *plan)
{
    uint32_t parts = 0;
    for (uint32_t id = 0; id < plan->endpoint_count; id++) {
        uint32_t partner = plan->endpoints[id].partner;
        parts += partner == ROSTER_NONE || plan->endpoints[id].caller;
    }
    return parts;
}

static void give(struct share *share, uint32_t id, uint32_t worker)
{
    share->worker_of[id] = worker;
    share->counts[worker]++;
}

/* By turns, and the turn goes on from group to group. */
static void deal(const struct plan *plan, struct share *share)
{
    uint32_t next = 0;
    for (uint32_t id = 0; id < plan->endpoint_count; id++)
        share->worker_of[id] = NOBODY;
    for (uint32_t id = 0; id < plan->endpoint_count; id++) {
        uint32_t partner = plan->endpoints[id].partner;
        if (share->worker_of[id] != NOBODY)
            continue;
        if (partner != ROSTER_NONE && share->worker_of[partner] != NOBODY) {
            give(share, id, share->worker_of[partner]);
            continue;
        }
        give(share, id, next);
        if (partner != ROSTER_NONE)
            give(share, partner, next);
        next = (next + 1) % share->workers;
    }
}

const struct share *share_new(const struct plan *plan, uint32_t workers, struct arena *arena)
{
    struct share *share = arena_alloc(arena, sizeof *share);
    uint32_t parts = count_parts(plan);
    share->workers = workers < parts ? workers : parts;
    if (share->workers > SHARE_WORKERS_MAX)
        share->workers = SHARE_WORKERS_MAX;
    if (!share->workers)
        share->workers = 1;
    share->worker_of = arena_array(arena, plan->endpoint_count, sizeof *share->worker_of);
    share->counts = arena_array(arena, share->workers, sizeof *share->counts);
    deal(plan, share);
    return share;
}
