#include "reuse.h"

#include <string.h>

static bool add_copy(struct document *document, struct node *node, const struct item *item,
                     struct span at)
{
    if (node->kind == NODE_MAPPING && node->count == DOCUMENT_KEYS_MAX) {
        document_error(document, "too-many-values", at, "at most 1,000",
                       "this mapping has too many keys");
        return false;
    }
    if (!document_count(document, at))
        return false;
    struct item *copy = arena_alloc(document->arena, sizeof *copy);
    *copy = *item;
    node_append(node, copy);
    return true;
}

struct node *node_copy(struct document *document, const struct node *node)
{
    struct node *copy = document_node(document, node->kind, node->span);
    if (!copy)
        return NULL;
    *copy = *node;
    copy->first = copy->last = NULL;
    copy->count = 0;
    for (const struct item *item = node->first; item; item = item->next)
        if (!add_copy(document, copy, item, node->span))
            return NULL;
    return copy;
}

struct node *node_merge(struct document *document, const struct node *own, const struct node *under,
                        struct span at)
{
    struct node *merged = node_copy(document, own);
    for (const struct item *item = under->first; merged && item; item = item->next) {
        const struct node *key = item->key.node;
        if (key->kind != NODE_SCALAR)
            continue;
        struct item *mine = node_find(merged, key->text);
        if (!mine) {
            if (!add_copy(document, merged, item, at))
                return NULL;
        } else if (mine->value.node->kind == NODE_MAPPING &&
                   item->value.node->kind == NODE_MAPPING) {
            mine->value.node = node_merge(document, mine->value.node, item->value.node, at);
            if (!mine->value.node)
                return NULL;
        }
    }
    return merged;
}

struct item *node_take(struct node *mapping, const char *key)
{
    struct item *taken = node_find(mapping, key), *before = NULL;
    if (!taken)
        return NULL;
    for (struct item *item = mapping->first; item != taken; item = item->next)
        before = item;
    if (before)
        before->next = taken->next;
    else
        mapping->first = taken->next;
    if (mapping->last == taken)
        mapping->last = before;
    mapping->count--;
    return taken;
}
