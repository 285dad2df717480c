#include "cmtest/spec.h"
#include "bind.h"
#include "check.h"
#include "document.h"
#include "normal.h"
#include "places.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What libcyaml allocates and fills; the rest is ours. */
struct bound {
    struct spec spec;
    struct arena *arena; /* of everything but what libcyaml allocated */
    const cyaml_schema_value_t *schema;
    struct places *places;
};

static const struct bound *bound_of(const struct spec *spec)
{
    return (const struct bound *)(const void *)spec;
}

/* A group that names the registrar embedded needs no entry for it: it gets an empty one, which
 * stands where it was first named. */
static void add_embedded(struct document *document)
{
    struct node *root = document->root.node;
    const struct item *groups = node_find(root, "groups"), *named = NULL;
    if (!groups || groups->value.node->kind != NODE_MAPPING)
        return;
    for (const struct item *group = groups->value.node->first; group && !named;
         group = group->next) {
        if (group->value.node->kind != NODE_MAPPING)
            continue;
        const struct item *name = node_find(group->value.node, "registrar");
        if (name && name->value.node->kind == NODE_SCALAR &&
            strcmp(name->value.node->text, "embedded") == 0)
            named = name;
    }
    struct item *registrars = node_find(root, "registrars");
    if (!named || (registrars && (registrars->value.node->kind != NODE_MAPPING ||
                                  node_find(registrars->value.node, "embedded"))))
        return;
    struct node *empty = arena_alloc(document->arena, sizeof *empty);
    *empty = (struct node){.kind = NODE_MAPPING, .span = named->value.span, .closed = true};
    struct item *entry = arena_alloc(document->arena, sizeof *entry);
    *entry = (struct item){.key = named->value, .value = {empty, named->value.span}};
    struct node *map = registrars ? registrars->value.node : NULL;
    if (!map) {
        map = arena_alloc(document->arena, sizeof *map);
        *map = *empty;
        registrars = arena_alloc(document->arena, sizeof *registrars);
        struct node *key = arena_alloc(document->arena, sizeof *key);
        *key = (struct node){.kind = NODE_SCALAR, .text = "registrars", .length = 10};
        *registrars =
            (struct item){.key = {key, named->value.span}, .value = {map, named->value.span}};
        node_append(root, registrars);
    }
    node_append(map, entry);
}

static struct spec *bind(struct document *document, struct places *places)
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
    bound->arena = document->arena;
    bound->schema = schema;
    bound->places = places;
    bound->spec.path = document->path;
    return &bound->spec;
}

struct spec *spec_parse(const char *path, const char *bytes, size_t length, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct document *document = arena_alloc(arena, sizeof *document);
    struct places *places = arena_alloc(arena, sizeof *places);
    struct spec *spec = NULL;
    bool text = document_init(document, path, bytes, length, arena, diag);
    bool read = text && document_read(document);
    /* For findings of the plan too, so also when there is none yet. */
    if (document->offsets)
        document_mask(document, read);
    if (read) {
        places_init(places, path, arena);
        add_embedded(document);
        if (check_spec(document, places))
            spec = bind(document, places);
    }
    if (!spec)
        arena_free(arena);
    return spec;
}

struct spec *spec_load(const char *path, struct diag *diag)
{
    size_t length;
    const char *why;
    char *bytes = text_read_file(path, DOCUMENT_BYTES_MAX, &length, &why);
    if (!bytes) {
        diag_add(diag, DIAG_ERROR, "cannot-read", (struct place){.file = path}, NULL,
                 "the spec cannot be read: %s", why);
        return NULL;
    }
    struct spec *spec = spec_parse(path, bytes, length, diag);
    explicit_bzero(bytes, length);
    free(bytes);
    return spec;
}

void spec_free(struct spec *spec)
{
    if (!spec)
        return;
    const struct bound *bound = bound_of(spec);
    struct arena *arena = bound->arena;
    cyaml_free(&bind_config, bound->schema, spec, 0);
    arena_free(arena);
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
