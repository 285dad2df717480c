/*
 * limits: what this machine may have done to a run, and what follows for its verdict: a failure
 * that it may have caused is no failure of the system under test, and every other one is. Private
 * to runner/verdict.
 */
#ifndef VERDICT_LIMITS_H
#define VERDICT_LIMITS_H

#include "cmtest/result.h"

/* Fills result->limits, once all endpoints are closed. */
void limits_measure(struct result *result);

/* The worst that any limit did. */
enum limit_harm limits_harm(const struct result *result);

/* A failed or unmeasured judgement that a limit may have caused becomes inconclusive, with a note;
 * where the load was not produced, a passed one too. group: index or ROSTER_NONE. */
void limits_excuse(struct result *result, struct judgement *judgement, uint32_t group);

/* Every endpoint that did not end well may have been kept from it by this machine, and at least one
 * was. */
bool limits_excuse_endpoints(struct result *result);

#endif
