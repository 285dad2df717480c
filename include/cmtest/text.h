/*
 * text: a growing byte string for output that is put together piece by piece, and the small
 * string helpers that every module needs.
 *
 * A struct text is embedded by its owner: text_init() or `struct text t = {0}`, text_fini().
 * data is always NUL-terminated once something was added; NULL while empty. Not thread-safe.
 */
#ifndef CMTEST_TEXT_H
#define CMTEST_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdarg.h>

struct text {
    char *data;
    size_t length;
    size_t capacity;
};

void text_init(struct text *text);
void text_fini(struct text *text);
void text_clear(struct text *text);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
/* The place behind what there is, with room for so much more, to be filled by who knows how; then
 * text_end() with the place behind the last byte. */
char *text_room(struct text *text, size_t more);
void text_end(struct text *text, char *end);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* The string so far, never NULL; borrowed until the next change. */
const char *text_get(const struct text *text);

/* Copies at most size-1 bytes and always terminates; cuts at a UTF-8 boundary. */
void text_copy(char *to, size_t size, const char *from);

/* Damerau-Levenshtein distance (optimal string alignment) over bytes, ASCII case ignored.
 * Strings over 64 bytes are never near: returns SIZE_MAX. */
size_t text_distance(const char *a, const char *b);

/* The candidate nearest to word within distance 2 (and less than the word's length), or NULL. */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

/* Bytes of the UTF-8 sequence that starts at s (1..4), or 0 when it is not valid UTF-8. */
size_t text_utf8_length(const char *s, size_t available);

/* What *why points to when a file or stream is over the limit. */
extern const char text_too_large[];

/* A whole file, at most limit bytes. Returns owned bytes (free()), NUL-terminated, or NULL and an
 * explanation in *why (static or strerror text, borrowed). Refuses directories and devices. */
char *text_read_file(const char *path, size_t limit, size_t *length, const char **why);

/* The same of what is still to be read from a descriptor, whatever it is: a pipe without an end is
 * read up to the limit. */
char *text_read_stream(int fd, size_t limit, size_t *length, const char **why);

/* Writes bytes to path by a temporary file beside it and a rename. false: errno says why. */
bool text_write_file(const char *path, const char *bytes, size_t length);

#endif
