/*
 * comparison: whether runs (NEW) are worse than others (BASE), metric by metric. Pure: the same
 * events give the same words.
 *
 * What is compared. Seconds of one call depend on each other, and so do both its sides. So of each
 * endpoint there is one value, the mean of its samples, and of each call one, the mean of its
 * endpoints (of one direction; with by_group of those of a group). With one run a side, or few,
 * calls are compared: by ranks (Mann and Whitney), rates by Fisher's exact test over calls. As soon
 * as the runs alone can prove something (3 against 3 at alpha 0.05), runs are compared, by
 * permutation. Calls of a single run cannot tell how much runs differ by themselves: that is what
 * margins are for, and the spread of the runs of a side where there are two.
 *
 * When a metric is worse: its p, corrected for all metrics of the comparison (Holm; for runs maxT),
 * is below alpha, the difference of the means is larger than the margin, to the bad side, and so
 * says its interval. Same: the interval lies within the margin. All else cannot be told. So over
 * all metrics together a false alarm has the chance alpha at most, as far as runs differ by no more
 * than the margins.
 *
 * Own timing. What this machine's lateness bends (metric.own_timing; when a run was late also
 * metric.discards, and the times of calls, as they do when a thread that signals had to wait; when
 * it left out packets, counts of packets) says worse only with include_own_timing. No time is told
 * finer than the p99 of its lateness, and no share of packets finer than twice the share of those
 * that it left out.
 */
#ifndef CMTEST_COMPARISON_H
#define CMTEST_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/result.h"

/* ---- a run, read event by event --------------------------------------------------------- */

struct comparison_run;

/* Borrows the roster and the name (for people) until it is freed. */
struct comparison_run *comparison_run_new(const struct roster *roster, const char *name);
void comparison_run_free(struct comparison_run *run);
/* An event_fn. */
void comparison_run_event(void *run, const struct event *event);
/* After the last event, with the judged result of the same events; the result may go then. */
void comparison_run_end(struct comparison_run *run, const struct result *result);

/* ---- two sides -------------------------------------------------------------------------- */

enum comparison_word {
    COMPARISON_SAME,
    COMPARISON_BETTER,
    COMPARISON_CHANGED, /* of a metric of which neither way is better */
    COMPARISON_CANNOT_TELL,
    COMPARISON_WORSE
};
const char *comparison_word(enum comparison_word word); /* "cannot tell" */

/* A margin that replaces the usual one: in the unit of the metric. */
struct comparison_margin {
    struct metric_key key;
    double value;
};

#define COMPARISON_ALPHA 0.05

struct comparison_options {
    double alpha; /* 0: COMPARISON_ALPHA */
    bool by_group, include_own_timing;
    const struct comparison_margin *margins;
    size_t margin_count;
};

enum comparison_test { TEST_NONE, TEST_RANKS, TEST_SHARES, TEST_RUNS };
const char *comparison_test(enum comparison_test test); /* "mann-whitney" */

/* A metric in one direction, of one group or all. What is not known is NaN. */
struct comparison_line {
    struct metric_key key;
    const char *group; /* NULL: all; borrowed from a roster */
    enum comparison_word word;
    enum comparison_test test;
    double base, next;             /* mean of its units, in the metric's unit */
    size_t base_units, next_units; /* calls, or runs */
    double low, high;              /* of next - base: its interval of 1 - alpha */
    double margin;                 /* differences up to it mean nothing */
    double p, corrected;           /* of this line alone; for all lines */
    double effect;                 /* the chance that a unit of NEW is above one of BASE */
    bool own_timing;               /* cannot say worse by itself here */
    char note[160];                /* why it cannot be told; may be empty */
};

#define COMPARISON_WARNINGS_MAX 16

struct comparison_report {
    enum comparison_word word; /* of all: WORSE, BETTER, SAME or CANNOT_TELL */
    char why[320];
    bool over_runs;
    double alpha;
    double lateness_ms; /* p99 of the latest run's sending; 0: no media */
    const char *const *base_names, *const *next_names;
    size_t base_count, next_count;
    struct comparison_line *lines; /* worst first */
    size_t line_count;
    size_t counts[COMPARISON_WORSE + 1]; /* lines by word */
    char warnings[COMPARISON_WARNINGS_MAX][192];
    size_t warning_count;
};

/* Both counts at least 1; the runs live as long as the comparison. */
struct comparison_report *comparison_new(const struct comparison_run *const *base,
                                         size_t base_count,
                                         const struct comparison_run *const *next,
                                         size_t next_count,
                                         const struct comparison_options *options);
void comparison_free(struct comparison_report *comparison);

/* The usual margin of a metric whose mean was `base`. */
double comparison_margin(const struct metric *metric, double base);

/* 1 worse, 5 nothing could be told, else 0. */
int comparison_exit_code(const struct comparison_report *comparison);

#endif
