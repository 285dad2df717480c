/* found: the runs in an output folder, rebuilt from their journals: those that its summary.json
 * names, and where that is missing (the invocation was cut off) all that have a journal. */
#ifndef CMTEST_CLI_FOUND_H
#define CMTEST_CLI_FOUND_H

#include "cmtest/report.h"

struct found {
    struct report report; /* its folder: the one that all are in; NULL for a single file */
    struct report_run *runs;
    size_t capacity;
    struct arena *arena;
};

/* path: a folder, or a journal. NULL after a sentence; found_free(). */
struct found *found_read(const char *path);
void found_free(struct found *found);

#endif
