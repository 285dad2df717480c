/* cases: from the texts to what is bound, once per case of a matrix. */
#ifndef CMTEST_SPEC_CASES_H
#define CMTEST_SPEC_CASES_H

#include "cmtest/spec.h"
#include "document.h"
#include "places.h"

/* What the cases of a spec share. */
struct store {
    struct arena *arena;
    unsigned uses; /* bound specs that are not freed yet */
};

/* spec.c. The checked tree as a struct spec, which uses the store; NULL after a report. */
struct spec *bound_new(struct document *document, struct places *places, struct store *store);

#endif
