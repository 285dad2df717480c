#include "fmtp.h"
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 9

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " \t");
}

/* Without the spaces around it; false: it is too long. */
static bool copy_word(char *to, const char *from, size_t length)
{
    while (length > 0 && strchr(" \t", from[length - 1]))
        length--;
    if (length >= FMTP_WORD)
        return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

bool fmtp_next(const char **at, struct fmtp_pair *pair)
{
    while (**at != '\0') {
        const char *start = skip_spaces(*at);
        size_t whole = strcspn(start, ";"), name = strcspn(start, ";=");
        const char *value = start + name;
        if (*value == '=')
            value = skip_spaces(value + 1);
        /* Spaces may have led behind the end of this pair only when it had no value. */
        size_t length = value < start + whole ? (size_t)(start + whole - value) : 0;
        *at = start[whole] == ';' ? start + whole + 1 : start + whole;
        if (name > 0 && copy_word(pair->name, start, name) && copy_word(pair->value, value, length))
            return true;
    }
    return false;
}

/* The digits there, at most DIGITS_MAX of them. */
static bool take_number(const char **at, unsigned long *number)
{
    size_t digits = strspn(*at, "0123456789");

    if (digits == 0 || digits > DIGITS_MAX)
        return false;
    *number = strtoul(*at, NULL, 10);
    *at += digits;
    return true;
}

bool fmtp_number(const char *text, unsigned long *number)
{
    return take_number(&text, number) && *text == '\0';
}

bool fmtp_range(const char **at, unsigned long *first, unsigned long *last)
{
    *at = skip_spaces(*at);
    if (!take_number(at, first))
        return false;
    *last = *first;
    *at = skip_spaces(*at);
    if (**at == '-') {
        *at = skip_spaces(*at + 1);
        if (!take_number(at, last))
            return false;
        *at = skip_spaces(*at);
    }
    if (**at == ',')
        ++*at;
    return true;
}
