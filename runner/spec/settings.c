/* --set KEY=VALUE: the command line over the files. */
#include "cmtest/field.h"
#include "reuse.h"
#include "scalar.h"

#include <stdio.h>
#include <string.h>

#define SETTING_DEPTH_MAX 32
#define KEYS_SHOWN 64

struct setting {
    struct document *document;
    struct source *source;
    size_t line;        /* first code point of the line in the source */
    const char *bytes;  /* of the line */
    size_t key, length; /* of the key, of the line */
    struct value value;
};

static struct span span_at(const struct setting *setting, size_t from, size_t to)
{
    const char *line = setting->bytes;
    size_t start = setting->source->base + setting->line, points = 0;
    struct span span = {start, start};
    for (size_t at = 0, step; at < to; at += step ? step : 1, points++) {
        step = text_utf8_length(line + at, setting->length - at);
        if (at == from)
            span.start = start + points;
    }
    span.end = start + points;
    return span;
}

static bool bad(const struct setting *setting, size_t from, size_t to, const char *hint,
                const char *message)
{
    document_error(setting->document, "bad-set", span_at(setting, from, to), hint, "%s", message);
    return false;
}

/* ---- the path ----------------------------------------------------------------------------------
 */

/* Length of the next step: a key that is there may have dots in it, the longest is meant. */
static size_t step_length(const struct node *node, const char *path, size_t length)
{
    const char *dot = memchr(path, '.', length);
    size_t first = dot ? (size_t)(dot - path) : length;
    if (node->kind != NODE_MAPPING)
        return first;
    for (size_t step = length; step > first; step--) {
        if (step < length && path[step] != '.')
            continue;
        for (const struct item *item = node->first; item; item = item->next)
            if (item->key.node->kind == NODE_SCALAR && item->key.node->length == step &&
                memcmp(item->key.node->text, path, step) == 0)
                return step;
    }
    return first;
}

static struct item *new_item(const struct setting *setting, size_t from, size_t to, bool named)
{
    struct document *document = setting->document;
    struct item *item = arena_alloc(document->arena, sizeof *item);
    if (named) {
        struct span span = span_at(setting, from, to);
        struct node *key = document_node(document, NODE_SCALAR, span);
        if (!key)
            return NULL;
        key->text = arena_strndup(document->arena, setting->bytes + from, to - from);
        key->length = to - from;
        item->key = (struct value){key, span};
    }
    return item;
}

/* The item of a copied collection that the step names; a new one when there is none. */
static struct item *find_item(const struct setting *setting, struct node *node, size_t from,
                              size_t to)
{
    char step[128];
    snprintf(step, sizeof step, "%.*s", (int)(to - from), setting->bytes + from);
    struct item *item = NULL;
    if (node->kind == NODE_MAPPING) {
        item = node_find(node, step);
    } else {
        int64_t index = 0;
        char hint[80];
        if (scalar_integer(step, &index) != NUMBER_OK || index < 0 || (size_t)index > node->count) {
            snprintf(hint, sizeof hint, "0 to %zu; %zu adds an entry", node->count, node->count);
            bad(setting, from, to, hint, "this is a list: its entries are numbers");
            return NULL;
        }
        for (item = node->first; item && index; index--)
            item = item->next;
    }
    if (!item) {
        item = new_item(setting, from, to, node->kind == NODE_MAPPING);
        if (item)
            node_append(node, item);
    }
    return item;
}

static bool is_null(const struct node *node)
{
    return !node || (node->kind == NODE_SCALAR && node->plain && scalar_is_null(node->text));
}

/* A copy of old in which the value stands at the path. */
static struct node *assign(const struct setting *setting, struct node *old, size_t from,
                           unsigned depth)
{
    struct document *document = setting->document;
    struct node *node;
    if (is_null(old)) {
        node = document_node(document, NODE_MAPPING, span_at(setting, from, setting->key));
        old = node;
    } else if (old->kind == NODE_SCALAR) {
        bad(setting, from ? from - 1 : 0, setting->key, NULL,
            "what stands before this is a single value and has no keys");
        return NULL;
    } else {
        node = node_copy(document, old);
    }
    if (!node)
        return NULL;
    size_t length = step_length(old, setting->bytes + from, setting->key - from);
    if (!length || length > 100 || depth == SETTING_DEPTH_MAX) {
        bad(setting, from, setting->key, "groups.callers.endpoints=10",
            "this is not a path of keys");
        return NULL;
    }
    struct item *item = find_item(setting, node, from, from + length);
    if (!item)
        return NULL;
    if (from + length == setting->key) {
        item->value = setting->value;
        if (item->key.node)
            item->key.span = span_at(setting, from, setting->key);
        return node;
    }
    struct node *inner = assign(setting, item->value.node, from + length + 1, depth + 1);
    if (!item->value.node && inner)
        item->value.span = inner->span;
    item->value.node = inner;
    return inner ? node : NULL;
}

/* ---- where it begins ---------------------------------------------------------------------------
 */

static bool is_key(const char *word)
{
    static const char *const stages[] = {"vars", "defaults", "matrix"};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (strcmp(stages[i], word) == 0)
            return true;
    for (const struct field *field = spec_fields; field->key; field++)
        if (field->kind != FIELD_KEY && strcmp(field->key, word) == 0)
            return true;
    return false;
}

static void unknown(const struct setting *setting, const char *word, size_t length,
                    const struct node *vars)
{
    const char *names[KEYS_SHOWN] = {"vars", "defaults", "matrix"};
    size_t count = 3;
    for (const struct field *field = spec_fields; field->key && count < KEYS_SHOWN; field++)
        if (field->kind != FIELD_KEY)
            names[count++] = field->key;
    for (const struct item *item = vars ? vars->first : NULL; item && count < KEYS_SHOWN;
         item = item->next)
        if (item->key.node->kind == NODE_SCALAR)
            names[count++] = item->key.node->text;
    const char *near = text_nearest(word, names, count);
    char hint[200] = "groups.callers.endpoints=10, vars.NAME=VALUE";
    if (near)
        snprintf(hint, sizeof hint, "did you mean \"%.100s\"?", near);
    document_error(setting->document, "bad-set", span_at(setting, 0, length), hint,
                   "\"%.60s\" is neither a key of a spec nor one of its variables", word);
}

/* A single word that is no key of the language is one of vars. */
static void apply(const struct setting *setting)
{
    struct document *document = setting->document;
    struct node *root = document->root.node;
    size_t length = step_length(root, setting->bytes, setting->key);
    char word[128];
    snprintf(word, sizeof word, "%.*s", (int)(length < 127 ? length : 127), setting->bytes);
    struct item *vars = node_find(root, "vars");
    const struct node *names =
        vars && vars->value.node->kind == NODE_MAPPING ? vars->value.node : NULL;
    if (strcmp(word, "include") == 0) {
        bad(setting, 0, length, "write it into the spec", "files are included before this");
        return;
    }
    if (is_key(word) || node_find(root, word)) {
        root = assign(setting, root, 0, 0);
    } else if (length == setting->key && names && node_find(names, word)) {
        root = node_copy(document, root);
        vars = root ? node_find(root, "vars") : NULL;
        struct node *changed = vars ? assign(setting, vars->value.node, 0, 0) : NULL;
        if (!changed)
            return;
        vars->value.node = changed;
    } else {
        unknown(setting, word, length, names);
        return;
    }
    if (root)
        document->root.node = root;
}

static bool read_setting(struct setting *setting, size_t end)
{
    const char *equals = memchr(setting->bytes, '=', setting->length);
    if (!equals || equals == setting->bytes)
        return bad(setting, 0, setting->length, "--set KEY=VALUE",
                   equals ? "the key is missing" : "there is no \"=\" in this");
    setting->key = (size_t)(equals - setting->bytes);
    struct span value = span_at(setting, setting->key + 1, setting->length);
    if (setting->key + 1 == setting->length)
        value.start = value.end;
    if (!document_read_part(setting->document, setting->source, value.start - setting->source->base,
                            end, &setting->value))
        return false;
    if (!setting->value.node) {
        struct node *null = document_node(setting->document, NODE_SCALAR, value);
        if (!null)
            return false;
        null->plain = true;
        null->text = "";
        setting->value = (struct value){null, value};
    }
    return true;
}

void settings_apply(struct document *document, const char *const *settings, size_t count)
{
    struct text lines = {0};
    for (size_t i = 0; i < count; i++) {
        text_add(&lines, i ? "\n" : "");
        for (const char *at = settings[i]; *at; at++)
            text_add_bytes(&lines, *at == '\n' || *at == '\r' ? " " : at, 1);
    }
    if (!count)
        return;
    struct source *source =
        document_add(document, "--set", lines.data ? lines.data : "", lines.length);
    if (!source) {
        text_fini(&lines);
        return;
    }
    source->command_line = true;
    source->owned = lines.data;
    document_mask(document, source);
    for (size_t i = 0; i < source->line_count; i++) {
        struct setting setting = {.document = document, .source = source};
        size_t end = i + 1 < source->line_count ? source->lines[i + 1] - 1 : source->points;
        setting.line = source->lines[i];
        setting.bytes = source->bytes + source->offsets[setting.line];
        setting.length = source->offsets[end] - source->offsets[setting.line];
        if (read_setting(&setting, end))
            apply(&setting);
    }
}
