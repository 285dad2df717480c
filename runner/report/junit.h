/*
 * junit: what goes into junit.xml, before it is XML. Strings live in the arena that is given.
 * Private to runner/report.
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "cmtest/arena.h"
#include "cmtest/report.h"
#include "words.h"

#define JUNIT_TEXT_MAX (64 * 1024)
#define JUNIT_ENDPOINTS_MAX 50

enum junit_ending { JUNIT_PASSED, JUNIT_FAILED, JUNIT_ERROR, JUNIT_SKIPPED };

struct junit_case {
    const char *name;
    enum junit_ending ending;
    const char *type;    /* stable, for machines: "threshold", "endpoints", "inconclusive", ... */
    const char *message; /* one line; of one that passed, not shown */
    const char *text;    /* begins with the message */
    const char *output;  /* system-out; may be empty */
    int64_t time_ns;
    int line; /* in the spec, or 0 */
};

struct junit_suite {
    const char *name;
    const char *classname;
    int64_t time_ns;
    struct junit_case *cases;
    size_t case_count;
};

void junit_begin(const struct result *result, struct junit_suite *suite, const char *name,
                 size_t cases, struct arena *arena);
const char *junit_unique(const struct junit_suite *suite, const char *name, struct arena *arena);

void junit_thresholds(const struct result *result, struct junit_suite *suite, struct arena *arena);
void junit_groups(const struct result *result, struct junit_suite *suite, struct arena *arena);
/* Steps of scenarios, and expected ends; without a case when there is none. */
void junit_steps(const struct result *result, struct junit_suite *suite, struct arena *arena);

#endif
