/* A digit in the body of a SIP INFO, which no RFC describes: as it is done in the field. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "cmtest/dtmf.h"

#define DURATION_MAX_MS 3600000

struct span {
    const char *at;
    size_t length;
};

void dtmf_info_write(char digit, uint32_t duration_ms, char out[DTMF_INFO_MAX])
{
    snprintf(out, DTMF_INFO_MAX, "Signal=%c\r\nDuration=%u\r\n", digit, duration_ms);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span trimmed(struct span span)
{
    while (span.length && is_blank(span.at[0])) {
        span.at++;
        span.length--;
    }
    while (span.length && is_blank(span.at[span.length - 1]))
        span.length--;
    return span;
}

/* -1: not a number of at most seven digits. */
static int32_t number(struct span span)
{
    int32_t value = 0;
    if (!span.length || span.length > 7)
        return -1;
    for (size_t i = 0; i < span.length; i++) {
        if (span.at[i] < '0' || span.at[i] > '9')
            return -1;
        value = value * 10 + (span.at[i] - '0');
    }
    return value;
}

static bool read_digit(struct span span, char *digit)
{
    int event = -1;
    if (span.length == 1)
        event = dtmf_event(span.at[0]);
    else if (span.length == 2 && number(span) >= 10)
        event = number(span);
    if (event < 0 || event > 15)
        return false;
    *digit = dtmf_digit(event);
    return true;
}

static bool is_named(struct span span, const char *name)
{
    return span.length == strlen(name) && strncasecmp(span.at, name, span.length) == 0;
}

static bool read_relay(struct span body, char *digit, int32_t *duration_ms)
{
    bool found = false;
    while (body.length) {
        const char *end = memchr(body.at, '\n', body.length);
        struct span line = {body.at, end ? (size_t)(end - body.at) : body.length};
        size_t taken = line.length + (end != NULL);
        body.at += taken;
        body.length -= taken;
        const char *equals = memchr(line.at, '=', line.length);
        if (!equals)
            continue;
        size_t before = (size_t)(equals - line.at);
        struct span name = trimmed((struct span){line.at, before});
        struct span value = trimmed((struct span){equals + 1, line.length - before - 1});
        if (!found && is_named(name, "Signal"))
            found = read_digit(value, digit);
        else if (is_named(name, "Duration"))
            *duration_ms = number(value) <= DURATION_MAX_MS ? number(value) : -1;
    }
    return found;
}

bool dtmf_info_read(const char *type, const char *body, size_t length, char *digit,
                    int32_t *duration_ms)
{
    struct span whole = {body, length};
    *duration_ms = -1;
    if (strcmp(type, "application/dtmf-relay") == 0)
        return read_relay(whole, digit, duration_ms);
    return strcmp(type, "application/dtmf") == 0 && read_digit(trimmed(whole), digit);
}
