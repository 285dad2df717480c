/*
 * document: the texts of a spec (its file, what that includes, the command line) and its tree, with
 * the exact place of everything.
 *
 * Positions are code points, as libyaml's marks count them. Those of all texts are one line of
 * numbers: each text begins where the one before it ended, so that a span tells its file too. Lines
 * are counted by '\n' alone, which is what an editor and diag do; libyaml would also end a line at
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
#define DOCUMENT_ALL_BYTES_MAX (4 * 1024 * 1024) /* of all texts */
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
    bool faulty;         /* of a scalar: an error in it was reported */
    bool secret;         /* of a scalar: a part of it comes from the environment */
    struct span span;
    const char *text; /* of a scalar */
    size_t length;
    const char *written;   /* of a scalar: as it was before its ${...} were replaced, or NULL */
    struct node *expanded; /* what it was last replaced by, in that pass of variables.c */
    unsigned pass;
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

/* One text. */
struct source {
    struct source *next;
    const char *path; /* as people know it */
    const char *bytes;
    char *owned; /* cleared and freed with the document, or NULL */
    size_t length;
    size_t base;       /* position of its first code point */
    uint32_t *offsets; /* byte offset of each code point, and of the end */
    size_t points;
    size_t *lines; /* first code point of each line, from 0 */
    size_t line_count;
    struct value root;     /* as it was read */
    struct node *whole;    /* with what it includes; NULL: not yet, or it failed */
    bool command_line;     /* a line is KEY=VALUE, and no YAML */
    uint64_t device, file; /* which file it is; of an included one */
};

struct document {
    const char *path; /* of the spec, as given */
    struct arena *arena;
    struct diag *diag;
    struct source *sources, *last_source;
    size_t bytes;     /* of all sources */
    size_t positions; /* so many are taken */
    size_t nodes;     /* of all trees, and of what was made of them */
    struct value root;
    uint64_t reported[DIAG_LIMIT]; /* what was said already: an alias is met more than once */
    size_t reported_count;
};

void document_init(struct document *document, const char *path, struct arena *arena,
                   struct diag *diag);

/* Clears the memory of texts that it owns; places and trees stay. */
void document_close(struct document *document);

/* Takes a text, after a byte order mark. NULL: it is not text; the error was reported. path and
 * bytes are borrowed. */
struct source *document_add(struct document *document, const char *path, const char *bytes,
                            size_t length);

/* Reads YAML: a whole source, or some of its code points, into value. false: nothing usable; the
 * error was reported. */
bool document_read(struct document *document, struct source *source);
bool document_read_part(struct document *document, struct source *source, size_t first, size_t end,
                        struct value *value);

/* The text that a position is in; the first one for a span of nothing. */
struct source *document_source(const struct document *document, size_t position);

struct place document_place(const struct document *document, struct span span);

/* Code points from the value's place to its first one, when its text shows it as it is; -1: it does
 * not (escapes, folded lines, an alias, an expression). */
int document_shows(const struct document *document, const struct value *value);

/* A path in a text, which is relative to the folder of that. In the arena. */
const char *document_resolve(const struct document *document, struct span span, const char *path);

/* Reports once per place, code and hint. false: it was said already. */
bool document_error(struct document *document, const char *code, struct span span, const char *hint,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A warning once per place; a run refuses what it is about. */
void document_not_yet(struct document *document, struct span span, const char *what);

/* The first entry with that key; NULL when there is none. */
struct item *node_find(const struct node *mapping, const char *key);

void node_append(struct node *node, struct item *item);

/* A new node or item of the document. NULL: there are too many; it was reported at span. */
struct node *document_node(struct document *document, enum node_kind kind, struct span span);
bool document_count(struct document *document, struct span span);

/* What a message may show of a scalar: its text, or the expression when that is secret. */
const char *node_shown(const struct node *node);

/* Whether an item of a map with free keys is an entry: a usable name, and not a repeated one. */
bool node_is_entry(const struct node *map, const struct item *item);

/* Where to point for an entry: a scalar itself, but the key of a collection. */
struct span item_span(const struct item *item);

/* Registers a text for findings, with all that could be a secret starred out. */
void document_mask(const struct document *document, const struct source *source);

#endif
