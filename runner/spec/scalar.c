#include "scalar.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool among(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

bool scalar_is_null(const char *text)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};
    return among(text, words);
}

bool scalar_is_boolean(const char *text)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    return among(text, words);
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 99;
}

enum scalar_number scalar_integer(const char *text, int64_t *value)
{
    const char *at = text;
    bool negative = *at == '-', large = false;
    int base = 10;
    if (*at == '-' || *at == '+')
        at++;
    if (at == text && at[0] == '0' && (at[1] == 'o' || at[1] == 'x')) {
        base = at[1] == 'o' ? 8 : 16;
        at += 2;
    }
    const char *digits = at;
    int64_t sum = 0;
    for (; digit_of(*at) < base; at++) {
        large = large || sum > (INT64_MAX - digit_of(*at)) / base;
        if (!large)
            sum = sum * base + digit_of(*at);
    }
    if (at == digits || *at)
        return NUMBER_NOT;
    if (base == 10 && digits[0] == '0' && digits[1])
        return NUMBER_LEADING_ZERO;
    if (large)
        return NUMBER_TOO_LARGE;
    *value = negative ? -sum : sum;
    return NUMBER_OK;
}

#define DECIMAL_MAX (INT64_MAX / 10000000 / 10)

struct unit {
    const char *name;
    int64_t ns;
};

static const struct unit units[] = {
    {"h", INT64_C(3600000000000)}, {"m", INT64_C(60000000000)}, {"s", INT64_C(1000000000)},
    {"ms", INT64_C(1000000)},      {"us", INT64_C(1000)},       {"ns", INT64_C(1)},
};
#define UNITS (sizeof units / sizeof *units)

/* Longest first, so that "5ms" is not five minutes and an "s". */
static size_t find_unit(const char *at, size_t length)
{
    for (size_t i = 0; i < UNITS; i++)
        if (strlen(units[i].name) == length && memcmp(at, units[i].name, length) == 0)
            return i;
    return UNITS;
}

/* number x unit in ns, exactly: what is finer than 1 ns is cut. */
static bool part_ns(const char *number, const char *end, int64_t unit, int64_t *ns)
{
    int64_t whole = 0, fraction = 0, scale = unit;
    const char *at = number;
    for (; at < end && *at != '.'; at++) {
        if (whole > INT64_MAX / unit / 64)
            return false;
        whole = whole * 10 + (*at - '0');
    }
    for (at += at < end; at < end && scale >= 10; at++) {
        scale /= 10;
        fraction += (*at - '0') * scale;
    }
    /* 0.1h: the unit is not a power of ten, so the digits above are inexact beyond 1e-10. */
    *ns = whole * unit + fraction;
    return true;
}

enum scalar_duration scalar_duration(const char *text, int64_t *ns)
{
    size_t last = 0;
    bool first = true;
    *ns = 0;
    for (const char *at = text; *at || first; first = false) {
        const char *number = at;
        while (isdigit((unsigned char)*at))
            at++;
        bool digits = at > number;
        if (digits && *at == '.') {
            const char *point = at++;
            while (isdigit((unsigned char)*at))
                at++;
            digits = at > point + 1;
        }
        if (!digits)
            return DURATION_NOT;
        const char *end = at;
        while (isalpha((unsigned char)*at))
            at++;
        if (at == end)
            return *at || !first ? DURATION_NOT : DURATION_NO_UNIT;
        size_t unit = find_unit(end, (size_t)(at - end));
        if (unit == UNITS)
            return DURATION_BAD_UNIT;
        if (!first && unit <= last)
            return DURATION_NOT;
        last = unit;
        int64_t part;
        if (!part_ns(number, end, units[unit].ns, &part) || *ns > INT64_MAX / 2)
            return DURATION_TOO_LONG;
        *ns += part;
    }
    return DURATION_OK;
}

/* A decimal number times scale; what is finer than 1 is cut. NULL when there is none, or it is too
 * large; else where it ends. */
static const char *decimal(const char *text, int64_t scale, int64_t *value)
{
    const char *at = text;
    int64_t whole = 0, fraction = 0, part = scale;
    for (; isdigit((unsigned char)*at); at++) {
        if (whole > DECIMAL_MAX)
            return NULL;
        whole = whole * 10 + (*at - '0');
    }
    if (at == text)
        return NULL;
    if (*at == '.') {
        const char *point = at++;
        for (; isdigit((unsigned char)*at); at++) {
            part /= 10;
            fraction += (*at - '0') * part;
        }
        if (at == point + 1)
            return NULL;
    }
    *value = whole * scale + fraction;
    return at;
}

bool scalar_percent(const char *text, int64_t *thousandths)
{
    const char *end = decimal(text, 1000, thousandths);
    return end && strcmp(end, "%") == 0;
}

bool scalar_bitrate(const char *text, int64_t *per_second)
{
    static const struct unit rates[] = {{"Mbps", 1000000}, {"kbps", 1000}, {"bps", 1}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const char *end = decimal(text, rates[i].ns, per_second);
        if (end && strcmp(end, rates[i].name) == 0)
            return true;
    }
    return false;
}

bool scalar_rate(const char *text, int64_t *per_1000_seconds)
{
    static const struct unit rates[] = {{"/s", 1}, {"/m", 60}, {"/h", 3600}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const char *end = decimal(text, 1000000, per_1000_seconds);
        if (!end || strcmp(end, rates[i].name) != 0)
            continue;
        *per_1000_seconds /= 1000 * rates[i].ns;
        return true;
    }
    return false;
}

bool scalar_range(const char *text, int64_t *first, int64_t *last, uint32_t *width)
{
    const char *dots = strstr(text, "..");
    if (!dots)
        return false;
    char number[24];
    size_t length = (size_t)(dots - text);
    if (length == 0 || length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    if (strspn(number, "0123456789") != length || !dots[2] ||
        strspn(dots + 2, "0123456789") != strlen(dots + 2))
        return false;
    *width = number[0] == '0' && length > 1 ? (uint32_t)length : 0;
    return decimal(number, 1, first) && decimal(dots + 2, 1, last);
}

bool scalar_resolution(const char *text, uint32_t *width, uint32_t *height)
{
    int64_t x, y;
    const char *end = decimal(text, 1, &x);
    if (!end || *end != 'x' || strchr(text, '.') || x > UINT16_MAX)
        return false;
    end = decimal(end + 1, 1, &y);
    if (!end || *end || y > UINT16_MAX)
        return false;
    *width = (uint32_t)x;
    *height = (uint32_t)y;
    return true;
}

void scalar_print_duration(int64_t ns, char *out, size_t size)
{
    size_t length = 0;
    if (size)
        out[0] = '\0';
    for (size_t i = 0; i < UNITS && ns > 0; i++) {
        int64_t count = ns / units[i].ns;
        if (!count)
            continue;
        ns -= count * units[i].ns;
        int added =
            snprintf(out + length, size - length, "%lld%s", (long long)count, units[i].name);
        if (added < 0 || (size_t)added >= size - length)
            return;
        length += (size_t)added;
    }
    if (!length)
        snprintf(out, size, "0s");
}
