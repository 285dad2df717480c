/*
 * runs: what the writers about all runs of an invocation share. Private to runner/report.
 */
#ifndef REPORT_RUNS_H
#define REPORT_RUNS_H

#include "cmtest/arena.h"
#include "cmtest/report.h"

/* How people and machines tell the runs of a report apart. */
struct run_title {
    const char *name;  /* of the test, never empty */
    const char *label; /* the case, with " (2)" behind it where the same ran before; or "" */
    const char *title; /* "SBC gate [codec=opus]": no two of a report are the same */
};

/* One per run, and then one per case that did not run; strings from the arena. */
const struct run_title *run_titles(const struct report *report, struct arena *arena);

struct run_counts {
    size_t thresholds, failed, undecided, warned;
    uint32_t endpoints, endpoints_failed;
};
/* Thresholds of a run that is an error are not judged: none is counted as failed. */
struct run_counts run_count(const struct result *result);

/* "Codecs [codec=opus]" has its case in it. */
bool run_names_case(const char *name, const char *case_name);

/* "pass", "flaky", "fail", "error", "inconclusive" */
const char *run_word(const struct report_run *run);

/* "PASS", "FLAKY", ... */
const char *run_heading(const struct report_run *run);
const char *verdict_heading(enum verdict verdict);

/* "flaky: passed at attempt 2 of 2": one line; nothing after a single attempt. */
void run_attempts(const struct report_run *run, struct text *out);

#endif
