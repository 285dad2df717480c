/* load: a spec and its plan for a command, with the findings printed to stderr. */
#ifndef CMTEST_LOAD_H
#define CMTEST_LOAD_H

#include <stdbool.h>
#include "cmtest/command.h"
#include "cmtest/plan.h"
#include "cmtest/spec.h"

struct loaded {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    struct plan *plan;
    size_t warnings;
};

/* 0, or the exit code: EXIT_SPEC after the findings were printed. Free in both cases. */
int load(const struct options *options, struct loaded *loaded);
void load_free(struct loaded *loaded);

#endif
