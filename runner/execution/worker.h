/* worker: a process that runs its share of a plan, and tells its parent everything. */
#ifndef CMTEST_EXECUTION_WORKER_H
#define CMTEST_EXECUTION_WORKER_H

#include <stdint.h>
#include "cmtest/plan.h"
#include "cmtest/share.h"

struct worker_config {
    const struct plan *plan; /* as it was when the process began */
    const struct share *share;
    uint32_t number;
    int cpu;                     /* that its media thread keeps to; -1: any */
    uint32_t streams;            /* engine.h */
    int fd;                      /* to its parent */
    _Atomic unsigned char *ears; /* engine.h */
};

/* A new process of ours begins, on its only thread: it ends with its parent, and leaves to it what
 * Ctrl-C means. */
void worker_begin(int parent);
/* In the new process: runs to the end, and ends it. */
_Noreturn void worker_run(const struct worker_config *config);

#endif
