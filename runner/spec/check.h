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
    struct text path;          /* of the value at hand, in struct spec terms: groups[1].audio */
    struct text shown;         /* for people: groups.callers.audio */
    const struct field *owner; /* what the mapping at hand is the value of */
    size_t visits;
    size_t file_bytes; /* of account files so far */
    bool exhausted;
    bool partial; /* in what is used up before the check: nothing is required */
    bool later;   /* in what cannot be run yet, which was said */
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

/* The lengths of both paths, to go back to. */
struct mark {
    size_t path, shown;
};

struct mark check_descend(struct check *check, const char *path, const char *shown);
void check_ascend(struct check *check, struct mark mark);

/* check.c: any value. */
void check_value(struct check *check, const struct field *field, struct item *item);
/* check_keys.c: what is in a mapping. */
void check_members(struct check *check, const struct field *fields, const struct node *mapping,
                   struct span at);
/* `(a, b, c)` into hint, with `did you mean "b"?` in front when one is near. Returns that one. */
const char *check_suggest_key(const struct field *fields, const char *word, struct text *hint);

/* check_scalar.c: what is a single value. */
void check_scalar(struct check *check, const struct field *field, struct item *item);
/* files.c: that the file is there, and of the right kind. */
void check_named_file(struct check *check, const struct field *field, struct item *item);
/* check_number.c: FIELD_BOOLEAN and numbers with a unit. */
void check_number(struct check *check, const struct field *field, struct item *item);

#endif
