/*
 * health: what the threads of the generator told of themselves. Private to runner/verdict.
 */
#ifndef VERDICT_HEALTH_H
#define VERDICT_HEALTH_H

#include "cmtest/result.h"

/* false: the event is not about this machine. */
bool health_take(struct result *result, const struct event *event);

/* Of the threads of this name, one in each worker, the one that was late most; NULL. */
const struct result_health *health_thread(const struct result *result, const char *thread);

/* CPUs that all processes of this program used, on average; below 0: not known. */
double health_cpus(const struct result *result);

#endif
