/*
 * failure: why an endpoint did not end well, in the vocabulary of enum event_failure. Private to
 * runner/verdict.
 */
#ifndef VERDICT_FAILURE_H
#define VERDICT_FAILURE_H

#include "cmtest/result.h"

/* What the endpoint says itself; when it says nothing, what follows from outcome, status and words.
 * FAILURE_NONE when nothing does. */
enum event_failure failure_of(const struct result *result, uint32_t endpoint);

#endif
