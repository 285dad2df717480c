/* choice: the words of the language, for listings. */
#ifndef CMTEST_CLI_CHOICE_H
#define CMTEST_CLI_CHOICE_H

#include "cmtest/field.h"
#include "cmtest/listing.h"

/* What is said of what can be written, but not run. */
#define CHOICE_LATER_STATUS "not run yet"

/* A row of name, keys, status, help. */
void choice_list(struct listing *listing, const struct choice *choice);

/* The words of the key at a path such as "groups.audio.codecs.name"; entries of maps and lists need
 * no step of their own. NULL when it has none. */
const struct choice *const *choices_at(const char *path);

#endif
