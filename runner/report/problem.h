/*
 * problem: what made runs anything but a plain pass, as a list for readers that show a message
 * beside a line of a file. Private to runner/report.
 */
#ifndef REPORT_PROBLEM_H
#define REPORT_PROBLEM_H

#include "cmtest/arena.h"
#include "cmtest/report.h"

/* No reader takes more: GitHub shows so many SARIF results. */
#define PROBLEMS_MAX 5000

struct problem {
    const char *rule;     /* of problem_rules */
    bool warning;         /* did not make the verdict */
    const char *file;     /* place_spec() */
    int line;             /* in it, or 0 */
    const char *title;    /* what: "receive.mos.p5 >= 3.8 (SBC gate)"; no figure of the run */
    const char *message;  /* one line that says what was seen */
    const char *advice;   /* Why and Try, a line each; may be empty */
    char fingerprint[17]; /* of what and where in the file, not of figures or lines; unique */
};

struct problem_rule {
    const char *id, *title, *help;
};
extern const struct problem_rule problem_rules[]; /* ends with {0} */

struct problems {
    struct problem *list; /* errors before warnings; of each, in the order of the runs */
    size_t count;
    size_t left_out;
};

/* All strings in the arena. */
void problems_collect(const struct report *report, struct arena *arena, struct problems *problems);

#endif
