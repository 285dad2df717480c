/* embedded: the embedded registrars of a run, each on a thread of its own. */
#ifndef CMTEST_EMBEDDED_H
#define CMTEST_EMBEDDED_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/plan.h"

struct embedded;

/* Starts one for every embedded registrar of the plan and writes its port into the plan. NULL when
 * one could not be started; why says which and how come. */
struct embedded *embedded_start(struct plan *plan, char *why, size_t why_size);
void embedded_stop(struct embedded *embedded);

#endif
