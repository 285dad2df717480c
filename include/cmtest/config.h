/*
 * config: a small YAML file of settings, `key: value` at its top and in sections of one level.
 * What the keys mean is not known here.
 */
#ifndef CMTEST_CONFIG_H
#define CMTEST_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/arena.h"
#include "cmtest/diag.h"

/* A value is a scalar or a list of scalars; each as it was written, without quotes. */
struct config_entry {
    const char *section; /* NULL: it stands at the top */
    struct place section_place;
    const char *key;
    struct place place; /* of the key */
    const char *const *items;
    const struct place *places; /* of the items */
    size_t count;               /* 1 for a scalar; a list may be empty */
    bool list;
};

struct config {
    const struct config_entry *entries; /* as they stand in the file */
    size_t count;
};

/* Reads a whole text; an empty one has no entries. What is wrong goes to diag, as of a spec. path
 * outlives diag. Everything is in the arena. */
struct config config_parse(const char *path, const char *bytes, size_t length, struct arena *arena,
                           struct diag *diag);

/* The same of a file, of at most CONFIG_BYTES_MAX. */
#define CONFIG_BYTES_MAX (64 * 1024)
struct config config_load(const char *path, struct arena *arena, struct diag *diag);

#endif
