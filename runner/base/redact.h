/* redact: takes secrets out of the words of a finding. */
#ifndef CMTEST_REDACT_H
#define CMTEST_REDACT_H

#include "cmtest/diag.h"

struct secret {
    char *value, *shown;
    struct place place; /* where it stands for its value */
};

/* words with the value of each secret replaced by what is shown for it; in a finding that points to
 * the secret's own place, each longer part of it too. Owned by the caller. */
char *redact(const struct secret *secrets, size_t count, const struct place *place,
             const char *words);

#endif
