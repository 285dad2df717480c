/*
 * share: which worker runs which endpoint. Pure: the same for the same plan and number of workers.
 *
 * A caller and its partner are with the same worker, for they ask each other what they see. What is
 * left is dealt out group by group, so that each worker gets of every kind of endpoint as many, and
 * of early and late ones.
 */
#ifndef CMTEST_SHARE_H
#define CMTEST_SHARE_H

#include "cmtest/arena.h"
#include "cmtest/plan.h"

#define SHARE_WORKERS_MAX 64

struct share {
    uint32_t workers;
    uint32_t *worker_of; /* by endpoint */
    uint32_t *counts;    /* endpoints, by worker: at least one each */
};

/* Lives in the arena. At most as many workers as there are calls, or endpoints without one. */
const struct share *share_new(const struct plan *plan, uint32_t workers, struct arena *arena);

#endif
