#include "wire_private.h"

#include <string.h>
#include <strings.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trim(struct span span)
{
    while (span.length > 0 && blank(span.at[0]))
        span.at++, span.length--;
    while (span.length > 0 && blank(span.at[span.length - 1]))
        span.length--;
    return span;
}

void wire_copy(char *to, size_t size, struct span from)
{
    size_t length = from.length < size ? from.length : size - 1;
    if (length < from.length)
        while (length > 0 && ((unsigned char)from.at[length] & 0xC0) == 0x80)
            length--;
    for (size_t i = 0; i < length; i++)
        to[i] = (unsigned char)from.at[i] < ' ' || from.at[i] == 0x7f ? '?' : from.at[i];
    to[length] = '\0';
}

/* ---- start line ---------------------------------------------------------------------------- */

#define VERSION "SIP/2.0"
#define VERSION_LENGTH (sizeof VERSION - 1)

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool status_line(struct span line, struct wire_head *head)
{
    const char *at = line.at + VERSION_LENGTH + 1;
    if (line.length < VERSION_LENGTH + 4 ||
        strncasecmp(line.at, VERSION " ", VERSION_LENGTH + 1) != 0)
        return false;
    if (!digit(at[0]) || !digit(at[1]) || !digit(at[2]) || at[0] == '0')
        return false;
    head->status = (uint16_t)((at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0'));
    head->reason = trim((struct span){at + 3, line.length - VERSION_LENGTH - 4});
    return true;
}

static bool request_line(struct span line, struct wire_head *head)
{
    size_t method = 0;
    while (method < line.length && line.at[method] > ' ' && line.at[method] != 0x7f)
        method++;
    if (method == 0 || method + 1 + VERSION_LENGTH > line.length || line.at[method] != ' ')
        return false;
    const char *version = line.at + line.length - VERSION_LENGTH;
    if (strncasecmp(version, VERSION, VERSION_LENGTH) != 0 || !blank(version[-1]))
        return false;
    head->method = (struct span){line.at, method};
    return true;
}

static bool start_line(struct span line, struct wire_head *head)
{
    line = trim(line);
    return status_line(line, head) || request_line(line, head);
}

bool wire_start_line(const char *line, size_t length)
{
    struct wire_head head;
    return start_line((struct span){line, length}, &head);
}

size_t wire_head_end(const char *bytes, size_t length, size_t from)
{
    const char *end = bytes + length;
    for (const char *at = bytes + from; (at = memchr(at, '\n', (size_t)(end - at))); at++) {
        if (end - at > 1 && at[1] == '\n')
            return (size_t)(at + 2 - bytes);
        if (end - at > 2 && at[1] == '\r' && at[2] == '\n')
            return (size_t)(at + 3 - bytes);
    }
    return 0;
}

/* ---- header fields -------------------------------------------------------------------------- */

/* Where this octet is in the value, from i on; its length: nowhere. */
static size_t find(struct span value, size_t i, char wanted)
{
    const char *found = i < value.length ? memchr(value.at + i, wanted, value.length - i) : NULL;
    return found ? (size_t)(found - value.at) : value.length;
}

static bool ends_parameter(char c)
{
    return c == ';' || c == ',' || c == '>' || c == '\0' || blank(c);
}

/* The value of the parameter `name` of a header value: of the first element of a list. Display
 * names, quoted strings and what stands in <> have none. */
static struct span parameter(struct span value, const char *name, bool list)
{
    size_t wanted = strlen(name), i = 0;
    const char *at = value.at;
    while (i < value.length && !(list && at[i] == ',')) {
        if (at[i] == '"') {
            for (i++; i < value.length && at[i] != '"'; i++)
                i += at[i] == '\\';
        } else if (at[i] == '<') {
            i = find(value, i, '>');
        } else if (at[i] == ';') {
            for (i++; i < value.length && blank(at[i]); i++)
                ;
            if (value.length - i <= wanted || strncasecmp(at + i, name, wanted) != 0)
                continue;
            size_t from = i + wanted;
            while (from < value.length && blank(at[from]))
                from++;
            if (from == value.length || at[from] != '=')
                continue;
            for (from++; from < value.length && blank(at[from]); from++)
                ;
            size_t to = from;
            while (to < value.length && !ends_parameter(at[to]))
                to++;
            return (struct span){at + from, to - from};
        }
        i++;
    }
    return (struct span){0};
}

static uint64_t number(struct span *span)
{
    uint64_t value = 0;
    while (span->length > 0 && digit(span->at[0])) {
        if (value < UINT64_MAX / 16)
            value = value * 10 + (uint64_t)(span->at[0] - '0');
        span->at++, span->length--;
    }
    return value;
}

static void read_cseq(struct span value, struct wire_head *head)
{
    uint64_t cseq = number(&value);
    head->cseq = cseq > UINT32_MAX ? UINT32_MAX : (uint32_t)cseq;
    if (head->status)
        head->method = trim(value);
}

enum field {
    FIELD_OTHER,
    FIELD_CALL_ID,
    FIELD_FROM,
    FIELD_TO,
    FIELD_CSEQ,
    FIELD_VIA,
    FIELD_LENGTH
};

static bool is(struct span name, const char *word, size_t length)
{
    return name.length == length && strncasecmp(name.at, word, length) == 0;
}

#define IS(name, word) is(name, word, sizeof(word) - 1)

#define LETTER(c) (1U << ((c)&0x1f))
/* Of the names below, whatever their case. */
#define FIRST_LETTERS \
    (LETTER('c') | LETTER('f') | LETTER('i') | LETTER('l') | LETTER('t') | LETTER('v'))

/* By the first letter first: most fields of a message are none of these. */
static enum field field_of(struct span name)
{
    if (name.length == 0)
        return FIELD_OTHER;
    bool compact = name.length == 1;
    switch (name.at[0] | 0x20) {
    case 'c':
        return IS(name, "Call-ID")          ? FIELD_CALL_ID
               : IS(name, "CSeq")           ? FIELD_CSEQ
               : IS(name, "Content-Length") ? FIELD_LENGTH
                                            : FIELD_OTHER;
    case 'f':
        return compact || IS(name, "From") ? FIELD_FROM : FIELD_OTHER;
    case 'i':
        return compact ? FIELD_CALL_ID : FIELD_OTHER;
    case 'l':
        return compact ? FIELD_LENGTH : FIELD_OTHER;
    case 't':
        return compact || IS(name, "To") ? FIELD_TO : FIELD_OTHER;
    case 'v':
        return compact || IS(name, "Via") ? FIELD_VIA : FIELD_OTHER;
    default:
        return FIELD_OTHER;
    }
}

/* The first of each counts. */
static void read_field(enum field field, struct span value, struct wire_head *head, unsigned *had)
{
    if (*had & 1U << field)
        return;
    *had |= 1U << field;
    value = trim(value);
    switch (field) {
    case FIELD_CALL_ID:
        head->call_id = value;
        break;
    case FIELD_FROM:
        head->from_tag = parameter(value, "tag", false);
        break;
    case FIELD_TO:
        head->to_tag = parameter(value, "tag", false);
        break;
    case FIELD_CSEQ:
        read_cseq(value, head);
        break;
    case FIELD_VIA:
        head->branch = parameter(value, "branch", true);
        break;
    case FIELD_LENGTH:
        head->body = number(&value);
        break;
    case FIELD_OTHER:
        break;
    }
}

/* The end of the line at `at`, before its line feed; or of the last line that continues it. */
static const char *line_end(const char *at, const char *end, bool folds)
{
    for (;;) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        if (!feed)
            return end;
        if (!folds || feed + 1 == end || (feed[1] != ' ' && feed[1] != '\t'))
            return feed;
        at = feed + 1;
    }
}

bool wire_parse(const char *bytes, size_t length, struct wire_head *head)
{
    *head = (struct wire_head){0};
    const char *end = bytes + length, *at = bytes;
    while (at < end && (*at == '\r' || *at == '\n'))
        at++;
    const char *stop = line_end(at, end, false);
    if (!start_line((struct span){at, (size_t)(stop - at)}, head))
        return false;
    unsigned had = 0;
    while (stop < end) {
        at = stop + 1;
        stop = line_end(at, end, true);
        if (at == stop || (*at == '\r' && at + 1 == stop))
            break;
        if (!(FIRST_LETTERS >> (*at & 0x1f) & 1))
            continue;
        size_t name = 0;
        while (name < 16 && at + name < stop && at[name] != ':' && !blank(at[name]))
            name++;
        enum field field = field_of((struct span){at, name});
        if (field == FIELD_OTHER)
            continue;
        while (at + name < stop && blank(at[name]))
            name++;
        if (at + name < stop && at[name] == ':')
            read_field(field, (struct span){at + name + 1, (size_t)(stop - at) - name - 1}, head,
                       &had);
    }
    return head->call_id.length > 0;
}
