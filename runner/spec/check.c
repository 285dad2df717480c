#include "check.h"
#include "accounts.h"
#include "scalar.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define VISITS_MAX 100000

struct mark check_descend(struct check *check, const char *path, const char *shown)
{
    struct mark mark = {check->path.length, check->shown.length};
    text_printf(&check->path, "%s%s", check->path.length && *path != '[' ? "." : "", path);
    if (*shown)
        text_printf(&check->shown, "%s%.80s", check->shown.length && *shown != '[' ? "." : "",
                    shown);
    return mark;
}

void check_ascend(struct check *check, struct mark mark)
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
    else if (field->secret || (field->fields && !field->shorthand) ||
             (field->item && field->item->fields && !field->item->shorthand))
        snprintf(out, size, "a single value");
    else if (node->length > 40)
        snprintf(out, size, "this long text");
    else
        snprintf(out, size, "\"%s\"", node_shown(node));
    return out;
}

const char *check_example(const struct field *field, char *out, size_t size)
{
    snprintf(out, size, "for example %s", field->example);
    return out;
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
    if (list->kind != NODE_SEQUENCE && field->single) {
        struct mark mark = check_descend(check, "[0]", "");
        check_value(check, field->item, item);
        check_ascend(check, mark);
        return;
    }
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
        struct mark mark = check_descend(check, step, step);
        check_value(check, field->item, entry);
        check_ascend(check, mark);
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
    check_suggest_key(field->fields, "", &hint);
    check_error(check, entry, "wrong-type", text_get(&hint),
                "%s must be a mapping with these keys, not %s", text_get(&check->shown),
                check_found(field, entry, found, sizeof found));
    text_fini(&hint);
}

/* The short form: the value is that of one key. */
static void check_short(struct check *check, const struct field *field, struct item *item)
{
    struct mark mark = check_descend(check, field->shorthand, "");
    check_value(check, field_find(field->fields, field->shorthand), item);
    check_ascend(check, mark);
}

static bool visible_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++)
        if (name[i] <= ' ' || name[i] > '~')
            return false;
    return length > 0 && length <= 64;
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
        bool good = field->wide ? visible_name(name) : good_name(name);
        struct mark mark = check_descend(check, "", good ? name : "?");
        snprintf(step, sizeof step, "[%zu]", index++);
        check->path.length = mark.path;
        text_add(&check->path, step);
        places_add(check->places, text_get(&check->path),
                   document_place(check->document, entry->key.span), -1);
        if (!good)
            document_error(check->document, "bad-name", entry->key.span,
                           field->wide ? "1 to 64 characters, without spaces"
                                       : "letters, digits and _ . - , at most 64",
                           "this cannot be a name in %s", field->key);
        bool mapping = entry->value.node->kind == NODE_MAPPING;
        if (field->shorthand && (!mapping || field->bare))
            check_short(check, field, entry);
        else if (!mapping)
            wrong_entry(check, field, entry);
        else
            check_members(check, field->fields, entry->value.node, entry->key.span);
        check_ascend(check, mark);
    }
}

static void describe_forms(const struct field *field, struct text *out)
{
    size_t count = 0, at = 0;
    for (const struct field *form = field->fields; form->key; form++)
        count += !form->with;
    for (const struct field *form = field->fields; form->key; form++) {
        if (form->with)
            continue;
        text_add(out, at == 0 ? "" : at + 1 < count ? ", " : " or ");
        at++;
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
        struct mark mark = check_descend(check, form->key, "");
        check_value(check, form, item);
        check_ascend(check, mark);
    } else if (node->kind != NODE_MAPPING) {
        check_error(check, item, "wrong-type", text_get(&forms), "%s must be %s",
                    text_get(&check->shown), text_get(&forms));
    } else {
        size_t known = 0;
        const struct field *members = form->key ? form + 1 : field->fields;
        for (const struct field *member = members; member->key; member++)
            known += !member->with && node_find(node, member->key) != NULL;
        check_members(check, members, node, item_span(item));
        if (known > 1 || (known == 0 && !node->count))
            check_error(check, item, "choose-one", text_get(&forms), "%s must be just one of these",
                        text_get(&check->shown));
        else if (known == 0)
            item->bad = true;
    }
    text_fini(&forms);
}

/* What has a mark in the field lists is checked and bound, and said to be no more than that. */
static void tell_later(struct check *check, const struct field *field, const struct item *item)
{
    const struct node *node = item->value.node;
    const struct choice *choice = NULL;
    char what[160];
    if (check->later || check->partial || item->bad)
        return;
    if (field->kind == FIELD_CHOICE && node->kind == NODE_SCALAR)
        choice = field_choice(field, node->text);
    bool usual = field->fallback && node->kind == NODE_SCALAR &&
                 strcasecmp(field->fallback, node->text) == 0;
    if (choice) {
        if (!choice->later)
            return;
        bool alone = check->owner && check->owner->shorthand &&
                     strcmp(check->owner->shorthand, field->key) == 0;
        snprintf(what, sizeof what, "%s %s", alone ? check->owner->key : field->key, choice->word);
    } else if (field->later && !usual) {
        snprintf(what, sizeof what, "%s", text_get(&check->shown));
    } else {
        return;
    }
    document_not_yet(check->document, item_span(item), what);
}

static void check_kind(struct check *check, const struct field *field, struct item *item)
{
    const struct node *node = item->value.node;
    switch (field->kind) {
    case FIELD_ANY:
        break;
    case FIELD_STRUCT:
        if (node->kind == NODE_MAPPING)
            check_members(check, field->fields, node, item_span(item));
        else if (field->shorthand)
            check_short(check, field, item);
        else
            wrong_shape(check, field, item, "a mapping");
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

void check_value(struct check *check, const struct field *field, struct item *item)
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
               document_shows(check->document, &item->value));
    if (node->faulty) {
        item->bad = true;
        places_fault(check->places, text_get(&check->path));
        return;
    }
    if (node->kind == NODE_SCALAR && node->plain && scalar_is_null(node->text)) {
        char hint[160];
        check_error(check, item, "empty-value", check_example(field, hint, sizeof hint),
                    "%s has no value", text_get(&check->shown));
        return;
    }
    struct check outer = *check;
    if (field->kind == FIELD_STRUCT || field->kind == FIELD_MAP)
        check->owner = field;
    check->later = check->later || field->later;
    check->partial = check->partial || field->unbound;
    check_kind(check, field, item);
    check->owner = outer.owner;
    check->later = outer.later;
    check->partial = outer.partial;
    tell_later(check, field, item);
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
