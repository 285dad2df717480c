#include "stream.h"
#include "cmtest/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A pipe that has room has room for so much (POSIX, PIPE_BUF), so that writing it never waits. */
#define PIECE_BYTES 4096
#define CLOSE_WAIT_MS 5000

struct stream {
    const char *where;
    int fd;
    bool ours; /* to close */
    int error; /* errno of what went wrong; nothing is written any more */
    struct text waiting;
    size_t written; /* of what waits */
    uint64_t lost;
};

static int open_target(const char *where, bool *ours)
{
    char *end;
    *ours = false;
    if (strcmp(where, "-") == 0)
        return STDOUT_FILENO;
    if (strncmp(where, "fd:", 3) == 0) {
        long number = strtol(where + 3, &end, 10);
        bool good = end != where + 3 && !*end && number >= 0 && number < 1024;
        errno = good ? 0 : EINVAL;
        return good && fcntl((int)number, F_GETFD) >= 0 ? (int)number : -1;
    }
    *ours = true;
    return open(where, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

struct stream *stream_open(const char *where)
{
    struct stream *stream = mem_alloc(sizeof *stream);
    *stream = (struct stream){.where = where};
    stream->fd = open_target(where, &stream->ours);
    if (stream->fd >= 0)
        return stream;
    fprintf(stderr, "cmtest: the events cannot be written to %s: %s\n", where, strerror(errno));
    free(stream);
    return NULL;
}

void stream_put(struct stream *stream, struct text *lines)
{
    bool full = stream->waiting.length - stream->written + lines->length > STREAM_BYTES_MAX;
    if (!full)
        text_add_bytes(&stream->waiting, text_get(lines), lines->length);
    else
        for (size_t i = 0; i < lines->length; i++)
            stream->lost += lines->data[i] == '\n';
    text_clear(lines);
}

/* false: nothing more goes now. */
static bool write_piece(struct stream *stream, int wait_ms)
{
    size_t left = stream->waiting.length - stream->written;
    struct pollfd ready = {.fd = stream->fd, .events = POLLOUT};
    if (!left || stream->error || poll(&ready, 1, wait_ms) != 1)
        return false;
    ssize_t done = write(stream->fd, text_get(&stream->waiting) + stream->written,
                         left < PIECE_BYTES ? left : PIECE_BYTES);
    if (done < 0 && errno != EINTR && errno != EAGAIN)
        stream->error = errno;
    if (done > 0)
        stream->written += (size_t)done;
    return done > 0;
}

void stream_flush(struct stream *stream)
{
    while (write_piece(stream, 0))
        ;
    if (stream->error || stream->written == stream->waiting.length) {
        text_clear(&stream->waiting);
        stream->written = 0;
    } else if (stream->written > STREAM_BYTES_MAX / 2) {
        size_t left = stream->waiting.length - stream->written;
        memmove(stream->waiting.data, stream->waiting.data + stream->written, left + 1);
        stream->waiting.length = left;
        stream->written = 0;
    }
}

uint64_t stream_lost(const struct stream *stream)
{
    return stream->lost;
}

bool stream_close(struct stream *stream)
{
    if (!stream)
        return true;
    while (write_piece(stream, CLOSE_WAIT_MS))
        ;
    bool whole = !stream->error && stream->written == stream->waiting.length;
    if (stream->ours && close(stream->fd) != 0 && whole) {
        stream->error = errno;
        whole = false;
    }
    if (!whole)
        fprintf(stderr, "cmtest: not all events could be written to %s: %s\n", stream->where,
                stream->error ? strerror(stream->error) : "its reader does not read");
    else if (stream->lost)
        fprintf(stderr, "cmtest: %llu events were dropped, for the reader of %s is too slow\n",
                (unsigned long long)stream->lost, stream->where);
    text_fini(&stream->waiting);
    free(stream);
    return whole;
}
