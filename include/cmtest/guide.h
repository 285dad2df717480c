/*
 * guide: prose about one subject, for `cmtest help SUBJECT`. One row per guide under
 * runner/cli/guides/. What keys, metrics and errors mean is told by `cmtest list` and `explain`,
 * and only there: a guide says how they go together.
 */
#ifndef CMTEST_GUIDE_H
#define CMTEST_GUIDE_H

struct guide {
    const char *name; /* "tls" */
    const char *help; /* one line */
    const char *text; /* lines of at most 80 columns */
};

/* NULL-terminated, in the order of table.def. */
extern const struct guide *const guides[];

#endif
