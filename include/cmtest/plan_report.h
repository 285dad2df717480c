/*
 * plan_report: writers over a plan and its estimate, for `cmtest plan`. One row per format under
 * runner/report/plans/. Pure: the same input gives the same bytes. No password is in what they
 * write.
 */
#ifndef CMTEST_PLAN_REPORT_H
#define CMTEST_PLAN_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/estimate.h"
#include "cmtest/plan.h"
#include "cmtest/spec.h"
#include "cmtest/text.h"

/* One case of a spec, of count. */
struct plan_case {
    size_t index, count;
    bool later; /* some of the spec cannot be run by this version: offers and figures lack it */
    const struct spec *spec;
    const struct plan *plan;
    const struct estimate *estimate;
};

struct plan_page {
    unsigned width; /* columns, where text can be broken */
    bool color;     /* ANSI */
    bool symbols;   /* UTF-8 marks, else words only */
    bool all;       /* every endpoint, else the first few */
};

struct plan_format {
    const char *name; /* "text" */
    const char *help;
    /* Called for each case in turn; what surrounds them comes with the first and the last one. */
    void (*write)(const struct plan_case *each, const struct plan_page *page, struct text *out);
};

/* NULL-terminated; the first one is the usual one. */
extern const struct plan_format *const plan_formats[];
const struct plan_format *plan_format_find(const char *name);

#endif
