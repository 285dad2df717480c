#include "syntax.h"

#include <string.h>

struct phrase {
    const char *problem; /* a part of libyaml's words */
    const char *context; /* of its context; NULL: any */
    bool at_context;     /* point to where the construct began, not to where it broke */
    const char *message, *hint;
};

/* The first that fits is taken. */
static const struct phrase phrases[] = {
    {"unexpected end of stream", "quoted scalar", true, "this quote is never closed",
     "add the closing quote"},
    {"unexpected document indicator", "quoted scalar", true, "this quote is never closed",
     "add the closing quote"},
    {"expected ',' or ']'", NULL, true, "this list is not closed, or a comma is missing in it",
     "[a, b]"},
    {"expected ',' or '}'", NULL, true, "this mapping is not closed, or a comma is missing in it",
     "{ key: value, key: value }"},
    {"mapping values are not allowed", NULL, false, "a \":\" does not fit here",
     "check the indentation above, or put a value that holds \": \" in quotes"},
    {"could not find expected ':'", NULL, true, "a \":\" is missing after this key", "key: value"},
    {"expected <block end>", NULL, false, "this line does not fit the indentation above", NULL},
    {"expected key", NULL, false, "this line does not fit the indentation above",
     "keys of one mapping begin in the same column"},
    {"expected '-' indicator", NULL, false, "this line does not fit the list above",
     "items of one list begin in the same column"},
    {"block sequence entries are not allowed", NULL, false, "a list item does not fit here",
     "begin the list on a line of its own"},
    {"cannot start any token", NULL, false, "a value cannot begin with this character",
     "put the value in quotes"},
    {"unknown escape character", NULL, false, "this escape is not known",
     "write \\\\ for a backslash, or use single quotes"},
    {"undefined tag handle", NULL, false, "a value cannot begin with this character",
     "put the value in quotes"},
    {"found duplicate", NULL, false, "this directive is given twice", "remove it"},
    {"incompatible YAML document", NULL, false, "this version of YAML is not known", "remove it"},
};

static const struct phrase *find_phrase(const yaml_parser_t *parser)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        const struct phrase *phrase = &phrases[i];
        if (strstr(parser->problem ? parser->problem : "", phrase->problem) &&
            (!phrase->context || (parser->context && strstr(parser->context, phrase->context))))
            return phrase;
    }
    return NULL;
}

/* Whether only white space with a tab in it stands before the position. */
static bool tab_before(const struct source *source, size_t point)
{
    bool tab = point < source->points && source->bytes[source->offsets[point]] == '\t';
    for (size_t i = point < source->points ? point : source->points; i-- > 0;) {
        char c = source->bytes[source->offsets[i]];
        if (c == '\n')
            break;
        if (c != ' ' && c != '\t')
            return false;
        tab = tab || c == '\t';
    }
    return tab;
}

/* [${vars.x}]: inside of brackets YAML takes the brace for one of its own. */
static bool bare_expression(const struct source *source, size_t point)
{
    return point && point < source->points && source->bytes[source->offsets[point]] == '{' &&
           source->bytes[source->offsets[point - 1]] == '$';
}

void syntax_error(struct document *document, const yaml_parser_t *parser, size_t base)
{
    const struct phrase *phrase = find_phrase(parser);
    const struct source *source = document_source(document, base);
    size_t at = parser->problem_mark.index;
    if (parser->error == YAML_MEMORY_ERROR) {
        document_error(document, "internal", (struct span){0, 0}, NULL, "libyaml has no memory");
        return;
    }
    if (parser->error == YAML_READER_ERROR)
        at = 0;
    if (tab_before(source, base - source->base + at)) {
        document_error(document, "tab", (struct span){base + at, base + at + 1}, "use spaces",
                       "a tab indents this line, which YAML does not allow");
        return;
    }
    if (bare_expression(source, base - source->base + at)) {
        document_error(document, "syntax", (struct span){base + at - 1, base + at + 1},
                       "\"${...}\"", "inside [ ] and { } an expression is written in quotes");
        return;
    }
    if (phrase && phrase->at_context && parser->context)
        at = parser->context_mark.index;
    struct span span = {base + at, base + at + 1};
    if (phrase)
        document_error(document, "syntax", span, phrase->hint, "%s", phrase->message);
    else
        document_error(document, "syntax", span, NULL, "this is not YAML: %s",
                       parser->problem ? parser->problem : "unreadable");
}
