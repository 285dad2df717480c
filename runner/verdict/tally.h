/*
 * tally: what became of each step of the scenarios, over all endpoints of its group. Private to
 * runner/verdict.
 */
#ifndef VERDICT_TALLY_H
#define VERDICT_TALLY_H

#include "cmtest/result.h"

/* result->steps. */
void tally_new(struct result *result);
void tally_free(struct result *result);
/* An EVENT_ACTION of an endpoint of the roster; a step that its group has not is ignored. */
void tally_take(struct result *result, const struct event *event);

#endif
