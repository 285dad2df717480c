/* told: a run whose figures were computed elsewhere. Private to runner/verdict. */
#ifndef VERDICT_TOLD_H
#define VERDICT_TOLD_H

#include "cmtest/result.h"

/* true: it was an EVENT_FIGURE or EVENT_REMOTE, and is taken. */
bool told_take(struct result *result, const struct event *event);
/* true: this run is known by its figures only, and the threshold is judged by them. */
bool told_judge(const struct result *result, struct judgement *judgement);
/* Of this endpoint nothing was told, because only figures were. */
bool told_nothing(const struct result *result, uint32_t endpoint);
/* true: so it is, and its outcome says so. */
bool told_close(struct result *result, uint32_t endpoint);

#endif
