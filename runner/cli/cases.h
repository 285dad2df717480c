/* cases: what is left of each case of a matrix when it has run. */
#ifndef CMTEST_CLI_CASES_H
#define CMTEST_CLI_CASES_H

#include "cmtest/arena.h"
#include "cmtest/result.h"
#include "cmtest/text.h"

struct case_end {
    const char *name; /* NULL without a matrix */
    enum verdict verdict;
    int code; /* exit code */
    int64_t ran_ns;
};

/* Where the reports of a case go: out itself when there is one case, else a folder in it. */
const char *case_folder(const char *out, const char *name, size_t index, size_t count,
                        struct arena *arena);

/* One exit code for all: the one that most needs a look, in the order
 * 70 > 130 > 3 > 4 > 1 > 5 > 0. */
int case_worst(const struct case_end *ends, size_t count);

/* A line per case, and how many of planned passed. */
void case_table(const struct case_end *ends, size_t count, size_t planned, struct text *out);

#endif
