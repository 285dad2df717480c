/* word: a word of the command line that is one of a table. */
#ifndef CMTEST_CLI_WORD_H
#define CMTEST_CLI_WORD_H

#include <stddef.h>

/* A sentence on stderr: there is no <thing> "<word>", and which one may be meant; names of a few
 * are listed. Returns EXIT_USAGE. */
int word_unknown(const char *thing, const char *word, const char *const *names, size_t count);

#endif
