#include "wire_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

void wire_stream_forget(struct wire_stream *stream)
{
    free(stream->bytes);
    *stream = (struct wire_stream){0};
}

/* The length of what stands at the front and is to be dropped or given; 0: more bytes are needed.
 * given: it is a message. */
static size_t front(struct wire_stream *stream, const char *bytes, size_t length, bool *given)
{
    *given = false;
    size_t feeds = 0;
    while (feeds < length && (bytes[feeds] == '\r' || bytes[feeds] == '\n'))
        feeds++;
    if (feeds)
        return feeds;
    const char *feed = memchr(bytes, '\n', length);
    if (!feed)
        return length < WIRE_MESSAGE_MAX ? 0 : length;
    size_t line = (size_t)(feed + 1 - bytes);
    if (!wire_start_line(bytes, line))
        return line;
    size_t head_length = wire_head_end(bytes, length, stream->searched);
    if (!head_length) {
        /* The empty line may begin in the last bytes of what is here. */
        stream->searched = length > 2 ? length - 2 : 0;
        return length < WIRE_MESSAGE_MAX ? 0 : line;
    }
    struct wire_head head;
    if (!wire_parse(bytes, head_length, &head) || head.body > WIRE_MESSAGE_MAX - 1 ||
        head_length + head.body > WIRE_MESSAGE_MAX)
        return head_length;
    if (length < head_length + head.body) {
        stream->searched = head_length - 3;
        return 0;
    }
    *given = true;
    return head_length + (size_t)head.body;
}

/* Returns how many bytes are done with. */
static size_t cut(struct wire_stream *stream, const char *bytes, size_t length,
                  wire_whole_fn *whole, void *to)
{
    size_t done = 0;
    while (done < length) {
        bool given;
        size_t next = front(stream, bytes + done, length - done, &given);
        if (!next)
            break;
        stream->searched = stream->searched > next ? stream->searched - next : 0;
        if (given)
            whole(to, bytes + done, next);
        done += next;
    }
    return done;
}

static void keep(struct wire_stream *stream, const char *bytes, size_t length)
{
    if (stream->length + length > stream->capacity) {
        stream->capacity = stream->length + length + 1024;
        stream->bytes = mem_grow(stream->bytes, stream->capacity, 1);
    }
    memcpy(stream->bytes + stream->length, bytes, length);
    stream->length += length;
}

void wire_stream_take(struct wire_stream *stream, const char *bytes, size_t length,
                      wire_whole_fn *whole, void *to)
{
    while (length > 0) {
        if (!stream->length) {
            /* Nearly always: whole messages, without a copy. */
            size_t done = cut(stream, bytes, length, whole, to);
            bytes += done;
            length -= done;
            if (!length)
                return;
        }
        size_t part = WIRE_MESSAGE_MAX - stream->length;
        part = part < length ? part : length;
        keep(stream, bytes, part);
        bytes += part;
        length -= part;
        size_t done = cut(stream, stream->bytes, stream->length, whole, to);
        stream->length -= done;
        if (!stream->length)
            wire_stream_forget(stream);
        else if (done)
            memmove(stream->bytes, stream->bytes + done, stream->length);
    }
}
