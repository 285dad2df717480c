/* defaults: what a group does not say itself. */
#include "reuse.h"

bool defaults_apply(struct document *document)
{
    const struct item *defaults = node_take(document->root.node, "defaults");
    struct item *groups = node_find(document->root.node, "groups");
    if (!defaults)
        return true;
    if (defaults->value.node->kind != NODE_MAPPING) {
        document_error(document, "wrong-type", item_span(defaults),
                       "for example { audio: { codecs: [pcma] } }",
                       "defaults must be a mapping with keys of groups");
        return true;
    }
    if (!groups || groups->value.node->kind != NODE_MAPPING)
        return true;
    groups->value.node = node_copy(document, groups->value.node);
    for (struct item *group = groups->value.node ? groups->value.node->first : NULL; group;
         group = group->next) {
        if (group->value.node->kind != NODE_MAPPING)
            continue;
        group->value.node =
            node_merge(document, group->value.node, defaults->value.node, defaults->key.span);
        if (!group->value.node)
            return false;
    }
    return groups->value.node != NULL;
}
