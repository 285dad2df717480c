#include "cmtest/text.h"
#include "cmtest/arena.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char text_too_large[] = "it is too large";

#define DISTANCE_MAX 64

void text_init(struct text *text)
{
    *text = (struct text){0};
}

void text_fini(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

static void reserve(struct text *text, size_t more)
{
    size_t need = text->length + more + 1;
    if (need <= text->capacity)
        return;
    size_t capacity = text->capacity ? text->capacity : 64;
    while (capacity < need)
        capacity *= 2;
    text->data = mem_grow(text->data, capacity, 1);
    text->capacity = capacity;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    reserve(text, length);
    if (length)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

char *text_room(struct text *text, size_t more)
{
    reserve(text, more);
    return text->data + text->length;
}

void text_end(struct text *text, char *end)
{
    *end = '\0';
    text->length = (size_t)(end - text->data);
}

void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

/* Nearly always what comes is short, and has room at the first try. */
void text_vprintf(struct text *text, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    reserve(text, 48);
    size_t room = text->capacity - text->length;
    int length = vsnprintf(text->data + text->length, room, format, args);
    if (length > 0 && (size_t)length >= room) {
        reserve(text, (size_t)length);
        length = vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    text->length += length > 0 ? (size_t)length : 0;
    text->data[text->length] = '\0';
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_vprintf(text, format, args);
    va_end(args);
}

const char *text_get(const struct text *text)
{
    return text->data ? text->data : "";
}

void text_copy(char *to, size_t size, const char *from)
{
    if (!size)
        return;
    size_t length = strnlen(from, size);
    if (length >= size) {
        length = size - 1;
        /* Never cut inside a UTF-8 sequence: step back over its continuation bytes. */
        while (length && ((unsigned char)from[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

size_t text_distance(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    if (la > DISTANCE_MAX || lb > DISTANCE_MAX)
        return SIZE_MAX;
    size_t rows[3][DISTANCE_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= lb; j++)
        last[j] = j;
    for (size_t i = 1; i <= la; i++) {
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            int ca = tolower((unsigned char)a[i - 1]), cb = tolower((unsigned char)b[j - 1]);
            size_t best = last[j - 1] + (ca != cb);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
                tolower((unsigned char)a[i - 2]) == cb && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[lb];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t best = 3, length = strlen(word);
    for (size_t i = 0; i < count; i++) {
        size_t distance = text_distance(word, candidates[i]);
        if (distance < best && distance < length) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

size_t text_utf8_length(const char *s, size_t available)
{
    const unsigned char *u = (const unsigned char *)s;
    if (!available)
        return 0;
    if (u[0] < 0x80)
        return 1;
    size_t length = u[0] >= 0xc2 && u[0] < 0xe0   ? 2
                    : u[0] >= 0xe0 && u[0] < 0xf0 ? 3
                    : u[0] >= 0xf0 && u[0] < 0xf5 ? 4
                                                  : 0;
    if (!length || length > available)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    /* Overlong forms, surrogates, and what lies beyond U+10FFFF (RFC 3629). */
    if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] >= 0xa0) ||
        (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] >= 0x90))
        return 0;
    return length;
}

char *text_read_stream(int fd, size_t limit, size_t *length, const char **why)
{
    struct text text = {0};
    char chunk[16384];
    ssize_t got;
    do {
        got = read(fd, chunk, sizeof chunk);
        if (got > 0)
            text_add_bytes(&text, chunk, (size_t)got);
    } while ((got > 0 && text.length <= limit) || (got < 0 && errno == EINTR));
    *why = got < 0 ? strerror(errno) : text.length > limit ? text_too_large : NULL;
    if (*why) {
        text_fini(&text);
        return NULL;
    }
    *length = text.length;
    return text.data ? text.data : mem_alloc(1);
}

char *text_read_file(const char *path, size_t limit, size_t *length, const char **why)
{
    /* O_NONBLOCK: opening a fifo without a writer must not wait for one. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *why = strerror(errno);
        return NULL;
    }
    struct stat status;
    *why = NULL;
    if (fstat(fd, &status) < 0)
        *why = strerror(errno);
    else if (S_ISDIR(status.st_mode))
        *why = "it is a directory";
    else if (!S_ISREG(status.st_mode))
        *why = "it is not a regular file";
    else if ((uint64_t)status.st_size > limit)
        *why = text_too_large;
    if (*why) {
        close(fd);
        return NULL;
    }
    char *bytes = text_read_stream(fd, limit, length, why);
    close(fd);
    return bytes;
}

bool text_write_file(const char *path, const char *bytes, size_t length)
{
    struct text temporary = {0};
    text_printf(&temporary, "%s.%d.tmp", path, (int)getpid());
    int fd = open(temporary.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = fd >= 0;
    while (ok && length) {
        ssize_t put = write(fd, bytes, length);
        if (put < 0 && errno == EINTR)
            continue;
        ok = put > 0;
        if (ok) {
            bytes += put;
            length -= (size_t)put;
        }
    }
    int saved = errno;
    if (fd >= 0 && close(fd) < 0 && ok) {
        saved = errno;
        ok = false;
    }
    if (ok && rename(temporary.data, path) < 0) {
        saved = errno;
        ok = false;
    }
    if (!ok && fd >= 0)
        unlink(temporary.data);
    text_fini(&temporary);
    errno = saved;
    return ok;
}
