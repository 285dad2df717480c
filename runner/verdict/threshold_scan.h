/*
 * threshold_scan: the parts that a threshold's text is read by. Private to runner/verdict.
 */
#ifndef VERDICT_THRESHOLD_SCAN_H
#define VERDICT_THRESHOLD_SCAN_H

#include "cmtest/threshold.h"

struct scan {
    const char *text;
    size_t at;
    struct threshold_error *error;
};

struct span {
    size_t offset, length;
};

bool scan_is_space(char c);
bool scan_is_digit(char c);
void scan_skip(struct scan *scan);
/* The run of bytes up to white space (or a comparison), without moving. */
struct span scan_word(const struct scan *scan, bool stop_at_comparison);
bool scan_is(const struct scan *scan, struct span span, const char *word);
/* false: the error is filled. */
bool scan_number(struct scan *scan, bool signed_values, double *number);

/* Whether a clause begins with this word: in, during, of, abort, warn. */
bool scan_is_clause(const struct scan *scan, struct span span);
/* Everything behind the limit. false: the error is filled. */
bool scan_clauses(struct scan *scan, struct arena *arena, struct threshold *threshold);

#endif
