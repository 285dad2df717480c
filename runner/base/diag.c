#include "cmtest/diag.h"
#include "cmtest/arena.h"
#include "redact.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MARKS_MAX 4096
#define SECRET_PLACES_MAX 256

struct source_text {
    char *file;
    char *bytes;
    size_t length;
};

struct diag {
    struct finding *findings;
    size_t count, dropped, errors, warnings;
    struct finding *last; /* that was added; NULL when it was dropped, or moved by sorting */
    bool sorted;
    struct source_text *sources;
    size_t source_count;
    struct secret *secrets;
    size_t secret_count;
    uint64_t *marks; /* of what was added, also of what was dropped: nothing is said twice */
    size_t mark_count;
};

struct diag *diag_new(void)
{
    struct diag *diag = mem_alloc(sizeof *diag);
    diag->findings = mem_array(DIAG_LIMIT, sizeof *diag->findings);
    return diag;
}

void diag_free(struct diag *diag)
{
    if (!diag)
        return;
    for (size_t i = 0; i < diag->count; i++) {
        struct finding *finding = &diag->findings[i];
        for (size_t j = 0; j < finding->related_count; j++)
            free(finding->related[j].message);
        free(finding->message);
        free(finding->hint);
    }
    for (size_t i = 0; i < diag->source_count; i++) {
        free(diag->sources[i].file);
        free(diag->sources[i].bytes);
    }
    for (size_t i = 0; i < diag->secret_count; i++) {
        explicit_bzero(diag->secrets[i].value, strlen(diag->secrets[i].value));
        free(diag->secrets[i].value);
        free(diag->secrets[i].shown);
    }
    free(diag->secrets);
    free(diag->marks);
    free(diag->findings);
    free(diag->sources);
    free(diag);
}

const char *diag_source(struct diag *diag, const char *file, const char *bytes, size_t length)
{
    diag->sources = mem_grow(diag->sources, diag->source_count + 1, sizeof *diag->sources);
    struct source_text *source = &diag->sources[diag->source_count++];
    source->file = mem_strdup(file);
    source->bytes = mem_alloc(length + 1);
    memcpy(source->bytes, bytes, length);
    source->length = length;
    return source->file;
}

void diag_secret(struct diag *diag, const char *value, const char *shown, struct place place)
{
    if (!*value)
        return;
    for (size_t i = 0; i < diag->secret_count; i++) {
        const struct secret *old = &diag->secrets[i];
        if (strcmp(old->value, value) == 0 && strcmp(old->shown, shown) == 0 &&
            (diag->secret_count > SECRET_PLACES_MAX ||
             (old->place.line == place.line && old->place.column == place.column)))
            return;
    }
    diag->secrets = mem_grow(diag->secrets, diag->secret_count + 1, sizeof *diag->secrets);
    diag->secrets[diag->secret_count++] =
        (struct secret){mem_strdup(value), mem_strdup(shown), place};
}

static char *public_words(const struct diag *diag, const struct place *place, const char *words)
{
    if (!diag->secret_count)
        return mem_strdup(words);
    return redact(diag->secrets, diag->secret_count, place, words);
}

static uint64_t mark(uint64_t seed, const char *words)
{
    for (; *words; words++)
        seed = (seed ^ (unsigned char)*words) * UINT64_C(1099511628211);
    return seed;
}

/* The cases of a matrix have most of their mistakes in common. */
static bool said(struct diag *diag, const struct finding *finding)
{
    uint64_t now = mark(UINT64_C(14695981039346656037), finding->code);
    now = mark(now, finding->place.file ? finding->place.file : "");
    now = (now ^ (uint64_t)finding->place.line << 32 ^ (uint64_t)finding->place.column) * 31;
    now = mark(mark(now, finding->message), finding->hint ? finding->hint : "");
    for (size_t i = 0; i < diag->mark_count; i++)
        if (diag->marks[i] == now)
            return true;
    if (diag->mark_count == MARKS_MAX)
        return false;
    diag->marks = mem_grow(diag->marks, diag->mark_count + 1, sizeof *diag->marks);
    diag->marks[diag->mark_count++] = now;
    return false;
}

static void keep(struct diag *diag, struct finding *finding)
{
    diag->last = NULL;
    if (!said(diag, finding)) {
        if (finding->severity == DIAG_ERROR)
            diag->errors++;
        else
            diag->warnings++;
        if (diag->count < DIAG_LIMIT) {
            diag->last = &diag->findings[diag->count++];
            *diag->last = *finding;
            diag->sorted = false;
            return;
        }
        diag->dropped++;
    }
    free(finding->message);
    free(finding->hint);
}

void diag_add(struct diag *diag, enum diag_severity severity, const char *code, struct place place,
              const char *hint, const char *format, ...)
{
    struct text message = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    struct finding finding = {
        .severity = severity,
        .code = code,
        .place = place,
        .message = public_words(diag, &place, text_get(&message)),
        .hint = hint ? public_words(diag, &place, hint) : NULL,
    };
    text_fini(&message);
    keep(diag, &finding);
}

void diag_related(struct diag *diag, struct place place, const char *format, ...)
{
    struct finding *finding = diag->last;
    if (!finding || finding->related_count == DIAG_RELATED_MAX)
        return;
    struct text message = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&message, format, args);
    va_end(args);
    finding->related[finding->related_count++] = (struct related){
        .place = place,
        .message = public_words(diag, &place, text_get(&message)),
    };
    text_fini(&message);
}

void diag_promote(struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++)
        diag->findings[i].severity = DIAG_ERROR;
    diag->errors += diag->warnings;
    diag->warnings = 0;
}

size_t diag_errors(const struct diag *diag)
{
    return diag->errors;
}

void diag_promote_code(struct diag *diag, const char *code)
{
    size_t kept = 0, promoted = 0;
    for (size_t i = 0; i < diag->count; i++) {
        struct finding *finding = &diag->findings[i];
        if (finding->severity == DIAG_ERROR)
            continue;
        kept++;
        if (strcmp(finding->code, code) != 0)
            continue;
        finding->severity = DIAG_ERROR;
        promoted++;
    }
    promoted += diag->warnings - kept;
    diag->errors += promoted;
    diag->warnings -= promoted;
}

size_t diag_warnings(const struct diag *diag)
{
    return diag->warnings;
}

size_t diag_dropped(const struct diag *diag)
{
    return diag->dropped;
}

size_t diag_count(const struct diag *diag)
{
    return diag->count;
}

static bool after(const struct finding *a, const struct finding *b)
{
    int files = strcmp(a->place.file ? a->place.file : "", b->place.file ? b->place.file : "");
    if (files)
        return files > 0;
    if (a->place.line != b->place.line)
        return a->place.line > b->place.line;
    return a->place.column > b->place.column;
}

/* Insertion sort: stable, and there are at most DIAG_LIMIT. */
static void sort(struct diag *diag)
{
    for (size_t i = 1; i < diag->count; i++) {
        struct finding moving = diag->findings[i];
        size_t j = i;
        for (; j && after(&diag->findings[j - 1], &moving); j--)
            diag->findings[j] = diag->findings[j - 1];
        diag->findings[j] = moving;
    }
    diag->sorted = true;
    diag->last = NULL;
}

const struct finding *diag_get(struct diag *diag, size_t index)
{
    if (!diag->sorted)
        sort(diag);
    return &diag->findings[index];
}

bool diag_line(const struct diag *diag, const struct place *place, const char **line,
               size_t *length)
{
    for (size_t i = place->file && place->line > 0 ? diag->source_count : 0; i-- > 0;) {
        const struct source_text *source = &diag->sources[i];
        if (strcmp(source->file, place->file) != 0)
            continue;
        const char *at = source->bytes, *end = at + source->length;
        for (int n = 1; n < place->line && at; n++) {
            at = memchr(at, '\n', (size_t)(end - at));
            at = at ? at + 1 : NULL;
        }
        if (!at || at > end)
            return false;
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        *line = at;
        *length = (size_t)((stop ? stop : end) - at);
        while (*length && at[*length - 1] == '\r')
            --*length;
        return true;
    }
    return false;
}
