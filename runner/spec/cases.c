#include "cases.h"
#include "check.h"
#include "reuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of all cases of a matrix: a small file must not become a large test. */
#define CASES_NODES_MAX 300000

static bool names_embedded(const struct item *group)
{
    if (group->value.node->kind != NODE_MAPPING)
        return false;
    const struct item *name = node_find(group->value.node, "registrar");
    return name && name->value.node->kind == NODE_SCALAR && !name->value.node->faulty &&
           strcmp(name->value.node->text, "embedded") == 0;
}

static struct item *new_entry(struct document *document, struct value key)
{
    struct node *map = document_node(document, NODE_MAPPING, key.span);
    if (!map)
        return NULL;
    struct item *entry = arena_alloc(document->arena, sizeof *entry);
    *entry = (struct item){.key = key, .value = {map, key.span}};
    return entry;
}

/* A group that names the registrar embedded needs no entry for it: it gets an empty one, which
 * stands where it was first named. root is the case's own. */
static bool add_embedded(struct document *document, struct node *root)
{
    const struct item *groups = node_find(root, "groups"), *group = NULL;
    if (groups && groups->value.node->kind == NODE_MAPPING)
        group = groups->value.node->first;
    while (group && !names_embedded(group))
        group = group->next;
    struct item *registrars = node_find(root, "registrars");
    if (!group || (registrars && (registrars->value.node->kind != NODE_MAPPING ||
                                  node_find(registrars->value.node, "embedded"))))
        return true;
    struct value name = node_find(group->value.node, "registrar")->value;
    if (registrars) {
        registrars->value.node = node_copy(document, registrars->value.node);
    } else {
        struct node *key = document_node(document, NODE_SCALAR, name.span);
        if (!key)
            return false;
        key->text = "registrars";
        key->length = strlen(key->text);
        registrars = new_entry(document, (struct value){key, name.span});
        if (registrars)
            node_append(root, registrars);
    }
    struct item *entry = registrars && registrars->value.node ? new_entry(document, name) : NULL;
    if (entry)
        node_append(registrars->value.node, entry);
    return entry != NULL;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

struct reading {
    struct document *document;
    struct matrix matrix;
    struct variables *variables;
};

/* All that is the same for each case. false: what there is says little. */
static bool prepare(struct reading *reading, const char *const *settings, size_t count)
{
    struct document *document = reading->document;
    struct matrix *matrix = &reading->matrix;
    if (!include_apply(document))
        return false;
    settings_apply(document, settings, count);
    if (!defaults_apply(document))
        return false;
    matrix_apply(document, matrix);
    reading->variables = variables_new(document, matrix);
    if (matrix->case_count == 1 || document->nodes <= CASES_NODES_MAX / matrix->case_count)
        return true;
    document_error(document, "matrix-too-large", document->root.span,
                   "at most 300,000; put accounts into a file",
                   "%zu cases of %zu values are too many", matrix->case_count, document->nodes);
    return false;
}

static struct spec *read_case(struct reading *reading, struct store *store, struct node *shared,
                              size_t index)
{
    struct document *document = reading->document;
    struct places *places = arena_alloc(store->arena, sizeof *places);
    document->reported_count = 0; /* diag knows what it has; a case may differ in its words */
    struct node *root = variables_expand(reading->variables, shared, index);
    root = root ? node_copy(document, root) : NULL;
    if (!root || !add_embedded(document, root))
        return NULL;
    document->root.node = root;
    places_init(places, document->path, store->arena);
    struct spec *spec = check_spec(document, places) ? bound_new(document, places, store) : NULL;
    if (spec)
        spec->case_name = matrix_case_name(document, &reading->matrix, index);
    return spec;
}

/* An axis that no value uses makes the same case several times. */
static void warn_unused(const struct reading *reading)
{
    for (size_t i = 0; i < reading->matrix.axis_count; i++) {
        const struct axis *axis = &reading->matrix.axes[i];
        char hint[120];
        if (variables_used(reading->variables, i))
            continue;
        snprintf(hint, sizeof hint, "write \"${matrix.%.64s}\" where it belongs", axis->name);
        diag_add(reading->document->diag, DIAG_WARNING, "unused-matrix-key",
                 document_place(reading->document, axis->item->key.span), hint,
                 "no value of the spec uses matrix.%.64s", axis->name);
    }
}

static struct spec_cases read_cases(struct reading *reading, struct store *store)
{
    struct spec_cases cases = {.specs = mem_array(reading->matrix.case_count, sizeof *cases.specs)};
    struct node *shared = reading->document->root.node;
    for (size_t i = 0; i < reading->matrix.case_count; i++) {
        struct spec *spec = read_case(reading, store, shared, i);
        if (spec)
            cases.specs[cases.count++] = spec;
    }
    warn_unused(reading);
    return cases;
}

struct spec_cases spec_parse_cases(const char *path, const char *bytes, size_t length,
                                   const char *const *settings, size_t count, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct store *store = arena_alloc(arena, sizeof *store);
    struct document *document = arena_alloc(arena, sizeof *document);
    struct spec_cases cases = {0};
    *store = (struct store){.arena = arena};
    document_init(document, path, arena, diag);
    struct source *source = document_add(document, path, bytes, length);
    bool read = source && document_read(document, source);
    /* For findings of the plan too, so also when there is none yet. */
    if (source)
        document_mask(document, source);
    struct reading reading = {.document = document};
    if (read && prepare(&reading, settings, count))
        cases = read_cases(&reading, store);
    document_close(document);
    if (!store->uses)
        arena_free(arena);
    return cases;
}

struct spec_cases spec_load_cases(const char *path, const char *const *settings, size_t count,
                                  struct diag *diag)
{
    size_t length;
    const char *why;
    char *bytes = strcmp(path, "-") == 0
                      ? text_read_stream(STDIN_FILENO, DOCUMENT_BYTES_MAX, &length, &why)
                      : text_read_file(path, DOCUMENT_BYTES_MAX, &length, &why);
    if (!bytes) {
        bool large = why == text_too_large;
        diag_add(diag, DIAG_ERROR, large ? "too-large" : "cannot-read",
                 (struct place){.file = path}, large ? "a spec has at most 1 MiB" : NULL,
                 "the spec cannot be read: %s", why);
        return (struct spec_cases){0};
    }
    struct spec_cases cases = spec_parse_cases(path, bytes, length, settings, count, diag);
    explicit_bzero(bytes, length);
    free(bytes);
    return cases;
}

void spec_cases_free(struct spec_cases *cases)
{
    for (unsigned i = 0; i < cases->count; i++)
        spec_free(cases->specs[i]);
    free(cases->specs);
    *cases = (struct spec_cases){0};
}

static struct spec *first(struct spec_cases cases)
{
    struct spec *spec = cases.count ? cases.specs[0] : NULL;
    for (unsigned i = 1; i < cases.count; i++)
        spec_free(cases.specs[i]);
    free(cases.specs);
    return spec;
}

struct spec *spec_parse(const char *path, const char *bytes, size_t length, struct diag *diag)
{
    return first(spec_parse_cases(path, bytes, length, NULL, 0, diag));
}

struct spec *spec_load(const char *path, struct diag *diag)
{
    return first(spec_load_cases(path, NULL, 0, diag));
}
