/*
 * health: what the threads of the generator told of themselves. Private to runner/verdict.
 */
#ifndef VERDICT_HEALTH_H
#define VERDICT_HEALTH_H

#include "cmtest/result.h"

/* false: the event is not about this machine. */
bool health_take(struct result *result, const struct event *event);

/* The first thread of this name, NULL. */
const struct result_health *health_thread(const struct result *result, const char *thread);

#endif
