/* An event out of a line of json_event.h, by the same tables that it was written with. */
#include "document.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/event_fields.h"

/* "callers[12]" is of the group "callers" its endpoint 12. */
static bool find_endpoint(const struct roster *roster, const char *name, uint32_t *endpoint)
{
    const char *bracket = strrchr(name, '[');
    if (!bracket)
        return false;
    char *end;
    unsigned long index = strtoul(bracket + 1, &end, 10);
    if (end == bracket + 1 || strcmp(end, "]") != 0)
        return false;
    for (uint32_t i = 0; i < roster->group_count; i++) {
        const struct roster_group *group = &roster->groups[i];
        if (strlen(group->name) != (size_t)(bracket - name) ||
            memcmp(group->name, name, (size_t)(bracket - name)) != 0 || index >= group->count)
            continue;
        *endpoint = group->first + (uint32_t)index;
        return true;
    }
    return false;
}

static bool find_kind(const char *name, enum event_kind *kind)
{
    for (int i = 0; i < EVENT_KINDS; i++)
        if (strcmp(event_kind_name((enum event_kind)i), name) == 0) {
            *kind = (enum event_kind)i;
            return true;
        }
    return false;
}

/* ---- fields --------------------------------------------------------------------------------- */

static bool set_word(struct event *event, const struct event_field *field, const char *word)
{
    for (unsigned i = 0; word && i < field->word_count; i++)
        if (strcmp(field->word(i), word) == 0)
            return event_field_set(event, field, i);
    return false;
}

static bool set_bytes(struct event *event, const struct event_field *field, const json_t *value)
{
    char *at = (char *)event + field->offset;
    if (!json_is_string(value))
        return false;
    size_t length = json_string_length(value);
    if (field->type == FIELD_TEXT) {
        text_copy(at, field->size, json_string_value(value));
        platform_mask(at, strlen(at));
        return true;
    }
    uint32_t kept = (uint32_t)(length < field->size ? length : field->size);
    memcpy(at, json_string_value(value), kept);
    platform_mask(at, kept);
    memcpy((char *)event + field->length, &kept, sizeof kept);
    return true;
}

static bool set_field(struct event *event, const struct event_field *field, const json_t *value)
{
    const char *word = json_string_value(value);
    double real;
    switch (field->type) {
    case FIELD_BOOL:
        return json_is_boolean(value) && event_field_set(event, field, json_is_true(value));
    case FIELD_ENUM:
        return set_word(event, field, word);
    case FIELD_CHAR:
        return word && strlen(word) <= 1 && event_field_set(event, field, word[0]);
    case FIELD_REAL:
        real = json_number_value(value);
        memcpy((char *)event + field->offset, &real, sizeof real);
        return json_is_number(value) || json_is_null(value);
    case FIELD_TEXT:
    case FIELD_BYTES:
        return set_bytes(event, field, value);
    case FIELD_NS:
        if (json_is_null(value))
            return event_field_set(event, field, EVENT_NONE);
        break;
    case FIELD_U8:
    case FIELD_U16:
    case FIELD_U32:
    case FIELD_U64:
    case FIELD_I32:
    case FIELD_I64:
        break;
    }
    return json_is_integer(value) && event_field_set(event, field, json_integer_value(value));
}

/* A time that is not there was not measured; other fields that are not there are 0. */
static bool set_fields(struct event *event, const json_t *object)
{
    size_t count;
    const struct event_field *fields = event_fields(event->kind, &count);
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, fields[i].name);
        if (!value && fields[i].type == FIELD_NS)
            event_field_set(event, &fields[i], EVENT_NONE);
        if (value && !set_field(event, &fields[i], value))
            return false;
    }
    return true;
}

/* ---- seconds -------------------------------------------------------------------------------- */

static bool set_readings(struct event_second *second, const json_t *readings)
{
    for (unsigned i = 0; i < READING_COUNT; i++) {
        const json_t *value = json_object_get(readings, reading_name((enum reading)i));
        if (json_is_number(value))
            second_set(second, (enum reading)i, json_number_value(value));
        else if (value && !json_is_null(value))
            return false;
    }
    return json_is_object(readings);
}

static bool set_second(struct event_second *second, const json_t *object)
{
    static const char *const scales[] = {"narrow", "wide", "full"};
    const char *direction = json_string_value(api_get(object, NAME_DIRECTION));
    const char *scale = json_string_value(api_get(object, NAME_SCALE));
    double number = document_number(object, NAME_SECOND, -1);
    double length = document_number(object, NAME_LENGTH, -1);
    if (!direction || number < 0 || number > UINT32_MAX || length < 0 || length > UINT16_MAX)
        return false;
    second->direction = strcmp(direction, "send") == 0 ? DIRECTION_SEND : DIRECTION_RECEIVE;
    second->second = (uint32_t)number;
    second->length_ms = (uint16_t)length;
    second->agreed = json_is_true(api_get(object, NAME_AGREED));
    second->provisional = json_is_true(api_get(object, NAME_PROVISIONAL));
    for (unsigned i = 0; scale && i < sizeof scales / sizeof *scales; i++)
        if (strcmp(scales[i], scale) == 0)
            second->scale = (enum emodel_scale)i;
    return (second->direction == DIRECTION_SEND || strcmp(direction, "receive") == 0) &&
           set_readings(second, api_get(object, NAME_READINGS));
}

/* Kinds are of an endpoint, or of the run: who reads them relies on it. */
static bool is_of_run(enum event_kind kind)
{
    return kind == EVENT_PACING || kind == EVENT_MACHINE || kind == EVENT_HEALTH ||
           kind == EVENT_STOP || kind == EVENT_FIGURE || kind == EVENT_REMOTE;
}

bool event_read(const json_t *object, const struct roster *roster, struct event *event, bool *known,
                const char **stranger)
{
    const char *kind = json_string_value(api_get(object, NAME_EVENT));
    const json_t *endpoint = api_get(object, NAME_ENDPOINT);
    *event = (struct event){.endpoint = ROSTER_NONE, .at_ns = document_time(object, NAME_TIME)};
    *stranger = NULL;
    *known = kind && find_kind(kind, &event->kind);
    if (!kind || event->at_ns == EVENT_NONE || (endpoint && !json_is_string(endpoint)))
        return false;
    if (!*known)
        return true;
    if (is_of_run(event->kind) == (endpoint != NULL))
        return false;
    if (endpoint && !find_endpoint(roster, json_string_value(endpoint), &event->endpoint)) {
        *stranger = json_string_value(endpoint);
        return true;
    }
    return event->kind == EVENT_SECOND ? set_second(&event->second, object)
                                       : set_fields(event, object);
}
