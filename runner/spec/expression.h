/* expression: ${env.NAME}, ${env.NAME:-default}, ${vars.NAME}, ${matrix.NAME} in a scalar. */
#ifndef CMTEST_SPEC_EXPRESSION_H
#define CMTEST_SPEC_EXPRESSION_H

#include "reuse.h"

#define EXPRESSION_BYTES_MAX 8192              /* of a scalar after it */
#define EXPRESSION_DEPTH_MAX 8                 /* of defaults in defaults */
#define EXPRESSION_TOTAL_MAX (4 * 1024 * 1024) /* of all scalars of all cases */

enum variable_state { VARIABLE_NEW, VARIABLE_OPEN, VARIABLE_KNOWN, VARIABLE_FAULTY };

struct variable {
    const char *name;
    const struct item *item;
    bool faulty;               /* an error in its value was reported */
    enum variable_state state; /* in the case at hand */
    const struct node *value;
};

struct variables {
    struct document *document;
    const struct matrix *matrix;
    struct variable *list;
    size_t count;
    bool unknown; /* vars is no mapping, which was reported */
    size_t index; /* of the case */
    unsigned pass;
    size_t total;
    struct variable *open[DOCUMENT_KEYS_MAX]; /* those that are being expanded, in each other */
    size_t open_count;
    bool used[MATRIX_AXES_MAX];
    bool exhausted;
};

bool expression_present(const struct node *node);

/* A scalar with its expressions replaced: a new node; faulty after an error. NULL: too much. */
struct node *expression_expand(struct variables *variables, struct node *node);

/* The value of one of vars; NULL after an error. */
const struct node *variables_value(struct variables *variables, struct variable *variable);

#endif
