/*
 * schema: JSON Schemas (draft-07): of a spec, printed from the struct field lists, so that an
 * editor completes and explains what the checker accepts; and of result.json. Pure; any thread.
 */
#ifndef CMTEST_SCHEMA_H
#define CMTEST_SCHEMA_H

#include "cmtest/text.h"

struct schema {
    const char *name; /* "spec" */
    const char *help;
    void (*write)(struct text *out); /* appends the document, with a newline at its end */
};

/* NULL-terminated; the first is the usual one. */
extern const struct schema *const schemas[];
const struct schema *schema_find(const char *name);

/* The range of a number or a time as its author would write it, in brackets: "(1ms to 24h)";
 * appended, with a space before it when out holds something. Nothing when it has none. */
struct field;
void schema_add_range(const struct field *field, struct text *out);

#endif
