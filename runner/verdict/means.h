/*
 * means: what each endpoint gave on average to the metric of each threshold, second by second, for
 * the words of Why: counted as the seconds come.
 */
#ifndef VERDICT_MEANS_H
#define VERDICT_MEANS_H

#include "cmtest/result.h"

struct result_mean {
    double sum;
    uint32_t count;
    unsigned scales; /* a bit per enum emodel_scale */
};

void means_new(struct result *result);
void means_free(struct result *result);
/* An EVENT_SECOND. */
void means_take(struct result *result, const struct event *event);
/* Of the seconds only. Never NULL; threshold: of the result's. */
const struct result_mean *means_get(const struct result *result, const struct threshold *threshold,
                                    uint32_t endpoint);

#endif
