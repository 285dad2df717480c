#include "expression.h"
#include "scalar.h"

#include <string.h>

static bool good_name(const struct node *key)
{
    return key->length < 200 &&
           strspn(key->text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               key->length;
}

static bool single_value(const struct node *value)
{
    return value->kind == NODE_SCALAR && strlen(value->text) == value->length &&
           !(value->plain && scalar_is_null(value->text));
}

struct variables *variables_new(struct document *document, const struct matrix *matrix)
{
    struct variables *variables = arena_alloc(document->arena, sizeof *variables);
    const struct item *vars = node_take(document->root.node, "vars");
    const struct node *mapping = vars ? vars->value.node : NULL;
    *variables = (struct variables){.document = document, .matrix = matrix};
    if (mapping && mapping->kind != NODE_MAPPING) {
        document_error(document, "wrong-type", item_span(vars), "vars: { codec: pcma }",
                       "vars must be a mapping of names to values");
        variables->unknown = true;
        mapping = NULL;
    }
    variables->list =
        arena_array(document->arena, mapping ? mapping->count : 0, sizeof *variables->list);
    for (const struct item *item = mapping ? mapping->first : NULL; item; item = item->next) {
        if (!node_is_entry(mapping, item))
            continue; /* which was reported */
        struct variable *variable = &variables->list[variables->count++];
        *variable = (struct variable){.name = item->key.node->text, .item = item};
        if (!good_name(item->key.node))
            document_error(document, "bad-name", item->key.span, "letters, digits, _ and -",
                           "this cannot be the name of a variable");
        variable->faulty = !single_value(item->value.node);
        if (variable->faulty)
            document_error(document, "wrong-type", item_span(item), "codec: pcma",
                           "a variable has a single value");
    }
    return variables;
}

const struct node *variables_value(struct variables *variables, struct variable *variable)
{
    if (variable->state != VARIABLE_NEW)
        return variable->value;
    struct node *node = variable->item->value.node;
    variable->value = node;
    if (expression_present(node)) {
        variable->state = VARIABLE_OPEN;
        variables->open[variables->open_count++] = variable;
        struct node *made = expression_expand(variables, node);
        variables->open_count--;
        variables->exhausted = variables->exhausted || !made;
        variable->value = made && !made->faulty ? made : NULL;
    }
    variable->state = variable->value ? VARIABLE_KNOWN : VARIABLE_FAULTY;
    return variable->value;
}

static struct node *expand(struct variables *variables, struct node *node);

/* A copy as soon as one of its values changes. */
static struct node *expand_items(struct variables *variables, struct node *node)
{
    struct node *made = node;
    struct item *copy = node->first;
    for (struct item *item = node->first; item; item = item->next, copy = copy->next) {
        struct node *value = expand(variables, item->value.node);
        if (!value)
            return NULL;
        if (value != item->value.node && made == node) {
            made = node_copy(variables->document, node);
            if (!made)
                return NULL;
            copy = made->first;
            for (struct item *at = node->first; at != item; at = at->next)
                copy = copy->next;
        }
        copy->value.node = value;
    }
    return made;
}

/* Once per node and case, however many aliases lead to it. */
static struct node *expand(struct variables *variables, struct node *node)
{
    if (node->pass == variables->pass)
        return node->expanded;
    struct node *made = node;
    if (node->kind != NODE_SCALAR)
        made = expand_items(variables, node);
    else if (expression_present(node))
        made = expression_expand(variables, node);
    node->pass = variables->pass;
    node->expanded = made;
    if (made) {
        made->pass = variables->pass;
        made->expanded = made;
    }
    return made;
}

struct node *variables_expand(struct variables *variables, struct node *root, size_t index)
{
    variables->index = index;
    variables->pass++;
    for (size_t i = 0; i < variables->count; i++)
        variables->list[i].state = variables->list[i].faulty ? VARIABLE_FAULTY : VARIABLE_NEW;
    /* All of them: one that is not used may be used after the next edit. */
    for (size_t i = 0; i < variables->count; i++)
        variables_value(variables, &variables->list[i]);
    struct node *made = expand(variables, root);
    return variables->exhausted ? NULL : made;
}

bool variables_used(const struct variables *variables, size_t axis)
{
    return variables->used[axis];
}
