/*
 * reuse: the stages between the texts of a spec and its check. Each takes the tree of the one
 * before and leaves the parsed trees as they are: what changes is copied, so that an anchor, an
 * included file, or another case sees what was written.
 *
 *   include -> --set -> defaults -> matrix -> per case: ${...} -> check
 *
 * include, vars, defaults and matrix are gone from the tree after that.
 */
#ifndef CMTEST_SPEC_REUSE_H
#define CMTEST_SPEC_REUSE_H

#include "document.h"

#define INCLUDE_DEPTH_MAX 16
#define INCLUDE_FILES_MAX 256
#define MATRIX_CASES_MAX 256
#define MATRIX_AXES_MAX 16

/* ---- graft.c: trees from trees. NULL: too much; it was reported. ------------------------------
 */

/* A copy of the node itself; what it holds is shared. */
struct node *node_copy(struct document *document, const struct node *node);

/* A mapping with the entries of own, and those of under that own does not have; mappings that both
 * have are merged in the same way. at: where to report that it is too much. */
struct node *node_merge(struct document *document, const struct node *own, const struct node *under,
                        struct span at);

/* Removes the first entry with that key from a mapping that nobody else has; NULL: none. */
struct item *node_take(struct node *mapping, const char *key);

/* ---- the stages --------------------------------------------------------------------------------
 */

/* include.c: document->root becomes a mapping of its own, with what it includes. false: something
 * is missing of it, which was reported; what is there says little then. */
bool include_apply(struct document *document);

/* settings.c: KEY=VALUE of the command line over document->root, as far as they are right. */
void settings_apply(struct document *document, const char *const *settings, size_t count);

/* defaults.c: into each group. false: too much; it was reported. */
bool defaults_apply(struct document *document);

/* matrix.c */
struct axis {
    const char *name;
    const struct item *item;
    const struct node **values;
    size_t count;
};

struct matrix {
    struct axis axes[MATRIX_AXES_MAX];
    size_t axis_count;
    size_t (*cases)[MATRIX_AXES_MAX]; /* of each case, the index of the value on each axis */
    size_t case_count;                /* at least 1 */
    bool faulty; /* an error was reported: there is one case, in which no axis has a value */
};

/* Takes matrix out of document->root; without one there is one case and no axis. */
void matrix_apply(struct document *document, struct matrix *matrix);

/* "codec=pcma,transport=udp" in the arena; NULL without a matrix. */
const char *matrix_case_name(const struct document *document, const struct matrix *matrix,
                             size_t index);

/* variables.c */
struct variables;

/* Takes vars out of document->root. */
struct variables *variables_new(struct document *document, const struct matrix *matrix);

/* The tree of a case with its ${...} replaced. A scalar with an error in it is marked faulty. NULL:
 * too much; it was reported. */
struct node *variables_expand(struct variables *variables, struct node *root, size_t index);

/* Whether an expression used that axis of the matrix. */
bool variables_used(const struct variables *variables, size_t axis);

#endif
