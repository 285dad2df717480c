/*
 * check: a tree against the field lists. Finds everything in one walk, marks what is bad, and
 * records where each value stands.
 */
#ifndef CMTEST_SPEC_CHECK_H
#define CMTEST_SPEC_CHECK_H

#include "cmtest/field.h"
#include "document.h"
#include "places.h"

struct check {
    struct document *document;
    struct places *places;
    struct text path;  /* of the value at hand, in struct spec terms: groups[1].audio */
    struct text shown; /* for people: groups.callers.audio */
    size_t visits;
    size_t file_bytes; /* of account files so far */
    bool exhausted;
};

/* false: too much to go on with; it was reported. */
bool check_spec(struct document *document, struct places *places);

/* An error about an entry, which is then not bound. */
void check_error(struct check *check, struct item *item, const char *code, const char *hint,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What stands there, for a message: `"abc"`, `a list`. Secrets are not told. */
const char *check_found(const struct field *field, const struct item *item, char *out, size_t size);

/* `for example 60s` into out. */
const char *check_example(const struct field *field, char *out, size_t size);

/* FIELD_STRING, FIELD_INTEGER, FIELD_DURATION, FIELD_CHOICE. */
void check_scalar(struct check *check, const struct field *field, struct item *item);

#endif
