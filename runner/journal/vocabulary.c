#include "head.h"

#include <string.h>
#include "cmtest/journal_format.h"

/* Fields of an event, words of an enumeration: many more than there are. */
#define ITEMS_MAX 1024

/* As emodel_scale_name() has them, which belongs to a higher module. */
static const char *const scales[] = {
    [EMODEL_NARROW] = "narrow", [EMODEL_WIDE] = "wide", [EMODEL_FULL] = "full"};

void vocabulary_put(struct text *out)
{
    put_varint(out, READING_COUNT);
    for (unsigned i = 0; i < READING_COUNT; i++)
        put_text(out, reading_name((enum reading)i));
    for (unsigned i = 0; i < READING_COUNT; i++)
        put_varint(out, reading_digits((enum reading)i));
    put_varint(out, EVENT_KINDS);
    for (unsigned i = 0; i < EVENT_KINDS; i++) {
        size_t count;
        const struct event_field *fields = event_fields((enum event_kind)i, &count);
        put_text(out, event_kind_name((enum event_kind)i));
        put_varint(out, count);
        for (size_t f = 0; f < count; f++) {
            put_text(out, fields[f].name);
            put_varint(out, fields[f].type);
            put_varint(out, fields[f].word_count);
            for (unsigned w = 0; w < fields[f].word_count; w++)
                put_text(out, fields[f].word(w));
        }
    }
    put_varint(out, EMODEL_FULL + 1);
    for (unsigned i = 0; i <= EMODEL_FULL; i++)
        put_text(out, scales[i]);
}

/* Whether the text that comes next is this name. */
struct name {
    const char *bytes;
    size_t length;
};

static struct name get_name(struct bytes *in)
{
    struct name name;
    name.bytes = get_text(in, &name.length);
    if (!name.bytes)
        in->failed = true;
    return name;
}

static bool is(const struct name *name, const char *known)
{
    return strlen(known) == name->length && memcmp(name->bytes, known, name->length) == 0;
}

static void get_words(struct bytes *in, struct arena *arena, struct vocabulary_field *field)
{
    field->word_count = (uint32_t)get_count(in, ITEMS_MAX);
    field->words = arena_array(arena, field->word_count, sizeof(*field->words));
    for (uint32_t i = 0; i < field->word_count && !in->failed; i++) {
        struct name name = get_name(in);
        field->words[i] = UNKNOWN;
        for (unsigned w = 0; !in->failed && field->field && w < field->field->word_count; w++)
            if (is(&name, field->field->word(w)))
                field->words[i] = w;
    }
}

static void get_field(struct bytes *in, struct arena *arena, uint32_t kind,
                      struct vocabulary_field *field)
{
    size_t count = 0;
    const struct event_field *fields =
        kind == UNKNOWN ? NULL : event_fields((enum event_kind)kind, &count);
    struct name name = get_name(in);
    field->type = (enum field_type)get_count(in, FIELD_TYPES - 1);
    for (size_t i = 0; i < count && !in->failed; i++)
        if (fields[i].type == field->type && is(&name, fields[i].name))
            field->field = &fields[i];
    get_words(in, arena, field);
}

static void get_kind(struct bytes *in, struct arena *arena, struct vocabulary_kind *kind)
{
    struct name name = get_name(in);
    kind->kind = UNKNOWN;
    for (unsigned i = 0; i < EVENT_KINDS && !in->failed; i++)
        if (is(&name, event_kind_name((enum event_kind)i)))
            kind->kind = i;
    kind->field_count = (uint32_t)get_count(in, ITEMS_MAX);
    kind->fields = arena_array(arena, kind->field_count, sizeof(*kind->fields));
    for (uint32_t i = 0; i < kind->field_count && !in->failed; i++)
        get_field(in, arena, kind->kind, &kind->fields[i]);
}

typedef const char *name_fn(unsigned number);

static const char *name_of_reading(unsigned number)
{
    return reading_name((enum reading)number);
}

static const char *name_of_scale(unsigned number)
{
    return scales[number];
}

static uint32_t *get_numbers(struct bytes *in, struct arena *arena, name_fn *known, unsigned knowns,
                             uint32_t *count)
{
    *count = (uint32_t)get_count(in, JOURNAL_READINGS_MAX);
    uint32_t *numbers = arena_array(arena, *count, sizeof(*numbers));
    for (uint32_t i = 0; i < *count && !in->failed; i++) {
        struct name name = get_name(in);
        numbers[i] = UNKNOWN;
        for (unsigned k = 0; k < knowns && !in->failed; k++)
            if (is(&name, known(k)))
                numbers[i] = k;
    }
    return numbers;
}

static void get_digits(struct bytes *in, struct arena *arena, struct vocabulary *vocabulary)
{
    uint32_t count = vocabulary->reading_count;
    vocabulary->digits = arena_array(arena, count, 1);
    vocabulary->ours = count == READING_COUNT;
    for (uint32_t i = 0; i < count && !in->failed; i++) {
        vocabulary->digits[i] = (uint8_t)get_count(in, JOURNAL_DIGITS_MAX);
        if (vocabulary->readings[i] != i)
            vocabulary->ours = false;
    }
}

bool vocabulary_get(struct bytes *in, struct arena *arena, struct vocabulary *vocabulary)
{
    vocabulary->readings =
        get_numbers(in, arena, name_of_reading, READING_COUNT, &vocabulary->reading_count);
    get_digits(in, arena, vocabulary);
    vocabulary->kind_count = (uint32_t)get_count(in, 256);
    vocabulary->kinds = arena_array(arena, vocabulary->kind_count, sizeof(*vocabulary->kinds));
    for (uint32_t i = 0; i < vocabulary->kind_count && !in->failed; i++)
        get_kind(in, arena, &vocabulary->kinds[i]);
    vocabulary->scales =
        get_numbers(in, arena, name_of_scale, EMODEL_FULL + 1, &vocabulary->scale_count);
    return !in->failed;
}
