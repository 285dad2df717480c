/* side: the runs of one side of a comparison, and lines made of two. Private. */
#ifndef COMPARISON_SIDE_H
#define COMPARISON_SIDE_H

#include "run.h"

struct side {
    const struct comparison_run *const *runs;
    size_t count;
};

/* What is measured for a line before anything is decided. */
struct work {
    struct comparison_line line;
    size_t column;
    bool constant;    /* all units of both sides are alike: no test can tell anything of it */
    bool other_scale; /* BASE and NEW are on different ones */
    double *means;    /* of each run, BASE's first; NaN where it has no sample */
};

struct setting {
    struct side base, next;
    const struct comparison_options *options;
    double alpha;
    bool over_runs, late, signalling_late;
    double lateness_ms, skipped; /* of the worst run */
};

/* false: neither side knows of it. Free work->means. */
bool side_measure(const struct setting *setting, size_t column, const char *group,
                  struct work *work);
/* Corrects and decides all. */
void side_decide(const struct setting *setting, struct work *works, size_t count);
void side_warn(const struct setting *setting, struct comparison_report *comparison);

#endif
