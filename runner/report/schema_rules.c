/* Which keys of a mapping must be there, and which go together. Written with required and with
 * dependencies, because of these an editor can tell which key is meant. */
#include "schema.h"

#include <string.h>

void schema_append_new(json_t *array, json_t *value)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        if (json_equal(json_array_get(array, i), value)) {
            json_decref(value);
            return;
        }
    json_array_append_new(array, value);
}

json_t *schema_array(json_t *object, const char *key)
{
    json_t *array = json_object_get(object, key);
    if (!array) {
        array = json_array();
        json_object_set_new(object, key, array);
    }
    return array;
}

void schema_each(const struct field *fields,
                 void (*take)(const struct field *field, const struct field *by,
                              const struct choice *word, void *to),
                 void *to)
{
    for (const struct field *field = fields; field->key; field++) {
        if (field->kind == FIELD_KEY || field->kind == FIELD_ARGUMENTS)
            continue;
        take(field, NULL, NULL, to);
        for (size_t i = 0; field->kind == FIELD_CHOICE && field->choices[i]; i++)
            for (const struct field *part = field->choices[i]->fields; part && part->key; part++)
                if (part->kind != FIELD_KEY && part->kind != FIELD_ARGUMENTS)
                    take(part, field, field->choices[i], to);
    }
}

/* Adds a condition on the mappings that have this key. */
static void depend(json_t *to, const char *key, json_t *condition)
{
    json_t *all = json_object_get(to, "dependencies");
    if (!all) {
        all = json_object();
        json_object_set_new(to, "dependencies", all);
    }
    json_t *before = json_object_get(all, key);
    if (!before) {
        json_object_set_new(all, key, condition);
        return;
    }
    json_t *both = json_object_get(before, "allOf");
    if (!both) {
        json_t *list = json_pack("{s:[O]}", "allOf", before);
        json_object_set_new(all, key, list);
        both = json_object_get(list, "allOf");
    }
    json_array_append_new(both, condition);
}

static json_t *required(const char *key)
{
    return json_pack("{s:[s]}", "required", key);
}

static bool rivals(const struct field *a, const struct field *b)
{
    return a != b && a->either && b->either && strcmp(a->either, b->either) == 0;
}

/* At most one of those with the same word in either; and one of them when they are required. */
static void add_either(const struct field *fields, const struct field *field, bool partial,
                       json_t *to)
{
    json_t *others = json_object(), *one = json_array();
    bool first = true;
    for (const struct field *other = fields; other->key; other++) {
        if (other == field || rivals(other, field))
            json_array_append_new(one, required(other->key));
        if (!rivals(other, field))
            continue;
        first = first && other > field;
        json_object_set_new(others, other->key, json_false());
    }
    depend(to, field->key, json_pack("{s:o}", "properties", others));
    if (first && field->required && !partial)
        json_array_append_new(schema_array(to, "allOf"), json_pack("{s:O}", "anyOf", one));
    json_decref(one);
}

void schema_add_with(const struct field *field, bool partial, json_t *to)
{
    if (partial)
        return;
    depend(to, field->key, required(field->with));
    if (field->required)
        depend(to, field->with, required(field->key));
}

struct brought {
    const struct field *fields; /* of the mapping */
    json_t *to;
    bool partial;
};

/* What the words of one choice bring: {key: [word...]}; and what they require. */
static json_t *bringers(const struct field *choice, const char *key)
{
    json_t *words = json_array();
    for (size_t i = 0; choice->choices[i]; i++)
        for (const struct field *part = choice->choices[i]->fields; part && part->key; part++)
            if (strcmp(part->key, key) == 0)
                json_array_append_new(words, json_string(choice->choices[i]->word));
    return words;
}

static bool is_own(const struct field *fields, const char *key)
{
    for (const struct field *field = fields; field->key; field++)
        if (strcmp(field->key, key) == 0)
            return true;
    return false;
}

/* A key that only some words of some choices bring: one of them must be there. */
static void add_brought(const struct field *fields, const char *key, json_t *to)
{
    json_t *forms = json_array();
    if (is_own(fields, key) || json_object_get(json_object_get(to, "dependencies"), key)) {
        json_decref(forms);
        return;
    }
    for (const struct field *choice = fields; choice->key; choice++) {
        if (choice->kind != FIELD_CHOICE)
            continue;
        json_t *words = bringers(choice, key);
        if (json_array_size(words))
            json_array_append_new(forms, json_pack("{s:[s],s:{s:o}}", "required", choice->key,
                                                   "properties", choice->key,
                                                   schema_words(json_incref(words))));
        json_decref(words);
    }
    if (json_array_size(forms) == 1)
        depend(to, key, json_incref(json_array_get(forms, 0)));
    else
        depend(to, key, json_pack("{s:O}", "anyOf", forms));
    json_decref(forms);
}

static void take_brought(const struct field *field, const struct field *by,
                         const struct choice *word, void *to)
{
    const struct brought *brought = to;
    if (!by)
        return;
    add_brought(brought->fields, field->key, brought->to);
    if (field->required && !field->with && !field->either && !brought->partial)
        json_array_append_new(schema_array(brought->to, "allOf"),
                              json_pack("{s:{s:[s],s:{s:{s:s}}},s:{s:[s]}}", "if", "required",
                                        by->key, "properties", by->key, "const", word->word, "then",
                                        "required", field->key));
}

void schema_add_rules(const struct field *fields, bool partial, json_t *to)
{
    for (const struct field *field = fields; field->key; field++) {
        if (field->kind == FIELD_KEY || field->kind == FIELD_ARGUMENTS)
            continue;
        if (field->either)
            add_either(fields, field, partial, to);
        else if (field->with)
            schema_add_with(field, partial, to);
        else if (field->required && !partial)
            json_array_append_new(schema_array(to, "required"), json_string(field->key));
    }
    struct brought brought = {.fields = fields, .to = to, .partial = partial};
    schema_each(fields, take_brought, &brought);
}
