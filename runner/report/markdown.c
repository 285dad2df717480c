#include "markdown.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include "words.h"

/* A space of no width: mentions (@someone), references (#1, !1) and addresses that become links end
 * at it. It is only put where one of them would begin, so that Call-IDs can be copied. */
#define BREAK "&#8203;"

static bool would_refer(const char *begin, const char *at)
{
    bool inside = at > begin && isalnum((unsigned char)at[-1]);
    if (*at == '@')
        return !inside && (isalnum((unsigned char)at[1]) || at[1] == '_');
    if (strchr("#!$%&~", *at))
        return !inside && isalnum((unsigned char)at[1]);
    return *at == ':' && at[1] == '/' && at[2] == '/';
}

static bool is_www(const char *begin, const char *at)
{
    return (at == begin || !isalnum((unsigned char)at[-1])) && strncasecmp(at, "www.", 4) == 0;
}

/* At the beginning of a line it would be a list, a heading, a rule. */
static bool would_begin(const char *begin, const char *at)
{
    if (at == begin)
        return *at == '-' || *at == '#' || *at == '=';
    return (*at == '.' || *at == ')') && strspn(begin, "0123456789") == (size_t)(at - begin);
}

static void add_escaped(struct text *out, const char *at, bool escaped)
{
    if (escaped)
        text_add_bytes(out, "\\", 1);
    text_add_bytes(out, at, 1);
}

void markdown_text(struct text *out, const char *string)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_TERMINAL);
    const char *begin = text_get(&clean);
    for (const char *at = begin; *at; at++) {
        if (is_www(begin, at)) {
            text_add(out, "www" BREAK);
            at += 2;
            continue;
        }
        if (*at == '<' || *at == '>' || *at == '&')
            text_add(out, *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : "&amp;");
        else
            add_escaped(out, at, would_begin(begin, at) || strchr("\\`*_{}[]+|~$", *at));
        if (would_refer(begin, at))
            text_add(out, BREAK);
    }
    text_fini(&clean);
}

void markdown_code(struct text *out, const char *string, bool in_table)
{
    struct text clean = {0}, fence = {0};
    size_t longest = 0;
    words_clean(&clean, string, CLEAN_TERMINAL);
    const char *bytes = text_get(&clean);
    for (const char *at = bytes; *at; at += strspn(at, "`")) {
        at += strcspn(at, "`");
        longest = strspn(at, "`") > longest ? strspn(at, "`") : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        text_add(&fence, "`");
    bool pad = bytes[0] == '\0' || bytes[0] == '`' || bytes[clean.length - 1] == '`';
    text_printf(out, "%s%s", text_get(&fence), pad ? " " : "");
    for (const char *at = bytes; *at; at++)
        add_escaped(out, at, *at == '|' && in_table);
    text_printf(out, "%s%s", pad ? " " : "", text_get(&fence));
    text_fini(&clean);
    text_fini(&fence);
}
