/* The JSON Schema of a spec, from the same rows that check it. */
#include "schema.h"
#include "cmtest/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NAME_PATTERN "^[A-Za-z0-9_.-]{1,64}$"
#define PLACE_PATTERN "^[!-~]{1,64}$"
#define LATER "Checked, but this version cannot run it yet."

static json_t *value_of(const struct field *field, bool partial);

/* ---- words ------------------------------------------------------------------------------- */

static void describe(const struct field *field, json_t *to)
{
    struct text text = {0};
    text_add(&text, field->help ? field->help : "");
    if (text.length)
        text.data[0] = (char)toupper((unsigned char)text.data[0]);
    schema_add_range(field, &text);
    if (text.length)
        text_add(&text, ".");
    if (field->later)
        text_add(&text, " " LATER);
    json_object_set_new(to, "title", json_string(field->key));
    json_object_set_new(to, "description", json_string(text_get(&text)));
    text_fini(&text);
    json_t *example = field->example ? schema_value(field, field->example) : NULL;
    json_t *fallback = field->fallback ? schema_value(field, field->fallback) : NULL;
    if (fallback)
        json_object_set_new(to, "default", fallback);
    if (example && !field->secret)
        json_object_set_new(to, "examples", json_pack("[O]", example));
    json_decref(example);
}

/* A copy of the schema with title and description in front of it. */
static json_t *described(const struct field *field, json_t *schema)
{
    json_t *whole = json_object();
    describe(field, whole);
    json_object_update_missing(whole, schema);
    json_decref(schema);
    return whole;
}

/* ---- mappings ---------------------------------------------------------------------------- */

struct members {
    json_t *properties;
    bool partial;
};

/* A key that several words bring has what all of them accept. */
static void add_member(const struct field *field, const struct field *by, const struct choice *word,
                       void *to)
{
    const struct members *members = to;
    (void)by;
    (void)word;
    json_t *schema = described(field, value_of(field, members->partial));
    json_t *before = json_object_get(members->properties, field->key);
    if (before)
        schema = schema_union(json_incref(before), schema);
    json_object_set_new(members->properties, field->key, schema);
}

static json_t *mapping_of(const struct field *fields, bool partial)
{
    struct members members = {.properties = json_object(), .partial = partial};
    json_t *schema = json_pack("{s:s,s:O,s:b}", "type", "object", "properties", members.properties,
                               "additionalProperties", 0);
    schema_each(fields, add_member, &members);
    schema_add_rules(fields, partial, schema);
    json_decref(members.properties);
    return schema;
}

static const struct field *find(const struct field *fields, const char *key)
{
    while (fields->key && strcmp(fields->key, key) != 0)
        fields++;
    return fields->key ? fields : NULL;
}

/* A mapping of fields, or what is short for one. */
static json_t *entry_of(const struct field *field, bool partial)
{
    const struct field *brief = field->shorthand ? find(field->fields, field->shorthand) : NULL;
    if (brief && field->bare)
        return value_of(brief, partial);
    json_t *mapping = mapping_of(field->fields, partial);
    return brief ? schema_union(value_of(brief, partial), mapping) : mapping;
}

static void set_count(const struct field *field, const char *least, const char *most, json_t *to)
{
    if (field->min)
        json_object_set_new(to, least, json_integer(field->min));
    if (field->max)
        json_object_set_new(to, most, json_integer(field->max));
}

static json_t *map_of(const struct field *field, bool partial)
{
    json_t *schema = json_pack("{s:s,s:{s:s},s:o}", "type", "object", "propertyNames", "pattern",
                               field->wide ? PLACE_PATTERN : NAME_PATTERN, "additionalProperties",
                               entry_of(field, partial));
    set_count(field, "minProperties", "maxProperties", schema);
    return schema;
}

static json_t *list_of(const struct field *field, bool partial)
{
    json_t *item = described(field->item, value_of(field->item, partial));
    json_t *schema = json_pack("{s:s,s:O}", "type", "array", "items", item);
    set_count(field, "minItems", "maxItems", schema);
    if (field->single)
        schema = schema_union(value_of(field->item, partial), schema);
    json_decref(item);
    return schema;
}

/* Just one of its keys and what goes with it, or a list. */
static json_t *one_of(const struct field *field, bool partial)
{
    const struct field *list = NULL;
    json_t *forms = json_array(), *properties = json_object();
    json_t *mapping = json_pack("{s:s,s:O,s:b}", "type", "object", "properties", properties,
                                "additionalProperties", 0);
    for (const struct field *form = field->fields; form->key; form++) {
        if (form->kind == FIELD_LIST) {
            list = form;
            continue;
        }
        json_object_set_new(properties, form->key, described(form, value_of(form, partial)));
        if (form->with)
            continue;
        json_t *others = json_object();
        for (const struct field *other = field->fields; other->key; other++)
            if (other != form && other->kind != FIELD_LIST && !other->with)
                json_object_set_new(others, other->key, json_false());
        json_array_append_new(
            forms, json_pack("{s:[s],s:o}", "required", form->key, "properties", others));
    }
    for (const struct field *form = field->fields; form->key; form++)
        if (form->with)
            schema_add_with(form, partial, mapping);
    json_object_set_new(mapping, "anyOf", forms);
    json_decref(properties);
    return list ? schema_union(value_of(list, partial), mapping) : mapping;
}

static json_t *value_of(const struct field *field, bool partial)
{
    partial = partial || field->unbound;
    if (schema_is_scalar(field))
        return schema_scalar(field);
    switch (field->kind) {
    case FIELD_STRUCT:
        return entry_of(field, partial);
    case FIELD_MAP:
        return map_of(field, partial);
    case FIELD_LIST:
        return list_of(field, partial);
    case FIELD_ONE_OF:
        return one_of(field, partial);
    default:
        return json_object();
    }
}

/* ---- the whole --------------------------------------------------------------------------- */

/* What strict demands beyond loose, in the places where it does. */
static json_t *beyond(json_t *strict, json_t *loose)
{
    const char *key;
    json_t *value, *more = json_object();
    json_object_foreach(strict, key, value)
    {
        json_t *other = json_object_get(loose, key);
        if (other && json_equal(value, other))
            continue;
        if (json_is_object(value) && json_is_object(other))
            json_object_set_new(more, key, beyond(value, other));
        else
            json_object_set(more, key, value);
    }
    return more;
}

/* Adds what holds unless one of these keys may fill in what is missing. */
static void add_unless(json_t *keys, json_t *demands, json_t *to)
{
    json_t *filled = json_array();
    for (size_t i = 0; i < json_array_size(keys); i++)
        json_array_append_new(filled, json_pack("{s:[O]}", "required", json_array_get(keys, i)));
    json_array_append_new(schema_array(to, "allOf"), json_pack("{s:{s:{s:o}},s:O}", "if", "not",
                                                               "anyOf", filled, "then", demands));
}

/* Included files may hold any key, and defaults any of a group: what is required is demanded only
 * where there is neither. */
static void add_required(json_t *to)
{
    json_t *strict = mapping_of(spec_fields, false);
    json_t *demands = beyond(strict, to), *properties = json_object_get(demands, "properties");
    for (const struct field *filler = spec_fields; filler->key; filler++) {
        if (!filler->unbound || filler->kind != FIELD_STRUCT)
            continue;
        for (const struct field *map = spec_fields; map->key; map++) {
            json_t *part = json_object_get(properties, map->key);
            if (map == filler || map->fields != filler->fields || !part)
                continue;
            json_t *keys = json_pack("[s,s]", "include", filler->key);
            json_t *entries = json_pack("{s:{s:O}}", "properties", map->key, part);
            add_unless(keys, entries, to);
            json_decref(keys);
            json_decref(entries);
            json_object_del(properties, map->key);
        }
    }
    json_t *include = json_pack("[s]", "include");
    add_unless(include, demands, to);
    json_decref(include);
    json_decref(demands);
    json_decref(strict);
}

static void write(struct text *out)
{
    json_t *whole =
        json_pack("{s:s,s:s,s:s,s:s}", "$schema", "http://json-schema.org/draft-07/schema#", "$id",
                  "cmtest.schema.json", "title", "cmtest spec", "description",
                  "A test of telephony: who registers where, who calls whom with which codecs, and "
                  "what must hold.");
    json_t *spec = mapping_of(spec_fields, true);
    add_required(spec);
    /* Holders of anchors. */
    json_object_set_new(spec, "patternProperties", json_pack("{s:b}", "^x-", 1));
    json_object_update_missing(whole, spec);
    json_decref(spec);
    json_t *tree = json_deep_copy(whole);
    json_decref(whole);
    whole = tree;
    schema_share(whole);
    char *text = json_dumps(whole, JSON_INDENT(1));
    text_add(out, text);
    text_add(out, "\n");
    free(text);
    json_decref(whole);
}

const struct schema schema_spec = {
    .name = "spec",
    .help = "of a spec, for editors",
    .write = write,
};
