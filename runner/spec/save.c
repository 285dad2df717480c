/*
 * A spec as YAML, written by libcyaml. It is made from the tree and not from struct spec, so that
 * what stands there is what an author could have written: durations with units, short forms, and
 * nothing that was left out. libcyaml wants one schema for all entries of a list; so first the tree
 * becomes values, in which secrets are starred out and short forms among long ones are long, and
 * then schema and data are made of all values that stand in one place.
 */
#include "save.h"
#include "cmtest/field.h"
#include "scalar.h"

#include <cyaml/cyaml.h>
#include <string.h>

#define STARS "***"

/* ---- the tree as values -----------------------------------------------------------------------
 */

struct saved {
    enum node_kind kind;
    const char *text; /* of a scalar */
    bool quoted;
    struct entry *first, **last;
    size_t count;
};

struct entry {
    struct entry *next;
    const char *key; /* NULL in a list */
    struct saved *value;
};

static struct saved *saved_new(struct arena *arena, enum node_kind kind)
{
    struct saved *saved = arena_alloc(arena, sizeof *saved);
    saved->kind = kind;
    saved->last = &saved->first;
    return saved;
}

static void append(struct arena *arena, struct saved *to, const char *key, struct saved *value)
{
    struct entry *entry = arena_alloc(arena, sizeof *entry);
    *entry = (struct entry){.key = key, .value = value};
    *to->last = entry;
    to->last = &entry->next;
    to->count++;
}

static struct saved *save_node(struct arena *arena, const struct field *field,
                               const struct node *node);

/* An expression stands for its value only where that can be found again. */
static bool stands_alone(const char *written)
{
    return written && !strstr(written, "${vars.") && !strstr(written, "${matrix.");
}

/* As it must be written, now that no expression is in it any more. */
static const char *without_expressions(struct arena *arena, const char *text)
{
    struct text out = {0};
    if (!strstr(text, "${"))
        return text;
    for (; *text; text++) {
        text_add(&out, strncmp(text, "${", 2) == 0 ? "$" : "");
        text_add_bytes(&out, text, 1);
    }
    const char *kept = arena_strndup(arena, text_get(&out), out.length);
    text_fini(&out);
    return kept;
}

static struct saved *save_scalar(struct arena *arena, const struct field *field,
                                 const struct node *node)
{
    struct saved *saved = saved_new(arena, NODE_SCALAR);
    if (!field->secret && !node->secret)
        saved->text = without_expressions(arena, node->text);
    else
        saved->text = stands_alone(node->written) && node->secret ? node->written : STARS;
    saved->quoted = scalar_is_null(saved->text);
    return saved;
}

/* The row of a key that a mapping may have by its own or by the word of one of its choices. */
static const struct field *row_of(const struct field *fields, const struct node *mapping,
                                  const char *key)
{
    const struct field *row = field_find(fields, key);
    for (const struct field *field = fields; !row && field && field->key; field++) {
        const struct item *word =
            field->kind == FIELD_CHOICE ? node_find(mapping, field->key) : NULL;
        const struct choice *choice = word && word->value.node->kind == NODE_SCALAR
                                          ? field_choice(field, word->value.node->text)
                                          : NULL;
        row = choice ? field_find(choice->fields, key) : NULL;
    }
    return row;
}

static struct saved *save_mapping(struct arena *arena, const struct field *fields,
                                  const struct node *node)
{
    struct saved *saved = saved_new(arena, NODE_MAPPING);
    for (const struct item *item = node->first; item; item = item->next) {
        const char *key = item->key.node->text;
        const struct field *row = row_of(fields, node, key);
        if (row && !row->unbound && !item->bad)
            append(arena, saved, key, save_node(arena, row, item->value.node));
    }
    return saved;
}

static struct saved *save_map(struct arena *arena, const struct field *field,
                              const struct node *node)
{
    struct saved *saved = saved_new(arena, NODE_MAPPING);
    const struct field *short_form =
        field->shorthand ? field_find(field->fields, field->shorthand) : NULL;
    for (const struct item *item = node->first; item; item = item->next) {
        const struct node *value = item->value.node;
        if (!node_is_entry(node, item) || item->bad)
            continue;
        append(arena, saved, item->key.node->text,
               value->kind == NODE_MAPPING && !field->bare
                   ? save_mapping(arena, field->fields, value)
                   : save_node(arena, short_form, value));
    }
    return saved;
}

static struct saved *save_list(struct arena *arena, const struct field *field,
                               const struct node *node)
{
    struct saved *saved = saved_new(arena, NODE_SEQUENCE);
    bool long_form = false;
    for (const struct item *item = node->first; item; item = item->next)
        long_form = long_form || item->value.node->kind == NODE_MAPPING;
    for (const struct item *item = node->first; item; item = item->next) {
        struct saved *value = save_node(arena, field->item, item->value.node);
        if (long_form && value->kind != NODE_MAPPING && field->item->shorthand) {
            struct saved *mapping = saved_new(arena, NODE_MAPPING);
            append(arena, mapping, field->item->shorthand, value);
            value = mapping;
        }
        append(arena, saved, NULL, value);
    }
    return saved;
}

static struct saved *save_node(struct arena *arena, const struct field *field,
                               const struct node *node)
{
    if (!field) /* the checker lets nothing through that has no field */
        return saved_new(arena, NODE_SEQUENCE);
    bool single = field->kind == FIELD_LIST && field->item && node->kind != NODE_SEQUENCE;
    if (single)
        field = field->item;
    if (node->kind == NODE_MAPPING)
        return field->kind == FIELD_MAP ? save_map(arena, field, node)
                                        : save_mapping(arena, field->fields, node);
    if (field->kind == FIELD_STRUCT)
        return save_node(arena, field_find(field->fields, field->shorthand), node);
    if (node->kind == NODE_SCALAR)
        return save_scalar(arena, field, node);
    for (const struct field *form = field->kind == FIELD_ONE_OF ? field->fields : NULL;
         form && form->key && field->kind == FIELD_ONE_OF; form++)
        field = form->kind == FIELD_LIST ? form : field;
    return save_list(arena, field, node);
}

/* ---- the values as a schema and its data ------------------------------------------------------
 */

/* Values that stand in one place, one of each mapping or list above. */
struct values {
    struct saved **all;
    size_t count;
};

/* What a key of a mapping points to. */
struct slot {
    void *data;
    uint64_t count; /* of a list */
};

static void build(struct arena *arena, const struct values *values, cyaml_schema_value_t *schema,
                  struct slot *data);

static bool alike(const struct saved *a, const struct saved *b)
{
    return a->kind == b->kind && (a->kind != NODE_SCALAR || a->quoted == b->quoted);
}

/* All entries of all values, in their order. */
static struct values gather(struct arena *arena, const struct values *values)
{
    size_t total = 0;
    struct values all = {0};
    for (size_t i = 0; i < values->count; i++)
        total += values->all[i]->count;
    all.all = arena_array(arena, total, sizeof *all.all);
    for (size_t i = 0; i < values->count; i++)
        for (const struct entry *entry = values->all[i]->first; entry; entry = entry->next)
            all.all[all.count++] = entry->value;
    return all;
}

static void build_scalars(const struct values *values, cyaml_schema_value_t *schema,
                          struct slot *data)
{
    unsigned flags = CYAML_FLAG_POINTER;
    for (size_t i = 0; i < values->count; i++) {
        data[i].data = (void *)(uintptr_t)values->all[i]->text;
        if (values->all[i]->quoted)
            flags |= CYAML_FLAG_SCALAR_QUOTE_DOUBLE;
    }
    *schema = (cyaml_schema_value_t){.type = CYAML_STRING,
                                     .flags = (enum cyaml_flag)flags,
                                     .data_size = sizeof(char),
                                     .string = {.min = 0, .max = CYAML_UNLIMITED}};
}

static bool are_words(const struct values *values)
{
    for (size_t i = 0; i < values->count; i++)
        if (values->all[i]->kind != NODE_SCALAR || strchr(values->all[i]->text, ' '))
            return false;
    return true;
}

static void build_lists(struct arena *arena, const struct values *values,
                        cyaml_schema_value_t *schema, struct slot *data)
{
    struct values entries = gather(arena, values);
    struct slot *slots = arena_array(arena, entries.count, sizeof *slots);
    void **pointers = arena_array(arena, entries.count, sizeof *pointers);
    cyaml_schema_value_t *entry = arena_alloc(arena, sizeof *entry);
    unsigned flags = CYAML_FLAG_POINTER;
    build(arena, &entries, entry, slots);
    for (size_t i = 0; i < entries.count; i++)
        pointers[i] = slots[i].data;
    for (size_t i = 0; i < values->count; i++) {
        data[i] = (struct slot){pointers, values->all[i]->count};
        pointers += values->all[i]->count;
    }
    if (are_words(&entries))
        flags |= CYAML_FLAG_FLOW;
    *schema = (cyaml_schema_value_t){
        .type = CYAML_SEQUENCE,
        .flags = (enum cyaml_flag)flags,
        .data_size = sizeof(void *),
        .sequence = {.entry = entry, .min = 0, .max = CYAML_UNLIMITED},
    };
}

/* One key, with values of one kind. */
struct column {
    struct column *next;
    const char *key;
    struct values values;
    size_t *rows; /* in which of the mappings each value stands */
    size_t capacity;
};

static struct column *column_for(struct arena *arena, struct column **columns,
                                 const struct entry *entry, size_t most)
{
    for (; *columns; columns = &(*columns)->next)
        if (strcmp((*columns)->key, entry->key) == 0 &&
            alike((*columns)->values.all[0], entry->value))
            return *columns;
    struct column *column = arena_alloc(arena, sizeof *column);
    column->key = entry->key;
    column->capacity = most;
    column->values.all = arena_array(arena, most, sizeof *column->values.all);
    column->rows = arena_array(arena, most, sizeof *column->rows);
    *columns = column;
    return column;
}

static void build_mappings(struct arena *arena, const struct values *values,
                           cyaml_schema_value_t *schema, struct slot *data)
{
    struct column *columns = NULL;
    size_t width = 0, at = 0;
    for (size_t row = 0; row < values->count; row++) {
        for (const struct entry *entry = values->all[row]->first; entry; entry = entry->next) {
            struct column *column = column_for(arena, &columns, entry, values->count);
            column->rows[column->values.count] = row;
            column->values.all[column->values.count++] = entry->value;
        }
    }
    for (const struct column *column = columns; column; column = column->next)
        width++;
    cyaml_schema_field_t *fields = arena_array(arena, width + 1, sizeof *fields);
    struct slot *cells = arena_array(arena, width * values->count + 1, sizeof *cells);
    for (const struct column *column = columns; column; column = column->next, at++) {
        struct slot *slots = arena_array(arena, column->values.count, sizeof *slots);
        fields[at] = (cyaml_schema_field_t){
            .key = column->key,
            .data_offset = (uint32_t)(at * sizeof *slots + offsetof(struct slot, data)),
            .count_offset = (uint32_t)(at * sizeof *slots + offsetof(struct slot, count)),
            .count_size = sizeof slots->count,
        };
        build(arena, &column->values, &fields[at].value, slots);
        fields[at].value.flags = (enum cyaml_flag)(fields[at].value.flags | CYAML_FLAG_OPTIONAL);
        for (size_t i = 0; i < column->values.count; i++)
            cells[column->rows[i] * width + at] = slots[i];
    }
    for (size_t row = 0; row < values->count; row++)
        data[row].data = cells + row * width;
    *schema = (cyaml_schema_value_t){
        .type = CYAML_MAPPING,
        .flags = CYAML_FLAG_POINTER,
        .data_size = (uint32_t)(width * sizeof *cells),
        .mapping.fields = fields,
    };
}

static void build(struct arena *arena, const struct values *values, cyaml_schema_value_t *schema,
                  struct slot *data)
{
    enum node_kind kind = values->count ? values->all[0]->kind : NODE_SCALAR;
    if (kind == NODE_SCALAR)
        build_scalars(values, schema, data);
    else if (kind == NODE_SEQUENCE)
        build_lists(arena, values, schema, data);
    else
        build_mappings(arena, values, schema, data);
}

bool save_tree(const struct node *tree, struct text *out)
{
    static const cyaml_config_t config = {
        .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR, .flags = CYAML_CFG_STYLE_BLOCK};
    struct arena *arena = arena_new();
    struct saved *root = save_mapping(arena, spec_fields, tree);
    struct values values = {&root, 1};
    cyaml_schema_value_t schema;
    struct slot data = {0};
    char *bytes = NULL;
    size_t length = 0;
    build(arena, &values, &schema, &data);
    cyaml_err_t error = cyaml_save_data(&bytes, &length, &config, &schema, data.data, 0);
    if (error == CYAML_OK)
        text_add_bytes(out, bytes, length);
    cyaml_mem(NULL, bytes, 0);
    arena_free(arena);
    return error == CYAML_OK;
}
