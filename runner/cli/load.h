/*
 * load: a spec and its plans for a command, with the findings printed to stderr. A spec with a
 * matrix has several cases; all are checked, but only the plans that are asked for are kept, since
 * a plan of a large test is large.
 */
#ifndef CMTEST_LOAD_H
#define CMTEST_LOAD_H

#include <stdbool.h>
#include "cmtest/command.h"
#include "cmtest/plan.h"
#include "cmtest/spec.h"

struct loaded_case {
    struct spec *spec;
    struct arena *arena; /* of the plan */
    struct plan *plan;   /* NULL until load_plan() */
    uint64_t seed;       /* of its plan */
    int64_t planned_ns;  /* how long it takes when all goes well */
    size_t endpoints, calls, thresholds;
};

struct loaded {
    const char *path;
    struct arena *arena;
    struct diag *diag;
    uint64_t seed; /* of the invocation */
    struct spec_cases specs;
    struct loaded_case *cases; /* as many as specs */
    size_t case_count;
    struct spec *spec; /* of the first case, whose plan is kept from the beginning */
    struct plan *plan;
    size_t warnings;
};

/* 0, or the exit code: EXIT_SPEC after the findings were printed. refuse_later: what cannot be run
 * yet is an error. Every case gets the seed of the options, or one of its own when there is none.
 * path is kept. Free in both cases. */
int load(const struct options *options, const char *path, bool refuse_later, struct loaded *loaded);
void load_free(struct loaded *loaded);

/* The plan of a case, until it is dropped; NULL only when load() failed. */
struct plan *load_plan(struct loaded *loaded, size_t index);
void load_drop(struct loaded *loaded, size_t index);

#endif
