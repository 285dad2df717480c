/* paths: the specs that the arguments of a command name. */
#ifndef CMTEST_CLI_PATHS_H
#define CMTEST_CLI_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include "cmtest/arena.h"

#define PATHS_MAX 1000

struct paths {
    const char *items[PATHS_MAX];
    size_t count;
};

/* Files as they are; of a folder its *.yaml and *.yml in the order of their names, without those
 * whose names begin with a dot and without what is no spec (no line "cmtest:", as files that others
 * include), which is told on stderr. A path that is given twice counts once. false after a
 * sentence on stderr: a folder that cannot be read or has no spec. */
bool paths_find(char *const *arguments, size_t count, struct arena *arena, struct paths *paths);

#endif
