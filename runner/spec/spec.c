#include "scalar.h"
#include "cmtest/spec.h"
#include "bind.h"
#include "cases.h"
#include "normal.h"
#include "save.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What libcyaml allocates and fills; the rest is ours. */
struct bound {
    struct spec spec;
    struct store *store; /* of everything but what libcyaml allocated */
    const cyaml_schema_value_t *schema;
    struct places *places;
    const struct node *tree;
};

static const struct bound *bound_of(const struct spec *spec)
{
    return (const struct bound *)(const void *)spec;
}

struct spec *bound_new(struct document *document, struct places *places, struct store *store)
{
    size_t length;
    const cyaml_schema_value_t *schema =
        bind_schema(spec_fields, sizeof(struct bound), document->arena);
    char *text = normal_document(document, &length);
    struct bound *bound = NULL;
    cyaml_err_t error = cyaml_load_data((const uint8_t *)text, length, &bind_config, schema,
                                        (cyaml_data_t **)&bound, NULL);
    explicit_bzero(text, length);
    free(text);
    if (error != CYAML_OK || !bound) {
        diag_add(document->diag, DIAG_ERROR, "internal", places->whole,
                 "this is a defect of cmtest; please report it", "the spec cannot be bound: %s",
                 cyaml_strerror(error));
        return NULL;
    }
    bound->store = store;
    store->uses++;
    bound->schema = schema;
    bound->places = places;
    bound->tree = document->root.node;
    bound->spec.path = document->path;
    return &bound->spec;
}

void spec_free(struct spec *spec)
{
    if (!spec)
        return;
    const struct bound *bound = bound_of(spec);
    struct store *store = bound->store;
    cyaml_free(&bind_config, bound->schema, spec, 0);
    if (!--store->uses)
        arena_free(store->arena);
}

bool spec_save(const struct spec *spec, struct text *out)
{
    return save_tree(bound_of(spec)->tree, out);
}

static void print_path(char out[256], const char *format, va_list args)
{
    vsnprintf(out, 256, format, args);
}

struct place spec_place(const struct spec *spec, const char *path, ...)
{
    char text[256];
    va_list args;
    va_start(args, path);
    print_path(text, path, args);
    va_end(args);
    const struct places *places = bound_of(spec)->places;
    const struct place_entry *entry = places_near(places, text);
    return entry ? entry->place : places->whole;
}

struct place spec_place_part(const struct spec *spec, const char *value, size_t offset,
                             size_t length, const char *path, ...)
{
    char text[256];
    va_list args;
    va_start(args, path);
    print_path(text, path, args);
    va_end(args);
    const struct places *places = bound_of(spec)->places;
    const struct place_entry *entry = places_find(places, text);
    if (!entry)
        entry = places_near(places, text);
    else if (entry->inner >= 0 && offset <= strlen(value)) {
        struct place place = entry->place;
        size_t end = offset + length < strlen(value) ? offset + length : strlen(value);
        place.column += entry->inner;
        place.width = 0;
        for (size_t at = 0, step; at < end; at += step ? step : 1) {
            step = text_utf8_length(value + at, end - at);
            place.column += at < offset;
            place.width += at >= offset;
        }
        place.width = place.width ? place.width : 1;
        return place;
    }
    return entry ? entry->place : places->whole;
}

bool spec_given(const struct spec *spec, const char *path, ...)
{
    char text[256];
    va_list args;
    va_start(args, path);
    print_path(text, path, args);
    va_end(args);
    return places_find(bound_of(spec)->places, text) != NULL;
}

bool spec_faulty(const struct spec *spec, const char *path, ...)
{
    char text[256];
    va_list args;
    va_start(args, path);
    print_path(text, path, args);
    va_end(args);
    return places_faulty(bound_of(spec)->places, text);
}

bool spec_duration(const char *text, int64_t *ns)
{
    return scalar_duration(text, ns) == DURATION_OK;
}
