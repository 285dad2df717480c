/* places: from the path of a value in struct spec terms to its place in the file. */
#ifndef CMTEST_SPEC_PLACES_H
#define CMTEST_SPEC_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/arena.h"
#include "cmtest/diag.h"

struct place_entry {
    const char *path;
    struct place place;
    int inner; /* columns from place to the value's first byte, when the source shows the value
                  as it is; -1: it does not (escapes, folded lines) */
};

struct places {
    struct arena *arena;
    struct place_entry *entries;
    size_t count, capacity;
    const char **faults; /* paths whose value is wrong or missing */
    size_t fault_count, fault_capacity;
    struct place whole;
};

void places_init(struct places *places, const char *file, struct arena *arena);
void places_add(struct places *places, const char *path, struct place place, int inner);
void places_fault(struct places *places, const char *path);
/* After the last places_add. */
void places_sort(struct places *places);
/* NULL when that very path was not written. */
const struct place_entry *places_find(const struct places *places, const char *path);
/* The same, or of the nearest enclosing path. Never NULL but for an empty table. */
const struct place_entry *places_near(const struct places *places, const char *path);
/* Whether the value, a part of it, or what it is a part of is wrong. */
bool places_faulty(const struct places *places, const char *path);

#endif
