/*
 * What the source lines in a finding may show. Too much is starred out rather than too little:
 * everything in accounts but user names, and everything that a key calls a password.
 */
#include "document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum context { OPEN = 1, ACCOUNTS = 2, SECRET = 4, PUBLIC = 8 };

struct mask {
    const struct document *document;
    char *hide; /* per code point */
};

static bool is_secret_key(const char *key)
{
    static const char *const parts[] = {"pass", "secret", "pwd", "token", "credential"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcasestr(key, parts[i]))
            return true;
    return text_distance(key, "password") <= 3 || text_distance(key, "expected_password") <= 4;
}

static bool is_accounts_key(const char *key)
{
    return text_distance(key, "accounts") <= 2;
}

static const char *const public_keys[] = {"username", "auth_user", "realm", "file", "generate"};
#define PUBLIC_KEYS (sizeof public_keys / sizeof *public_keys)

static bool is_public_key(const char *key)
{
    for (size_t i = 0; i < PUBLIC_KEYS; i++)
        if (strcmp(key, public_keys[i]) == 0)
            return true;
    return false;
}

/* sip:user:password@host */
static bool is_secret_uri(const char *text)
{
    const char *at = strchr(text, '@'), *scheme = strchr(text, ':');
    const char *second = scheme ? strchr(scheme + 1, ':') : NULL;
    return at && second && second < at;
}

/* A known key or a misspelt one; any other word may be a secret that lost its key. */
static bool is_account_key(const char *word)
{
    return text_nearest(word, public_keys, PUBLIC_KEYS) ||
           (is_secret_key(word) && isalpha((unsigned char)*word) &&
            strspn(word, "abcdefghijklmnopqrstuvwxyz_") == strlen(word));
}

static void hide(struct mask *mask, struct span span)
{
    for (size_t i = span.start; i < span.end && i < mask->document->points; i++)
        mask->hide[i] = 1;
}

/* "1001 password:x": without a space behind its colon a key is a part of the value before it. */
static bool has_swallowed(const char *text)
{
    return is_secret_key(text) && strpbrk(text, ": \n");
}

static void walk(struct mask *mask, struct node *node, enum context context);

static void walk_items(struct mask *mask, const struct item *items, enum context context)
{
    for (const struct item *item = items; item; item = item->next) {
        const struct node *key = item->key.node;
        const char *word = key && key->kind == NODE_SCALAR ? key->text : "";
        enum context inner = OPEN;
        if (context == SECRET || is_secret_key(word))
            inner = SECRET;
        else if (is_accounts_key(word) || (context == ACCOUNTS && !key))
            inner = ACCOUNTS;
        else if (context == ACCOUNTS)
            inner = is_public_key(word) ? PUBLIC : SECRET;
        if (key && key->kind != NODE_SCALAR)
            walk(mask, item->key.node, SECRET);
        else if (key && (context == SECRET || (context == ACCOUNTS && !is_account_key(word))))
            hide(mask, item->key.span);
        walk(mask, item->value.node, inner);
    }
}

/* A node is met again through its aliases; once per context is enough, and bounds the walk. */
static void walk(struct mask *mask, struct node *node, enum context context)
{
    if (node->hidden & context)
        return;
    node->hidden = (unsigned char)(node->hidden | context);
    if (node->kind == NODE_SCALAR) {
        if (context == ACCOUNTS || context == SECRET || is_secret_uri(node->text) ||
            (context == PUBLIC && has_swallowed(node->text)))
            hide(mask, node->span);
        return;
    }
    walk_items(mask, node->first, context);
    walk_items(mask, node->merges, context);
}

struct line {
    size_t start, end; /* code points; with the end of the line */
    const char *bytes;
    size_t length;
    size_t blank; /* white space before the first word */
    size_t word;  /* end of that word */
    bool key;     /* which a colon follows */
};

static struct line line_at(const struct document *document, size_t index)
{
    struct line line = {.start = document->lines[index]};
    line.end = index + 1 < document->line_count ? document->lines[index + 1] : document->points;
    line.bytes = document->bytes + document->offsets[line.start];
    line.length = document->offsets[line.end] - document->offsets[line.start];
    while (line.blank < line.length && strchr(" \t", line.bytes[line.blank]))
        line.blank++;
    line.word = line.blank;
    while (line.word < line.length && (isalnum((unsigned char)line.bytes[line.word]) ||
                                       strchr("_-.\"'$", line.bytes[line.word])))
        line.word++;
    line.key = line.word > line.blank && line.word < line.length && line.bytes[line.word] == ':' &&
               line.bytes[line.blank] != '-';
    return line;
}

static bool speaks_of_secrets(const char *bytes, size_t length)
{
    char *copy = strndup(bytes, length);
    bool speaks =
        !copy || strcasestr(copy, "account") || is_secret_key(copy) || is_secret_uri(copy);
    free(copy);
    return speaks;
}

/* An account that was commented out is none for the tree. */
static void hide_comment(struct mask *mask, const struct line *line, bool secret)
{
    const struct document *document = mask->document;
    char before = ' ';
    for (size_t i = line->start; i < line->end; i++) {
        const char *at = document->bytes + document->offsets[i];
        if (*at == '#' && strchr(" \t]}\"'", before)) {
            size_t length = line->length - (size_t)(at - line->bytes);
            if (secret || speaks_of_secrets(at, length))
                hide(mask, (struct span){i + 1, line->end});
            return;
        }
        before = *at;
    }
}

/* A line that speaks of a password, in which the tree nevertheless saw none: a key that lost its
 * colon or its space became a part of something else. */
static void hide_unseen(struct mask *mask, const struct line *line)
{
    const struct document *document = mask->document;
    size_t from = line->end;
    for (size_t i = line->start; i < line->end; i++) {
        if (mask->hide[i])
            return;
        const char *at = document->bytes + document->offsets[i];
        size_t left = line->length - (size_t)(at - line->bytes);
        if (from == line->end && left >= 4 && strncasecmp(at, "pass", 4) == 0)
            from = i;
    }
    while (from < line->end && document->bytes[document->offsets[from]] != ':')
        from++;
    hide(mask, (struct span){from + 1, line->end});
}

/* From a line that speaks of accounts or passwords on, everything is secret until a key stands at
 * the same indentation or further left. Without a tree, only such a first key itself is shown. */
static void hide_lines(struct mask *mask, bool tree)
{
    bool secret = false;
    size_t indent = 0;
    for (size_t i = 0; i < mask->document->line_count; i++) {
        struct line line = line_at(mask->document, i);
        if (line.key && line.blank <= indent)
            secret = false;
        if (!secret && speaks_of_secrets(line.bytes, line.length)) {
            secret = true;
            indent = line.blank;
        }
        if (tree) {
            hide_unseen(mask, &line);
            hide_comment(mask, &line, secret);
        } else if (secret)
            hide(mask, (struct span){line.start + (line.key && line.blank <= indent ? line.word + 1
                                                                                    : line.blank),
                                     line.end});
    }
}

void document_mask(const struct document *document, bool tree)
{
    struct mask mask = {document, mem_alloc(document->points + 1)};
    struct text shown = {0};
    text_add(&shown, "");
    if (tree)
        walk(&mask, document->root.node, OPEN);
    hide_lines(&mask, tree);
    for (size_t i = 0; i < document->points; i++) {
        const char *at = document->bytes + document->offsets[i];
        size_t bytes = document->offsets[i + 1] - document->offsets[i];
        if (mask.hide[i] && *at != '\n' && *at != '\r')
            text_add(&shown, "*");
        else
            text_add_bytes(&shown, at, bytes);
    }
    diag_source(document->diag, document->path, text_get(&shown), shown.length);
    text_fini(&shown);
    free(mask.hide);
}
