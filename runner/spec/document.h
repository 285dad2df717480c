/*
 * document: the text of a spec and its tree, with the exact place of everything.
 *
 * Positions are code points from the start of the text, as libyaml's marks count them. Lines are
 * counted by '\n' alone, which is what an editor and diag do; libyaml would also end a line at
 * U+2028 and the like, so its own line numbers are not used.
 */
#ifndef CMTEST_SPEC_DOCUMENT_H
#define CMTEST_SPEC_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/arena.h"
#include "cmtest/diag.h"

#define DOCUMENT_BYTES_MAX (1024 * 1024)
#define DOCUMENT_DEPTH_MAX 64
#define DOCUMENT_NODES_MAX 100000
#define DOCUMENT_KEYS_MAX 1000
#define DOCUMENT_ANCHORS_MAX 1000

struct span {
    size_t start, end;
};

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

struct node {
    enum node_kind kind;
    bool plain; /* a scalar without quotes or a string tag: may be a number or null */
    bool flow;
    bool marked, masked; /* mask.c has seen it */
    bool closed;         /* complete; an alias to an open node would be a loop */
    struct span span;
    const char *text; /* of a scalar */
    size_t length;
    struct item *first, *last; /* of a collection */
    struct item *merges;       /* `<<` entries */
    size_t count;
};

/* A node where it is used: through an alias the span is that of the alias. */
struct value {
    struct node *node;
    struct span span;
};

struct account_file;

/* An entry of a sequence (key.node is NULL) or of a mapping. */
struct item {
    struct item *next;
    struct value key, value;
    bool bad;                            /* an error was found: it must not be bound */
    const struct account_file *accounts; /* of an accounts field: the file that it names */
};

struct document {
    const char *path; /* as given, for people */
    const char *bytes;
    size_t length;
    struct arena *arena;
    struct diag *diag;
    uint32_t *offsets; /* byte offset of each code point, and of the end */
    size_t points;
    size_t *lines; /* first code point of each line */
    size_t line_count;
    struct value root;
    uint64_t reported[DIAG_LIMIT]; /* what was said already: an alias is met more than once */
    size_t reported_count;
};

/* Takes the text, after a byte order mark. false: it is not text; the error was reported. */
bool document_init(struct document *document, const char *path, const char *bytes, size_t length,
                   struct arena *arena, struct diag *diag);

/* Reads the YAML into root. false: nothing usable; the error was reported. */
bool document_read(struct document *document);

struct place document_place(const struct document *document, struct span span);

/* Reports once per place, code and hint. */
void document_error(struct document *document, const char *code, struct span span, const char *hint,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The first entry with that key; NULL when there is none. */
struct item *node_find(const struct node *mapping, const char *key);

void node_append(struct node *node, struct item *item);

/* Whether an item of a map with free keys is an entry: a usable name, and not a repeated one. */
bool node_is_entry(const struct node *map, const struct item *item);

/* Where to point for an entry: a scalar itself, but the key of a collection. */
struct span item_span(const struct item *item);

/* Registers the text for findings, with all that could be a secret starred out. tree: it was read.
 */
void document_mask(const struct document *document, bool tree);

#endif
