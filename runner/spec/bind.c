#include "bind.h"

#include <stdlib.h>
#include <string.h>

/* In front of each block that libcyaml gets. */
struct block {
    _Alignas(max_align_t) size_t capacity;
};

/* libcyaml grows a sequence by one entry at a time, which takes minutes for 100,000 accounts unless
 * blocks double; and passwords in blocks must not stay behind in freed memory. */
static void *bind_memory(void *context, void *memory, size_t size)
{
    (void)context;
    struct block *old = memory ? (struct block *)memory - 1 : NULL;
    if (old && size && size <= old->capacity)
        return memory;
    struct block *block = NULL;
    if (size) {
        size_t capacity = old && size < 2 * old->capacity ? 2 * old->capacity : size;
        block = mem_alloc(sizeof *block + capacity);
        block->capacity = capacity;
        if (old)
            memcpy(block + 1, memory, old->capacity);
    }
    if (old) {
        explicit_bzero(memory, old->capacity);
        free(old);
    }
    return block ? block + 1 : NULL;
}

const cyaml_config_t bind_config = {
    .mem_fn = bind_memory,
    .log_fn = NULL,
    .log_level = CYAML_LOG_ERROR,
    /* The normalised document has no alias; without them libcyaml need not record anchors. */
    .flags = CYAML_CFG_NO_ALIAS,
};

#define PART(type, name, part)                                             \
    {                                                                      \
        .key = #part, .kind = name, .offset = offsetof(struct type, part), \
        .size = sizeof(((struct type *)0)->part)                           \
    }

/* Values that become a struct. */
static const struct field range_parts[] = {PART(field_range, FIELD_INTEGER, first),
                                           PART(field_range, FIELD_INTEGER, last),
                                           PART(field_range, FIELD_INTEGER, width),
                                           {.key = NULL}};
static const struct field resolution_parts[] = {PART(field_resolution, FIELD_INTEGER, width),
                                                PART(field_resolution, FIELD_INTEGER, height),
                                                {.key = NULL}};
static const struct field argument_parts[] = {PART(field_argument, FIELD_STRING, key),
                                              PART(field_argument, FIELD_STRING, value),
                                              {.key = NULL}};

static const cyaml_schema_field_t *bind_fields(const struct field *fields, struct arena *arena);

static cyaml_schema_value_t bind_struct(const struct field *fields, size_t size,
                                        enum cyaml_flag flags, struct arena *arena)
{
    return (cyaml_schema_value_t){
        .type = CYAML_MAPPING,
        .flags = flags,
        .data_size = (uint32_t)size,
        .mapping.fields = bind_fields(fields, arena),
    };
}

static cyaml_schema_value_t bind_list(const cyaml_schema_value_t *entry)
{
    return (cyaml_schema_value_t){
        .type = CYAML_SEQUENCE,
        .flags = (enum cyaml_flag)(CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER),
        .data_size = entry->flags & CYAML_FLAG_POINTER ? sizeof(void *) : entry->data_size,
        .sequence = {.entry = entry, .min = 0, .max = CYAML_UNLIMITED},
    };
}

/* Everything is optional here: what must be there is the checker's to say, and a spec with errors
 * is bound as far as it goes. */
static cyaml_schema_value_t bind_value(const struct field *field, struct arena *arena)
{
    cyaml_schema_value_t *entry = arena_alloc(arena, sizeof *entry);
    switch (field->kind) {
    case FIELD_INTEGER:
    case FIELD_DURATION:
    case FIELD_PERCENT:
    case FIELD_BITRATE:
    case FIELD_RATE:
        return (cyaml_schema_value_t){
            .type = field->min < 0 ? CYAML_INT : CYAML_UINT,
            .flags = CYAML_FLAG_OPTIONAL,
            .data_size = (uint32_t)field->size,
        };
    case FIELD_BOOLEAN:
        return (cyaml_schema_value_t){
            .type = CYAML_BOOL, .flags = CYAML_FLAG_OPTIONAL, .data_size = sizeof(bool)};
    case FIELD_RANGE:
        return bind_struct(range_parts, sizeof(struct field_range), CYAML_FLAG_OPTIONAL, arena);
    case FIELD_RESOLUTION:
        return bind_struct(resolution_parts, sizeof(struct field_resolution), CYAML_FLAG_OPTIONAL,
                           arena);
    case FIELD_ARGUMENTS:
        *entry =
            bind_struct(argument_parts, sizeof(struct field_argument), CYAML_FLAG_DEFAULT, arena);
        return bind_list(entry);
    case FIELD_STRUCT:
    case FIELD_ONE_OF:
        return bind_struct(field->fields, field->size, CYAML_FLAG_OPTIONAL, arena);
    case FIELD_LIST:
        *entry = bind_value(field->item, arena);
        entry->flags = (enum cyaml_flag)(entry->flags & ~(unsigned)CYAML_FLAG_OPTIONAL);
        return bind_list(entry);
    case FIELD_MAP:
        *entry = bind_struct(field->fields, field->size, CYAML_FLAG_DEFAULT, arena);
        return bind_list(entry);
    default:
        return (cyaml_schema_value_t){
            .type = CYAML_STRING,
            .flags = (enum cyaml_flag)(CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER),
            .data_size = sizeof(char),
            .string = {.min = 0, .max = CYAML_UNLIMITED},
        };
    }
}

static const cyaml_schema_field_t *bind_fields(const struct field *fields, struct arena *arena)
{
    size_t count = 0, row = 0;
    while (fields[count].key)
        count++;
    cyaml_schema_field_t *rows = arena_array(arena, count + 1, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].unbound)
            continue;
        rows[row++] = (cyaml_schema_field_t){
            .key = fields[i].key,
            .data_offset = (uint32_t)fields[i].offset,
            .count_offset = (uint32_t)fields[i].count_offset,
            .count_size = sizeof(unsigned),
            .value = bind_value(&fields[i], arena),
        };
    }
    return rows;
}

const cyaml_schema_value_t *bind_schema(const struct field *fields, size_t size,
                                        struct arena *arena)
{
    cyaml_schema_value_t *value = arena_alloc(arena, sizeof *value);
    *value = bind_struct(fields, size, CYAML_FLAG_POINTER, arena);
    return value;
}
