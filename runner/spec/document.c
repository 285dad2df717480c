#include "document.h"

#include <stdarg.h>
#include <stdio.h>
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

static void index_text(struct document *document)
{
    size_t line = 1, point = 0;
    document->lines[0] = 0;
    for (size_t at = 0; at < document->length; point++) {
        size_t bytes = text_utf8_length(document->bytes + at, document->length - at);
        document->offsets[point] = (uint32_t)at;
        if (document->bytes[at] == '\n')
            document->lines[line++] = point + 1;
        at += bytes ? bytes : 1;
    }
    document->offsets[point] = (uint32_t)document->length;
    document->points = point;
    document->line_count = line;
}

static bool check_text(struct document *document)
{
    for (size_t i = 0; i < document->points; i++) {
        const char *at = document->bytes + document->offsets[i];
        size_t available = document->length - document->offsets[i];
        size_t bytes = text_utf8_length(at, available);
        struct span span = {i, i + 1};
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

bool document_init(struct document *document, const char *path, const char *bytes, size_t length,
                   struct arena *arena, struct diag *diag)
{
    *document = (struct document){.path = path, .arena = arena, .diag = diag};
    struct place whole = {.file = path};
    if (length > DOCUMENT_BYTES_MAX) {
        diag_add(diag, DIAG_ERROR, "too-large", whole, "a spec has at most 1 MiB",
                 "the file is too large");
        return false;
    }
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        diag_add(diag, DIAG_ERROR, "not-utf8", whole, "save the file as UTF-8",
                 "the file is UTF-16");
        return false;
    }
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    document->bytes = bytes;
    document->length = length;
    document->offsets = arena_array(arena, length + 1, sizeof *document->offsets);
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    document->lines = arena_array(arena, lines, sizeof *document->lines);
    index_text(document);
    return check_text(document);
}

static size_t line_of(const struct document *document, size_t point)
{
    size_t low = 0, high = document->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (document->lines[middle] <= point)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct place document_place(const struct document *document, struct span span)
{
    size_t start = span.start < document->points ? span.start : document->points;
    size_t line = line_of(document, start);
    size_t end = line + 1 < document->line_count ? document->lines[line + 1] - 1 : document->points;
    if (end > start && document->bytes[document->offsets[end - 1]] == '\r')
        end--;
    if (span.end < end)
        end = span.end;
    return (struct place){
        .file = document->path,
        .line = (int)line + 1,
        .column = (int)(start - document->lines[line]) + 1,
        .width = end > start ? (int)(end - start) : 1,
    };
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

void document_error(struct document *document, const char *code, struct span span, const char *hint,
                    const char *format, ...)
{
    if (said(document, code, span, hint))
        return;
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    diag_add(document->diag, DIAG_ERROR, code, document_place(document, span), hint, "%s", message);
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
