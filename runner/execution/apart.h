/* apart: the embedded registrars of a run in a process of their own, as a server on another machine
 * is: then there is no thread in the parent when it starts its workers. */
#ifndef CMTEST_EXECUTION_APART_H
#define CMTEST_EXECUTION_APART_H

#include <stddef.h>
#include <sys/types.h>
#include "cmtest/plan.h"

/* pid 0: the plan has no embedded registrar. */
struct apart {
    pid_t pid;
    int fd; /* ends when the process does; -1 */
};

/* Starts it, and writes the ports into the plan. false: why says why not. */
bool apart_start(struct apart *apart, struct plan *plan, char *why, size_t why_size);
void apart_stop(struct apart *apart);

#endif
