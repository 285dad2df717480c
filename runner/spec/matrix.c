/* matrix: one spec as several cases. */
#include "reuse.h"
#include "scalar.h"

#include <stdio.h>
#include <string.h>

#define COMBINATIONS_MAX 4096
#define EXCLUDES_MAX 1000
#define VALUE_BYTES_MAX 64

static bool bad(struct document *document, struct span span, const char *hint, const char *message)
{
    document_error(document, "bad-matrix", span, hint, "%s", message);
    return false;
}

/* They become names of cases and of folders, in which an expression could show a secret. */
static bool check_value(struct document *document, const struct axis *axis,
                        const struct value *value)
{
    const struct node *node = value->node;
    if (node->kind != NODE_SCALAR || !node->length || (node->plain && scalar_is_null(node->text)))
        return bad(document, value->span, "codec: [pcma, pcmu]",
                   "the values of a matrix are single words or numbers");
    if (node->length > VALUE_BYTES_MAX)
        return bad(document, value->span, "at most 64 bytes",
                   "this value of the matrix is too long");
    for (size_t i = 0; i < node->length; i++)
        if ((unsigned char)node->text[i] < 0x20 || node->text[i] == 0x7f)
            return bad(document, value->span, NULL,
                       "the values of a matrix have no control characters");
    if (strstr(node->text, "${"))
        return bad(document, value->span,
                   "use ${matrix.NAME} together with ${env...} in the groups",
                   "the values of a matrix are the names of its cases and are written out");
    for (size_t i = 0; i < axis->count; i++)
        if (strcmp(axis->values[i]->text, node->text) == 0)
            return bad(document, value->span, "remove one of them",
                       "this value of the matrix is given twice");
    return true;
}

static bool good_name(const struct node *name)
{
    return name->kind == NODE_SCALAR && name->length && name->length <= 64 &&
           strspn(name->text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               name->length;
}

static bool read_axis(struct document *document, struct matrix *matrix, const struct item *item)
{
    const struct node *list = item->value.node;
    if (matrix->axis_count == MATRIX_AXES_MAX)
        return bad(document, item->key.span, "at most 16 keys", "the matrix has too many keys");
    if (!good_name(item->key.node))
        return bad(document, item->key.span, "letters, digits, _ and -",
                   "this cannot be a name in a matrix");
    if (list->kind != NODE_SEQUENCE || !list->count)
        return bad(document, item_span(item), "codec: [pcma, pcmu]",
                   "each key of a matrix has a list of values");
    struct axis *axis = &matrix->axes[matrix->axis_count++];
    bool fine = true;
    *axis = (struct axis){.name = item->key.node->text, .item = item};
    axis->values = arena_array(document->arena, list->count, sizeof(struct node *));
    for (const struct item *value = list->first; value; value = value->next) {
        if (axis->count == COMBINATIONS_MAX) {
            document_error(document, "matrix-too-large", item->key.span, "at most 256 cases",
                           "the matrix has too many values");
            return false;
        }
        bool good = check_value(document, axis, &value->value);
        if (good)
            axis->values[axis->count++] = value->value.node;
        fine = fine && good;
    }
    return fine;
}

/* ---- exclude -----------------------------------------------------------------------------------
 */

static const struct axis *find_axis(const struct matrix *matrix, const char *name)
{
    for (size_t i = 0; i < matrix->axis_count; i++)
        if (strcmp(matrix->axes[i].name, name) == 0)
            return &matrix->axes[i];
    return NULL;
}

static bool unknown(struct document *document, struct span span, const char *word,
                    const char *const *words, size_t count, const char *what)
{
    struct text hint = {0};
    const char *near = text_nearest(word, words, count);
    if (near)
        text_printf(&hint, "did you mean \"%s\"?  ", near);
    text_add(&hint, "(");
    for (size_t i = 0; i < count && i < 16; i++)
        text_printf(&hint, "%s%s", i ? ", " : "", words[i]);
    text_add(&hint, ")");
    document_error(document, "bad-matrix", span, text_get(&hint), "\"%.60s\" is not a %s", word,
                   what);
    text_fini(&hint);
    return false;
}

static bool check_pair(struct document *document, const struct matrix *matrix,
                       const struct item *pair)
{
    const char *words[COMBINATIONS_MAX];
    const struct axis *axis = find_axis(matrix, pair->key.node->text);
    if (!axis) {
        for (size_t i = 0; i < matrix->axis_count; i++)
            words[i] = matrix->axes[i].name;
        return unknown(document, pair->key.span, pair->key.node->text, words, matrix->axis_count,
                       "key of the matrix");
    }
    const struct node *value = pair->value.node;
    if (value->kind != NODE_SCALAR)
        return bad(document, item_span(pair), "exclude: [{ codec: pcmu, transport: tcp }]",
                   "exclude takes one value per key");
    for (size_t i = 0; i < axis->count; i++) {
        words[i] = axis->values[i]->text;
        if (strcmp(words[i], value->text) == 0)
            return true;
    }
    return unknown(document, pair->value.span, value->text, words, axis->count,
                   "value of this key of the matrix");
}

static bool check_excludes(struct document *document, const struct matrix *matrix,
                           const struct item *exclude)
{
    const struct node *list = exclude->value.node;
    bool fine = list->kind == NODE_SEQUENCE && list->count <= EXCLUDES_MAX;
    if (!fine)
        bad(document, item_span(exclude), "exclude: [{ codec: pcmu, transport: tcp }]",
            "exclude is a list of at most 1,000 combinations");
    for (const struct item *entry = fine ? list->first : NULL; entry; entry = entry->next) {
        if (entry->value.node->kind != NODE_MAPPING || !entry->value.node->count)
            fine = bad(document, entry->value.span, "exclude: [{ codec: pcmu, transport: tcp }]",
                       "a combination is a mapping of keys of the matrix to values");
        else
            for (const struct item *pair = entry->value.node->first; pair; pair = pair->next)
                fine = pair->key.node->kind == NODE_SCALAR && check_pair(document, matrix, pair) &&
                       fine;
    }
    return fine;
}

static bool excluded(const struct matrix *matrix, const struct item *exclude, const size_t *choice)
{
    for (const struct item *entry = exclude ? exclude->value.node->first : NULL; entry;
         entry = entry->next) {
        bool match = true;
        for (const struct item *pair = entry->value.node->first; match && pair; pair = pair->next) {
            const struct axis *axis = find_axis(matrix, pair->key.node->text);
            const struct node *value = axis->values[choice[axis - matrix->axes]];
            match = strcmp(value->text, pair->value.node->text) == 0;
        }
        if (match)
            return true;
    }
    return false;
}

/* ---- cases -------------------------------------------------------------------------------------
 */

/* The first key changes slowest, as one reads it. */
static bool list_cases(struct document *document, struct matrix *matrix, const struct item *exclude,
                       struct span at)
{
    size_t product = 1;
    for (size_t i = 0; i < matrix->axis_count; i++) {
        product *= matrix->axes[i].count;
        if (product > COMBINATIONS_MAX)
            break;
    }
    matrix->cases = arena_array(document->arena, MATRIX_CASES_MAX, sizeof *matrix->cases);
    matrix->case_count = 0;
    for (size_t n = 0; n < product && product <= COMBINATIONS_MAX; n++) {
        size_t choice[MATRIX_AXES_MAX] = {0}, rest = n;
        for (size_t i = matrix->axis_count; i-- > 0;) {
            choice[i] = rest % matrix->axes[i].count;
            rest /= matrix->axes[i].count;
        }
        if (excluded(matrix, exclude, choice))
            continue;
        if (matrix->case_count < MATRIX_CASES_MAX)
            memcpy(matrix->cases[matrix->case_count], choice, sizeof choice);
        matrix->case_count++;
    }
    if (product > COMBINATIONS_MAX || matrix->case_count > MATRIX_CASES_MAX) {
        document_error(document, "matrix-too-large", at,
                       "at most 256; take values away, or name combinations under exclude",
                       product > COMBINATIONS_MAX ? "the matrix makes more than 4,096 cases"
                                                  : "the matrix makes %zu cases",
                       matrix->case_count);
        return false;
    }
    if (!matrix->case_count)
        return bad(document, at, "leave at least one combination", "exclude leaves no case");
    return true;
}

static bool read_matrix(struct document *document, struct matrix *matrix, const struct item *item)
{
    const struct item *exclude = NULL;
    const struct node *node = item->value.node;
    if (node->kind != NODE_MAPPING)
        return bad(document, item_span(item), "matrix: { codec: [pcma, pcmu] }",
                   "matrix must be a mapping of names to lists of values");
    bool fine = true;
    for (const struct item *entry = node->first; entry; entry = entry->next) {
        if (entry->key.node->kind == NODE_SCALAR && strcmp(entry->key.node->text, "exclude") == 0)
            exclude = entry;
        else
            fine = read_axis(document, matrix, entry) && fine;
    }
    if (fine && !matrix->axis_count)
        return bad(document, item->key.span, "matrix: { codec: [pcma, pcmu] }",
                   "the matrix has no values");
    if (fine && exclude)
        fine = check_excludes(document, matrix, exclude);
    return fine && list_cases(document, matrix, exclude, item->key.span);
}

void matrix_apply(struct document *document, struct matrix *matrix)
{
    const struct item *item = node_take(document->root.node, "matrix");
    *matrix = (struct matrix){.case_count = 1};
    if (item && !read_matrix(document, matrix, item))
        *matrix = (struct matrix){.case_count = 1, .faulty = true};
}

const char *matrix_case_name(const struct document *document, const struct matrix *matrix,
                             size_t index)
{
    struct text name = {0};
    if (!matrix->axis_count)
        return NULL;
    for (size_t i = 0; i < matrix->axis_count; i++)
        text_printf(&name, "%s%s=%s", i ? "," : "", matrix->axes[i].name,
                    matrix->axes[i].values[matrix->cases[index][i]]->text);
    const char *kept = arena_strdup(document->arena, text_get(&name));
    text_fini(&name);
    return kept;
}
