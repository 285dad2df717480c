#include "accounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Findings per file: a file in a wrong format must not crowd out what is wrong with the spec. */
#define LINES_REPORTED 10

struct reader {
    struct check *check;
    const char *file; /* diag's copy of its name */
    struct account_file *accounts;
    size_t wrong;
};

/* NULL, or what is wrong: it becomes the user part of a SIP URI as it is (RFC 3261, 25.1). */
static const char *username_fault(const char *name, size_t length)
{
    if (!length)
        return "the username is empty";
    for (size_t i = 0; i < length; i++) {
        if (name[i] == ' ' || name[i] == '\t')
            return "the username has white space in it";
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                    "-_.!~*'()&=+$,;?/",
                    name[i]) ||
            !name[i])
            return "the username has a character that the user part of a SIP URI cannot have";
    }
    return NULL;
}

static void check_list(struct check *check, const struct node *list)
{
    for (struct item *item = list->first; item; item = item->next) {
        if (item->bad || item->value.node->kind != NODE_MAPPING)
            continue;
        struct item *name = node_find(item->value.node, "username");
        if (!name || name->bad)
            continue;
        const struct node *node = name->value.node;
        const char *fault = username_fault(node->text, node->length);
        if (!fault)
            continue;
        name->bad = true;
        document_error(check->document, "bad-username", item_span(name),
                       "letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? /", "%s", fault);
    }
}

static void wrong_line(struct reader *reader, struct account_line at, size_t column, size_t width,
                       const char *message)
{
    struct diag *diag = reader->check->document->diag;
    if (++reader->wrong > LINES_REPORTED)
        return;
    struct place place = {.file = reader->file,
                          .line = (int)at.line + 1,
                          .column = (int)column + 1,
                          .width = width ? (int)width : 1};
    diag_add(diag, DIAG_ERROR, "bad-account", place, "username:password", "%s", message);
}

/* It belongs to the password, but seldom by intent. */
static void trailing_space(const struct reader *reader, size_t line, size_t column)
{
    struct place place = {
        .file = reader->file, .line = (int)line + 1, .column = (int)column + 1, .width = 1};
    diag_add(reader->check->document->diag, DIAG_WARNING, "trailing-space", place,
             "it is taken as a part of it", "the password ends with a space");
}

static bool valid_utf8(const char *bytes, size_t length)
{
    for (size_t at = 0, step; at < length; at += step) {
        step = text_utf8_length(bytes + at, length - at);
        if (!step)
            return false;
    }
    return true;
}

static bool has_control(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
            return true;
    return false;
}

static void read_line(struct reader *reader, const char *line, size_t length, size_t number)
{
    struct account_line account = {.line = number};
    size_t blank = strspn(line, " \t");
    if (blank >= length || line[blank] == '#')
        return;
    const char *colon = memchr(line, ':', length);
    if (!colon) {
        wrong_line(reader, account, 0, 1, "this line has no colon");
        return;
    }
    size_t name = (size_t)(colon - line), secret = length - name - 1;
    const char *fault = username_fault(line, name);
    if (fault)
        wrong_line(reader, account, 0, valid_utf8(line, name) ? name : 1, fault);
    else if (name > 120 || secret > 256)
        wrong_line(reader, account, 0, name, "the username or the password is too long");
    else if (!secret)
        wrong_line(reader, account, name, 1, "the password is empty");
    else if (!valid_utf8(colon + 1, secret))
        wrong_line(reader, account, name, 1, "the password is not valid UTF-8");
    else if (has_control(colon + 1, secret))
        wrong_line(reader, account, name, 1, "the password has a control character in it");
    else {
        struct arena *arena = reader->check->document->arena;
        account.username = arena_strndup(arena, line, name);
        account.password = arena_strndup(arena, colon + 1, secret);
        reader->accounts->accounts[reader->accounts->count++] = account;
        if (colon[secret] == ' ')
            trailing_space(reader, number, name + secret);
    }
}

/* What findings may show of the file: user names; all else is starred out. */
static const char *register_masked(struct diag *diag, const char *path, const char *bytes,
                                   size_t length)
{
    struct text masked = {0};
    text_add(&masked, "");
    for (size_t at = 0; at < length;) {
        const char *line = bytes + at, *newline = memchr(line, '\n', length - at);
        size_t end = newline ? (size_t)(newline - line) : length - at, show = 0;
        const char *colon = memchr(line, ':', end);
        if (colon)
            show = (size_t)(colon - line) + 1;
        text_add_bytes(&masked, line, show);
        for (size_t i = show, step; i < end; i += step ? step : 1) {
            step = text_utf8_length(line + i, end - i);
            text_add(&masked, line[i] == '\r' ? "\r" : "*");
        }
        if (newline)
            text_add(&masked, "\n");
        at += end + (newline ? 1 : 0);
    }
    const char *name = diag_source(diag, path, text_get(&masked), masked.length);
    text_fini(&masked);
    return name;
}

static int by_name(const void *a, const void *b)
{
    const struct account_line *x = a, *y = b;
    int order = strcmp(x->username, y->username);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static int by_line(const void *a, const void *b)
{
    const struct account_line *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* A user name that is there twice keeps its first line. */
static void drop_duplicates(struct reader *reader)
{
    struct account_file *file = reader->accounts;
    struct account_line *accounts = file->accounts;
    size_t kept = 0, dropped = 0;
    if (!file->count)
        return;
    qsort(accounts, file->count, sizeof *accounts, by_name);
    for (size_t i = 0; i < file->count; i++) {
        if (!kept || strcmp(accounts[kept - 1].username, accounts[i].username) != 0) {
            accounts[kept++] = accounts[i];
            continue;
        }
        struct place place = {.file = reader->file,
                              .line = (int)accounts[i].line + 1,
                              .column = 1,
                              .width = (int)strlen(accounts[i].username)};
        if (++dropped <= LINES_REPORTED)
            diag_add(reader->check->document->diag, DIAG_WARNING, "duplicate-account", place,
                     "this line is not used", "%s is already on line %zu", accounts[i].username,
                     accounts[kept - 1].line + 1);
    }
    file->count = kept;
    qsort(accounts, kept, sizeof *accounts, by_line);
}

static void read_lines(struct reader *reader, const char *bytes, size_t length)
{
    size_t number = 0;
    for (size_t at = 0; at < length; number++) {
        const char *newline = memchr(bytes + at, '\n', length - at);
        size_t end = newline ? (size_t)(newline - bytes) : length;
        size_t stop = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
        char *line = mem_alloc(stop - at + 1);
        memcpy(line, bytes + at, stop - at);
        read_line(reader, line, stop - at, number);
        explicit_bzero(line, stop - at);
        free(line);
        at = end + 1;
    }
    if (reader->wrong > LINES_REPORTED)
        diag_add(reader->check->document->diag, DIAG_ERROR, "bad-account",
                 (struct place){.file = reader->file}, NULL, "%zu more lines are wrong",
                 reader->wrong - LINES_REPORTED);
}

static void check_file(struct check *check, struct item *item, struct item *name)
{
    struct document *document = check->document;
    const char *why;
    const char *path = document_resolve(document, name->value.span, name->value.node->text);
    size_t length, lines = 1;
    char *bytes = text_read_file(path, ACCOUNT_FILE_BYTES_MAX, &length, &why);
    if (bytes && length > ACCOUNT_FILES_BYTES_MAX - check->file_bytes) {
        why = "the files of accounts are too large together";
        explicit_bzero(bytes, length);
        free(bytes);
        bytes = NULL;
    }
    if (!bytes) {
        item->bad = true;
        places_fault(check->places, text_get(&check->path));
        document_error(document, "cannot-read", item_span(name),
                       "the path is relative to the folder of the spec", "%s: %s", path, why);
        return;
    }
    check->file_bytes += length;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    struct account_file *accounts = arena_alloc(document->arena, sizeof *accounts);
    accounts->accounts = arena_array(document->arena, lines, sizeof *accounts->accounts);
    struct reader reader = {.check = check, .accounts = accounts};
    size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    /* A path from the environment is no more to be shown than another value from there. */
    const char *known = name->value.node->secret ? node_shown(name->value.node) : path;
    reader.file = register_masked(document->diag, known, bytes + mark, length - mark);
    read_lines(&reader, bytes + mark, length - mark);
    explicit_bzero(bytes, length);
    free(bytes);
    drop_duplicates(&reader);
    item->accounts = accounts;
    accounts->faulty = reader.wrong > 0;
    if (reader.wrong)
        places_fault(check->places, text_get(&check->path));
    else if (!accounts->count)
        document_error(document, "not-enough-accounts", item_span(name), "username:password",
                       "%s holds no account", path);
}

void accounts_check(struct check *check, struct item *item)
{
    const struct node *node = item->value.node;
    if (node->kind == NODE_SEQUENCE) {
        check_list(check, node);
        return;
    }
    struct item *file = node_find(node, "file");
    if (item->accounts) { /* an earlier case of the matrix has read it */
        if (item->accounts->faulty)
            places_fault(check->places, text_get(&check->path));
    } else if (file && !file->bad) {
        check_file(check, item, file);
    }
}
