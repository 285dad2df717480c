#include "json_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "cmtest/event.h"
#include "words.h"

/* Of a number with a fraction: ten digits, as everywhere in result.json. */
#define DIGITS_END INT64_C(10000000000)
#define DIGITS 10

/* ---- what is between values ----------------------------------------------------------------- */

/* A comma, two quotes, a colon, and two blanks. */
#define BETWEEN 6

static char *put(char *at, const char *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

/* What stands before a value. Returns the place of the value, which takes so much at most. */
static char *begin(struct json_out *out, const char *name, size_t most)
{
    size_t length = name ? strlen(name) : 0;
    char *at = text_room(out->text, BETWEEN + length + most);
    if (out->any)
        at = put(at, ", ", 2);
    out->any = true;
    if (!name)
        return at;
    *at++ = '"';
    at = put(at, name, length);
    return put(at, "\": ", 3);
}

/* A value that is here already. */
static void add(struct json_out *out, const char *name, const char *bytes, size_t length)
{
    text_end(out->text, put(begin(out, name, length), bytes, length));
}

void json_out_open(struct json_out *out, const char *name, char bracket)
{
    add(out, name, &bracket, 1);
    out->any = false;
}

void json_out_close(struct json_out *out, char bracket)
{
    text_add_bytes(out->text, &bracket, 1);
    out->any = true;
}

/* ---- words ---------------------------------------------------------------------------------- */

void json_out_null(struct json_out *out, const char *name)
{
    add(out, name, "null", 4);
}

void json_out_bool(struct json_out *out, const char *name, bool value)
{
    add(out, name, value ? "true" : "false", value ? 4 : 5);
}

/* What stands for itself: of one byte, and neither a control nor an escape. */
static size_t plain_length(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && (signed char)bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\')
        at++;
    return at;
}

static void add_escaped(struct text *text, unsigned char byte)
{
    static const char short_ones[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = byte ? strchr(short_ones, byte) : NULL;
    char escape[8];
    if (found)
        snprintf(escape, sizeof escape, "\\%c", letters[found - short_ones]);
    else
        snprintf(escape, sizeof escape, "\\u%04X", byte);
    text_add(text, escape);
}

/* The same with what has to be said otherwise. */
static void add_any(struct json_out *out, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t step = plain_length(bytes, length);
        if (step > 0) {
            text_add_bytes(out->text, bytes, step);
        } else if (!(*bytes & 0x80)) {
            add_escaped(out->text, (unsigned char)*bytes);
            step = 1;
        } else {
            step = text_utf8_length(bytes, length);
            words_clean_bytes(out->text, bytes, step ? step : 1, CLEAN_JSON);
            step = step ? step : 1;
        }
        bytes += step;
        length -= step;
    }
}

void json_out_bytes(struct json_out *out, const char *name, const char *bytes, size_t length)
{
    size_t plain = plain_length(bytes, length);
    char *at = begin(out, name, plain + 2);
    *at++ = '"';
    at = put(at, bytes, plain);
    if (plain < length) {
        text_end(out->text, at);
        add_any(out, bytes + plain, length - plain);
        at = text_room(out->text, 1);
    }
    *at++ = '"';
    text_end(out->text, at);
}

void json_out_text(struct json_out *out, const char *name, const char *bytes)
{
    if (bytes)
        json_out_bytes(out, name, bytes, strlen(bytes));
    else
        json_out_null(out, name);
}

void json_out_words(struct json_out *out, const char *name, const char *bytes)
{
    json_out_text(out, name, *bytes ? bytes : NULL);
}

/* ---- numbers -------------------------------------------------------------------------------- */

/* Writes value before end; returns where it begins. */
static char *decimal(char *end, uint64_t value)
{
    do
        *--end = (char)('0' + value % 10);
    while (value /= 10);
    return end;
}

void json_out_number(struct json_out *out, const char *name, int64_t value)
{
    char digits[24], *end = digits + sizeof digits;
    char *at = decimal(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
    if (value < 0)
        *--at = '-';
    add(out, name, at, (size_t)(end - at));
}

#define REAL_MOST 40

/* As the C library does it: an exponent without a plus and zeros, and a fraction always. */
static char *put_real(char *at, double value)
{
    int length = snprintf(at, REAL_MOST, "%.*g", DIGITS, value);
    char *exponent = strchr(at, 'e');
    if (exponent) {
        char *digits = exponent + 1 + (exponent[1] == '-' || exponent[1] == '+');
        const char *first = digits + strspn(digits, "0");
        char *to = exponent + 1 + (exponent[1] == '-');
        memmove(to, first, strlen(first) + 1);
    }
    if (!strpbrk(at, ".e") && length > 0)
        strcat(at, ".0");
    return at + strlen(at);
}

/* parts / 10^places in ten digits, by integers where that is the same; NULL: it may not be. */
static char *put_fixed(char *at, int64_t parts, int places)
{
    char digits[32], *end = digits + sizeof digits;
    int64_t over = 1;
    while (parts / over >= DIGITS_END) {
        over *= 10;
        places--;
    }
    int64_t rest = parts % over;
    parts /= over;
    if (over > 1 && 2 * rest == over) /* the nearest double decides */
        return NULL;
    parts += 2 * rest > over;
    for (; places > 1 && parts % 10 == 0; places--)
        parts /= 10;
    if (places < 1)
        return NULL;
    char *first = decimal(end, (uint64_t)parts);
    while (end - first < places + 1)
        *--first = '0';
    at = put(at, first, (size_t)(end - first - places));
    *at++ = '.';
    return put(at, end - places, (size_t)places);
}

/* The same below a ten-thousandth, where it has an exponent: 5.1707e-5. */
static char *put_small(char *at, int64_t parts, int places)
{
    char digits[32], *end = digits + sizeof digits;
    for (; parts % 10 == 0; places--)
        parts /= 10;
    const char *first = decimal(end, (uint64_t)parts);
    size_t behind = (size_t)(end - first) - 1;
    *at++ = *first;
    if (behind > 0) {
        *at++ = '.';
        at = put(at, first + 1, behind);
    }
    at = put(at, "e-", 2);
    *at++ = (char)('0' + places - (int)behind);
    return at;
}

static void add_ns(struct json_out *out, const char *name, int64_t ns, int places, double unit)
{
    char *at = begin(out, name, REAL_MOST), *end = NULL;
    if (ns > 0 && (double)ns < unit / 1e4)
        end = put_small(at, ns, places);
    else if (ns >= 0)
        end = put_fixed(at, ns, places);
    text_end(out->text, end ? end : put_real(at, (double)ns / unit));
}

void json_out_seconds(struct json_out *out, const char *name, int64_t ns)
{
    if (ns == EVENT_NONE)
        json_out_null(out, name);
    else
        add_ns(out, name, ns, 9, 1e9);
}

void json_out_ms(struct json_out *out, const char *name, int64_t ns)
{
    add_ns(out, name, ns, 6, 1e6);
}

void json_out_time(struct json_out *out, const char *name, int64_t at_ns)
{
    const int64_t second = INT64_C(1000000000);
    int64_t whole = at_ns / second, part = at_ns % second;
    if (part < 0) {
        part += second;
        whole--;
    }
    if (!out->date[0] || out->second != whole) {
        struct text date = {0};
        words_time(&date, whole * second, 0);
        text_copy(out->date, sizeof out->date, text_get(&date));
        text_fini(&date);
        out->second = whole;
    }
    char fraction[] = ".000000Z\"", *end = fraction + 7;
    for (int64_t us = part / 1000; us; us /= 10)
        *--end = (char)('0' + us % 10);
    char *at = begin(out, name, sizeof out->date + sizeof fraction);
    *at++ = '"';
    at = put(at, out->date, strlen(out->date));
    text_end(out->text, put(at, fraction, sizeof fraction - 1));
}
