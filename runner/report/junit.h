/*
 * junit: what goes into junit.xml and the TAP stream, before it is either. Strings live in the
 * arena that is given. Private to runner/report.
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include <libxml/hash.h>
#include "cmtest/arena.h"
#include "evidence.h"
#include "place.h"
#include "runs.h"
#include "words.h"

#define JUNIT_TEXT_MAX (64 * 1024)
#define JUNIT_ENDPOINTS_MAX 50
/* Files of evidence that a case names: GitLab takes the first, Jenkins all. */
#define JUNIT_ATTACHMENTS_MAX 10
/* Of a whole file. GitLab refuses 250,000 XML objects; a case has at most 20. */
#define JUNIT_CASES_MAX 5000

enum junit_ending { JUNIT_PASSED, JUNIT_FAILED, JUNIT_ERROR, JUNIT_SKIPPED };

struct junit_case {
    const char *name;
    const char *classname;
    enum junit_ending ending;
    const char *type;    /* stable, for machines: "threshold", "endpoints", "inconclusive", ... */
    const char *message; /* one line; of one that passed, not shown */
    const char *text;    /* begins with the message */
    const char *output;  /* system-out; may be empty */
    bool warning;        /* it passed, for it was only a warning */
    unsigned flaky;      /* attempts that were no pass, of one that is now */
    int64_t time_ns;
    int line; /* in the spec, or 0 */
};

/* A run. */
struct junit_suite {
    const struct report *report;
    const struct report_run *run;
    const struct result *result;
    const char *name;    /* unique in the report */
    const char *package; /* "examples.gate", with its case behind it; unique, too */
    const char *file;    /* of the spec; NULL */
    struct evidence_list evidence;
    struct arena *arena;
    xmlHashTablePtr names; /* of the cases so far; NULL after junit_collect() */
    struct junit_case *cases;
    size_t case_count;
};

/* Thresholds, groups, steps and expectations, attempts: at most limit cases, of which those that
 * are no pass come first; the last one then tells how many are left out. */
void junit_collect(struct junit_suite *suite, const struct report *report, size_t index,
                   const struct run_title *title, size_t limit, struct arena *arena);
/* Of a suite: of its spec, or of the name of the test when there is none, and of its case. */
const char *junit_package(const char *spec, const char *test, const char *label,
                          struct arena *arena);
size_t junit_count(const struct junit_suite *suite, enum junit_ending ending);

/* For the parts of it. of: "thresholds", "groups", "scenario", "run". */
struct junit_case *junit_add(struct junit_suite *suite, const char *of, const char *name);
/* "; see evidence/callers-1.txt, ..." and the names of the files in *attached. */
void junit_evidence(const struct junit_suite *suite, uint32_t endpoint, struct text *out,
                    struct text *attached, unsigned *count);
void junit_groups(struct junit_suite *suite);
/* Steps of scenarios, and expected ends; without a case when there is none. */
void junit_steps(struct junit_suite *suite);

#endif
