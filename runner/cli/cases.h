/* cases: what cases are called. */
#ifndef CMTEST_CLI_CASES_H
#define CMTEST_CLI_CASES_H

#include "cmtest/arena.h"

/* The folder of a case of a matrix; NULL without a name. Two cases never get the same. */
const char *case_word(const char *name, size_t index, struct arena *arena);

#endif
