/* Bytes of a connection, cut into messages, read, given to watches, and masked. */
#include "fuzz.h"

#include "wire_private.h"

#include <string.h>

struct cutting {
    struct wire_index *index;
    uint64_t sum; /* of all messages: where a stream was split makes no difference */
    size_t length;
};

static void take_whole(void *to, const char *bytes, size_t length)
{
    struct cutting *cutting = to;
    struct wire_head head;
    for (size_t i = 0; i < length; i++)
        cutting->sum = cutting->sum * 31 + (unsigned char)bytes[i];
    cutting->sum = cutting->sum * 31 + length;
    cutting->length += length;
    ALWAYS(wire_parse(bytes, length, &head));
    ALWAYS(head.call_id.length > 0 && head.body < length);
    struct message message = {.bytes = bytes, .length = length};
    wire_index_give(cutting->index, &head, &message);
}

static void take(void *owner, const struct message *message)
{
    unsigned *count = owner;
    ALWAYS(message->facts.length == message->length);
    (*count)++;
}

static uint64_t cut(const uint8_t *bytes, size_t length, size_t step)
{
    unsigned count = 0;
    struct wire_stream stream = {0};
    struct cutting cutting = {.index = wire_index_new()};
    struct wire_watch watch = {.call_id = "x", .tag = "y", .take = take, .owner = &count};
    watch.watching = true;
    wire_index_watch(cutting.index, &watch);
    for (size_t at = 0; at < length; at += step) {
        size_t part = length - at < step ? length - at : step;
        char *copy = malloc(part);
        ALWAYS(copy);
        memcpy(copy, bytes + at, part);
        wire_stream_take(&stream, copy, part, take_whole, &cutting);
        free(copy);
    }
    ALWAYS(cutting.length + stream.length <= length);
    wire_stream_forget(&stream);
    wire_index_free(cutting.index);
    return cutting.sum;
}

static void mask(const uint8_t *bytes, size_t length)
{
    char *once = malloc(length + 1), *twice = malloc(length + 1);
    ALWAYS(once && twice);
    memcpy(once, bytes, length);
    message_mask(once, length);
    for (size_t i = 0; i < length; i++)
        ALWAYS(once[i] == '*' || once[i] == (char)bytes[i]);
    memcpy(twice, once, length);
    message_mask(twice, length);
    ALWAYS(memcmp(once, twice, length) == 0);
    free(once);
    free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return -1;
    size_t step = bytes[0] ? bytes[0] : 256;
    if (length < WIRE_MESSAGE_MAX)
        ALWAYS(cut(bytes + 1, length - 1, step) == cut(bytes + 1, length - 1, length));
    struct wire_head head;
    wire_parse((const char *)bytes + 1, length - 1, &head);
    mask(bytes + 1, length - 1);
    return 0;
}
