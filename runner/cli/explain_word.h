/* explain_word: what `cmtest explain` says of an action or a trigger. */
#ifndef CMTEST_CLI_EXPLAIN_WORD_H
#define CMTEST_CLI_EXPLAIN_WORD_H

#include <stdbool.h>
#include "cmtest/text.h"

/* false: it is neither. */
bool explain_word(const char *word, unsigned width, struct text *out);

#endif
