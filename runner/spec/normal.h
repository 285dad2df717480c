/*
 * normal: the checked tree as a document that libcyaml can bind: free keys become a sequence with
 * a name, durations become ns, defaults are filled in, a form of several becomes a member of its
 * own, merges and aliases are resolved. What was found wrong is left out.
 */
#ifndef CMTEST_SPEC_NORMAL_H
#define CMTEST_SPEC_NORMAL_H

#include "document.h"

/* Owned by the caller, who wipes it: it holds passwords. */
char *normal_document(const struct document *document, size_t *length);

#endif
