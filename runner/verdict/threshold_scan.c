#include "threshold_scan.h"

#include <math.h>
#include <string.h>
#include "threshold_error.h"

#define NUMBER_MAX 1e15

bool scan_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool scan_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void scan_skip(struct scan *scan)
{
    while (scan_is_space(scan->text[scan->at]))
        scan->at++;
}

/* The run of bytes up to white space (or a comparison), without moving. */
struct span scan_word(const struct scan *scan, bool stop_at_comparison)
{
    size_t end = scan->at;
    while (scan->text[end] != '\0' && !scan_is_space(scan->text[end]) &&
           !(stop_at_comparison && strchr("<>=!", scan->text[end])))
        end++;
    return (struct span){scan->at, end - scan->at};
}

/* Digits with an optional fraction, by hand: strtod would follow the locale, and take "inf", "0x10"
 * and "1e3", of which none belongs in a gate. */
bool scan_number(struct scan *scan, bool signed_values, double *number)
{
    scan_skip(scan);
    bool negative = signed_values && scan->text[scan->at] == '-';
    size_t start = scan->at + negative, end = start;
    double value = 0, unit = 1;
    while (scan_is_digit(scan->text[end]))
        value = value * 10 + (scan->text[end++] - '0');
    size_t digits = end - start;
    if (digits > 0 && scan->text[end] == '.') {
        end++;
        size_t fraction = 0;
        for (; scan_is_digit(scan->text[end]); end++, fraction++) {
            if (fraction < 15) {
                value = value * 10 + (scan->text[end] - '0');
                unit *= 10;
            }
        }
        digits = fraction;
    }
    char next = scan->text[end];
    bool exponent = (next == 'e' || next == 'E') && !is_letter(scan->text[end + 1]);
    if (digits == 0 || exponent || next == '.' || next == ',' || next == '_')
        return error_bad_number(scan, scan_word(scan, false));
    value /= unit;
    if (!isfinite(value) || value > NUMBER_MAX)
        return error_number_too_large(scan, (struct span){start, end - start});
    scan->at = end;
    *number = negative ? -value : value;
    return true;
}

bool scan_is(const struct scan *scan, struct span span, const char *word)
{
    return strlen(word) == span.length && strncmp(scan->text + span.offset, word, span.length) == 0;
}
