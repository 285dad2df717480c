/*
 * threshold_error: what is wrong with a threshold, said so that the author can mend it. Every
 * function fills scan->error and returns false. Private to runner/verdict.
 */
#ifndef VERDICT_THRESHOLD_ERROR_H
#define VERDICT_THRESHOLD_ERROR_H

#include "cmtest/threshold.h"

struct scan {
    const char *text;
    size_t at;
    struct threshold_error *error;
};

struct span {
    size_t offset, length;
};

bool error_too_long(struct scan *scan, size_t limit);
bool error_no_metric(struct scan *scan, struct span span);
bool error_unknown_metric(struct scan *scan, struct span span);
bool error_missing_statistic(struct scan *scan, struct span span);
bool error_unknown_statistic(struct scan *scan, struct span span,
                             const struct threshold *threshold);
bool error_rate_statistic(struct scan *scan, struct span span, const struct threshold *threshold);
bool error_bad_comparison(struct scan *scan, struct span span);
bool error_bad_number(struct scan *scan, struct span span);
bool error_number_too_large(struct scan *scan, struct span span);
bool error_missing_unit(struct scan *scan, struct span span, const struct threshold *threshold);
bool error_bad_unit(struct scan *scan, struct span span, const struct threshold *threshold);
bool error_missing_group(struct scan *scan, struct span span);
bool error_trailing(struct scan *scan, struct span span);

/* true when the limit can be reached by the metric at all. */
bool check_limit(struct scan *scan, struct span span, const struct threshold *threshold);

#endif
