#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/report.h"

/* GitHub's runner looks behind leading blanks; a command is "::name args::", so that an IPv6
 * address is none. */
static size_t command_begin(const char *line, size_t length)
{
    size_t at = 0;
    while (at < length && isspace((unsigned char)line[at]))
        at++;
    bool command = length - at > 4 && line[at] == ':' && line[at + 1] == ':' &&
                   isalpha((unsigned char)line[at + 2]) &&
                   memmem(line + at + 2, length - at - 2, "::", 2) != NULL;
    return command ? at : length;
}

/* "##[", "##vso[": anywhere in a line. */
static bool old_command(const char *at, const char *end)
{
    if (end - at < 3 || at[0] != '#' || at[1] != '#')
        return false;
    at += 2;
    while (at < end && isalpha((unsigned char)*at))
        at++;
    return at < end && *at == '[';
}

void report_guard(struct text *out, size_t from)
{
    struct text safe = {0};
    const char *at = text_get(out) + from;
    while (*at) {
        size_t length = strcspn(at, "\n"), begin = command_begin(at, length);
        for (size_t i = 0; i < length; i++) {
            if (i == begin)
                text_add(&safe, "\\");
            text_add_bytes(&safe, at + i, 1);
            if (old_command(at + i, at + length))
                text_add(&safe, "\\");
        }
        at += length;
        if (*at)
            text_add_bytes(&safe, at++, 1);
    }
    if (out->data) {
        out->length = from;
        out->data[from] = '\0';
        text_add(out, text_get(&safe));
    }
    text_fini(&safe);
}
