#include "cmtest/config.h"
#include "document.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct document document;
    struct arena *arena;
    struct config_entry *entries;
    size_t count, capacity;
};

static bool is_scalar(struct reader *reader, const struct value *value)
{
    if (value->node->kind == NODE_SCALAR)
        return true;
    document_error(&reader->document, "wrong-type", value->span,
                   "a setting is `key: value`, or `key: [value, value]`",
                   "this is not a single value");
    return false;
}

static struct config_entry *new_entry(struct reader *reader)
{
    if (reader->count == reader->capacity) {
        size_t capacity = reader->capacity ? 2 * reader->capacity : 16;
        struct config_entry *entries = arena_array(reader->arena, capacity, sizeof *entries);
        if (reader->count)
            memcpy(entries, reader->entries, reader->count * sizeof *entries);
        reader->entries = entries;
        reader->capacity = capacity;
    }
    return &reader->entries[reader->count++];
}

static void take_entry(struct reader *reader, const struct item *section, const struct item *item)
{
    const struct node *node = item->value.node;
    bool list = node->kind == NODE_SEQUENCE;
    size_t count = list ? node->count : 1, taken = 0;
    const char **items = arena_array(reader->arena, count + 1, sizeof *items);
    struct place *places = arena_array(reader->arena, count + 1, sizeof *places);
    if (!list && !is_scalar(reader, &item->value))
        return;
    if (!list) {
        items[taken] = arena_strdup(reader->arena, node->text);
        places[taken++] = document_place(&reader->document, item->value.span);
    }
    for (const struct item *each = list ? node->first : NULL; each; each = each->next) {
        if (!is_scalar(reader, &each->value))
            return;
        items[taken] = arena_strdup(reader->arena, each->value.node->text);
        places[taken++] = document_place(&reader->document, each->value.span);
    }
    *new_entry(reader) = (struct config_entry){
        .section = section ? arena_strdup(reader->arena, section->key.node->text) : NULL,
        .section_place =
            section ? document_place(&reader->document, section->key.span) : (struct place){0},
        .key = arena_strdup(reader->arena, item->key.node->text),
        .place = document_place(&reader->document, item->key.span),
        .items = items,
        .places = places,
        .count = taken,
        .list = list,
    };
}

static void take_mapping(struct reader *reader, const struct item *section, const struct node *map)
{
    for (const struct item *item = map->first; item; item = item->next) {
        if (!node_is_entry(map, item)) {
            document_error(&reader->document, "duplicate-key", item->key.span,
                           "each key stands once", "this key cannot be used, or is there twice");
            continue;
        }
        if (!section && item->value.node->kind == NODE_MAPPING)
            take_mapping(reader, item, item->value.node);
        else
            take_entry(reader, section, item);
    }
}

struct config config_parse(const char *path, const char *bytes, size_t length, struct arena *arena,
                           struct diag *diag)
{
    struct reader reader = {.arena = arena};
    size_t first = 0;
    /* Nothing but comments says nothing. */
    while (first < length && strchr(" \r\n#", bytes[first]))
        first = bytes[first] == '#' ? first + strcspn(bytes + first, "\n") : first + 1;
    if (first >= length)
        return (struct config){0};
    diag_source(diag, path, bytes, length);
    document_init(&reader.document, path, arena, diag);
    struct source *source = document_add(&reader.document, path, bytes, length);
    if (source && document_read(&reader.document, source))
        take_mapping(&reader, NULL, source->root.node);
    document_close(&reader.document);
    return (struct config){reader.entries, reader.count};
}

struct config config_load(const char *path, struct arena *arena, struct diag *diag)
{
    size_t length;
    const char *why;
    char *bytes = text_read_file(path, CONFIG_BYTES_MAX, &length, &why);
    if (!bytes) {
        diag_add(diag, DIAG_ERROR, why == text_too_large ? "too-large" : "cannot-read",
                 (struct place){.file = path}, NULL, "the config file cannot be read: %s", why);
        return (struct config){0};
    }
    /* The arena keeps it as long as what points into it. */
    char *kept = arena_strndup(arena, bytes, length);
    free(bytes);
    return config_parse(path, kept, length, arena, diag);
}
