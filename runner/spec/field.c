#include "cmtest/field.h"

#include <string.h>

const struct field *field_find(const struct field *fields, const char *key)
{
    for (const struct field *field = fields; field && field->key; field++)
        if (field->kind != FIELD_KEY && field->kind != FIELD_ARGUMENTS &&
            strcmp(field->key, key) == 0)
            return field;
    return NULL;
}

const struct choice *field_choice(const struct field *field, const char *word)
{
    for (const struct choice *const *choice = field->choices; choice && *choice; choice++)
        if (strcmp((*choice)->word, word) == 0)
            return *choice;
    return NULL;
}

bool field_brings_keys(const struct field *field)
{
    for (const struct choice *const *choice = field->choices; choice && *choice; choice++)
        if ((*choice)->fields)
            return true;
    return false;
}
