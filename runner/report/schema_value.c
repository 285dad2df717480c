/* The flow text of field lists (examples, defaults) as JSON values. It is our own text, not an
 * author's, so only as much of YAML is read as it uses. */
#include "schema.h"
#include "cmtest/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8

static json_t *read_flow(const char **at, int depth);

static void skip_space(const char **at)
{
    *at += strspn(*at, " ");
}

/* What YAML 1.2 takes an unquoted text for. */
static json_t *plain(const char *text)
{
    char *end;
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return json_boolean(*text == 't');
    errno = 0;
    long long whole = strtoll(text, &end, 10);
    if (isdigit((unsigned char)text[strspn(text, "-")]) && !*end && !errno)
        return json_integer(whole);
    double real = strtod(text, &end);
    if (isdigit((unsigned char)text[strspn(text, "-")]) && !*end &&
        !text[strspn(text, "-.0123456789")])
        return json_real(real);
    return json_string(text);
}

static json_t *read_quoted(const char **at)
{
    const char *begin = *at + 1, *end = strchr(begin, **at);
    if (!end)
        return NULL;
    *at = end + 1;
    return json_stringn(begin, (size_t)(end - begin));
}

/* Up to what ends it: in a collection , ] } or a colon with a space behind it. */
static json_t *read_plain(const char **at)
{
    const char *begin = *at, *end = begin;
    while (*end && !strchr(",]}", *end) && !(end[0] == ':' && end[1] == ' ')) {
        const char *close = end[0] == '$' && end[1] == '{' ? strchr(end, '}') : NULL;
        end = close ? close + 1 : end + 1;
    }
    *at = end;
    while (end > begin && end[-1] == ' ')
        end--;
    char word[256];
    size_t length = (size_t)(end - begin);
    if (!length || length >= sizeof word)
        return NULL;
    memcpy(word, begin, length);
    word[length] = '\0';
    return plain(word);
}

static json_t *fail(json_t *value)
{
    json_decref(value);
    return NULL;
}

static json_t *read_list(const char **at, int depth)
{
    json_t *list = json_array();
    for (++*at, skip_space(at); **at != ']'; skip_space(at)) {
        json_t *item = read_flow(at, depth + 1);
        if (!item || json_array_append_new(list, item))
            return fail(list);
        skip_space(at);
        if (**at == ',')
            ++*at;
        else if (**at != ']')
            return fail(list);
    }
    ++*at;
    return list;
}

static json_t *read_mapping(const char **at, int depth)
{
    json_t *mapping = json_object();
    for (++*at, skip_space(at); **at != '}'; skip_space(at)) {
        size_t length = strcspn(*at, ":,}");
        char key[80];
        if ((*at)[length] != ':' || !length || length >= sizeof key)
            return fail(mapping);
        memcpy(key, *at, length);
        key[length] = '\0';
        *at += length + 1;
        json_t *value = read_flow(at, depth + 1);
        if (!value || json_object_set_new(mapping, key, value))
            return fail(mapping);
        skip_space(at);
        if (**at == ',')
            ++*at;
        else if (**at != '}')
            return fail(mapping);
    }
    ++*at;
    return mapping;
}

static json_t *read_flow(const char **at, int depth)
{
    skip_space(at);
    if (depth > DEPTH_MAX)
        return NULL;
    if (**at == '[')
        return read_list(at, depth);
    if (**at == '{')
        return read_mapping(at, depth);
    if (**at == '"' || **at == '\'')
        return read_quoted(at);
    return read_plain(at);
}

/* Of a single value the text is as it is, colons and commas included. */
json_t *schema_value(const struct field *field, const char *text)
{
    const char *at = text;
    bool quoted = *text == '"' || *text == '\'';
    if (field->kind == FIELD_STRING && !quoted)
        return json_string(text);
    if (schema_is_scalar(field) && !quoted)
        return plain(text);
    json_t *value = read_flow(&at, 0);
    return value && *at ? fail(value) : value;
}
