/*
 * comparison_page: writers over a comparison, for `cmtest compare`. One row per format under
 * runner/report/comparisons/. Pure: the same comparison gives the same bytes.
 */
#ifndef CMTEST_COMPARISON_PAGE_H
#define CMTEST_COMPARISON_PAGE_H

#include <stdbool.h>
#include "cmtest/comparison.h"
#include "cmtest/text.h"

struct comparison_page {
    unsigned width; /* columns, where text can be broken */
    bool color;     /* ANSI */
    bool all;       /* every line, else those that moved */
};

struct comparison_format {
    const char *name; /* "text" */
    const char *help;
    void (*write)(const struct comparison_report *report, const struct comparison_page *page,
                  struct text *out);
};

/* NULL-terminated; the first one is the usual one. */
extern const struct comparison_format *const comparison_formats[];
const struct comparison_format *comparison_format_find(const char *name);

#endif
