#include "document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What YAML allows in a file, less the C1 controls; a NUL or an escape sequence has no business in
 * a spec and would confuse everything behind us. */
static const char *refusal(const char *at, size_t length, uint32_t *point)
{
    const unsigned char *u = (const unsigned char *)at;
    *point = length == 1   ? u[0]
             : length == 2 ? (u[0] & 0x1fU) << 6 | (u[1] & 0x3fU)
             : length == 3 ? (u[0] & 0x0fU) << 12 | (u[1] & 0x3fU) << 6 | (u[2] & 0x3fU)
                           : 0x10000;
    if (*point == '\t' || *point == '\n' || *point == '\r')
        return NULL;
    if (*point < 0x20 || (*point >= 0x7f && *point < 0xa0))
        return "control-character";
    if (*point == 0xfeff || *point == 0xfffe || *point == 0xffff)
        return "control-character";
    return NULL;
}

static void index_text(struct source *source)
{
    size_t line = 1, point = 0;
    source->lines[0] = 0;
    for (size_t at = 0; at < source->length; point++) {
        size_t bytes = text_utf8_length(source->bytes + at, source->length - at);
        source->offsets[point] = (uint32_t)at;
        if (source->bytes[at] == '\n')
            source->lines[line++] = point + 1;
        at += bytes ? bytes : 1;
    }
    source->offsets[point] = (uint32_t)source->length;
    source->points = point;
    source->line_count = line;
}

static bool check_text(struct document *document, const struct source *source)
{
    for (size_t i = 0; i < source->points; i++) {
        const char *at = source->bytes + source->offsets[i];
        size_t available = source->length - source->offsets[i];
        size_t bytes = text_utf8_length(at, available);
        struct span span = {source->base + i, source->base + i + 1};
        uint32_t point;
        if (!bytes) {
            document_error(document, "not-utf8", span, "save the file as UTF-8",
                           "the file is not valid UTF-8: byte 0x%02x", (unsigned char)*at);
            return false;
        }
        const char *code = refusal(at, bytes, &point);
        if (code) {
            document_error(document, code, span, "remove it; a spec is plain text",
                           "the character U+%04X is not allowed in a spec", point);
            return false;
        }
    }
    return true;
}

void document_init(struct document *document, const char *path, struct arena *arena,
                   struct diag *diag)
{
    *document = (struct document){.path = path, .arena = arena, .diag = diag};
}

void document_close(struct document *document)
{
    for (struct source *source = document->sources; source; source = source->next) {
        if (source->owned)
            explicit_bzero(source->owned, source->length);
        free(source->owned);
        source->owned = NULL;
    }
}

static bool acceptable(const struct document *document, const char *path, const char *bytes,
                       size_t length)
{
    struct place whole = {.file = path};
    if (length > DOCUMENT_BYTES_MAX)
        diag_add(document->diag, DIAG_ERROR, "too-large", whole, "a spec has at most 1 MiB",
                 "the file is too large");
    else if (length > DOCUMENT_ALL_BYTES_MAX - document->bytes)
        diag_add(document->diag, DIAG_ERROR, "too-large", whole,
                 "a spec and the files that it includes have at most 4 MiB",
                 "the included files are too large together");
    else if (length >= 2 &&
             (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        diag_add(document->diag, DIAG_ERROR, "not-utf8", whole, "save the file as UTF-8",
                 "the file is UTF-16");
    else
        return true;
    return false;
}

struct source *document_add(struct document *document, const char *path, const char *bytes,
                            size_t length)
{
    if (!acceptable(document, path, bytes, length))
        return NULL;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    struct source *source = arena_alloc(document->arena, sizeof *source);
    *source = (struct source){
        .path = path, .bytes = bytes, .length = length, .base = document->positions};
    source->offsets = arena_array(document->arena, length + 1, sizeof *source->offsets);
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    source->lines = arena_array(document->arena, lines, sizeof *source->lines);
    index_text(source);
    document->bytes += length;
    document->positions += source->points + 1;
    if (document->last_source)
        document->last_source->next = source;
    else
        document->sources = source;
    document->last_source = source;
    if (check_text(document, source))
        return source;
    document_mask(document, source);
    return NULL;
}

struct source *document_source(const struct document *document, size_t position)
{
    struct source *source = document->sources;
    while (source->next && source->next->base <= position)
        source = source->next;
    return source;
}

static size_t line_of(const struct source *source, size_t point)
{
    size_t low = 0, high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= point)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct place document_place(const struct document *document, struct span span)
{
    const struct source *source = document_source(document, span.start);
    size_t start = span.start - source->base, last = span.end - source->base;
    start = start < source->points ? start : source->points;
    size_t line = line_of(source, start);
    size_t end = line + 1 < source->line_count ? source->lines[line + 1] - 1 : source->points;
    if (end > start && source->bytes[source->offsets[end - 1]] == '\r')
        end--;
    if (last < end)
        end = last;
    return (struct place){
        .file = source->path,
        .line = (int)line + 1,
        .column = (int)(start - source->lines[line]) + 1,
        .width = end > start ? (int)(end - start) : 1,
    };
}

int document_shows(const struct document *document, const struct value *value)
{
    const struct node *node = value->node;
    if (node->kind != NODE_SCALAR || node->written || value->span.start != node->span.start)
        return -1;
    const struct source *source = document_source(document, value->span.start);
    for (int quote = 0; quote <= 1; quote++) {
        size_t point = value->span.start - source->base + (size_t)quote;
        if (point >= source->points)
            return -1;
        size_t at = source->offsets[point];
        if (node->length <= source->length - at &&
            memcmp(source->bytes + at, node->text, node->length) == 0)
            return quote;
    }
    return -1;
}

const char *document_resolve(const struct document *document, struct span span, const char *path)
{
    const struct source *source = document_source(document, span.start);
    const char *of = source->command_line ? document->path : source->path;
    const char *slash = strrchr(of, '/');
    if (*path == '/' || !slash)
        return path;
    return arena_printf(document->arena, "%.*s/%s", (int)(slash - of), of, path);
}

bool document_count(struct document *document, struct span span)
{
    if (++document->nodes <= DOCUMENT_NODES_MAX)
        return true;
    document_error(document, "too-many-values", span, "at most 100,000; put accounts into a file",
                   "the spec has too many values");
    return false;
}

struct node *document_node(struct document *document, enum node_kind kind, struct span span)
{
    if (!document_count(document, span))
        return NULL;
    struct node *node = arena_alloc(document->arena, sizeof *node);
    *node = (struct node){.kind = kind, .span = span, .closed = true};
    return node;
}

const char *node_shown(const struct node *node)
{
    return node->secret && node->written ? node->written : node->text;
}

static uint64_t hash(uint64_t mark, const char *text)
{
    for (; text && *text; text++)
        mark = mark * 31 + (unsigned char)*text;
    return mark;
}

static bool said(struct document *document, const char *code, struct span span, const char *hint)
{
    uint64_t mark = hash(hash((uint64_t)span.start << 32 ^ (uint64_t)span.end, code), hint);
    for (size_t i = 0; i < document->reported_count; i++)
        if (document->reported[i] == mark)
            return true;
    if (document->reported_count < DIAG_LIMIT)
        document->reported[document->reported_count++] = mark;
    return false;
}

bool document_error(struct document *document, const char *code, struct span span, const char *hint,
                    const char *format, ...)
{
    if (said(document, code, span, hint))
        return false;
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    diag_add(document->diag, DIAG_ERROR, code, document_place(document, span), hint, "%s", message);
    return true;
}

void document_not_yet(struct document *document, struct span span, const char *what)
{
    if (!said(document, "not-yet", span, NULL))
        diag_add(document->diag, DIAG_WARNING, "not-yet", document_place(document, span), NULL,
                 "%s is checked, but this version cannot run it yet", what);
}

struct item *node_find(const struct node *mapping, const char *key)
{
    size_t length = strlen(key);
    for (struct item *item = mapping->first; item; item = item->next) {
        const struct node *name = item->key.node;
        if (name && name->kind == NODE_SCALAR && name->length == length &&
            memcmp(name->text, key, length) == 0)
            return item;
    }
    return NULL;
}

bool node_is_entry(const struct node *map, const struct item *item)
{
    const struct node *key = item->key.node;
    return key->kind == NODE_SCALAR && key->length && strlen(key->text) == key->length &&
           node_find(map, key->text) == item;
}

struct span item_span(const struct item *item)
{
    const struct node *node = item->value.node;
    /* A value that is not there has an empty span somewhere behind the colon. */
    bool absent = node->kind == NODE_SCALAR && item->value.span.start == item->value.span.end;
    if (item->key.node && (node->kind != NODE_SCALAR || absent))
        return item->key.span;
    if (node->kind == NODE_MAPPING && !node->flow && node->first &&
        item->value.span.start == node->span.start)
        return node->first->key.span;
    return item->value.span;
}
