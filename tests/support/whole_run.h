/* whole_run: runs of a plan on this machine, in real time, which tell of what was late. */
#ifndef CMTEST_WHOLE_RUN_H
#define CMTEST_WHOLE_RUN_H

#include "support/real_time.h"

#include "cmtest/execution.h"

static inline struct result *run_here(struct plan *plan, const struct execution_watch *watch)
{
    struct result *result = execution_backend_find("local")->run(plan, watch);
    if (!result)
        return NULL;
    machine_was_late |= result->limit_count > 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        note_lag(result->health[i].lag_max_ns);
    return result;
}

#endif
