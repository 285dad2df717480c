#include "document.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define PAGES_MAX 1000000

void platform_fail(struct platform_error *error, enum platform_failure failure, long status,
                   const char *format, ...)
{
    va_list args;
    struct text text = {0};
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    error->failure = failure;
    error->status = status;
    text_copy(error->text, sizeof error->text, text_get(&text));
    platform_mask(error->text, strlen(error->text));
    text_fini(&text);
}

bool document_wrong(const struct document *document, struct platform_error *error,
                    const char *format, ...)
{
    va_list args;
    struct text text = {0};
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    if (document->request[0])
        text_printf(&text, " (request %s)", document->request);
    platform_fail(error, PLATFORM_GARBLED, error->status, "%s", text_get(&text));
    text_fini(&text);
    return false;
}

void platform_mask(char *bytes, size_t length)
{
    static const char prefix[] = PLATFORM_KEY_PREFIX;
    const size_t start = sizeof prefix - 1;
    for (size_t i = 0; i + start < length; i++) {
        if (memcmp(bytes + i, prefix, start) != 0)
            continue;
        for (i += start;
             i < length && (isalnum((unsigned char)bytes[i]) || bytes[i] == '_' || bytes[i] == '-');
             i++)
            bytes[i] = '*';
    }
}

/* ---- members -------------------------------------------------------------------------------- */

/* For people and terminals, whoever wrote it. */
static void clean(char *text)
{
    for (char *at = text; *at;) {
        size_t step = text_utf8_length(at, strlen(at));
        unsigned char byte = (unsigned char)*at;
        bool control = byte < 0x20 || byte == 0x7f ||
                       (step == 2 && byte == 0xc2 && (unsigned char)at[1] < 0xa0);
        if (control || step == 0)
            memset(at, '?', step ? step : 1);
        at += step ? step : 1;
    }
    platform_mask(text, strlen(text));
}

bool document_text(const json_t *object, enum api_name name, char *out, size_t size)
{
    const json_t *member = api_get(object, name);
    out[0] = '\0';
    if (json_is_string(member))
        text_copy(out, size, json_string_value(member));
    else if (json_is_integer(member))
        snprintf(out, size, "%lld", (long long)json_integer_value(member));
    clean(out);
    return out[0] != '\0';
}

static bool digits(const char **at, size_t count, int *value)
{
    *value = 0;
    for (size_t i = 0; i < count; i++, ++*at) {
        if (!isdigit((unsigned char)**at))
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

static bool mark(const char **at, const char *marks)
{
    if (!**at || !strchr(marks, **at))
        return false;
    ++*at;
    return true;
}

/* "Z", "+01:00"; behind the seconds. */
static bool read_zone(const char *at, int *offset_seconds)
{
    int hours, minutes, sign = *at == '-' ? -1 : 1;
    *offset_seconds = 0;
    if ((*at == 'Z' || *at == 'z') && !at[1])
        return true;
    if (!mark(&at, "+-") || !digits(&at, 2, &hours) || !mark(&at, ":") || !digits(&at, 2, &minutes))
        return false;
    *offset_seconds = sign * (hours * 3600 + minutes * 60);
    return !*at;
}

bool document_parse_time(const char *text, int64_t *ns)
{
    struct tm tm = {0};
    int offset;
    int64_t fraction = 0, unit = NS_PER_SECOND / 10;
    const char *at = text;
    if (!digits(&at, 4, &tm.tm_year) || !mark(&at, "-") || !digits(&at, 2, &tm.tm_mon) ||
        !mark(&at, "-") || !digits(&at, 2, &tm.tm_mday) || !mark(&at, "Tt ") ||
        !digits(&at, 2, &tm.tm_hour) || !mark(&at, ":") || !digits(&at, 2, &tm.tm_min) ||
        !mark(&at, ":") || !digits(&at, 2, &tm.tm_sec))
        return false;
    if (*at == '.')
        for (at++; isdigit((unsigned char)*at); at++, unit /= 10)
            fraction += (*at - '0') * unit;
    /* What does not fit into 64 bits of ns is no time of a run. */
    if (!read_zone(at, &offset) || tm.tm_year < 1970 || tm.tm_year > 2200 || tm.tm_mon < 1 ||
        tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_hour > 23 || tm.tm_min > 59 ||
        tm.tm_sec > 60)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    *ns = ((int64_t)timegm(&tm) - offset) * NS_PER_SECOND + fraction;
    return true;
}

int64_t document_time(const json_t *object, enum api_name name)
{
    int64_t ns;
    const char *text = json_string_value(api_get(object, name));
    return text && document_parse_time(text, &ns) ? ns : EVENT_NONE;
}

double document_number(const json_t *object, enum api_name name, double otherwise)
{
    const json_t *member = api_get(object, name);
    return json_is_number(member) ? json_number_value(member) : otherwise;
}

/* ---- the envelope --------------------------------------------------------------------------- */

bool document_open(struct document *document, char *bytes, size_t length,
                   struct platform_error *error)
{
    json_error_t why;
    *document = (struct document){.pages = 1};
    platform_mask(bytes, length);
    document->root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &why);
    if (!document->root) {
        platform_fail(error, PLATFORM_GARBLED, error->status,
                      "the platform's answer is no JSON that can be read (%.100s at byte %d of "
                      "%zu)",
                      why.text, why.position, length);
        clean(error->text);
        return false;
    }
    const json_t *meta = api_get(document->root, NAME_META);
    document_text(meta, NAME_REQUEST, document->request, sizeof document->request);
    double pages = document_number(api_get(meta, NAME_PAGINATION), NAME_PAGES, 1);
    document->pages = pages >= 1 && pages <= PAGES_MAX ? (uint64_t)pages : 1;
    document->data = api_get(document->root, NAME_DATA);
    if (document->data)
        return true;
    return document_wrong(document, error, "the platform's answer has no \"%s\"",
                          api_word(NAME_DATA));
}

void document_free(struct document *document)
{
    json_decref(document->root);
}

void platform_read_error(char *bytes, size_t length, long status, const char *request,
                         struct text *out)
{
    char code[64] = "", message[200] = "", id[80] = "";
    platform_mask(bytes, length);
    json_t *root = json_loadb(bytes, length, 0, NULL);
    const json_t *error = api_get(root, NAME_ERROR);
    document_text(error, NAME_CODE, code, sizeof code);
    document_text(error, NAME_MESSAGE, message, sizeof message);
    if (!document_text(api_get(root, NAME_META), NAME_REQUEST, id, sizeof id))
        text_copy(id, sizeof id, request);
    clean(id);
    text_printf(out, "%ld%s%s%s%s", status, code[0] ? " " : "", code, message[0] ? ": " : "",
                message);
    if (id[0])
        text_printf(out, " (request %s)", id);
    json_decref(root);
}
