/*
 * diag: findings meant for the author of a spec, collected and never first-fail.
 *
 * A struct diag gathers any number of findings (the first DIAG_LIMIT are kept), sorts them by
 * place, and prints them with the source line and a caret. Places are 1-based, columns count code
 * points (as libyaml's marks do). Not thread-safe.
 */
#ifndef CMTEST_DIAG_H
#define CMTEST_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/text.h"

#define DIAG_LIMIT 50

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

/* A place in a file. line 0: the file as a whole. width: code points to underline, at least 1. */
struct place {
    const char *file; /* borrowed; lives as long as the diag */
    int line;
    int column;
    int width;
};

struct finding {
    enum diag_severity severity;
    const char *code; /* stable, kebab-case: "unknown-codec" */
    struct place place;
    char *message; /* what was found: one sentence, no trailing dot */
    char *hint;    /* what is allowed, or what to do next; may be NULL */
};

struct diag;

struct diag *diag_new(void);
void diag_free(struct diag *diag);

/* The text of a file that findings will point into, for the source line in the printout. Copied.
 * Returns diag's own copy of the name, for places in files whose name nobody else keeps. */
const char *diag_source(struct diag *diag, const char *file, const char *bytes,
                        size_t length);

void diag_add(struct diag *diag, enum diag_severity severity, const char *code, struct place place,
              const char *hint, const char *format, ...) __attribute__((format(printf, 6, 7)));

size_t diag_errors(const struct diag *diag);
size_t diag_count(const struct diag *diag);

/* Sorted by file, line, column; borrowed. index < diag_count(). */
const struct finding *diag_get(struct diag *diag, size_t index);

/* Prints all findings, sorted, in the form of the north star:
 *   file:14:15: error[unknown-codec]: "opsu" is not an audio codec
 *      14 |     audio: { codecs: [opsu, pcma] }
 *         |                       ^~~~ did you mean "opus"?  (pcmu, pcma, opus)
 * color: ANSI colours. Ends with "N more" when some were over the limit. Control characters of
 * the source are shown as '?' so that a hostile file cannot drive the terminal. */
void diag_print(struct diag *diag, struct text *out, bool color);

#endif
