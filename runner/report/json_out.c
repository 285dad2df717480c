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

static void begin(struct json_out *out, const char *name)
{
    if (out->any)
        text_add_bytes(out->text, ", ", 2);
    out->any = true;
    if (!name)
        return;
    text_add_bytes(out->text, "\"", 1);
    text_add(out->text, name);
    text_add_bytes(out->text, "\": ", 3);
}

void json_out_open(struct json_out *out, const char *name, char bracket)
{
    begin(out, name);
    text_add_bytes(out->text, &bracket, 1);
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
    begin(out, name);
    text_add_bytes(out->text, "null", 4);
}

void json_out_bool(struct json_out *out, const char *name, bool value)
{
    begin(out, name);
    text_add(out->text, value ? "true" : "false");
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

void json_out_bytes(struct json_out *out, const char *name, const char *bytes, size_t length)
{
    begin(out, name);
    text_add_bytes(out->text, "\"", 1);
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
    text_add_bytes(out->text, "\"", 1);
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
    begin(out, name);
    text_add_bytes(out->text, at, (size_t)(end - at));
}

/* As the C library does it: an exponent without a plus and zeros, and a fraction always. */
static void add_real(struct text *text, double value)
{
    char number[40];
    int length = snprintf(number, sizeof number, "%.*g", DIGITS, value);
    char *exponent = strchr(number, 'e');
    if (exponent) {
        char *digits = exponent + 1 + (exponent[1] == '-' || exponent[1] == '+');
        const char *first = digits + strspn(digits, "0");
        char *to = exponent + 1 + (exponent[1] == '-');
        memmove(to, first, strlen(first) + 1);
    }
    text_add(text, number);
    if (!strpbrk(number, ".e") && length > 0)
        text_add(text, ".0");
}

/* parts / 10^places in ten digits, by integers where that is the same; false: it may not be. */
static bool add_fixed(struct text *text, int64_t parts, int places)
{
    char digits[32], *end = digits + sizeof digits;
    if (parts < 0)
        return false;
    int64_t over = 1;
    while (parts / over >= DIGITS_END) {
        over *= 10;
        places--;
    }
    int64_t rest = parts % over;
    parts /= over;
    if (over > 1 && 2 * rest == over) /* the nearest double decides */
        return false;
    parts += 2 * rest > over;
    for (; places > 1 && parts % 10 == 0; places--)
        parts /= 10;
    if (places < 1)
        return false;
    char *at = decimal(end, (uint64_t)parts);
    while (end - at < places + 1)
        *--at = '0';
    text_add_bytes(text, at, (size_t)(end - at - places));
    text_add_bytes(text, ".", 1);
    text_add_bytes(text, end - places, (size_t)places);
    return true;
}

/* Below a ten-thousandth it has an exponent. */
static void add_ns(struct json_out *out, const char *name, int64_t ns, int places, double unit)
{
    begin(out, name);
    bool small = ns != 0 && (double)ns < unit / 1e4;
    if (small || !add_fixed(out->text, ns, places))
        add_real(out->text, (double)ns / unit);
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
    begin(out, name);
    text_add_bytes(out->text, "\"", 1);
    text_add(out->text, out->date);
    text_add_bytes(out->text, fraction, sizeof fraction - 1);
}
