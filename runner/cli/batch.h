/* batch: all cases of all specs of an invocation, checked before the first of them runs. */
#ifndef CMTEST_CLI_BATCH_H
#define CMTEST_CLI_BATCH_H

#include "load.h"
#include "paths.h"
#include "select.h"

struct batch_case {
    struct loaded *spec;
    size_t index;       /* in the spec */
    const char *folder; /* below the output folder; NULL: that itself */
    const char *name;   /* of the test, else the path of the spec */
    const char *case_name;
    const char *label; /* "a.yaml: codec=opus", for people; NULL when there is only this one */
};

struct batch {
    struct arena *arena;
    struct paths paths;
    struct loaded *specs;
    size_t spec_count;
    struct batch_case *cases; /* those that were chosen */
    size_t case_count;
    size_t all_count; /* before the filters */
    uint64_t seed;    /* of the invocation */
};

/* 0, or the exit code after its sentences: EXIT_SPEC when one spec is not valid, EXIT_USAGE when an
 * option is wrong or no case is left. Folders and seeds of cases do not depend on which others are
 * chosen; but a single case has the seed as it was given. Free in both cases. */
int batch_load(const struct options *options, struct batch *batch);
void batch_free(struct batch *batch);

#endif
