/*
 * What the source lines in a finding may show. A spec that is broken in just the right place can
 * hide a password from any parser, so it is said what may be shown, and not what must be hidden:
 * from a line that speaks of accounts or passwords on, until a word of the language stands as a key
 * at the same indentation or further left, only keys of the language and values that it calls no
 * secret are shown, as the tree has them.
 */
#include "cmtest/field.h"
#include "document.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the tree says of a code point. */
enum said { NOTHING, SCALAR, VOUCHED };

struct mask {
    const struct source *source;
    unsigned char *said; /* per code point */
};

/* sip:user:password@host */
static bool holds_secret_uri(const char *line, size_t length)
{
    const char *at = memchr(line, '@', length), *scheme = memchr(line, ':', length);
    if (!at || !scheme || scheme > at)
        return false;
    return memchr(scheme + 1, ':', (size_t)(at - scheme - 1)) != NULL;
}

static bool contains(const char *bytes, size_t length, const char *part)
{
    size_t size = strlen(part);
    for (size_t i = 0; i + size <= length; i++)
        if (strncasecmp(bytes + i, part, size) == 0)
            return true;
    return false;
}

static bool speaks_of_secrets(const char *bytes, size_t length)
{
    static const char *const parts[] = {"account", "pass",  "word",      "secret",
                                        "pwd",     "token", "credential"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (contains(bytes, length, parts[i]))
            return true;
    return holds_secret_uri(bytes, length);
}

/* ---- what the tree vouches for ----------------------------------------------------------------
 */

static void say(struct mask *mask, struct span span, enum said what)
{
    size_t base = mask->source->base;
    for (size_t i = span.start - base; i < span.end - base && i < mask->source->points; i++)
        mask->said[i] = (unsigned char)what;
}

static void vouch(struct mask *mask, struct span span)
{
    say(mask, span, VOUCHED);
}

/* Marks inside of a scalar are a part of it, and perhaps of a secret. */
static void mark_scalars(struct mask *mask, struct node *node)
{
    if (node->kind == NODE_SCALAR)
        say(mask, node->span, SCALAR);
    if (node->kind == NODE_SCALAR || node->marked)
        return;
    node->marked = true; /* it is met again through aliases */
    for (const struct item *item = node->first; item; item = item->next) {
        if (item->key.node)
            mark_scalars(mask, item->key.node);
        mark_scalars(mask, item->value.node);
    }
}

static const struct field *find(const struct field *fields, const struct node *key)
{
    for (const struct field *field = fields; field && field->key; field++)
        if (field->kind != FIELD_KEY && key->kind == NODE_SCALAR &&
            strcmp(field->key, key->text) == 0)
            return field;
    return NULL;
}

/* ${env.PASSWORD} tells where a secret is, and not what it is. A default would. */
static bool is_reference(const char *text)
{
    size_t kind = strncmp(text, "${env.", 6) == 0 ? 6 : strncmp(text, "${vars.", 7) == 0 ? 7 : 0;
    size_t name = strspn(text + kind, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789_-");
    return kind && name && strcmp(text + kind + name, "}") == 0;
}

static void walk_fields(struct mask *mask, struct node *node, const struct field *fields);

static void walk(struct mask *mask, struct node *node, const struct field *field)
{
    if (node->kind != NODE_MAPPING && field->shorthand)
        field = field_find(field->fields, field->shorthand);
    if (node->kind == NODE_SCALAR) {
        /* "1001 password:x": without a space behind its colon a key is a part of the value. */
        if (is_reference(node->text) ||
            (!field->secret && !field->fields && !speaks_of_secrets(node->text, node->length)))
            vouch(mask, node->span);
    } else if (node->kind == NODE_SEQUENCE) {
        const struct field *item = field->item;
        for (const struct field *one = field->fields; !item && one && one->key; one++)
            item = one->item; /* the bare list of a FIELD_ONE_OF */
        for (struct item *at = item ? node->first : NULL; at; at = at->next)
            walk(mask, at->value.node, item);
    } else if (field->kind == FIELD_MAP) {
        for (struct item *at = node->first; at; at = at->next) {
            if (at->key.node->kind == NODE_SCALAR &&
                !speaks_of_secrets(at->key.node->text, at->key.node->length))
                vouch(mask, at->key.span);
            walk_fields(mask, at->value.node, field->fields);
        }
    } else {
        walk_fields(mask, node, field->fields);
    }
}

static void walk_fields(struct mask *mask, struct node *node, const struct field *fields)
{
    if (node->kind != NODE_MAPPING || node->masked)
        return;
    node->masked = true;
    for (struct item *item = node->first; item; item = item->next) {
        const struct field *field = find(fields, item->key.node);
        if (!field)
            continue;
        vouch(mask, item->key.span);
        walk(mask, item->value.node, field);
    }
}

/* ---- lines ------------------------------------------------------------------------------------
 */

struct line {
    size_t first, end; /* code points, without the end of the line */
    const char *bytes;
    size_t length;
    size_t blank; /* white space before the first word */
};

static struct line line_at(const struct source *source, size_t index)
{
    struct line line = {.first = source->lines[index]};
    line.end = index + 1 < source->line_count ? source->lines[index + 1] : source->points;
    line.bytes = source->bytes + source->offsets[line.first];
    if (line.end > line.first && source->bytes[source->offsets[line.end - 1]] == '\n')
        line.end--;
    line.length = source->offsets[line.end] - source->offsets[line.first];
    while (line.blank < line.length && strchr(" \t", line.bytes[line.blank]))
        line.blank++;
    return line;
}

static bool is_key(const struct field *fields, const char *word, size_t length)
{
    for (const struct field *field = fields; field && field->key; field++) {
        if (field->kind != FIELD_KEY && strlen(field->key) == length &&
            strncmp(field->key, word, length) == 0)
            return true;
        if (is_key(field->fields, word, length) ||
            (field->item && is_key(field->item->fields, word, length)))
            return true;
    }
    return false;
}

/* Length of the key that the line begins with, when it is one of the language. */
static size_t leading_key(const struct line *line)
{
    const char *word = line->bytes + line->blank;
    size_t left = line->length - line->blank, length = 0;
    while (length < left && (word[length] == '_' || (word[length] >= 'a' && word[length] <= 'z')))
        length++;
    bool key = length < left && word[length] == ':' && is_key(spec_fields, word, length);
    return key ? length : 0;
}

static void show_line(const struct mask *mask, const struct line *line, struct text *shown)
{
    const struct source *source = mask->source;
    size_t key = leading_key(line), leading = line->first + line->blank + (key ? key + 1 : 0);
    for (size_t i = line->first; i < line->end; i++) {
        const char *at = source->bytes + source->offsets[i];
        size_t bytes = source->offsets[i + 1] - source->offsets[i];
        bool mark = source->root.node && mask->said[i] == NOTHING && strchr(" -{}[],:", *at);
        if (mark || mask->said[i] == VOUCHED || i < leading || *at == '\r')
            text_add_bytes(shown, at, bytes);
        else
            text_add(shown, "*");
    }
}

/* KEY=VALUE, where all of a value is secret when either speaks of secrets. */
static void show_argument(const struct line *line, struct text *shown)
{
    const char *equals = memchr(line->bytes, '=', line->length);
    size_t show = equals ? (size_t)(equals - line->bytes) + 1 : 0;
    if (!speaks_of_secrets(line->bytes, line->length))
        show = line->length;
    text_add_bytes(shown, line->bytes, show);
    for (size_t i = show, step; i < line->length; i += step ? step : 1) {
        step = text_utf8_length(line->bytes + i, line->length - i);
        text_add(shown, "*");
    }
}

static void show_lines(const struct mask *mask, struct text *shown)
{
    bool secret = false;
    size_t indent = 0;
    for (size_t i = 0; i < mask->source->line_count; i++) {
        struct line line = line_at(mask->source, i);
        if (secret && line.blank <= indent && leading_key(&line))
            secret = false;
        if (!secret && speaks_of_secrets(line.bytes, line.length)) {
            secret = true;
            indent = line.blank;
        }
        if (mask->source->command_line)
            show_argument(&line, shown);
        else if (secret)
            show_line(mask, &line, shown);
        else
            text_add_bytes(shown, line.bytes, line.length);
        text_add(shown, "\n");
    }
}

void document_mask(const struct document *document, const struct source *source)
{
    struct mask mask = {source, mem_alloc(source->points + 1)};
    struct text shown = {0};
    text_add(&shown, "");
    if (source->root.node) {
        mark_scalars(&mask, source->root.node);
        walk_fields(&mask, source->root.node, spec_fields);
    }
    show_lines(&mask, &shown);
    diag_source(document->diag, source->path, text_get(&shown), shown.length);
    text_fini(&shown);
    free(mask.said);
}
