/*
 * diag_format: the findings in a spec (diag.h), for people and for the programs that show them
 * beside the source. One row per format under runner/report/diagnostics/. Pure: the same findings
 * give the same bytes. No secret can reach them: source lines are masked before diag has them.
 */
#ifndef CMTEST_DIAG_FORMAT_H
#define CMTEST_DIAG_FORMAT_H

#include <stdbool.h>
#include "cmtest/diag.h"
#include "cmtest/text.h"

struct diag_format {
    const char *name; /* "sarif" */
    const char *help;
    bool machine; /* a document for a program: it is written even when nothing was found */
    /* path: the spec, as given. color: for the format that is for people. */
    void (*write)(struct diag *diag, const char *path, bool color, struct text *out);
};

/* NULL-terminated, in the order of table.def. */
extern const struct diag_format *const diag_formats[];
const struct diag_format *diag_format_find(const char *name);

/* What tells a finding from all others of a run, and stays the same when lines move: from code,
 * file, the text of the line, and which of those that share them it is. 16 hex digits. */
#define DIAG_FINGERPRINT_SIZE 17
void diag_fingerprint(struct diag *diag, size_t index, char out[DIAG_FINGERPRINT_SIZE]);

#endif
