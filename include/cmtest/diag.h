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

/* Another place that explains a finding: "first defined here". */
struct related {
    struct place place;
    char *message;
};

#define DIAG_RELATED_MAX 4

struct finding {
    enum diag_severity severity;
    const char *code; /* stable, kebab-case: "unknown-codec" */
    struct place place;
    char *message; /* what was found: one sentence, no trailing dot */
    char *hint;    /* what is allowed, or what to do next; may be NULL */
    struct related related[DIAG_RELATED_MAX];
    size_t related_count;
};

struct diag;

struct diag *diag_new(void);
void diag_free(struct diag *diag);

/* The text of a file that findings will point into, for the source line in the printout. Copied.
 * Returns diag's own copy of the name, for places in files whose name nobody else keeps. */
const char *diag_source(struct diag *diag, const char *file, const char *bytes, size_t length);

/* A value that findings must not show, as those from the environment: from now on their words have
 * shown in its place. place: where it is used; findings there show no part of it either. */
void diag_secret(struct diag *diag, const char *value, const char *shown, struct place place);

/* The same finding at the same place in the same words is kept once. */
void diag_add(struct diag *diag, enum diag_severity severity, const char *code, struct place place,
              const char *hint, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Adds a second place to the finding that was added last; at most DIAG_RELATED_MAX are kept. */
void diag_related(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* All warnings so far become errors (--strict). */
void diag_promote(struct diag *diag);
/* All warnings of that code; and those that were dropped, of which it is not known. */
void diag_promote_code(struct diag *diag, const char *code);

size_t diag_errors(const struct diag *diag);
size_t diag_warnings(const struct diag *diag);
/* Those that were kept; diag_dropped() is how many were not. Both counts above include them. */
size_t diag_count(const struct diag *diag);
size_t diag_dropped(const struct diag *diag);

/* Sorted by file, line, column; borrowed. index < diag_count(). */
const struct finding *diag_get(struct diag *diag, size_t index);

/* The line of a place in the text that was given to diag_source(), without its end; borrowed. false
 * when there is no such line. */
bool diag_line(const struct diag *diag, const struct place *place, const char **line,
               size_t *length);

/* Prints all findings, sorted, in the form of the north star:
 *   file:14:15: error[unknown-codec]: "opsu" is not an audio codec
 *      14 |     audio: { codecs: [opsu, pcma] }
 *         |                       ^~~~ did you mean "opus"?  (pcmu, pcma, opus)
 * Related places follow, underlined with '-'. color: ANSI colours. Ends with "N more" when some
 * were over the limit. Control characters of the source are shown as '?' so that a hostile file
 * cannot drive the terminal. */
void diag_print(struct diag *diag, struct text *out, bool color);

#endif
