#include "check.h"
#include "accounts.h"
#include "scalar.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define VISITS_MAX 100000
#define KEYS_SHOWN 32

static void check_value(struct check *check, const struct field *field, struct item *item);

/* The lengths of both paths, to go back to. */
struct mark {
    size_t path, shown;
};

static struct mark descend(struct check *check, const char *path, const char *shown)
{
    struct mark mark = {check->path.length, check->shown.length};
    text_printf(&check->path, "%s%s", check->path.length && *path != '[' ? "." : "", path);
    text_printf(&check->shown, "%s%.80s", check->shown.length && *shown != '[' ? "." : "", shown);
    return mark;
}

static void ascend(struct check *check, struct mark mark)
{
    check->path.length = mark.path;
    check->path.data[mark.path] = '\0';
    check->shown.length = mark.shown;
    check->shown.data[mark.shown] = '\0';
}

void check_error(struct check *check, struct item *item, const char *code, const char *hint,
                 const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    item->bad = true;
    places_fault(check->places, text_get(&check->path));
    document_error(check->document, code, item_span(item), hint, "%s", message);
}

const char *check_found(const struct field *field, const struct item *item, char *out, size_t size)
{
    const struct node *node = item->value.node;
    if (node->kind != NODE_SCALAR)
        snprintf(out, size, "%s", node->kind == NODE_MAPPING ? "a mapping" : "a list");
    else if (field->secret || field->fields || (field->item && field->item->fields))
        snprintf(out, size, "a single value");
    else if (node->length > 40)
        snprintf(out, size, "this long text");
    else
        snprintf(out, size, "\"%s\"", node->text);
    return out;
}

const char *check_example(const struct field *field, char *out, size_t size)
{
    snprintf(out, size, "for example %s", field->example);
    return out;
}

/* The keys that fields allows, and the one that is nearest to word. */
static const char *suggest_key(const struct field *fields, const char *word, struct text *hint)
{
    const char *keys[KEYS_SHOWN] = {NULL};
    size_t count = 0;
    for (const struct field *field = fields; field->key && count < KEYS_SHOWN; field++)
        if (field->kind != FIELD_KEY)
            keys[count++] = field->key;
    const char *near = text_nearest(word, keys, count);
    if (near)
        text_printf(hint, "did you mean \"%s\"?  ", near);
    text_add(hint, "(");
    for (size_t i = 0; i < count; i++)
        text_printf(hint, "%s%s", i ? ", " : "", keys[i]);
    text_add(hint, ")");
    return near;
}

static const struct field *find_field(const struct field *fields, const char *key)
{
    for (const struct field *field = fields; field->key; field++)
        if (field->kind != FIELD_KEY && strcmp(field->key, key) == 0)
            return field;
    return NULL;
}

static bool holds_secrets(const struct field *fields)
{
    for (const struct field *field = fields; field->key; field++)
        if (field->secret)
            return true;
    return false;
}

/* A misspelt key stands for the field it is nearest to, so that it is not reported missing too. */
static void unknown_key(struct check *check, const struct field *fields, const struct item *item)
{
    struct text hint = {0};
    const char *key = item->key.node->text;
    const char *near = suggest_key(fields, key, &hint);
    const char *of = check->shown.length ? text_get(&check->shown) : "a spec";
    if (near) {
        struct mark mark = descend(check, near, near);
        places_fault(check->places, text_get(&check->path));
        ascend(check, mark);
    }
    /* Among accounts a stray word may be the secret itself, and a key that holds more than a word
     * has often swallowed one. */
    if (!near && (holds_secrets(fields) || strpbrk(key, ": ")))
        document_error(check->document, "unknown-key", item->key.span, text_get(&hint),
                       "this is not a key of %s", of);
    else
        document_error(check->document, "unknown-key", item->key.span, text_get(&hint),
                       "\"%.60s\" is not a key of %s", key, of);
    text_fini(&hint);
}

static bool misspelt(struct check *check, const char *key)
{
    struct mark mark = descend(check, key, key);
    bool faulty = places_faulty(check->places, text_get(&check->path));
    ascend(check, mark);
    return faulty;
}

static void missing_key(struct check *check, const struct field *field, struct span at)
{
    char hint[256];
    if (misspelt(check, field->key))
        return;
    snprintf(hint, sizeof hint, "add \"%s: %s\"  (%s)", field->key, field->example, field->help);
    document_error(check->document, "missing-key", at, hint, "%s%s\"%s\" is missing",
                   text_get(&check->shown), check->shown.length ? ": " : "", field->key);
    struct mark mark = descend(check, field->key, field->key);
    places_fault(check->places, text_get(&check->path));
    ascend(check, mark);
}

/* Holders for anchors, and the key that some editors look for; only at the top. */
static bool ignored_key(const struct check *check, const char *key)
{
    return !check->shown.length && (strncmp(key, "x-", 2) == 0 || strcmp(key, "$schema") == 0);
}

static void check_members(struct check *check, const struct field *fields,
                          const struct node *mapping, struct span at)
{
    for (struct item *item = mapping->first; item; item = item->next) {
        const char *key = item->key.node->text;
        if (item->bad || ignored_key(check, key))
            continue;
        if (!find_field(fields, key))
            unknown_key(check, fields, item);
    }
    for (const struct field *field = fields; field->key; field++) {
        if (field->kind == FIELD_KEY)
            continue;
        struct item *item = node_find(mapping, field->key);
        if (item) {
            struct mark mark = descend(check, field->key, field->key);
            check_value(check, field, item);
            ascend(check, mark);
        } else if (field->required) {
            missing_key(check, field, at);
        }
    }
}

static void wrong_shape(struct check *check, const struct field *field, struct item *item,
                        const char *wanted)
{
    char found[80], hint[160];
    check_error(check, item, "wrong-type", check_example(field, hint, sizeof hint),
                "%s must be %s, not %s", text_get(&check->shown), wanted,
                check_found(field, item, found, sizeof found));
}

static bool check_count(struct check *check, const struct field *field, struct item *item,
                        size_t count)
{
    char hint[160];
    if (count < (size_t)field->min)
        check_error(check, item, "out-of-range", check_example(field, hint, sizeof hint),
                    "%s needs at least %lld %s", text_get(&check->shown), (long long)field->min,
                    field->min == 1 ? "entry" : "entries");
    else if (field->max && count > (size_t)field->max)
        check_error(check, item, "out-of-range", NULL, "%s has %zu entries; at most %lld",
                    text_get(&check->shown), count, (long long)field->max);
    else
        return true;
    return false;
}

static void check_list(struct check *check, const struct field *field, struct item *item)
{
    const struct node *list = item->value.node;
    if (list->kind != NODE_SEQUENCE) {
        wrong_shape(check, field, item, "a list");
        return;
    }
    if (!check_count(check, field, item, list->count))
        return;
    size_t index = 0;
    for (struct item *entry = list->first; entry && !check->exhausted; entry = entry->next) {
        char step[32];
        snprintf(step, sizeof step, "[%zu]", index++);
        struct mark mark = descend(check, step, step);
        check_value(check, field->item, entry);
        ascend(check, mark);
    }
}

/* Names appear in reports, file names and thresholds, where anything else would need quoting. */
static bool good_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
               length;
}

static void wrong_entry(struct check *check, const struct field *field, struct item *entry)
{
    char found[80];
    struct text hint = {0};
    suggest_key(field->fields, "", &hint);
    check_error(check, entry, "wrong-type", text_get(&hint),
                "%s must be a mapping with these keys, not %s", text_get(&check->shown),
                check_found(field, entry, found, sizeof found));
    text_fini(&hint);
}

static void check_map(struct check *check, const struct field *field, struct item *item)
{
    const struct node *map = item->value.node;
    if (map->kind != NODE_MAPPING) {
        wrong_shape(check, field, item, "a mapping of names");
        return;
    }
    if (!check_count(check, field, item, map->count))
        return;
    size_t index = 0;
    for (struct item *entry = map->first; entry && !check->exhausted; entry = entry->next) {
        char step[32];
        if (!node_is_entry(map, entry))
            continue;
        const char *name = entry->key.node->text;
        bool good = good_name(name);
        struct mark mark = descend(check, "", good ? name : "?");
        snprintf(step, sizeof step, "[%zu]", index++);
        check->path.length = mark.path;
        text_add(&check->path, step);
        places_add(check->places, text_get(&check->path),
                   document_place(check->document, entry->key.span), -1);
        if (!good)
            document_error(check->document, "bad-name", entry->key.span,
                           "letters, digits and _ . - , at most 64", "this cannot be a name in %s",
                           field->key);
        if (entry->value.node->kind != NODE_MAPPING)
            wrong_entry(check, field, entry);
        else
            check_members(check, field->fields, entry->value.node, entry->key.span);
        ascend(check, mark);
    }
}

static void describe_forms(const struct field *field, struct text *out)
{
    for (const struct field *form = field->fields; form->key; form++) {
        text_add(out, form == field->fields ? "" : form[1].key ? ", " : " or ");
        if (form->kind == FIELD_LIST)
            text_printf(out, "a list");
        else
            text_printf(out, "{ %s: %s }", form->key, form->example);
    }
}

static void check_one_of(struct check *check, const struct field *field, struct item *item)
{
    struct node *node = item->value.node;
    struct text forms = {0};
    describe_forms(field, &forms);
    const struct field *form = field->fields;
    while (form->key && form->kind != FIELD_LIST)
        form++;
    if (node->kind == NODE_SEQUENCE && form->key) {
        struct mark mark = descend(check, form->key, "");
        ascend(check, (struct mark){check->path.length, mark.shown});
        check_value(check, form, item);
        ascend(check, mark);
    } else if (node->kind != NODE_MAPPING) {
        check_error(check, item, "wrong-type", text_get(&forms), "%s must be %s",
                    text_get(&check->shown), text_get(&forms));
    } else {
        size_t known = 0;
        const struct field *members = form->key ? form + 1 : field->fields;
        for (const struct field *member = members; member->key; member++)
            known += node_find(node, member->key) != NULL;
        check_members(check, members, node, item_span(item));
        if (known > 1 || (known == 0 && !node->count))
            check_error(check, item, "choose-one", text_get(&forms), "%s must be just one of these",
                        text_get(&check->shown));
        else if (known == 0)
            item->bad = true;
    }
    text_fini(&forms);
}

/* Columns from the value's place to its first byte, when the file shows it as it is. */
static int inner_column(const struct document *document, const struct value *value)
{
    const struct node *node = value->node;
    if (node->kind != NODE_SCALAR || value->span.start != node->span.start)
        return -1;
    for (int quote = 0; quote <= 1; quote++) {
        size_t point = value->span.start + (size_t)quote;
        if (point >= document->points)
            return -1;
        size_t at = document->offsets[point];
        if (node->length <= document->length - at &&
            memcmp(document->bytes + at, node->text, node->length) == 0)
            return quote;
    }
    return -1;
}

static void check_value(struct check *check, const struct field *field, struct item *item)
{
    const struct node *node = item->value.node;
    if (++check->visits > VISITS_MAX) {
        if (!check->exhausted)
            check_error(check, item, "too-many-values", "at most 100,000; put accounts into a file",
                        "the spec has too many values, counting what its aliases repeat");
        check->exhausted = true;
        return;
    }
    places_add(check->places, text_get(&check->path),
               document_place(check->document, item_span(item)),
               inner_column(check->document, &item->value));
    if (node->kind == NODE_SCALAR && node->plain && scalar_is_null(node->text)) {
        char hint[160];
        check_error(check, item, "empty-value", check_example(field, hint, sizeof hint),
                    "%s has no value", text_get(&check->shown));
        return;
    }
    switch (field->kind) {
    case FIELD_STRUCT:
        if (node->kind != NODE_MAPPING)
            wrong_shape(check, field, item, "a mapping");
        else
            check_members(check, field->fields, node, item_span(item));
        break;
    case FIELD_LIST:
        check_list(check, field, item);
        break;
    case FIELD_MAP:
        check_map(check, field, item);
        break;
    case FIELD_ONE_OF:
        check_one_of(check, field, item);
        if (!item->bad)
            accounts_check(check, item);
        break;
    default:
        check_scalar(check, field, item);
    }
}

bool check_spec(struct document *document, struct places *places)
{
    struct check check = {.document = document, .places = places};
    const struct node *root = document->root.node;
    struct span at = root->first ? root->first->key.span : document->root.span;
    text_add(&check.path, "");
    text_add(&check.shown, "");
    check_members(&check, spec_fields, root, at);
    places_sort(places);
    text_fini(&check.path);
    text_fini(&check.shown);
    return !check.exhausted;
}
