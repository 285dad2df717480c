/* found: the runs in an output folder, rebuilt from their journals: those that its summary.json
 * names, and where that is missing (the invocation was cut off) all that have a journal. */
#ifndef CMTEST_CLI_FOUND_H
#define CMTEST_CLI_FOUND_H

#include "cmtest/report.h"
#include "load.h"

struct found {
    struct report report; /* its folder: the one that all are in; NULL for a single file */
    struct report_run *runs;
    size_t capacity;
    struct arena *arena;
    const struct loaded *other; /* whose thresholds judge; NULL: the run's own */
};

/* path: a folder, or a journal; other: whose thresholds judge, and which lives as long as what is
 * found; NULL: those of each run. NULL after a sentence; found_free(). */
struct found *found_read(const char *path, const struct loaded *other);
void found_free(struct found *found);

#endif
