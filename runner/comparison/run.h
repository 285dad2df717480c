/* run: what a comparison keeps of a run. Private to runner/comparison. */
#ifndef COMPARISON_RUN_H
#define COMPARISON_RUN_H

#include "cmtest/comparison.h"

enum { DIRECTIONS = 3 };
extern const unsigned run_directions[DIRECTIONS];

/* Of an endpoint and a metric. */
struct tally {
    double sum;
    uint32_t count;
};

struct comparison_run {
    const struct roster *roster;
    const char *name;
    size_t column_count;
    struct tally **columns; /* [row * DIRECTIONS + direction], an endpoint each; NULL: no sample */
    unsigned *scales;       /* the same; a bit per emodel_scale */
    uint32_t *calls;        /* of each endpoint, after the end */
    enum verdict verdict;
    char why[256];
    uint64_t seed;
    double lateness_ms;                    /* p99; 0: nothing was sent */
    int64_t waited_ns, watched_ns, lag_ns; /* of the threads that signal; the worst p99 */
    bool signalling_late;
    double skipped; /* share of packets that were due and never left: losses of our own */
    bool late;      /* more than a playout buffer forgives */
};

/* The value of each call that has one, into values (room for all endpoints); group: its name, or
 * NULL for all. as_share, of a rate: 1 when all samples of the call are (one of them, where lower
 * is better), else 0. Returns how many. */
size_t run_calls(const struct comparison_run *run, size_t column, const char *group, bool as_share,
                 double *values);
/* The mean over calls; NaN of none. */
double run_mean(const struct comparison_run *run, size_t column, const char *group);
/* Calls of which a sample could have come: those of the group, or all. */
size_t run_due(const struct comparison_run *run, const char *group);

#endif
