/*
 * judge: what the parts of result_judge() tell each other. Private to runner/verdict.
 */
#ifndef VERDICT_JUDGE_H
#define VERDICT_JUDGE_H

#include "cmtest/result.h"

/* At least one registration ended, and none of them had an answer. */
bool judge_unreachable(const struct result *result);

/* Index of the group, or ROSTER_NONE when name is NULL; *unknown when there is no such group. */
uint32_t judge_group(const struct result *result, const char *name, bool *unknown);
bool judge_in_group(const struct result *result, uint32_t endpoint, uint32_t group);
bool judge_has_steps(const struct result *result, uint32_t endpoint);

/* result->diagnoses. */
void diagnose(struct result *result);

/* result->why and result->try_next, from everything else that is judged and the diagnoses. */
void explain(struct result *result);

#endif
