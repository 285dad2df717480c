/* libyaml's events into a tree of nodes, within limits, with merge keys applied. */
#include "document.h"
#include "syntax.h"

#include <string.h>
#include <yaml.h>

struct anchor {
    const char *name;
    struct node *node;
};

struct tree {
    struct document *document;
    yaml_parser_t parser;
    size_t base; /* position of the first code point that the parser gets */
    bool stopped;
    size_t anchor_count;
    struct anchor anchors[DOCUMENT_ANCHORS_MAX];
};

static struct span span_of(const struct tree *tree, const yaml_event_t *event)
{
    return (struct span){tree->base + event->start_mark.index, tree->base + event->end_mark.index};
}

/* An error after which reading on makes no sense. Always false. */
static bool stop(struct tree *tree, const char *code, struct span span, const char *hint,
                 const char *message)
{
    document_error(tree->document, code, span, hint, "%s", message);
    tree->stopped = true;
    return false;
}

static bool next(struct tree *tree, yaml_event_t *event)
{
    if (yaml_parser_parse(&tree->parser, event))
        return true;
    syntax_error(tree->document, &tree->parser, tree->base);
    tree->stopped = true;
    return false;
}

static bool count_node(struct tree *tree, struct span span)
{
    tree->stopped = !document_count(tree->document, span);
    return !tree->stopped;
}

static struct node *new_node(struct tree *tree, enum node_kind kind, struct span span)
{
    struct node *node = arena_alloc(tree->document->arena, sizeof *node);
    node->kind = kind;
    node->span = span;
    return node;
}

void node_append(struct node *node, struct item *item)
{
    item->next = NULL;
    if (node->last)
        node->last->next = item;
    else
        node->first = item;
    node->last = item;
    node->count++;
}

static bool set_anchor(struct tree *tree, const yaml_char_t *name, struct node *node)
{
    if (!name)
        return true;
    if (tree->anchor_count == DOCUMENT_ANCHORS_MAX)
        return stop(tree, "too-many-values", node->span, "at most 1,000",
                    "the spec has too many anchors");
    tree->anchors[tree->anchor_count++] =
        (struct anchor){arena_strdup(tree->document->arena, (const char *)name), node};
    return true;
}

static bool use_alias(struct tree *tree, const yaml_event_t *event, struct value *value)
{
    const char *name = (const char *)event->data.alias.anchor;
    struct span span = span_of(tree, event);
    /* From the end: the last definition of a name before its use is meant (YAML 1.2, 7.1). */
    for (size_t i = tree->anchor_count; i-- > 0;) {
        if (strcmp(tree->anchors[i].name, name) != 0)
            continue;
        if (!tree->anchors[i].node->closed)
            return stop(tree, "recursive-alias", span, "a value cannot contain itself",
                        "this alias stands inside its own anchor");
        *value = (struct value){tree->anchors[i].node, span};
        return true;
    }
    const char *candidates[DOCUMENT_ANCHORS_MAX];
    for (size_t i = 0; i < tree->anchor_count; i++)
        candidates[i] = tree->anchors[i].name;
    const char *near = text_nearest(name, candidates, tree->anchor_count);
    struct text hint = {0};
    if (near)
        text_printf(&hint, "did you mean \"*%s\"?", near);
    else
        text_add(&hint, "a text that begins with * is written in quotes");
    /* The name is not told: it may be a password that begins with a star. */
    document_error(tree->document, "unknown-alias", span, text_get(&hint),
                   "no anchor of this name stands before this place");
    text_fini(&hint);
    tree->stopped = true;
    return false;
}

/* The tags of the core schema are understood; others would silently mean nothing. */
static bool check_tag(struct tree *tree, const yaml_char_t *tag, struct span span, bool *string)
{
    static const char *const known[] = {"str", "int", "float", "bool", "null", "map", "seq"};
    static const char prefix[] = "tag:yaml.org,2002:";
    const char *text = (const char *)tag;
    *string = false;
    if (!text || !*text)
        return true;
    *string = strcmp(text, "!") == 0;
    if (*string)
        return true;
    if (strncmp(text, prefix, sizeof prefix - 1) == 0) {
        text += sizeof prefix - 1;
        *string = strcmp(text, "str") == 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (strcmp(text, known[i]) == 0)
                return true;
    }
    document_error(tree->document, "unknown-tag", span, "remove it",
                   "the tag of this value has no meaning in a spec");
    return true;
}

static bool read_scalar(struct tree *tree, const yaml_event_t *event, struct value *value)
{
    struct node *node = new_node(tree, NODE_SCALAR, span_of(tree, event));
    bool string;
    check_tag(tree, event->data.scalar.tag, node->span, &string);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !string;
    node->text = arena_strndup(tree->document->arena, (const char *)event->data.scalar.value,
                               event->data.scalar.length);
    node->length = event->data.scalar.length;
    node->closed = true;
    *value = (struct value){node, node->span};
    return set_anchor(tree, event->data.scalar.anchor, node);
}

static bool read_value(struct tree *tree, yaml_event_t *event, int depth, struct value *value);

static bool read_items(struct tree *tree, struct node *node, int depth)
{
    bool mapping = node->kind == NODE_MAPPING;
    for (;;) {
        yaml_event_t event;
        if (!next(tree, &event))
            return false;
        if (event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT) {
            node->span.end = tree->base + event.end_mark.index;
            yaml_event_delete(&event);
            return true;
        }
        struct item *item = arena_alloc(tree->document->arena, sizeof *item);
        bool ok = read_value(tree, &event, depth + 1, mapping ? &item->key : &item->value);
        yaml_event_delete(&event);
        if (ok && mapping) {
            if (!next(tree, &event))
                return false;
            ok = read_value(tree, &event, depth + 1, &item->value);
            yaml_event_delete(&event);
        }
        if (!ok)
            return false;
        node_append(node, item);
        if (mapping && node->count > DOCUMENT_KEYS_MAX)
            return stop(tree, "too-many-values", item->key.span, "at most 1,000",
                        "this mapping has too many keys");
    }
}

static bool is_merge(const struct item *item)
{
    const struct node *key = item->key.node;
    return key->kind == NODE_SCALAR && key->plain && strcmp(key->text, "<<") == 0;
}

static void check_keys(struct tree *tree, struct node *node)
{
    for (struct item *item = node->first; item; item = item->next) {
        const struct node *key = item->key.node;
        if (key->kind != NODE_SCALAR || strlen(key->text) != key->length || !key->length) {
            document_error(tree->document, "wrong-type", item->key.span, "write key: value",
                           "a key must be a word");
            item->bad = true;
            continue;
        }
        struct item *other = node_find(node, key->text);
        if (other == item)
            continue;
        struct place first = document_place(tree->document, other->key.span);
        char hint[80];
        snprintf(hint, sizeof hint, "first given at line %d, column %d", first.line, first.column);
        document_error(tree->document, "duplicate-key", item->key.span, hint,
                       "the key \"%.60s\" is given twice", key->text);
    }
}

/* Adds the entries of another mapping that this one does not have. */
static bool merge_from(struct tree *tree, struct node *into, const struct value *from)
{
    if (from->node->kind != NODE_MAPPING) {
        document_error(tree->document, "bad-merge", from->span, "write <<: *name",
                       "only a mapping, or a list of mappings, can be merged with \"<<\"");
        return true;
    }
    for (const struct item *item = from->node->first; item; item = item->next) {
        if (item->key.node->kind != NODE_SCALAR || node_find(into, item->key.node->text))
            continue;
        if (!count_node(tree, from->span))
            return false;
        if (into->count == DOCUMENT_KEYS_MAX)
            return stop(tree, "too-many-values", from->span, "at most 1,000",
                        "this mapping has too many keys");
        struct item *copy = arena_alloc(tree->document->arena, sizeof *copy);
        *copy = *item;
        node_append(into, copy);
    }
    return true;
}

static bool apply_merges(struct tree *tree, struct node *node)
{
    struct item *items = node->first;
    node->first = node->last = NULL;
    node->count = 0;
    for (struct item *item = items, *after; item; item = after) {
        after = item->next;
        if (is_merge(item)) {
            item->next = node->merges;
            node->merges = item;
        } else {
            node_append(node, item);
        }
    }
    for (const struct item *merge = node->merges; merge; merge = merge->next) {
        const struct node *from = merge->value.node;
        if (from->kind != NODE_SEQUENCE) {
            if (!merge_from(tree, node, &merge->value))
                return false;
            continue;
        }
        for (const struct item *item = from->first; item; item = item->next)
            if (!merge_from(tree, node, &item->value))
                return false;
    }
    return true;
}

static bool read_collection(struct tree *tree, const yaml_event_t *event, int depth,
                            struct value *value)
{
    bool mapping = event->type == YAML_MAPPING_START_EVENT, string;
    if (depth >= DOCUMENT_DEPTH_MAX)
        return stop(tree, "too-deep", span_of(tree, event), "at most 64 levels",
                    "the spec is nested too deeply");
    struct node *node =
        new_node(tree, mapping ? NODE_MAPPING : NODE_SEQUENCE, span_of(tree, event));
    node->flow = mapping ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                         : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    check_tag(tree, mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag,
              node->span, &string);
    if (!set_anchor(tree,
                    mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
                    node))
        return false;
    if (!read_items(tree, node, depth))
        return false;
    if (mapping) {
        check_keys(tree, node);
        if (!apply_merges(tree, node))
            return false;
    }
    node->closed = true;
    *value = (struct value){node, node->span};
    return true;
}

static bool read_value(struct tree *tree, yaml_event_t *event, int depth, struct value *value)
{
    if (!count_node(tree, span_of(tree, event)))
        return false;
    if (event->type == YAML_ALIAS_EVENT)
        return use_alias(tree, event, value);
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(tree, event, value);
    return read_collection(tree, event, depth, value);
}

static bool read_stream(struct tree *tree, struct value *root)
{
    for (bool done = false, read = false; !done;) {
        yaml_event_t event;
        if (!next(tree, &event))
            return false;
        bool ok = true;
        switch (event.type) {
        case YAML_STREAM_END_EVENT:
            done = true;
            break;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (read)
                ok = stop(tree, "several-documents", span_of(tree, &event), "one spec per file",
                          "a second document begins here");
            break;
        default:
            ok = read_value(tree, &event, 0, root);
            read = true;
        }
        yaml_event_delete(&event);
        if (!ok)
            return false;
    }
    return true;
}

bool document_read_part(struct document *document, struct source *source, size_t first, size_t end,
                        struct value *value)
{
    struct tree *tree = arena_alloc(document->arena, sizeof *tree);
    tree->document = document;
    tree->base = source->base + first;
    if (!yaml_parser_initialize(&tree->parser)) {
        document_error(document, "internal", (struct span){0, 0}, NULL, "libyaml does not start");
        return false;
    }
    size_t from = source->offsets[first];
    yaml_parser_set_encoding(&tree->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&tree->parser, (const unsigned char *)source->bytes + from,
                                 source->offsets[end] - from);
    bool ok = read_stream(tree, value);
    yaml_parser_delete(&tree->parser);
    return ok;
}

bool document_read(struct document *document, struct source *source)
{
    struct value value = {0};
    if (!document_read_part(document, source, 0, source->points, &value))
        return false;
    const struct node *root = value.node;
    if (!root || (root->kind == NODE_SCALAR && root->plain && !root->length)) {
        diag_add(document->diag, DIAG_ERROR, "empty-file", (struct place){.file = source->path},
                 "a spec begins with \"cmtest: 1\"", "the file holds no spec");
        return false;
    }
    if (root->kind != NODE_MAPPING) {
        document_error(document, "wrong-type", value.span, "a spec begins with \"cmtest: 1\"",
                       "a spec is a mapping of keys to values");
        return false;
    }
    source->root = value;
    return true;
}
