/* The keys of a mapping: which are known, which are missing, which go together. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#define KEYS_SHOWN 48
#define LISTS_MAX 4

/* What may be written in a mapping: its own fields, and what its choices bring. */
struct keys {
    const struct field *lists[LISTS_MAX];
    size_t count;
    const struct field *unsettled; /* a choice that is wrong: any of its words may be meant */
};

static struct keys keys_of(const struct field *fields, const struct node *mapping)
{
    struct keys keys = {.lists = {fields}, .count = 1};
    for (const struct field *field = fields; field->key; field++) {
        if (field->kind != FIELD_CHOICE || !field_brings_keys(field))
            continue;
        const struct item *item = node_find(mapping, field->key);
        const struct choice *choice = NULL;
        if (item && item->value.node->kind == NODE_SCALAR)
            choice = field_choice(field, item->value.node->text);
        if (!choice && (item || field->required))
            keys.unsettled = field;
        if (choice && choice->fields && keys.count < LISTS_MAX)
            keys.lists[keys.count++] = choice->fields;
    }
    return keys;
}

static const struct field *find(const struct keys *keys, const char *key)
{
    const struct field *found = NULL;
    for (size_t i = 0; i < keys->count && !found; i++)
        found = field_find(keys->lists[i], key);
    return found;
}

static bool may_be_meant(const struct keys *keys, const char *key)
{
    const struct choice *const *choice = keys->unsettled ? keys->unsettled->choices : NULL;
    for (; choice && *choice; choice++)
        if (field_find((*choice)->fields, key))
            return true;
    return false;
}

static size_t names_of(const struct field *fields, const char **names, size_t count)
{
    for (const struct field *field = fields; field->key && count < KEYS_SHOWN; field++)
        if (field->kind != FIELD_KEY && field->kind != FIELD_ARGUMENTS && *field->key != '$')
            names[count++] = field->key;
    return count;
}

static const char *suggest(const struct keys *keys, const char *word, struct text *hint)
{
    const char *names[KEYS_SHOWN] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < keys->count; i++)
        count = names_of(keys->lists[i], names, count);
    const char *near = text_nearest(word, names, count);
    if (near)
        text_printf(hint, "did you mean \"%s\"?  ", near);
    text_add(hint, "(");
    for (size_t i = 0; i < count; i++)
        text_printf(hint, "%s%s", i ? ", " : "", names[i]);
    text_add(hint, ")");
    return near;
}

const char *check_suggest_key(const struct field *fields, const char *word, struct text *hint)
{
    struct keys keys = {.lists = {fields}, .count = 1};
    return suggest(&keys, word, hint);
}

static bool holds_secrets(const struct field *fields)
{
    for (const struct field *field = fields; field->key; field++)
        if (field->secret)
            return true;
    return false;
}

/* A misspelt key stands for the field it is nearest to, so that it is not reported missing too. */
static void unknown_key(struct check *check, const struct keys *keys, const struct item *item)
{
    struct text hint = {0};
    const char *key = item->key.node->text;
    const char *near = suggest(keys, key, &hint);
    if (near) {
        struct mark mark = check_descend(check, near, near);
        places_fault(check->places, text_get(&check->path));
        check_ascend(check, mark);
    }
    const char *of = check->shown.length ? text_get(&check->shown) : "a spec";
    /* Among accounts a stray word may be the secret itself, and a key that holds more than a word
     * has often swallowed one. */
    if (!near && (holds_secrets(keys->lists[0]) || strpbrk(key, ": ")))
        document_error(check->document, "unknown-key", item->key.span, text_get(&hint),
                       "this is not a key of %s", of);
    else
        document_error(check->document, "unknown-key", item->key.span, text_get(&hint),
                       "\"%.60s\" is not a key of %s", key, of);
    text_fini(&hint);
}

static bool misspelt(struct check *check, const char *key)
{
    struct mark mark = check_descend(check, key, key);
    bool faulty = places_faulty(check->places, text_get(&check->path));
    check_ascend(check, mark);
    return faulty;
}

static void fault(struct check *check, const char *key)
{
    struct mark mark = check_descend(check, key, key);
    places_fault(check->places, text_get(&check->path));
    check_ascend(check, mark);
}

static void missing_key(struct check *check, const struct field *field, struct span at)
{
    char hint[512];
    if (misspelt(check, field->key))
        return;
    snprintf(hint, sizeof hint, "add \"%s: %s\"  (%s)", field->key, field->example, field->help);
    document_error(check->document, "missing-key", at, hint, "%s%s\"%s\" is missing",
                   text_get(&check->shown), check->shown.length ? ": " : "", field->key);
    fault(check, field->key);
}

/* Of the fields of a list that exclude one another, called for the first of them. */
static void check_either(struct check *check, const struct field *fields, const struct field *first,
                         const struct node *mapping, struct span at)
{
    struct text names = {0};
    struct item *present = NULL, *second = NULL;
    bool wrong = false;
    for (const struct field *field = fields; field->key; field++) {
        if (!field->either || strcmp(field->either, first->either) != 0)
            continue;
        struct item *item = node_find(mapping, field->key);
        text_printf(&names, "%s\"%s\"", names.length ? " or " : "", field->key);
        wrong = wrong || misspelt(check, field->key);
        second = present && item ? item : second;
        present = present ? present : item;
    }
    if (second) {
        document_error(check->document, "choose-one", second->key.span, "remove one of them",
                       "%s%shas both \"%s\" and \"%s\"", text_get(&check->shown),
                       check->shown.length ? " " : "", present->key.node->text,
                       second->key.node->text);
        fault(check, second->key.node->text);
    } else if (!present && first->required && !wrong && !check->partial) {
        char hint[512];
        snprintf(hint, sizeof hint, "add \"%s: %s\"  (%s)", first->key, first->example,
                 first->help);
        document_error(check->document, "missing-key", at, hint, "%s%s%s is missing",
                       text_get(&check->shown), check->shown.length ? ": " : "", text_get(&names));
        fault(check, first->key);
    }
    text_fini(&names);
}

static const struct field *first_of(const struct field *fields, const char *either)
{
    for (const struct field *field = fields; field->key; field++)
        if (field->either && strcmp(field->either, either) == 0)
            return field;
    return NULL;
}

/* What the presence or the absence of a field says about others. */
static void check_company(struct check *check, const struct field *fields,
                          const struct field *field, const struct node *mapping, struct span at)
{
    const struct item *item = node_find(mapping, field->key);
    if (field->either) {
        if (first_of(fields, field->either) == field)
            check_either(check, fields, field, mapping, at);
    } else if (field->with && item && !node_find(mapping, field->with)) {
        if (!misspelt(check, field->with) && !check->partial)
            document_error(check->document, "needs-key", item->key.span, field->help,
                           "\"%s\" has a meaning only beside \"%s\"", field->key, field->with);
    } else if (field->required && !item && !check->partial &&
               (!field->with || node_find(mapping, field->with))) {
        missing_key(check, field, at);
    }
}

/* Holders for anchors, and the key that some editors look for; only at the top. */
static bool ignored_key(const struct check *check, const char *key)
{
    return !check->shown.length && (strncmp(key, "x-", 2) == 0 || strcmp(key, "$schema") == 0);
}

static void check_fields(struct check *check, const struct field *fields,
                         const struct node *mapping, struct span at)
{
    for (const struct field *field = fields; field->key; field++) {
        if (field->kind == FIELD_KEY || field->kind == FIELD_ARGUMENTS)
            continue;
        struct item *item = node_find(mapping, field->key);
        if (item) {
            struct mark mark = check_descend(check, field->key, field->key);
            check_value(check, field, item);
            check_ascend(check, mark);
        }
        check_company(check, fields, field, mapping, at);
    }
}

void check_members(struct check *check, const struct field *fields, const struct node *mapping,
                   struct span at)
{
    struct keys keys = keys_of(fields, mapping);
    for (struct item *item = mapping->first; item; item = item->next) {
        const char *key = item->key.node->text;
        if (item->bad || ignored_key(check, key))
            continue;
        if (!find(&keys, key) && !may_be_meant(&keys, key))
            unknown_key(check, &keys, item);
    }
    for (size_t i = 0; i < keys.count; i++)
        check_fields(check, keys.lists[i], mapping, at);
}
