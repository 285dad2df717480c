/* sides: the runs of a comparison, read from their journals. */
#ifndef CMTEST_CLI_SIDES_H
#define CMTEST_CLI_SIDES_H

#include "cmtest/comparison.h"

struct side_run {
    struct journal *journal;
    struct comparison_run *run; /* borrows from the journal and the path */
};

/* path: an output folder of `run`, or a journal. false after a sentence on stderr. */
bool side_read(const char *path, struct side_run *side);
void side_free(struct side_run *side);

#endif
