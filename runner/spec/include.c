/* include: [common.yaml, ...]: mappings of other files, under those of the file itself. */
#include "reuse.h"
#include "scalar.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct include {
    struct document *document;
    struct source *chain[INCLUDE_DEPTH_MAX + 1]; /* from the spec to the file at hand */
    size_t depth, files;
    bool failed;
};

static struct node *resolve(struct include *include, struct source *source);

static void identify(struct source *source)
{
    struct stat status;
    if (stat(source->path, &status) == 0) {
        source->device = (uint64_t)status.st_dev;
        source->file = (uint64_t)status.st_ino;
    }
}

static struct source *find_file(const struct document *document, const struct stat *status)
{
    for (struct source *source = document->sources; source; source = source->next)
        if (source->file == (uint64_t)status->st_ino && source->device == (uint64_t)status->st_dev)
            return source;
    return NULL;
}

static void report_loop(struct include *include, struct span span, const struct source *again)
{
    struct text chain = {0};
    size_t i = 0;
    while (include->chain[i] != again)
        i++;
    for (; i <= include->depth; i++)
        text_printf(&chain, "%.200s -> ", include->chain[i]->path);
    text_add(&chain, again->path);
    document_error(include->document, "include-loop", span, "remove one of these includes",
                   "this file includes itself: %.400s", text_get(&chain));
    text_fini(&chain);
}

/* NULL after a report. A file that is included from several places is read once. */
static struct source *open_file(struct include *include, const char *path, struct span span)
{
    struct document *document = include->document;
    struct stat status;
    if (stat(path, &status) == 0) {
        struct source *known = find_file(document, &status);
        if (known)
            return known;
    }
    if (++include->files > INCLUDE_FILES_MAX) {
        document_error(document, "too-many-includes", span, "at most 256 files",
                       "the spec includes too many files");
        return NULL;
    }
    size_t length;
    const char *why;
    char *bytes = text_read_file(path, DOCUMENT_BYTES_MAX, &length, &why);
    if (!bytes) {
        document_error(document, "include-not-found", span,
                       "the path is relative to the folder of this file", "%.200s: %s", path, why);
        return NULL;
    }
    /* Findings outlive the document, and so must their file's name. */
    const char *name = diag_source(document->diag, path, "", 0);
    struct source *source = document_add(document, name, bytes, length);
    if (!source) {
        explicit_bzero(bytes, length);
        free(bytes);
        return NULL;
    }
    source->owned = bytes;
    identify(source);
    bool read = document_read(document, source);
    document_mask(document, source);
    return read ? source : NULL;
}

static struct node *include_file(struct include *include, const struct value *name)
{
    struct document *document = include->document;
    const struct node *node = name->node;
    if (node->kind != NODE_SCALAR || !node->length || (node->plain && scalar_is_null(node->text)) ||
        strlen(node->text) != node->length) {
        document_error(document, "wrong-type", name->span, "include: [common.yaml]",
                       "include takes the name of a file, or a list of names");
        return NULL;
    }
    if (strstr(node->text, "${")) {
        document_error(document, "bad-include", name->span, "write the name itself",
                       "files are included before variables are known");
        return NULL;
    }
    const char *path = document_resolve(document, name->span, node->text);
    struct source *source = open_file(include, path, name->span);
    if (!source || source->whole)
        return source ? source->whole : NULL;
    for (size_t i = 0; i <= include->depth; i++)
        if (include->chain[i] == source) {
            report_loop(include, name->span, source);
            return NULL;
        }
    if (!source->root.node) /* it could not be read, which was reported */
        return NULL;
    if (include->depth == INCLUDE_DEPTH_MAX) {
        document_error(document, "include-too-deep", name->span, "at most 16 levels",
                       "files include each other too deeply");
        return NULL;
    }
    include->chain[++include->depth] = source;
    struct node *whole = resolve(include, source);
    include->depth--;
    return whole;
}

/* A later file of a list stands over the ones before it. */
static struct node *include_list(struct include *include, struct node *whole,
                                 const struct item *item)
{
    if (!item || !whole)
        return whole;
    whole = include_list(include, whole, item->next);
    const struct node *under = include_file(include, &item->value);
    include->failed = include->failed || !under;
    if (!under || !whole)
        return whole;
    return node_merge(include->document, whole, under, item->value.span);
}

static struct node *resolve(struct include *include, struct source *source)
{
    struct node *whole = node_copy(include->document, source->root.node);
    struct item *item = whole ? node_take(whole, "include") : NULL;
    if (item) {
        const struct item single = {.value = item->value};
        bool list = item->value.node->kind == NODE_SEQUENCE;
        if (list && item->value.node->count > INCLUDE_FILES_MAX) {
            document_error(include->document, "too-many-includes", item->key.span,
                           "at most 256 files", "the spec includes too many files");
            include->failed = true;
            return NULL;
        }
        whole = include_list(include, whole, list ? item->value.node->first : &single);
    }
    include->failed = include->failed || !whole;
    source->whole = whole;
    return whole;
}

bool include_apply(struct document *document)
{
    struct include include = {.document = document};
    identify(document->sources);
    include.chain[0] = document->sources;
    document->root = document->sources->root;
    document->root.node = resolve(&include, document->sources);
    return !include.failed;
}
