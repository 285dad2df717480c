/* save: the checked tree as YAML again, without secrets, written by libcyaml. */
#ifndef CMTEST_SPEC_SAVE_H
#define CMTEST_SPEC_SAVE_H

#include "document.h"

/* false: libcyaml could not. */
bool save_tree(const struct node *tree, struct text *out);

#endif
