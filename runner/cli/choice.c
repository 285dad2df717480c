#include "choice.h"

#include <string.h>

void choice_list(struct listing *listing, const struct choice *choice)
{
    struct text keys = {0};
    for (const struct field *field = choice->fields; field && field->key; field++)
        text_printf(&keys, "%s%s", keys.length ? ", " : "", field->key);
    listing_add(listing,
                (const char *const[]){choice->word, keys.length ? text_get(&keys) : NULL,
                                      choice->later ? CHOICE_LATER_STATUS : NULL, choice->help});
    text_fini(&keys);
}

static const struct field *step(const struct field *fields, const char *key, size_t length)
{
    for (; fields && fields->key; fields++)
        if (strlen(fields->key) == length && strncmp(fields->key, key, length) == 0)
            return fields;
    return NULL;
}

const struct choice *const *choices_at(const char *path)
{
    const struct field *fields = spec_fields, *field = NULL;
    while (*path) {
        size_t length = strcspn(path, ".");
        field = step(fields, path, length);
        if (field && field->kind == FIELD_LIST)
            field = field->item;
        if (!field)
            return NULL;
        fields = field->fields;
        path += length + (path[length] == '.');
    }
    return field && field->kind == FIELD_CHOICE ? field->choices : NULL;
}
