#include "cmtest/message.h"

#include <string.h>
#include <strings.h>

/* Lines end at CR or LF alone as well: what some parser takes for a line is masked. */
static bool feed(char c)
{
    return c == '\r' || c == '\n';
}

static bool space(char c)
{
    return c == ' ' || c == '\t';
}

static void hide(char *from, const char *to)
{
    for (; from < to; from++)
        if (!feed(*from) && !space(*from))
            *from = '*';
}

static char *skip_spaces(char *at, const char *end)
{
    while (at < end && (space(*at) || feed(*at)))
        at++;
    return at;
}

static char *skip_word(char *at, const char *end)
{
    while (at < end && !space(*at) && !feed(*at))
        at++;
    return at;
}

/* Behind `name` and its colon, spaces allowed before it; NULL when the line is not that. */
static char *after_name(char *line, const char *end, const char *name)
{
    size_t length = strlen(name);
    if ((size_t)(end - line) <= length || strncasecmp(line, name, length) != 0)
        return NULL;
    char *at = line + length;
    while (at < end && space(*at))
        at++;
    return at < end && *at == ':' ? at + 1 : NULL;
}

/* A scheme that is known is none of the secret; everything else may be. */
static void hide_credentials(char *at, const char *end)
{
    static const char *const schemes[] = {"Digest", "Basic", "Bearer"};
    at = skip_spaces(at, end);
    char *word = skip_word(at, end);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if ((size_t)(word - at) == strlen(schemes[i]) &&
            strncasecmp(at, schemes[i], (size_t)(word - at)) == 0) {
            at = word;
            break;
        }
    hide(at, end);
}

/* RFC 4568 9.1: tag, suite, and method:key[|lifetime][|MKI:length] joined by ';'. */
static void hide_keys(char *at, const char *end)
{
    at = skip_word(skip_spaces(at, end), end);
    at = skip_word(skip_spaces(at, end), end);
    at = skip_spaces(at, end);
    char *stop = skip_word(at, end);
    while (at < stop) {
        char *next = memchr(at, ';', (size_t)(stop - at));
        char *last = next ? next : stop;
        char *colon = memchr(at, ':', (size_t)(last - at));
        char *key = colon ? colon + 1 : at;
        char *bar = memchr(key, '|', (size_t)(last - key));
        hide(key, bar ? bar : last);
        at = next ? next + 1 : stop;
    }
}

static void mask_line(char *line, const char *end)
{
    char *value;
    line = skip_spaces(line, end);
    if ((value = after_name(line, end, "Authorization")) ||
        (value = after_name(line, end, "Proxy-Authorization")))
        hide_credentials(value, end);
    else if ((value = after_name(line, end, "a=crypto")))
        hide_keys(value, end);
    else if ((value = after_name(line, end, "a=key-mgmt")))
        hide(skip_word(skip_spaces(value, end), end), end);
    else if (end - line > 2 && (line[0] | 0x20) == 'k' && line[1] == '=')
        hide(line + 2, end);
}

/* Bodies are scanned as heads are: they may hold whole messages. */
void message_mask(char *bytes, size_t length)
{
    const char *end = bytes + length;
    for (char *line = bytes; line < end;) {
        char *at = line;
        for (;;) {
            while (at < end && !feed(*at))
                at++;
            at += at + 1 < end && at[0] == '\r' && at[1] == '\n';
            if (at + 1 >= end || !space(at[1]))
                break;
            at++;
        }
        mask_line(line, at < end ? at : end);
        line = at + 1;
    }
}
