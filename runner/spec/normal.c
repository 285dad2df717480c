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
    const struct document *document;
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

/* What the members of a mapping are taken from. */
struct members {
    const struct node *node;   /* NULL: nothing was written */
    const char *name;          /* of the entry of a map */
    const struct field *alone; /* the short form: only this key was written, ... */
    const struct item *item;   /* ... as this value, */
    const char *text;          /* or, of a default, as this word */
};

static void put_members(struct writer *writer, const struct field *fields,
                        const struct members *members);
static void put_value(struct writer *writer, const struct field *field, const struct item *item);

static void put_pair(struct writer *writer, const char *key, int64_t value, const char *separator)
{
    put_string(writer, key);
    put(writer, ": ");
    put_integer(writer, value);
    put(writer, separator);
}

static void put_range(struct writer *writer, const char *text)
{
    int64_t first = 0, last = 0;
    uint32_t width = 0;
    scalar_range(text, &first, &last, &width);
    put(writer, "{");
    put_pair(writer, "first", first, ", ");
    put_pair(writer, "last", last, ", ");
    put_pair(writer, "width", width, "}");
}

static void put_resolution(struct writer *writer, const char *text)
{
    uint32_t width = 0, height = 0;
    scalar_resolution(text, &width, &height);
    put(writer, "{");
    put_pair(writer, "width", width, ", ");
    put_pair(writer, "height", height, "}");
}

/* Of the kinds that are bound as one integer. */
static bool read_integer(enum field_kind kind, const char *text, int64_t *value)
{
    switch (kind) {
    case FIELD_INTEGER:
        return scalar_integer(text, value) == NUMBER_OK;
    case FIELD_DURATION:
        return scalar_duration(text, value) == DURATION_OK;
    case FIELD_PERCENT:
        return scalar_percent(text, value);
    case FIELD_BITRATE:
        return scalar_bitrate(text, value);
    case FIELD_RATE:
        return scalar_rate(text, value);
    default:
        return false;
    }
}

static void put_scalar(struct writer *writer, const struct field *field, const char *text)
{
    int64_t value = 0;
    if (field->kind == FIELD_RANGE)
        put_range(writer, text);
    else if (field->kind == FIELD_RESOLUTION)
        put_resolution(writer, text);
    else if (field->kind == FIELD_BOOLEAN)
        put(writer, *text == 't' || *text == 'T' ? "true" : "false");
    else if (read_integer(field->kind, text, &value))
        put_integer(writer, value);
    else
        put_string(writer, text);
}

/* What keeps the place of an item that is wrong, so that those after it keep their index. */
static void put_placeholder(struct writer *writer, const struct field *field)
{
    if (field->kind == FIELD_STRUCT)
        put_members(writer, field->fields, &(struct members){0});
    else
        put(writer, field->kind == FIELD_INTEGER || field->kind == FIELD_DURATION ? "0" : "\"\"");
}

static void put_item(struct writer *writer, const struct field *field, const struct item *item)
{
    if (item->bad)
        put_placeholder(writer, field);
    else
        put_value(writer, field, item);
}

static void put_list(struct writer *writer, const struct field *field, const struct item *from)
{
    const struct node *list = from->value.node;
    put(writer, "[");
    if (list->kind != NODE_SEQUENCE)
        put_item(writer, field->item, from);
    for (const struct item *item = list->kind == NODE_SEQUENCE ? list->first : NULL; item;
         item = item->next) {
        put_item(writer, field->item, item);
        put(writer, item->next ? ",\n" : "");
    }
    put(writer, "]");
}

static void put_struct(struct writer *writer, const struct field *field, const char *name,
                       const struct item *item)
{
    struct members members = {.name = name};
    bool shorthand = field->shorthand && (item->value.node->kind != NODE_MAPPING || field->bare);
    if (shorthand && !item->bad) {
        members.alone = field_find(field->fields, field->shorthand);
        members.item = item;
    } else if (!item->bad) {
        members.node = item->value.node;
    }
    put_members(writer, field->fields, &members);
}

static void put_map(struct writer *writer, const struct field *field, const struct node *map)
{
    const char *separator = "";
    put(writer, "[");
    for (const struct item *item = map->first; item; item = item->next) {
        if (!node_is_entry(map, item))
            continue;
        put(writer, separator);
        put_struct(writer, field, item->key.node->text, item);
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
        put_list(writer, &field->fields[0], item);
        put(writer, "}");
        return;
    }
    if (!file) {
        put_members(writer, field->fields + 1, &(struct members){.node = node});
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

/* A file as it can be opened from here, which an included file may say otherwise than the spec. */
static const char *written(const struct writer *writer, const struct field *field,
                           const struct value *value)
{
    const char *text = value->node->text;
    bool file = field->kind == FIELD_STRING
                    ? field->file != FILE_NONE
                    : field->kind == FIELD_CHOICE && field->other == OTHER_FILE &&
                          !field_choice(field, text);
    return file ? document_resolve(writer->document, value->span, text) : text;
}

static void put_value(struct writer *writer, const struct field *field, const struct item *item)
{
    switch (field->kind) {
    case FIELD_STRUCT:
        put_struct(writer, field, NULL, item);
        break;
    case FIELD_LIST:
        put_list(writer, field, item);
        break;
    case FIELD_MAP:
        put_map(writer, field, item->value.node);
        break;
    case FIELD_ONE_OF:
        put_one_of(writer, field, item);
        break;
    default:
        put_scalar(writer, field, written(writer, field, &item->value));
    }
}

/* A default of words, "[pcma, pcmu]", as items in short form. */
static void put_words(struct writer *writer, const struct field *item, const char *flow)
{
    const char *at = flow + 1;
    struct members members = {.alone = field_find(item->fields, item->shorthand)};
    put(writer, "[");
    while (*at && *at != ']') {
        char word[32] = "";
        size_t length = strcspn(at, ",]");
        memcpy(word, at, length < sizeof word ? length : 0);
        members.text = word;
        put_members(writer, item->fields, &members);
        at += length;
        if (*at == ',') {
            put(writer, ", ");
            at += strspn(at, ", ");
        }
    }
    put(writer, "]");
}

/* False when there is nothing to say: no default either. */
static bool put_default(struct writer *writer, const struct field *field)
{
    if (field->fallback && field->kind == FIELD_LIST && field->item->shorthand)
        put_words(writer, field->item, field->fallback);
    else if (field->fallback && field->kind == FIELD_LIST)
        put(writer, field->fallback);
    else if (field->fallback)
        put_scalar(writer, field, field->fallback);
    else if (field->kind == FIELD_STRUCT)
        put_members(writer, field->fields, &(struct members){0});
    else
        return false;
    return true;
}

static void put_argument(struct writer *writer, const struct field *field, const char *key,
                         const struct value *value, const char **separator)
{
    const struct node *node = value->node;
    for (const struct item *item = node->first; item; item = item->next) {
        char path[160];
        if (node->kind == NODE_MAPPING)
            snprintf(path, sizeof path, "%s.%.60s", key, item->key.node->text);
        else
            snprintf(path, sizeof path, "%s", key);
        if (!item->bad && item->value.node->kind == NODE_SCALAR)
            put_argument(writer, NULL, path, &item->value, separator);
    }
    if (node->kind != NODE_SCALAR)
        return;
    put(writer, *separator);
    put(writer, "{\"key\": ");
    put_string(writer, key);
    put(writer, ", \"value\": ");
    put_string(writer, field ? written(writer, field, value) : node->text);
    put(writer, "}");
    *separator = ", ";
}

/* The keys that the words of choices brought into a mapping. */
static void put_arguments(struct writer *writer, const struct field *fields,
                          const struct members *members)
{
    const char *separator = "";
    put(writer, "[");
    for (const struct field *field = fields; members->node && field->key; field++) {
        const struct item *word =
            field->kind == FIELD_CHOICE ? node_find(members->node, field->key) : NULL;
        const struct choice *choice =
            word && !word->bad ? field_choice(field, word->value.node->text) : NULL;
        for (const struct field *brought = choice ? choice->fields : NULL; brought && brought->key;
             brought++) {
            const struct item *item = node_find(members->node, brought->key);
            if (item && !item->bad)
                put_argument(writer, brought, brought->key, &item->value, &separator);
        }
    }
    put(writer, "]");
}

/* False when there is nothing to say of it. */
static bool put_member(struct writer *writer, const struct field *fields, const struct field *field,
                       const struct members *members)
{
    const struct item *item = NULL;
    if (members->node)
        item = node_find(members->node, field->key);
    else if (field == members->alone)
        item = members->item;
    if (field->kind == FIELD_KEY)
        put_string(writer, members->name ? members->name : "");
    else if (field->kind == FIELD_ARGUMENTS)
        put_arguments(writer, fields, members);
    else if (item && !item->bad)
        put_value(writer, field, item);
    else if (field == members->alone && members->text)
        put_scalar(writer, field, members->text);
    else
        return put_default(writer, field);
    return true;
}

static void put_members(struct writer *writer, const struct field *fields,
                        const struct members *members)
{
    const char *separator = "";
    put(writer, "{");
    for (const struct field *field = fields; field->key; field++) {
        size_t before = writer->length;
        if (field->unbound)
            continue;
        put(writer, separator);
        put_string(writer, field->key);
        put(writer, ": ");
        if (put_member(writer, fields, field, members))
            separator = ", ";
        else
            writer->length = before;
    }
    put(writer, "}");
}

char *normal_document(const struct document *document, size_t *length)
{
    struct writer writer = {.document = document};
    struct members members = {.node = document->root.node};
    put_members(&writer, spec_fields, &members);
    *length = writer.length;
    writer =
        (struct writer){.document = document, .data = mem_alloc(*length + 1), .capacity = *length};
    put_members(&writer, spec_fields, &members);
    return writer.data;
}
