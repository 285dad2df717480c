#include "expression.h"
#include "scalar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 1024
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* A scalar while it is put together. */
struct expansion {
    struct variables *variables;
    const struct node *node;
    struct text out;
    bool secret, string;
};

/* The inside of ${...}, a part of the text of the node. */
struct part {
    const char *text;
    size_t length;
};

/* Where a part of the text stands; the whole scalar when its file does not show it as it is. */
static struct span span_of(const struct expansion *expansion, const char *text, size_t length)
{
    const struct node *node = expansion->node;
    struct value value = {(struct node *)(uintptr_t)node, node->span};
    int inner = document_shows(expansion->variables->document, &value);
    if (inner < 0)
        return node->span;
    struct span span = {node->span.start + (size_t)inner, 0};
    for (const char *at = node->text; at < text; span.start++) {
        size_t step = text_utf8_length(at, (size_t)(text - at));
        at += step ? step : 1;
    }
    span.end = span.start;
    for (size_t at = 0; at < length; span.end++) {
        size_t step = text_utf8_length(text + at, length - at);
        at += step ? step : 1;
    }
    return span;
}

/* Always false. The text itself is not told: it may be a password with "${" in it. */
static bool wrong(const struct expansion *expansion, const char *code, struct part part,
                  const char *hint, const char *message)
{
    document_error(expansion->variables->document, code,
                   span_of(expansion, part.text - 2, part.length + 3), hint, "%s", message);
    return false;
}

static bool unknown(const struct expansion *expansion, const char *code, struct part part,
                    const char *name, const char *const *names, size_t count, const char *kind,
                    const char *what, const char *remedy)
{
    char hint[400];
    const char *near = text_nearest(name, names, count);
    if (near)
        snprintf(hint, sizeof hint, "did you mean \"${%s.%.80s}\"?  (%s)", kind, near, remedy);
    else
        snprintf(hint, sizeof hint, "%s", remedy);
    document_error(expansion->variables->document, code,
                   span_of(expansion, part.text - 2, part.length + 3), hint, "\"%.80s\" %s", name,
                   what);
    return false;
}

/* ---- what the names stand for ------------------------------------------------------------------
 */

static bool expand_text(struct expansion *expansion, struct part text, unsigned depth);

static bool unset(const struct expansion *expansion, struct part part, const char *name)
{
    const char *names[NAMES_MAX];
    char kept[NAMES_MAX][66], remedy[200];
    size_t count = 0;
    for (char **at = environ; at && *at && count < NAMES_MAX; at++) {
        size_t length = strcspn(*at, "=");
        if (length > 64)
            continue;
        snprintf(kept[count], sizeof kept[count], "%.*s", (int)length, *at);
        names[count] = kept[count];
        count++;
    }
    snprintf(remedy, sizeof remedy, "set it, or write ${env.%.60s:-default}", name);
    return unknown(expansion, "unset-variable", part, name, names, count, "env",
                   "is not set in the environment", remedy);
}

static bool valid_text(const char *text)
{
    size_t length = strlen(text);
    for (size_t at = 0, step; at < length; at += step) {
        step = text_utf8_length(text + at, length - at);
        if (!step)
            return false;
    }
    return true;
}

/* The only place where the environment is read. */
static bool expand_env(struct expansion *expansion, struct part part, const char *name,
                       struct part fallback, unsigned depth)
{
    char shown[96];
    const char *value = getenv(name);
    if (fallback.text && (!value || !*value))
        return expand_text(expansion, fallback, depth + 1);
    if (!value)
        return unset(expansion, part, name);
    snprintf(shown, sizeof shown, "${env.%.80s}", name);
    expansion->secret = true;
    if (strlen(value) > EXPRESSION_BYTES_MAX)
        return wrong(expansion, "too-long", part, "at most 8,192 bytes",
                     "the value of this environment variable is too long");
    if (!valid_text(value))
        return wrong(expansion, "not-utf8", part, "set it to UTF-8 text",
                     "the value of this environment variable is not valid UTF-8");
    struct document *document = expansion->variables->document;
    diag_secret(document->diag, value, shown, document_place(document, expansion->node->span));
    text_add(&expansion->out, value);
    return true;
}

static void add_node(struct expansion *expansion, const struct node *value)
{
    text_add_bytes(&expansion->out, value->text, value->length);
    expansion->secret = expansion->secret || value->secret;
    expansion->string = expansion->string || !value->plain;
}

static bool report_loop(const struct expansion *expansion, struct part part,
                        const struct variable *again)
{
    const struct variables *variables = expansion->variables;
    struct text chain = {0};
    size_t i = 0;
    while (variables->open[i] != again)
        i++;
    for (; i < variables->open_count; i++)
        text_printf(&chain, "%.60s -> ", variables->open[i]->name);
    text_add(&chain, again->name);
    document_error(variables->document, "variable-loop",
                   span_of(expansion, part.text - 2, part.length + 3),
                   "write the value of one of them", "vars.%.60s is made of itself: %.300s",
                   again->name, text_get(&chain));
    text_fini(&chain);
    return false;
}

static bool expand_var(struct expansion *expansion, struct part part, const char *name)
{
    struct variables *variables = expansion->variables;
    const char *names[DOCUMENT_KEYS_MAX];
    for (size_t i = 0; i < variables->count; i++) {
        struct variable *variable = &variables->list[i];
        names[i] = variable->name;
        if (strcmp(variable->name, name) != 0)
            continue;
        if (variable->state == VARIABLE_OPEN)
            return report_loop(expansion, part, variable);
        const struct node *value = variables_value(variables, variable);
        if (value)
            add_node(expansion, value);
        return value != NULL;
    }
    if (variables->unknown)
        return false;
    return unknown(expansion, "unknown-variable", part, name, names, variables->count, "vars",
                   "is not one of vars", "add it under vars, or give --set vars.NAME=VALUE");
}

static bool expand_axis(struct expansion *expansion, struct part part, const char *name)
{
    struct variables *variables = expansion->variables;
    const struct matrix *matrix = variables->matrix;
    const char *names[MATRIX_AXES_MAX];
    for (size_t i = 0; i < matrix->axis_count; i++) {
        names[i] = matrix->axes[i].name;
        if (strcmp(names[i], name) != 0)
            continue;
        variables->used[i] = true;
        add_node(expansion, matrix->axes[i].values[matrix->cases[variables->index][i]]);
        return true;
    }
    if (matrix->faulty)
        return false;
    return unknown(expansion, "unknown-variable", part, name, names, matrix->axis_count, "matrix",
                   "is not a key of the matrix", "add it under matrix");
}

/* ---- the grammar -------------------------------------------------------------------------------
 */

static bool not_understood(const struct expansion *expansion, struct part part, size_t word)
{
    static const char *const kinds[] = {"env", "vars", "matrix"};
    static const char forms[] =
        "${env.NAME}, ${env.NAME:-default}, ${vars.NAME} or ${matrix.NAME}; $${ is a plain ${";
    char kind[66], hint[200];
    snprintf(kind, sizeof kind, "%.*s", (int)(word < 65 ? word : 65), part.text);
    const char *near = text_nearest(kind, kinds, sizeof kinds / sizeof *kinds);
    snprintf(hint, sizeof hint, "%s%s%s%s", near ? "did you mean \"${" : "", near ? near : "",
             near ? ".NAME}\"?  " : "", forms);
    return wrong(expansion, "bad-expression", part, hint, "this expression is not understood");
}

static bool evaluate(struct expansion *expansion, struct part part, unsigned depth)
{
    char name[256];
    struct part fallback = {0};
    const char *dot = memchr(part.text, '.', part.length);
    size_t kind = dot ? (size_t)(dot - part.text) : part.length;
    size_t start = dot ? kind + 1 : part.length;
    size_t length = strspn(part.text + start, LETTERS "0123456789-");
    bool env = kind == 3 && strncmp(part.text, "env", 3) == 0;
    if (env)
        length = strspn(part.text + start, LETTERS "0123456789");
    size_t end = start + length;
    if (env && end + 2 <= part.length && memcmp(part.text + end, ":-", 2) == 0) {
        fallback = (struct part){part.text + end + 2, part.length - end - 2};
        end = part.length;
    }
    if (!length || length >= sizeof name || end != part.length)
        return not_understood(expansion, part, kind);
    snprintf(name, sizeof name, "%.*s", (int)length, part.text + start);
    if (env)
        return expand_env(expansion, part, name, fallback, depth);
    if (kind == 4 && strncmp(part.text, "vars", 4) == 0)
        return expand_var(expansion, part, name);
    if (kind == 6 && strncmp(part.text, "matrix", 6) == 0)
        return expand_axis(expansion, part, name);
    return not_understood(expansion, part, kind);
}

static bool begins(const struct part *text, size_t at, const char *what)
{
    size_t length = strlen(what);
    return at + length <= text->length && memcmp(text->text + at, what, length) == 0;
}

/* Length of the inside of the ${ at the beginning; SIZE_MAX: it is not closed. */
static size_t inside(const struct part *text, size_t at)
{
    unsigned open = 1;
    for (size_t i = at + 2; i < text->length; i++) {
        open += begins(text, i, "${");
        open -= text->text[i] == '}';
        if (!open)
            return i - at - 2;
    }
    return SIZE_MAX;
}

static bool expand_text(struct expansion *expansion, struct part text, unsigned depth)
{
    bool fine = true;
    for (size_t at = 0; at < text.length;) {
        if (begins(&text, at, "$${")) {
            text_add(&expansion->out, "${");
            at += 3;
            continue;
        }
        if (!begins(&text, at, "${")) {
            text_add_bytes(&expansion->out, text.text + at++, 1);
            continue;
        }
        size_t length = inside(&text, at);
        struct part part = {text.text + at + 2, length == SIZE_MAX ? 0 : length};
        if (length == SIZE_MAX) {
            document_error(expansion->variables->document, "unterminated-expression",
                           span_of(expansion, text.text + at, 2),
                           "add the }, or write $${ for a plain ${", "this \"${\" is never closed");
            return false;
        }
        if (depth > EXPRESSION_DEPTH_MAX)
            return wrong(expansion, "bad-expression", part, "at most 8 levels",
                         "defaults stand inside each other too deeply");
        fine = evaluate(expansion, part, depth) && fine;
        if (expansion->out.length > EXPRESSION_BYTES_MAX)
            return wrong(expansion, "too-long", part, "at most 8,192 bytes",
                         "this makes the value too long");
        at += length + 3;
    }
    return fine;
}

bool expression_present(const struct node *node)
{
    return node->kind == NODE_SCALAR && memmem(node->text, node->length, "${", 2) != NULL;
}

/* Whether the scalar is one expression and nothing else: then its value is read as if it stood
 * there, quotes or not, since inside of brackets YAML makes one write them. */
static bool whole(const struct node *node)
{
    const struct part text = {node->text, node->length};
    return begins(&text, 0, "${") && inside(&text, 0) == node->length - 3;
}

struct node *expression_expand(struct variables *variables, struct node *node)
{
    struct document *document = variables->document;
    struct expansion expansion = {.variables = variables, .node = node};
    struct node *made = document_node(document, NODE_SCALAR, node->span);
    if (!made)
        return NULL;
    text_add(&expansion.out, "");
    made->faulty = !expand_text(&expansion, (struct part){node->text, node->length}, 0);
    variables->total += expansion.out.length;
    if (variables->total > EXPRESSION_TOTAL_MAX) {
        document_error(document, "too-many-values", node->span, "at most 4 MiB",
                       "the values of all expressions are too long together");
        made = NULL;
    } else {
        made->text = arena_strndup(document->arena, text_get(&expansion.out), expansion.out.length);
        made->length = expansion.out.length;
        made->written = node->text;
        made->secret = expansion.secret;
        made->plain = whole(node) ? !expansion.string && !scalar_is_null(made->text) : node->plain;
    }
    if (expansion.secret && expansion.out.data)
        explicit_bzero(expansion.out.data, expansion.out.length);
    text_fini(&expansion.out);
    return made;
}
