/*
 * What the source lines in a finding may show. Too much is starred out rather than too little:
 * everything in accounts but user names, and everything that a key calls a password.
 */
#include "document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum context { OPEN = 1, ACCOUNTS = 2, SECRET = 4 };

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

static bool is_public_key(const char *key)
{
    static const char *const keys[] = {"username", "auth_user", "realm", "file", "generate"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
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

static void hide(struct mask *mask, struct span span)
{
    for (size_t i = span.start; i < span.end && i < mask->document->points; i++)
        mask->hide[i] = 1;
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
        else if (context == ACCOUNTS && !is_public_key(word))
            inner = SECRET;
        if (key && key->kind != NODE_SCALAR)
            walk(mask, item->key.node, SECRET);
        else if (key && (context == SECRET || strchr(word, ':')))
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
        if (context != OPEN || is_secret_uri(node->text))
            hide(mask, node->span);
        return;
    }
    walk_items(mask, node->first, context);
    walk_items(mask, node->merges, context);
}

/* Without a tree. From a line that speaks of accounts or passwords on, everything behind its first
 * colon, bracket or dash is hidden, until a key stands at the same indentation or further left. */
static void hide_lines(struct mask *mask)
{
    const struct document *document = mask->document;
    bool secret = false;
    size_t indent = 0;
    for (size_t line = 0; line < document->line_count; line++) {
        size_t start = document->lines[line];
        size_t end = line + 1 < document->line_count ? document->lines[line + 1] : document->points;
        const char *from = document->bytes + document->offsets[start];
        size_t length = document->offsets[end] - document->offsets[start];
        size_t blank = 0, word;
        while (blank < length && (from[blank] == ' ' || from[blank] == '\t'))
            blank++;
        for (word = blank;
             word < length && (isalnum((unsigned char)from[word]) || strchr("_-.\"'$", from[word]));
             word++)
            ;
        bool key = word > blank && word < length && from[word] == ':' && from[blank] != '-';
        char *copy = strndup(from, length);
        bool speaks =
            copy && (strcasestr(copy, "account") || is_secret_key(copy) || is_secret_uri(copy));
        free(copy);
        if (key && blank <= indent)
            secret = false;
        if (speaks && !secret) {
            secret = true;
            indent = blank;
        }
        if (secret) {
            size_t keep = key && blank <= indent ? word + 1 : blank;
            hide(mask, (struct span){start + keep, end});
        }
    }
}

void document_mask(const struct document *document, bool tree)
{
    struct mask mask = {document, mem_alloc(document->points + 1)};
    struct text shown = {0};
    text_add(&shown, "");
    if (tree)
        walk(&mask, document->root.node, OPEN);
    else
        hide_lines(&mask);
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
