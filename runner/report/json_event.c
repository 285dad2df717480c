#include "cmtest/json_event.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/event_fields.h"
#include "words.h"

void json_event_number(double value, struct text *out)
{
    char number[40];
    if (!isfinite(value)) {
        text_add(out, "null");
        return;
    }
    for (int digits = 6; digits <= 17; digits += digits < 15 ? 9 : 1) {
        snprintf(number, sizeof(number), "%.*g", digits, value);
        if (strtod(number, NULL) == value)
            break;
    }
    text_add(out, number);
}

static void add_quoted(const char *bytes, size_t length, struct text *out)
{
    text_add(out, "\"");
    for (size_t i = 0; i < length;) {
        size_t step = text_utf8_length(bytes + i, length - i);
        unsigned char byte = (unsigned char)bytes[i];
        if (step == 0)
            text_add(out, "\xef\xbf\xbd");
        else if (byte == '"' || byte == '\\')
            text_printf(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f)
            text_printf(out, "\\u%04x", byte);
        else
            text_add_bytes(out, bytes + i, step);
        i += step ? step : 1;
    }
    text_add(out, "\"");
}

static void add_string(const char *string, struct text *out)
{
    add_quoted(string, strlen(string), out);
}

static void add_block(const struct event *event, const struct event_field *field, struct text *out)
{
    const char *at = (const char *)event + field->offset;
    uint32_t length;
    if (field->type == FIELD_TEXT) {
        add_quoted(at, strnlen(at, field->size), out);
        return;
    }
    memcpy(&length, (const char *)event + field->length, sizeof(length));
    add_quoted(at, length < field->size ? length : field->size, out);
}

static void add_field(const struct event *event, const struct event_field *field, struct text *out)
{
    int64_t value = 0;
    double real = 0;
    char letter;
    if (field->type != FIELD_TEXT && field->type != FIELD_BYTES)
        value = event_field_get(event, field);
    switch (field->type) {
    case FIELD_BOOL:
        text_add(out, value ? "true" : "false");
        break;
    case FIELD_NS:
        if (value == EVENT_NONE)
            text_add(out, "null");
        else
            text_printf(out, "%lld", (long long)value);
        break;
    case FIELD_U64:
        text_printf(out, "%llu", (unsigned long long)value);
        break;
    case FIELD_ENUM:
        add_string(field->word((unsigned)value), out);
        break;
    case FIELD_CHAR:
        letter = (char)value;
        add_quoted(&letter, 1, out);
        break;
    case FIELD_REAL:
        memcpy(&real, (const char *)event + field->offset, sizeof(real));
        json_event_number(real, out);
        break;
    case FIELD_TEXT:
    case FIELD_BYTES:
        add_block(event, field, out);
        break;
    case FIELD_U8:
    case FIELD_U16:
    case FIELD_U32:
    case FIELD_I32:
    case FIELD_I64:
        text_printf(out, "%lld", (long long)value);
        break;
    }
}

static void add_second(const struct event_second *second, struct text *out)
{
    static const char *const scales[] = {"narrow", "wide", "full"};
    double value;
    const char *before = "";
    bool scaled = second_knows(second, READING_R_FACTOR) || second_knows(second, READING_R_CALL);
    text_printf(out,
                ", \"direction\": \"%s\", \"second\": %u, \"length_ms\": %u, \"agreed\": %s, "
                "\"scale\": ",
                second->direction == DIRECTION_SEND ? "send" : "receive", second->second,
                second->length_ms, second->agreed ? "true" : "false");
    if (scaled)
        add_string(scales[second->scale], out);
    else
        text_add(out, "null");
    text_printf(out, ", \"provisional\": %s, \"readings\": {",
                second->provisional ? "true" : "false");
    for (unsigned i = 0; i < READING_COUNT; i++)
        if (second_get(second, (enum reading)i, &value)) {
            text_printf(out, "%s\"%s\": ", before, reading_name((enum reading)i));
            json_event_number(value, out);
            before = ", ";
        }
    text_add(out, "}");
}

void json_event(const struct roster *roster, const struct event *event, struct text *out)
{
    size_t count;
    const struct event_field *fields = event_fields(event->kind, &count);
    text_add(out, "{\"time\": \"");
    words_time(out, event->at_ns, 9);
    text_printf(out, "Z\", \"event\": \"%s\", \"endpoint\": ", event_kind_name(event->kind));
    if (event->endpoint < roster->endpoint_count) {
        char name[96];
        roster_endpoint_name(roster, event->endpoint, name, sizeof(name));
        add_string(name, out);
    } else {
        text_add(out, "null");
    }
    for (size_t i = 0; i < count; i++) {
        text_printf(out, ", \"%s\": ", fields[i].name);
        add_field(event, &fields[i], out);
    }
    if (event->kind == EVENT_SECOND)
        add_second(&event->second, out);
    text_add(out, "}\n");
}
