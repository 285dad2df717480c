/* told: a run whose figures were computed elsewhere. Private to runner/verdict. */
#ifndef VERDICT_TOLD_H
#define VERDICT_TOLD_H

#include "cmtest/result.h"

/* true: it was an EVENT_FIGURE or EVENT_REMOTE, and is taken. */
bool told_take(struct result *result, const struct event *event);
/* true: this run is known by its figures only, and the threshold is judged by them. */
bool told_judge(const struct result *result, struct judgement *judgement);
/* true: of this endpoint nothing was told, which is no failure of its own. */
bool told_close(struct result *result, uint32_t endpoint);

#endif
