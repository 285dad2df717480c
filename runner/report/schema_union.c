/* Two schemas as one that accepts what either does. */
#include "schema.h"

#include <string.h>

/* Keywords that speak about values of any type, and so cannot stand beside those of another. */
static bool is_closed(const json_t *schema)
{
    static const char *const words[] = {"anyOf", "allOf", "oneOf", "enum", "const", "if", "not"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (json_object_get(schema, words[i]))
            return true;
    return !json_object_get(schema, "type");
}

static void take_types(const json_t *schema, json_t *types)
{
    json_t *type = json_object_get(schema, "type");
    if (json_is_string(type))
        schema_append_new(types, json_incref(type));
    for (size_t i = 0; i < json_array_size(type); i++)
        schema_append_new(types, json_incref(json_array_get(type, i)));
}

/* Whether one and the same type is in both: their keywords would mix. */
static bool overlap(const json_t *first, const json_t *second)
{
    json_t *one = json_array(), *two = json_array(), *both = json_array();
    take_types(first, one);
    take_types(second, two);
    take_types(first, both);
    take_types(second, both);
    bool same = json_array_size(both) != json_array_size(one) + json_array_size(two);
    json_decref(one);
    json_decref(two);
    json_decref(both);
    return same;
}

static json_t *without_words(const json_t *schema)
{
    static const char *const words[] = {"title", "description", "default", "examples"};
    json_t *copy = json_copy((json_t *)(uintptr_t)schema);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        json_object_del(copy, words[i]);
    return copy;
}

static void append_forms(json_t *forms, json_t *schema)
{
    json_t *nested = json_object_get(schema, "anyOf");
    if (nested && json_object_size(schema) == 1)
        for (size_t i = 0; i < json_array_size(nested); i++)
            schema_append_new(forms, json_incref(json_array_get(nested, i)));
    else
        schema_append_new(forms, json_incref(schema));
}

static json_t *either(json_t *first, json_t *second)
{
    json_t *whole = json_object(), *forms = json_array();
    json_object_update(whole, first);
    json_t *one = without_words(first), *two = without_words(second);
    append_forms(forms, one);
    append_forms(forms, two);
    const char *key;
    json_t *value;
    json_object_foreach(one, key, value)
    {
        json_object_del(whole, key);
    }
    if (json_array_size(forms) == 1)
        json_object_update(whole, one);
    else
        json_object_set(whole, "anyOf", forms);
    json_decref(forms);
    json_decref(one);
    json_decref(two);
    return whole;
}

json_t *schema_union(json_t *first, json_t *second)
{
    json_t *whole;
    if (is_closed(first) || is_closed(second) || overlap(first, second)) {
        whole = either(first, second);
    } else {
        json_t *types = json_array();
        take_types(first, types);
        take_types(second, types);
        whole = json_copy(first);
        json_object_update_missing(whole, second);
        json_object_set_new(whole, "type", types);
    }
    json_decref(first);
    json_decref(second);
    return whole;
}
