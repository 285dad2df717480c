/* What is written more than once in a schema is written once, under definitions. A $ref stands
 * beside title and description: validators look at the $ref alone, editors show all. */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

/* Shorter than this is easier to read in its place. */
#define SHARED_BYTES 1500

struct shared {
    json_t *counts;      /* text of a schema: how often it is there */
    json_t *names;       /* text: name of its definition */
    json_t *definitions; /* name: schema */
};

static bool is_word(const char *key)
{
    static const char *const words[] = {"title", "description", "default", "examples"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i]) == 0)
            return true;
    return false;
}

/* The part of a schema that a $ref can stand for, as text; NULL when it is too short. free(). */
static char *core_of(json_t *schema, json_t **core)
{
    const char *key;
    json_t *value;
    *core = json_object();
    json_object_foreach(schema, key, value)
    {
        if (!is_word(key))
            json_object_set(*core, key, value);
    }
    char *text = json_object_get(*core, "type") || json_object_get(*core, "anyOf")
                     ? json_dumps(*core, JSON_COMPACT)
                     : NULL;
    if (text && strlen(text) >= SHARED_BYTES)
        return text;
    free(text);
    json_decref(*core);
    *core = NULL;
    return NULL;
}

static void count(const struct shared *shared, json_t *schema)
{
    const char *key;
    json_t *value, *core;
    size_t index;
    json_array_foreach(schema, index, value)
    {
        count(shared, value);
    }
    json_object_foreach(schema, key, value)
    {
        count(shared, value);
    }
    char *text = json_is_object(schema) ? core_of(schema, &core) : NULL;
    if (!text)
        return;
    json_int_t before = json_integer_value(json_object_get(shared->counts, text));
    json_object_set_new(shared->counts, text, json_integer(before + 1));
    json_decref(core);
    free(text);
}

static const char *define(const struct shared *shared, const char *text, const char *title,
                          json_t *core)
{
    json_t *known = json_object_get(shared->names, text);
    struct text name = {0};
    if (!known) {
        text_add(&name, title ? title : "entry");
        while (json_object_get(shared->definitions, text_get(&name)))
            text_add(&name, "_");
        known = json_string(text_get(&name));
        json_object_set_new(shared->names, text, known);
        json_object_set(shared->definitions, text_get(&name), core);
        text_fini(&name);
    }
    return json_string_value(known);
}

/* From the outside in, so that the largest part is shared; what is in it, when it is defined. */
static void replace(const struct shared *shared, json_t *schema)
{
    const char *key;
    json_t *value, *core = NULL;
    size_t index;
    char *text = json_is_object(schema) ? core_of(schema, &core) : NULL;
    if (text && json_integer_value(json_object_get(shared->counts, text)) > 1) {
        bool known = json_object_get(shared->names, text);
        const char *title = json_string_value(json_object_get(schema, "title"));
        const char *name = define(shared, text, title, core);
        struct text target = {0};
        text_printf(&target, "#/definitions/%s", name);
        json_object_foreach(core, key, value)
        {
            json_object_del(schema, key);
        }
        json_object_set_new(schema, "$ref", json_string(text_get(&target)));
        text_fini(&target);
        json_object_foreach(core, key, value)
        {
            if (!known)
                replace(shared, value);
        }
    } else {
        json_array_foreach(schema, index, value)
        {
            replace(shared, value);
        }
        json_object_foreach(schema, key, value)
        {
            replace(shared, value);
        }
    }
    json_decref(core);
    free(text);
}

void schema_share(json_t *schema)
{
    struct shared shared = {json_object(), json_object(), json_object()};
    count(&shared, schema);
    const char *key;
    json_t *value;
    json_object_foreach(schema, key, value)
    {
        replace(&shared, value);
    }
    json_object_set(schema, "definitions", shared.definitions);
    json_decref(shared.counts);
    json_decref(shared.names);
    json_decref(shared.definitions);
}
