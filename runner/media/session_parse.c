/*
 * Some malformed lists make sofia-sip's parser allocate without end ("m=audio 1 RT:/AVP 8 0" is
 * one). So it gets to see only lines that matter to us, and only well-formed m= lines.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include "cmtest/text.h"
#include "session_parse.h"

#define BYTES_MAX 65536

/* Information, URI, addresses of people, bandwidth, keys and repetitions say nothing that
 * we act on. */
#define LINES_IGNORED "iuepbkrz"

/* "token" of RFC 8866. */
static bool is_token(char c)
{
    return c > ' ' && c < 0x7f && !strchr("\"(),/:;<=>?@[\\]", c);
}

/* A field of an m= line: tokens with slashes between them, if it may have any. */
static bool is_field(const char *field, size_t length, bool slashes)
{
    bool token = false;

    for (size_t i = 0; i < length; i++) {
        if (slashes && token && field[i] == '/')
            token = false;
        else if (is_token(field[i]))
            token = true;
        else
            return false;
    }
    return token;
}

static enum session_profile profile_of(const char *field, size_t length)
{
    unsigned profile = 0;

    while (profile < SESSION_OTHER) {
        const char *name = session_profile_name(profile);
        if (strlen(name) == length && strncasecmp(field, name, length) == 0)
            break;
        profile++;
    }
    return profile;
}

/* m=<media> <port>[/<number>] <proto> <format>..., its fields apart by one space in the copy. */
static bool add_media_line(const char *line, size_t length, enum session_profile *profile,
                           struct text *out)
{
    size_t fields = 0;
    size_t at = 2;

    text_add(out, "m=");
    while (at < length) {
        const char *space = memchr(line + at, ' ', length - at);
        size_t size = space ? (size_t)(space - line) - at : length - at;
        if (size > 0) {
            if (!is_field(line + at, size, fields == 1 || fields == 2))
                return false;
            text_add(out, fields ? " " : "");
            if (fields == 2)
                *profile = profile_of(line + at, size);
            if (fields == 2 && *profile != SESSION_OTHER)
                text_add(out, session_profile_name(SESSION_AVP));
            else
                text_add_bytes(out, line + at, size);
            fields++;
        }
        at += size + 1;
    }
    text_add(out, "\r\n");
    return fields >= 4;
}

static const char *add_line(const char *line, size_t length, struct session_profiles *profiles,
                            struct text *out)
{
    if (length < 2 || line[1] != '=')
        return "the peer's SDP has a line that is not <letter>=<value>";
    if (strchr(LINES_IGNORED, line[0]))
        return NULL;
    if (line[0] == 'm') {
        if (profiles->count == SESSION_LINES_MAX)
            return "the peer's SDP has more than 64 m= lines";
        enum session_profile *profile = &profiles->rows[profiles->count++];
        *profile = SESSION_OTHER;
        return add_media_line(line, length, profile, out)
                   ? NULL
                   : "an m= line of the peer's SDP is malformed";
    }
    text_add_bytes(out, line, length);
    text_add(out, "\r\n");
    return NULL;
}

static const char *copy_lines(const char *bytes, size_t length, struct session_profiles *profiles,
                              struct text *out)
{
    const char *why = NULL;

    for (size_t at = 0; at < length && !why;) {
        size_t size = 0;
        while (at + size < length && bytes[at + size] != '\r' && bytes[at + size] != '\n')
            size++;
        if (size > 0)
            why = add_line(bytes + at, size, profiles, out);
        at += size + 1;
    }
    return why;
}

static bool has_control_characters(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if ((c < ' ' && c != '\r' && c != '\n' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

const char *session_parse(const char *bytes, size_t length, sdp_parser_t **parser,
                          struct session_profiles *profiles)
{
    struct text lines = {0};

    *parser = NULL;
    profiles->count = 0;
    if (length == 0)
        return "the peer sent no SDP";
    if (length > BYTES_MAX)
        return "the peer's SDP is longer than 64 KiB";
    if (has_control_characters(bytes, length))
        return "the peer's SDP contains control characters";
    const char *why = copy_lines(bytes, length, profiles, &lines);
    if (!why) {
        /* A missing c= is judged per stream: it does not matter for one that is refused. */
        *parser = sdp_parse(NULL, text_get(&lines), (issize_t)lines.length, sdp_f_c_missing);
        if (!*parser || !sdp_session(*parser))
            why = "the peer's SDP cannot be parsed";
    }
    text_fini(&lines);
    if (why && *parser) {
        sdp_parser_free(*parser);
        *parser = NULL;
    }
    return why;
}
