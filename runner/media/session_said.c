#include "session_said.h"
#include <stdlib.h>
#include <string.h>
#include "cmtest/sdp.h"

/* The next line from *at on that begins so, behind that beginning; NULL when there is none. */
static const char *next_line(const char **at, const char *beginning)
{
    size_t length = strlen(beginning);

    while (*at && **at) {
        const char *line = *at;
        const char *end = strchr(line, '\n');
        *at = end ? end + 1 : NULL;
        if (strncmp(line, beginning, length) == 0)
            return line + length;
    }
    return NULL;
}

const char *said_line(const char *said, unsigned index, size_t *length)
{
    const char *line = NULL;

    for (unsigned i = 0; i <= index; i++) {
        line = next_line(&said, "m=");
        if (!line)
            return NULL;
    }
    *length = strcspn(line, "\r\n") + 2;
    return line - 2;
}

unsigned said_count(const char *said)
{
    unsigned count = 0;

    while (next_line(&said, "m="))
        count++;
    return count;
}

unsigned said_slot(const char *said)
{
    unsigned index = 0;
    unsigned audio = 0;
    bool found = false;
    const char *line;

    for (; (line = next_line(&said, "m=")); index++) {
        if (strncmp(line, "audio ", 6) != 0)
            continue;
        if (line[6] != '0')
            return index;
        if (!found)
            audio = index;
        found = true;
    }
    return found ? audio : index;
}

int said_number(const char *said, const char *encoding, uint32_t clock_rate)
{
    const char *line;

    while ((line = next_line(&said, "a=rtpmap:"))) {
        char *end;
        long number = strtol(line, &end, 10);
        size_t length = strlen(encoding);
        if (*end == ' ' && strncmp(end + 1, encoding, length) == 0 && end[1 + length] == '/' &&
            strtoul(end + 2 + length, NULL, 10) == clock_rate)
            return (int)number;
    }
    return -1;
}

bool said_has_number(const char *said, unsigned number)
{
    const char *line;

    while ((line = next_line(&said, "a=rtpmap:")))
        if (strtoul(line, NULL, 10) == number)
            return true;
    return false;
}

/* What follows the o= line, which is the second one. */
static const char *behind_origin(const char *description)
{
    const char *line = strchr(description, '\n');

    line = line ? strchr(line + 1, '\n') : NULL;
    return line ? line + 1 : "";
}

void session_revise(struct session_local *local, struct text *description)
{
    const char *text = text_get(description);
    const char *origin = strstr(text, "\r\no=- ");
    const char *version = origin ? strchr(origin + 6, ' ') : NULL;
    struct text whole = {0};

    if (!version || !local->said || strcmp(behind_origin(text), behind_origin(local->said)) == 0)
        return;
    text_add_bytes(&whole, text, (size_t)(version - text));
    text_printf(&whole, " %llu", (unsigned long long)++local->version);
    text_add(&whole, version + 1 + strcspn(version + 1, " "));
    text_fini(description);
    *description = whole;
}
