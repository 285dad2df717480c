/*
 * judge: what the parts of result_judge() tell each other. Private to runner/verdict.
 */
#ifndef VERDICT_JUDGE_H
#define VERDICT_JUDGE_H

#include "cmtest/result.h"

/* How far this machine kept up with the load that was asked for. */
enum load { LOAD_KEPT, LOAD_LATE, LOAD_NOT_PRODUCED };

enum load judge_load(const struct event_pacing *pacing);

/* At least one registration ended, and none of them had an answer. */
bool judge_unreachable(const struct result *result);

/* Index of the group, or ROSTER_NONE when name is NULL; *unknown when there is no such group. */
uint32_t judge_group(const struct result *result, const char *name, bool *unknown);
bool judge_in_group(const struct result *result, uint32_t endpoint, uint32_t group);
bool judge_has_steps(const struct result *result, uint32_t endpoint);

/* judge_close.c: ends what never reported, and gives its last samples. */
void judge_close(struct result *result, uint32_t endpoint);

/* judge_threshold.c: a threshold of the run as it is now; with a scope (judge_scope.c). */
void judge_threshold(const struct result *result, struct judgement *judgement, enum load load);
void judge_scope(const struct result *result, struct judgement *judgement, uint32_t group);
/* seconds: what a rate is of. */
double judge_observe(const struct threshold *threshold, const struct aggregate *aggregate,
                     double seconds);
/* Endpoints that owe a sample. */
uint32_t judge_due(const struct result *result, enum metric_due due, uint32_t group);
const char *judge_no_data(const struct result *result, const struct metric *metric, uint32_t group,
                          uint32_t due);
void judge_note_no_data(const struct result *result, struct judgement *judgement, uint32_t group);
void judge_note_few(struct judgement *judgement, uint64_t samples);

/* result->diagnoses. */
void diagnose(struct result *result);

/* result->why and result->try_next, from everything else that is judged and the diagnoses. */
void explain(struct result *result);

#endif
