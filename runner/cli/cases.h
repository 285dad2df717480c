/* cases: what is left of each case of an invocation when it has run. */
#ifndef CMTEST_CLI_CASES_H
#define CMTEST_CLI_CASES_H

#include "cmtest/arena.h"
#include "cmtest/result.h"
#include "cmtest/text.h"

struct case_end {
    const char *name; /* for people; NULL when there is only one */
    enum verdict verdict;
    unsigned attempts; /* more than one, and a pass: flaky */
    int code;          /* exit code */
    int64_t ran_ns;
};

/* The folder of a case of a matrix; NULL without a name. Two cases never get the same. */
const char *case_word(const char *name, size_t index, struct arena *arena);

/* One exit code for all: the one that most needs a look, in the order
 * 70 > 130 > 3 > 4 > 1 > 5 > 0. */
int case_worst(const struct case_end *ends, size_t count);

/* Of two. */
int case_worse(int first, int second);

/* "PASS", "FLAKY", ... */
const char *case_verdict(const struct case_end *end, char out[16]);

/* A line per case, and how many of them passed; then those that did not run. */
void case_table(const struct case_end *ends, size_t count, const char *const *skipped,
                size_t skipped_count, struct text *out);

#endif
