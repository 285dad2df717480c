/*
 * completion: what a shell offers behind a word of the command line, from the tables of the
 * commands. One row per shell under runner/cli/shells/. Pure.
 */
#ifndef CMTEST_COMPLETION_H
#define CMTEST_COMPLETION_H

#include "cmtest/command.h"

enum completion {
    COMPLETE_NOTHING, /* a number, a KEY=VALUE */
    COMPLETE_FILE,
    COMPLETE_FOLDER,
    COMPLETE_SPEC, /* *.yaml and *.yml */
    COMPLETE_WORDS,
};

/* Of an option's value, or with no row of the command's argument, by what the help calls it.
 * *words is filled for COMPLETE_WORDS, a line each: from the command, or the alternatives that the
 * name itself lists in lower case ("[spec|result]"). */
enum completion completion_of(const struct command *command, const struct option_row *row,
                              struct text *words);

/* Whether the option takes a value. */
bool option_valued(const struct option_row *row);

/* Names of all commands that help lists, and of the subjects of `cmtest help`, a line each. */
void completion_commands(struct text *out);
void completion_subjects(struct text *out);

/* words with blanks instead of line ends, in front and behind none. */
void completion_join(const struct text *words, struct text *out);

/* string with a backslash before each of the characters in special, and what a single-quoted
 * string of the shells cannot hold left out: the quote becomes an apostrophe of Unicode. */
void completion_quote(const char *string, const char *special, struct text *out);

struct shell {
    const char *name; /* "bash" */
    const char *hint; /* how it is tried in a running shell */
    void (*write)(struct text *out);
};

/* NULL-terminated, in the order of table.def. */
extern const struct shell *const shells[];

#endif
