/* bind: libcyaml's tables out of the field lists. */
#ifndef CMTEST_SPEC_BIND_H
#define CMTEST_SPEC_BIND_H

#include <cyaml/cyaml.h>
#include "cmtest/arena.h"
#include "cmtest/field.h"

/* The schema of a pointer to a struct of size bytes with these fields. Lives in the arena. */
const cyaml_schema_value_t *bind_schema(const struct field *fields, size_t size,
                                        struct arena *arena);

/* Silent: libcyaml's own messages would quote values. */
extern const cyaml_config_t bind_config;

#endif
