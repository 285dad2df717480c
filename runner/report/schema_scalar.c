/* Single values. A pattern or a limit of JSON Schema speaks only about values of its own type, so
 * that "a number from 1 to 9, or an expression" needs no choice between two schemas. */
#include "schema.h"
#include "cmtest/text.h"

#include <stdio.h>

#define NUMBER "[0-9]+(\\.[0-9]+)?"
#define PART(unit) "(" NUMBER unit ")?"
#define DURATION "(?=[0-9])" PART("h") PART("m") PART("s") PART("ms") PART("us") PART("ns")
#define BITS "(bps|kbps|Mbps)"

struct shape {
    enum field_kind kind;
    const char *types[3];
    const char *pattern; /* of a text that is no expression; NULL: any text fits */
};

static const struct shape shapes[] = {
    {FIELD_STRING, {"string", "number", "boolean"}, "[^\\u0000-\\u001f\\u007f]+"},
    {FIELD_BOOLEAN, {"boolean", "string"}, ""},
    {FIELD_INTEGER, {"integer", "string"}, ""},
    {FIELD_DURATION, {"string"}, DURATION},
    {FIELD_PERCENT, {"string"}, NUMBER "%"},
    {FIELD_BITRATE, {"string"}, NUMBER BITS},
    {FIELD_RATE, {"string"}, NUMBER "/(s|m|h)"},
    {FIELD_RANGE, {"string"}, "[0-9]+\\.\\.[0-9]+"},
    {FIELD_RESOLUTION, {"string"}, "[0-9]+x[0-9]+"},
    {FIELD_CHOICE, {NULL}, NULL},
};

static const struct shape *find_shape(enum field_kind kind)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].kind == kind)
            return &shapes[i];
    return NULL;
}

bool schema_is_scalar(const struct field *field)
{
    return find_shape(field->kind) != NULL;
}

static void set_types(const struct shape *shape, json_t *to)
{
    json_t *types = json_array();
    for (size_t i = 0; i < 3 && shape->types[i]; i++)
        json_array_append_new(types, json_string(shape->types[i]));
    if (json_array_size(types) == 1)
        json_object_set(to, "type", json_array_get(types, 0));
    else
        json_object_set(to, "type", types);
    json_decref(types);
}

static void set_pattern(const char *pattern, json_t *to)
{
    struct text text = {0};
    if (*pattern)
        text_printf(&text, "^%s$|", pattern);
    text_add(&text, SCHEMA_EXPRESSION);
    json_object_set_new(to, "pattern", json_string(text_get(&text)));
    text_fini(&text);
}

static void set_limits(const struct field *field, json_t *to)
{
    if (field->kind == FIELD_INTEGER) {
        json_object_set_new(to, "minimum", json_integer(field->min));
        json_object_set_new(to, "maximum", json_integer(field->max));
    } else if (field->kind == FIELD_STRING) {
        json_object_set_new(to, "minLength", json_integer(1));
        if (field->max)
            json_object_set_new(to, "maxLength", json_integer(field->max));
    }
}

json_t *schema_words(json_t *words)
{
    return json_pack("{s:[{s:o},{s:s,s:s}]}", "anyOf", "enum", words, "type", "string", "pattern",
                     SCHEMA_EXPRESSION);
}

static void describe_word(const struct choice *choice, struct text *out)
{
    text_clear(out);
    text_add(out, choice->help ? choice->help : "");
    if (choice->later)
        text_printf(out, "%snot yet in this version", out->length ? "; " : "");
}

static json_t *choice_of(const struct field *field)
{
    json_t *words = json_array(), *helps = json_array();
    struct text help = {0};
    bool helpful = false;
    for (size_t i = 0; field->choices[i]; i++) {
        describe_word(field->choices[i], &help);
        helpful = helpful || help.length;
        json_array_append_new(words, json_string(field->choices[i]->word));
        json_array_append_new(helps, json_string(text_get(&help)));
    }
    text_fini(&help);
    json_t *schema = schema_words(words), *forms = json_object_get(schema, "anyOf");
    if (helpful)
        json_object_set(json_array_get(forms, 0), "enumDescriptions", helps);
    json_decref(helps);
    if (field->other == OTHER_INTEGER) {
        json_array_append_new(forms,
                              json_pack("{s:s,s:I,s:I}", "type", "integer", "minimum",
                                        (json_int_t)field->min, "maximum", (json_int_t)field->max));
    } else if (field->other == OTHER_FILE) {
        json_t *text = json_object();
        set_types(&shapes[0], text);
        set_pattern(shapes[0].pattern, text);
        json_array_set_new(forms, 1, text);
    }
    return schema;
}

json_t *schema_scalar(const struct field *field)
{
    if (field->kind == FIELD_CHOICE)
        return choice_of(field);
    const struct shape *shape = find_shape(field->kind);
    json_t *schema = json_object();
    set_types(shape, schema);
    set_pattern(shape->pattern, schema);
    set_limits(field, schema);
    return schema;
}

static const char *print_duration(int64_t ns, char *out, size_t size)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"h", INT64_C(3600000000000)}, {"m", INT64_C(60000000000)},
                 {"s", INT64_C(1000000000)},    {"ms", INT64_C(1000000)},
                 {"us", INT64_C(1000)},         {"ns", INT64_C(1)}};
    size_t length = 0;
    snprintf(out, size, "0s");
    for (size_t i = 0; i < sizeof units / sizeof *units && length < size; i++) {
        if (ns < units[i].ns)
            continue;
        int added = snprintf(out + length, size - length, "%lld%s", (long long)(ns / units[i].ns),
                             units[i].name);
        length += added > 0 ? (size_t)added : 0;
        ns %= units[i].ns;
    }
    return out;
}

/* In the unit that an author writes. */
static void add_number(enum field_kind kind, int64_t value, struct text *out)
{
    char duration[64];
    if (kind == FIELD_DURATION)
        text_add(out, print_duration(value, duration, sizeof duration));
    else if (kind == FIELD_PERCENT)
        text_printf(out, "%g%%", (double)value / 1000);
    else if (kind == FIELD_RATE)
        text_printf(out, "%g/s", (double)value / 1000);
    else if (kind == FIELD_BITRATE)
        text_printf(out, "%gkbps", (double)value / 1000);
    else
        text_printf(out, "%lld", (long long)value);
}

void schema_add_range(const struct field *field, struct text *out)
{
    bool number = schema_is_scalar(field) && field->kind != FIELD_STRING &&
                  field->kind != FIELD_BOOLEAN && field->kind != FIELD_CHOICE;
    if (!number || !field->max || field->min == field->max)
        return;
    text_add(out, out->length ? " (" : "(");
    add_number(field->kind, field->min, out);
    text_add(out, " to ");
    add_number(field->kind, field->max, out);
    if (field->step > 1) {
        text_add(out, ", in steps of ");
        add_number(field->kind, field->step, out);
    }
    text_add(out, ")");
}
