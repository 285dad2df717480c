/*
 * threshold_error: what is wrong with a threshold, said so that the author can mend it. Every
 * function fills scan->error and returns false. Private to runner/verdict.
 */
#ifndef VERDICT_THRESHOLD_ERROR_H
#define VERDICT_THRESHOLD_ERROR_H

#include "threshold_scan.h"

#define ERROR_SHOWN_MAX 40

/* The part that is wrong as it may be shown: short and safe. */
struct shown {
    char text[ERROR_SHOWN_MAX + 4];
};

struct shown error_show(const struct scan *scan, struct span span);
bool error_set(struct scan *scan, const char *code, struct span span, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
void error_hint(struct scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));

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
bool error_twice(struct scan *scan, struct span span);
bool error_unknown_time(struct scan *scan, struct span span);
bool error_missing_time(struct scan *scan, struct span span);
bool error_bad_duration(struct scan *scan, struct span span, const char *of);
bool error_bad_endpoints(struct scan *scan, struct span span);
bool error_abort_warns(struct scan *scan, struct span span);
bool error_both_scopes(struct scan *scan, struct span span);
bool error_rate_of_phase(struct scan *scan, struct span span);

/* true when the limit can be reached by the metric at all. */
bool check_limit(struct scan *scan, struct span span, const struct threshold *threshold);

#endif
