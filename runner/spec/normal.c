#include "normal.h"
#include "accounts.h"
#include "scalar.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Written twice: to count, then into memory of that size. A buffer that grows would leave copies of
 * passwords behind in freed memory. */
struct writer {
    char *data;
    size_t length, capacity;
};

static void put_bytes(struct writer *writer, const char *bytes, size_t length)
{
    if (writer->data && writer->length + length <= writer->capacity)
        memcpy(writer->data + writer->length, bytes, length);
    writer->length += length;
}

static void put(struct writer *writer, const char *text)
{
    put_bytes(writer, text, strlen(text));
}

static void put_integer(struct writer *writer, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    put(writer, text);
}

static uint32_t code_point(const unsigned char *u, size_t bytes)
{
    switch (bytes) {
    case 2:
        return (u[0] & 0x1fU) << 6 | (u[1] & 0x3fU);
    case 3:
        return (u[0] & 0x0fU) << 12 | (u[1] & 0x3fU) << 6 | (u[2] & 0x3fU);
    case 4:
        return (u[0] & 0x07U) << 18 | (u[1] & 0x3fU) << 12 | (u[2] & 0x3fU) << 6 | (u[3] & 0x3fU);
    default:
        return u[0];
    }
}

/* Double-quoted and in ASCII, so that no reader on the way can read it differently. */
static void put_string(struct writer *writer, const char *text)
{
    size_t length = strlen(text);
    put(writer, "\"");
    for (size_t at = 0, step; at < length; at += step) {
        step = text_utf8_length(text + at, length - at);
        uint32_t point = code_point((const unsigned char *)text + at, step ? step : 1);
        char escape[16];
        if (!step)
            step = 1;
        if (point >= 0x20 && point < 0x7f && point != '"' && point != '\\') {
            put_bytes(writer, text + at, 1);
            continue;
        }
        snprintf(escape, sizeof escape, "\\U%08" PRIX32, point);
        put(writer, escape);
    }
    put(writer, "\"");
}

static void put_members(struct writer *writer, const struct field *fields, const struct node *node,
                        const char *name);
static void put_value(struct writer *writer, const struct field *field, const struct item *item);

static void put_scalar(struct writer *writer, const struct field *field, const char *text)
{
    int64_t value = 0;
    if (field->kind == FIELD_INTEGER) {
        scalar_integer(text, &value);
        put_integer(writer, value);
    } else if (field->kind == FIELD_DURATION) {
        scalar_duration(text, &value);
        put_integer(writer, value);
    } else {
        put_string(writer, text);
    }
}

/* What keeps the place of an item that is wrong, so that those after it keep their index. */
static void put_placeholder(struct writer *writer, const struct field *field)
{
    if (field->kind == FIELD_STRUCT)
        put_members(writer, field->fields, NULL, NULL);
    else
        put(writer, field->kind == FIELD_INTEGER || field->kind == FIELD_DURATION ? "0" : "\"\"");
}

static void put_list(struct writer *writer, const struct field *field, const struct node *list)
{
    put(writer, "[");
    for (const struct item *item = list->first; item; item = item->next) {
        if (item->bad)
            put_placeholder(writer, field->item);
        else
            put_value(writer, field->item, item);
        put(writer, item->next ? ",\n" : "");
    }
    put(writer, "]");
}

static void put_map(struct writer *writer, const struct field *field, const struct node *map)
{
    const char *separator = "";
    put(writer, "[");
    for (const struct item *item = map->first; item; item = item->next) {
        if (!node_is_entry(map, item))
            continue;
        put(writer, separator);
        put_members(writer, field->fields, item->bad ? NULL : item->value.node,
                    item->key.node->text);
        separator = ",\n";
    }
    put(writer, "]");
}

static void put_one_of(struct writer *writer, const struct field *field, const struct item *item)
{
    const struct node *node = item->value.node;
    const struct account_file *file = item->accounts;
    if (node->kind == NODE_SEQUENCE) {
        put(writer, "{\"list\": ");
        put_list(writer, &field->fields[0], node);
        put(writer, "}");
        return;
    }
    if (!file) {
        put_members(writer, field->fields + 1, node, NULL);
        return;
    }
    put(writer, "{\"file\": ");
    put_string(writer, node_find(node, "file")->value.node->text);
    put(writer, ", \"list\": [");
    for (size_t i = 0; i < file->count; i++) {
        put(writer, i ? ",\n{\"username\": " : "{\"username\": ");
        put_string(writer, file->accounts[i].username);
        put(writer, ", \"password\": ");
        put_string(writer, file->accounts[i].password);
        put(writer, "}");
    }
    put(writer, "]}");
}

static void put_value(struct writer *writer, const struct field *field, const struct item *item)
{
    switch (field->kind) {
    case FIELD_STRUCT:
        put_members(writer, field->fields, item->value.node, NULL);
        break;
    case FIELD_LIST:
        put_list(writer, field, item->value.node);
        break;
    case FIELD_MAP:
        put_map(writer, field, item->value.node);
        break;
    case FIELD_ONE_OF:
        put_one_of(writer, field, item);
        break;
    default:
        put_scalar(writer, field, item->value.node->text);
    }
}

/* False when there is nothing to say: no default either. */
static bool put_default(struct writer *writer, const struct field *field)
{
    if (field->fallback && field->kind == FIELD_LIST)
        put(writer, field->fallback);
    else if (field->fallback)
        put_scalar(writer, field, field->fallback);
    else if (field->kind == FIELD_STRUCT)
        put_members(writer, field->fields, NULL, NULL);
    else
        return false;
    return true;
}

static void put_key(struct writer *writer, const struct field *field, const char *separator)
{
    put(writer, separator);
    put_string(writer, field->key);
    put(writer, ": ");
}

static void put_members(struct writer *writer, const struct field *fields, const struct node *node,
                        const char *name)
{
    const char *separator = "";
    put(writer, "{");
    for (const struct field *field = fields; field->key; field++) {
        const struct item *item = NULL;
        if (node && field->kind != FIELD_KEY)
            item = node_find(node, field->key);
        size_t before = writer->length;
        put_key(writer, field, separator);
        if (field->kind == FIELD_KEY)
            put_string(writer, name ? name : "");
        else if (item && !item->bad)
            put_value(writer, field, item);
        else if (!put_default(writer, field)) {
            writer->length = before;
            continue;
        }
        separator = ", ";
    }
    put(writer, "}");
}

char *normal_document(const struct document *document, size_t *length)
{
    struct writer writer = {0};
    put_members(&writer, spec_fields, document->root.node, NULL);
    *length = writer.length;
    writer = (struct writer){.data = mem_alloc(*length + 1), .capacity = *length};
    put_members(&writer, spec_fields, document->root.node, NULL);
    return writer.data;
}
