/* option_set: gives a value to an option, wherever it comes from. */
#ifndef CMTEST_CLI_OPTION_SET_H
#define CMTEST_CLI_OPTION_SET_H

#include "cmtest/command.h"
#include "cmtest/text.h"

#define OPTION_ROWS_MAX 40

/* Values of one origin: the first of a list, or of a count, replaces what a lower one had. */
struct option_layer {
    const struct command *command;
    struct options *options;
    bool touched[OPTION_ROWS_MAX]; /* by the place of the row */
};

/* text: NULL for a flag of the command line. false: why is what is wrong with it, "wants a whole
 * number, not \"x\"". */
bool option_set(struct option_layer *layer, size_t row, const char *text, struct text *why);

/* Clears a list, for an origin that says it is empty. */
void option_clear(struct option_layer *layer, size_t row);

/* The row of that name; SIZE_MAX when the command has none. */
size_t option_find(const struct command *command, const char *name);

/* "fail-fast" is "CMTEST_FAIL_FAST"; with a command CMTEST_RUN_FAIL_FAST, which goes first. */
void option_variable(const char *command, const char *name, char *out, size_t size);

/* The config files; false after the findings were printed. */
bool option_config(const struct command *command, const char *const *environment,
                   struct options *options);

/* The value of a variable; NULL when it is not set. */
const char *option_getenv(const char *const *environment, const char *name);

#endif
