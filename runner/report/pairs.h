/*
 * pairs: verdict, counts and paths by name, for the jobs behind this one. Private to runner/report.
 *
 * Nothing in them comes from the network: later jobs put such values into their commands.
 */
#ifndef REPORT_PAIRS_H
#define REPORT_PAIRS_H

#include "cmtest/report.h"

#define PAIRS_MAX 20

struct pairs {
    struct {
        const char *name; /* "runs-failed" */
        struct text value;
    } list[PAIRS_MAX];
    size_t count;
};

/* pairs_free(). */
void pairs_collect(struct pairs *pairs, const struct report *report);
void pairs_free(struct pairs *pairs);

#endif
