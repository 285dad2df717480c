#include "cmtest/assertion.h"
#include "cmtest/text.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A piece of a message or of a path. */
struct span {
    const char *at;
    size_t length;
};

static struct span span_of(const char *string)
{
    return (struct span){string, strlen(string)};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trimmed(struct span span)
{
    while (span.length && is_space(*span.at)) {
        span.at++;
        span.length--;
    }
    while (span.length && is_space(span.at[span.length - 1]))
        span.length--;
    return span;
}

static bool same(struct span a, struct span b)
{
    return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0;
}

/* What stands before the first of that byte goes to head and out of *rest. false: there is none,
 * and all of it is the head. */
static bool split(struct span *rest, char at, struct span *head)
{
    const char *found = rest->length ? memchr(rest->at, at, rest->length) : NULL;
    *head = *rest;
    if (!found) {
        rest->length = 0;
        return false;
    }
    head->length = (size_t)(found - rest->at);
    rest->at = found + 1;
    rest->length -= head->length + 1;
    return true;
}

/* The next line of *rest, and the lines that continue it. */
static bool next_line(struct span *rest, bool folded, struct span *line)
{
    const char *from = rest->at;
    struct span part;
    if (!rest->length)
        return false;
    do {
        split(rest, '\n', &part);
    } while (folded && rest->length && (*rest->at == ' ' || *rest->at == '\t'));
    *line = trimmed((struct span){from, (size_t)(part.at + part.length - from)});
    return true;
}

/* ---- paths ----------------------------------------------------------------------------------- */

struct path {
    struct span media; /* "audio", "session" */
    size_t index;
    struct span name;
    struct span key, parameter; /* empty: none */
};

static bool is_word(struct span span)
{
    for (size_t i = 0; i < span.length; i++)
        if (!isalnum((unsigned char)span.at[i]) && !strchr("-_.!%*+`'~", span.at[i]))
            return false;
    return span.length > 0;
}

/* "audio[1]" */
static bool take_media(struct path *path, struct span media)
{
    struct span name;
    path->media = media;
    path->index = 0;
    if (!split(&media, '[', &name))
        return is_word(name);
    path->media = name;
    if (media.length < 2 || media.length > 3 || media.at[media.length - 1] != ']')
        return false;
    for (size_t i = 0; i + 1 < media.length; i++) {
        if (!isdigit((unsigned char)media.at[i]))
            return false;
        path->index = path->index * 10 + (size_t)(media.at[i] - '0');
    }
    return is_word(name);
}

static bool take_path(const struct assertion *assertion, struct path *path)
{
    struct span rest = span_of(assertion->path), head;
    *path = (struct path){.media = span_of("audio")};
    if (split(&rest, ';', &head)) {
        path->parameter = rest;
        if (!is_word(rest))
            return false;
    }
    if (!assertion->sdp) {
        path->name = head;
        return is_word(head);
    }
    struct span place = head;
    bool keyed = split(&place, ':', &path->name);
    path->key = place;
    if (keyed && !is_word(place))
        return false;
    place = path->name;
    if (split(&place, '.', &head)) {
        path->name = place;
        if (!take_media(path, head))
            return false;
    }
    return is_word(path->name);
}

const char *assertion_fault(const struct assertion *assertion, char *room, size_t size)
{
    struct path path;
    regex_t expression;
    if (!take_path(assertion, &path)) {
        snprintf(room, size, "\"%s\" is not the place of something in %s", assertion->path,
                 assertion->sdp ? "SDP" : "the head of a message");
        return room;
    }
    if (assertion->kind != ASSERT_MATCHES)
        return NULL;
    int failed = regcomp(&expression, assertion->value, REG_EXTENDED | REG_NOSUB);
    if (!failed) {
        regfree(&expression);
        return NULL;
    }
    char why[128];
    regerror(failed, &expression, why, sizeof why);
    snprintf(room, size, "\"%s\" is not a regular expression: %s", assertion->value, why);
    return room;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* What looks at the values that a path leads to. */
struct search {
    const struct assertion *assertion;
    const struct path *path;
    struct text seen; /* the first value */
    bool present, fits;
};

static void look_at(struct search *search, struct span value)
{
    const struct assertion *assertion = search->assertion;
    struct text whole = {0};
    text_add_bytes(&whole, value.at, value.length);
    const char *text = text_get(&whole);
    if (assertion->kind == ASSERT_EQUALS)
        search->fits |= strcmp(text, assertion->value) == 0;
    regex_t expression;
    if (assertion->kind == ASSERT_MATCHES && !search->fits &&
        regcomp(&expression, assertion->value, REG_EXTENDED | REG_NOSUB) == 0) {
        search->fits = regexec(&expression, text, 0, NULL, 0) == 0;
        regfree(&expression);
    }
    if (!search->present)
        text_add(&search->seen, text);
    search->present = true;
    text_fini(&whole);
}

/* Up to the next of that byte outside of quotes and angle brackets, which goes out of *rest. */
static struct span next_part(struct span *rest, char at)
{
    struct span part = {rest->at, 0};
    bool quoted = false, angled = false;
    for (; part.length < rest->length; part.length++) {
        char c = part.at[part.length];
        if (quoted && c == '\\' && part.length + 1 < rest->length)
            part.length++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            angled = c == '<';
        else if (!quoted && !angled && c == at)
            break;
    }
    size_t used = part.length < rest->length ? part.length + 1 : part.length;
    rest->at += used;
    rest->length -= used;
    return part;
}

/* name or name=value; a value in quotes is what is between them. */
static void look_at_parameter(struct search *search, struct span part)
{
    struct span name;
    bool valued = split(&part, '=', &name);
    if (!same(trimmed(name), search->path->parameter))
        return;
    struct span value = valued ? trimmed(part) : (struct span){"", 0};
    if (value.length >= 2 && *value.at == '"' && value.at[value.length - 1] == '"')
        value = (struct span){value.at + 1, value.length - 2};
    look_at(search, value);
}

static void look_at_value(struct search *search, struct span value, bool bare)
{
    if (!search->path->parameter.length) {
        look_at(search, trimmed(value));
        return;
    }
    /* Several of one header may share a line. */
    while (value.length) {
        struct span one = next_part(&value, bare ? '\0' : ',');
        bool first = !bare;
        while (one.length) {
            struct span part = next_part(&one, ';');
            if (!first)
                look_at_parameter(search, trimmed(part));
            first = false;
        }
    }
}

/* ---- headers --------------------------------------------------------------------------------- */

static struct span long_name(struct span name)
{
    static const char *const names[] = {"aAccept-Contact",
                                        "bReferred-By",
                                        "cContent-Type",
                                        "dRequest-Disposition",
                                        "eContent-Encoding",
                                        "fFrom",
                                        "iCall-ID",
                                        "jReject-Contact",
                                        "kSupported",
                                        "lContent-Length",
                                        "mContact",
                                        "oEvent",
                                        "rRefer-To",
                                        "sSubject",
                                        "tTo",
                                        "uAllow-Events",
                                        "vVia",
                                        "xSession-Expires",
                                        "yIdentity",
                                        "nIdentity-Info"};
    for (size_t i = 0; name.length == 1 && i < sizeof names / sizeof names[0]; i++)
        if (tolower((unsigned char)*name.at) == names[i][0])
            return span_of(names[i] + 1);
    return name;
}

/* The head, without its first line, and the body behind it. */
static struct span take_head(struct span message, struct span *body)
{
    struct span line, rest = message;
    next_line(&rest, false, &line);
    struct span head = rest;
    while (next_line(&rest, false, &line))
        if (!line.length)
            break;
    *body = rest;
    head.length = (size_t)(rest.at - head.at);
    return head;
}

static void search_head(struct search *search, struct span head)
{
    struct span line, name;
    while (next_line(&head, true, &line)) {
        bool field = split(&line, ':', &name);
        if (field && same(long_name(trimmed(name)), long_name(search->path->name)))
            look_at_value(search, trimmed(line), false);
    }
}

/* ---- SDP ------------------------------------------------------------------------------------- */

static const char *const directions[] = {"sendrecv", "sendonly", "recvonly", "inactive"};

/* The lines of the section that is meant: the session's, or those of one m=. */
static bool take_section(struct span body, struct span media, size_t index, struct span *section)
{
    struct span line, rest = body;
    bool inside = same(media, span_of("session")), found = inside;
    *section = (struct span){body.at, 0};
    for (;;) {
        const char *at = rest.at;
        if (!next_line(&rest, false, &line))
            break;
        if (line.length > 2 && strncmp(line.at, "m=", 2) == 0) {
            struct span value = {line.at + 2, line.length - 2}, kind;
            split(&value, ' ', &kind);
            if (inside && found)
                break;
            inside = same(kind, media) && index-- == 0;
            found = inside;
            if (inside)
                section->at = at;
        }
        if (inside)
            section->length = (size_t)(rest.at - section->at);
    }
    return found;
}

static void search_attribute(struct search *search, struct span value)
{
    const struct path *path = search->path;
    struct span name;
    bool valued = split(&value, ':', &name);
    if (same(path->name, span_of("direction"))) {
        for (size_t i = 0; i < 4; i++)
            if (!valued && same(name, span_of(directions[i])))
                look_at(search, name);
        return;
    }
    if (!same(name, path->name))
        return;
    if (path->key.length) {
        struct span key;
        split(&value, ' ', &key);
        if (!same(key, path->key))
            return;
    }
    look_at_value(search, value, true);
}

static void search_section(struct search *search, struct span section)
{
    struct span line;
    while (next_line(&section, false, &line)) {
        if (line.length < 2 || line.at[1] != '=')
            continue;
        struct span value = {line.at + 2, line.length - 2};
        if (search->path->name.length == 1 && *search->path->name.at == *line.at)
            look_at_value(search, value, true);
        else if (*line.at == 'a')
            search_attribute(search, value);
    }
}

static void search_sdp(struct search *search, struct span body)
{
    const struct path *path = search->path;
    struct span section;
    if (!body.length || !take_section(body, path->media, path->index, &section))
        return;
    search_section(search, section);
    if (!search->present && take_section(body, span_of("session"), 0, &section))
        search_section(search, section);
    if (!search->present && same(path->name, span_of("direction")))
        look_at(search, span_of(directions[0]));
}

/* ---- judging --------------------------------------------------------------------------------- */

static void say(const struct search *search, char *room, size_t size)
{
    static const char *const wants[] = {"to be ", "to match ", "to be there", "not to be there"};
    const struct assertion *assertion = search->assertion;
    bool valued = assertion->kind == ASSERT_EQUALS || assertion->kind == ASSERT_MATCHES;
    const char *seen = text_get(&search->seen);
    snprintf(room, size, "expected %s %s %s%.60s, it is %s%.60s", assertion->sdp ? "SDP" : "header",
             assertion->path, wants[assertion->kind], valued ? assertion->value : "",
             !search->present ? "not there"
             : *seen          ? ""
                              : "there, and empty",
             seen);
}

const char *assertion_judge(const struct assertion *assertion, const char *message, size_t length,
                            char *room, size_t size)
{
    struct path path;
    struct search search = {.assertion = assertion, .path = &path};
    struct span body, head = take_head((struct span){message, length}, &body);
    if (!take_path(assertion, &path))
        return assertion_fault(assertion, room, size);
    if (assertion->sdp)
        search_sdp(&search, body);
    else
        search_head(&search, head);
    bool good = assertion->kind == ASSERT_PRESENT  ? search.present
                : assertion->kind == ASSERT_ABSENT ? !search.present
                                                   : search.fits;
    if (!good)
        say(&search, room, size);
    text_fini(&search.seen);
    return good ? NULL : room;
}
