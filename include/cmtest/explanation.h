/*
 * explanation: what the code of a finding means, for `cmtest explain` and for reports that carry
 * their rules. One row per code under runner/report/explanations/, named like the code with '_' for
 * '-': a new code is a new file and a new line in table.def. A test compares the table with the
 * codes in the sources, and checks what the examples say of themselves.
 */
#ifndef CMTEST_EXPLANATION_H
#define CMTEST_EXPLANATION_H

#include "cmtest/diag.h"

struct explanation {
    const char *code;            /* "unknown-codec" */
    enum diag_severity severity; /* as it mostly comes */
    const char *title;           /* one line, no trailing dot */
    const char *meaning;         /* what it means, and why it matters */
    const char *remedy;          /* what to do */
    /* Whole specs. bad gives this code, good no error. NULL: no short example can show it. */
    const char *bad, *good;
    const char *bad_set, *good_set; /* what --set is given with them; mostly NULL */
    /* A file that lies beside both examples, where they need one: its name, and what is in it. */
    const char *file, *bad_file, *good_file;
};

/* NULL-terminated, in the order of table.def, which is that of the alphabet. */
extern const struct explanation *const explanations[];
const struct explanation *explanation_find(const char *code);

#endif
