/*
 * rebuild: the result of a run from its journal: the same as when it ran, by the same thresholds.
 */
#ifndef CMTEST_REBUILD_H
#define CMTEST_REBUILD_H

#include "cmtest/arena.h"
#include "cmtest/journal.h"
#include "cmtest/result.h"

/* Reads the journal from its first event. Of a file that ends early, or is damaged further behind,
 * the result is an error verdict that says so. Owned; borrows from journal and arena. NULL: *why is
 * a sentence: a threshold that this version does not know. */
struct result *result_rebuild(struct journal *journal, struct arena *arena, char *why,
                              size_t why_size);
/* The same, judged by other thresholds, which are borrowed. */
struct result *result_rebuild_with(struct journal *journal, const struct threshold *thresholds,
                                   size_t threshold_count);

#endif
