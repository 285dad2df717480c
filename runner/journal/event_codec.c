#include "head.h"

#include <math.h>
#include <string.h>

static bool is_signed(enum field_type type)
{
    return type == FIELD_I32 || type == FIELD_I64 || type == FIELD_NS;
}

static char *put_block(const struct event *event, const struct event_field *field, char *to)
{
    const char *at = (const char *)event + field->offset;
    size_t length;
    uint32_t told;
    if (field->type == FIELD_TEXT) {
        length = strnlen(at, field->size);
    } else {
        memcpy(&told, (const char *)event + field->length, sizeof(told));
        length = told < field->size ? told : field->size;
    }
    to = write_varint(to, (uint64_t)length + 1);
    memcpy(to, at, length);
    return to + length;
}

static char *put_number(const struct event *event, const struct event_field *field, char *to)
{
    double value;
    memcpy(&value, (const char *)event + field->offset, sizeof(value));
    return write_real(to, value);
}

/* A field is at most as long as it is in memory, and the number that stands before it. */
void event_put(const struct event *event, struct text *out)
{
    size_t count;
    const struct event_field *fields = event_fields(event->kind, &count);
    char *at = text_room(out, sizeof(*event) + count * VARINT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].type == FIELD_TEXT || fields[i].type == FIELD_BYTES) {
            at = put_block(event, &fields[i], at);
        } else if (fields[i].type == FIELD_REAL) {
            at = put_number(event, &fields[i], at);
        } else if (is_signed(fields[i].type)) {
            at = write_zigzag(at, event_field_get(event, &fields[i]));
        } else {
            at = write_varint(at, (uint64_t)event_field_get(event, &fields[i]));
        }
    }
    text_end(out, at);
}

static bool get_block(struct bytes *in, const struct event_field *field, struct event *event)
{
    size_t length;
    const char *bytes = get_text(in, &length);
    if (!bytes || !field)
        return bytes != NULL;
    if (length > field->size - (field->type == FIELD_TEXT ? 1 : 0))
        return false;
    memcpy((char *)event + field->offset, bytes, length);
    uint32_t told = (uint32_t)length;
    if (field->type == FIELD_BYTES)
        memcpy((char *)event + field->length, &told, sizeof(told));
    return true;
}

static bool get_number(struct bytes *in, const struct event_field *field, struct event *event)
{
    double value = get_real(in);
    if (in->failed || !isfinite(value))
        return false;
    if (field)
        memcpy((char *)event + field->offset, &value, sizeof(value));
    return true;
}

static bool get_field(struct bytes *in, const struct vocabulary_field *field, struct event *event)
{
    if (field->type == FIELD_TEXT || field->type == FIELD_BYTES)
        return get_block(in, field->field, event);
    if (field->type == FIELD_REAL)
        return get_number(in, field->field, event);
    uint64_t value = is_signed(field->type) ? (uint64_t)get_zigzag(in) : get_varint(in);
    if (in->failed || !field->field)
        return !in->failed;
    if (field->type == FIELD_ENUM) {
        if (value >= field->word_count || field->words[value] == UNKNOWN)
            return false;
        value = field->words[value];
    } else if (field->type != FIELD_U64 && !is_signed(field->type) && value > INT64_MAX) {
        return false;
    }
    return event_field_set(event, field->field, (int64_t)value);
}

/* A time that the file does not have was not measured. */
static void clear_times(struct event *event)
{
    size_t count;
    const struct event_field *fields = event_fields(event->kind, &count);
    for (size_t i = 0; i < count; i++)
        if (fields[i].type == FIELD_NS)
            event_field_set(event, &fields[i], EVENT_NONE);
}

bool event_get(struct bytes *in, const struct vocabulary_kind *kind, struct event *event)
{
    if (kind->kind != UNKNOWN) {
        event->kind = (enum event_kind)kind->kind;
        clear_times(event);
    }
    for (uint32_t i = 0; i < kind->field_count; i++)
        if (!get_field(in, &kind->fields[i], event))
            return false;
    return !in->failed;
}
