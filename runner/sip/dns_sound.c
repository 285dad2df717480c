/* The shape of a DNS message (RFC 1035 4), before sofia-sip's decoder reads it. */
#include "resolve.h"

#define HEADER 12
#define NAME_MAX_BYTES 255
#define LABEL_MAX 63
#define POINTER 0xc0
#define RECORDS_MAX 256

struct reader {
    const uint8_t *bytes;
    size_t at, end;
};

static bool skip(struct reader *reader, size_t count)
{
    if (reader->end - reader->at < count)
        return false;
    reader->at += count;
    return true;
}

static bool read_16(struct reader *reader, uint16_t *value)
{
    if (!skip(reader, 2))
        return false;
    *value = (uint16_t)(reader->bytes[reader->at - 2] << 8 | reader->bytes[reader->at - 1]);
    return true;
}

/* Labels, at most to the end of the record; then nothing, or a pointer to an earlier place: each
 * jump goes further back, so that they end. */
static bool skip_name(struct reader *reader)
{
    size_t at = reader->at, end = reader->end, earliest = at, total = 0;
    bool jumped = false;
    while (at < end) {
        uint8_t size = reader->bytes[at++];
        if (size == 0) {
            if (!jumped)
                reader->at = at;
            return true;
        }
        if ((size & POINTER) == POINTER) {
            if (at >= end)
                return false;
            size_t to = (size_t)(size & ~POINTER) << 8 | reader->bytes[at++];
            if (!jumped)
                reader->at = at;
            if (to < HEADER || to >= earliest)
                return false;
            jumped = true;
            earliest = at = to;
            continue;
        }
        total += size + 1u;
        if (size > LABEL_MAX || total > NAME_MAX_BYTES || end - at <= size)
            return false;
        at += size;
    }
    return false;
}

/* A length and so many bytes. */
static bool skip_string(struct reader *reader)
{
    return skip(reader, 1) && skip(reader, reader->bytes[reader->at - 1]);
}

/* One record's data, which reader is bounded to. */
static bool skip_data(struct reader *reader, uint16_t type)
{
    switch (type) {
    case sres_type_a:
        return skip(reader, 4);
    case sres_type_aaaa:
        return skip(reader, 16);
    case sres_type_cname:
    case sres_type_ptr:
        return skip_name(reader);
    case sres_type_soa:
        if (!skip_name(reader)) /* of the server; then that of who is responsible */
            return false;
        return skip_name(reader) && skip(reader, 20);
    case sres_type_srv:
        return skip(reader, 6) && skip_name(reader);
    case sres_type_naptr:
        return skip(reader, 4) && skip_string(reader) && skip_string(reader) &&
               skip_string(reader) && skip_name(reader);
    case sres_type_a6: /* nobody has it, and it is not worth the reading */
        return false;
    default:
        return skip(reader, reader->end - reader->at);
    }
}

static bool skip_record(struct reader *reader)
{
    uint16_t type, size;
    if (!skip_name(reader) || !read_16(reader, &type) || !skip(reader, 6) ||
        !read_16(reader, &size) || reader->end - reader->at < size)
        return false;
    struct reader data = {.bytes = reader->bytes, .at = reader->at, .end = reader->at + size};
    reader->at += size;
    return skip_data(&data, type) && data.at == data.end;
}

bool dns_answer_is_sound(const uint8_t *bytes, size_t length)
{
    struct reader reader = {.bytes = bytes, .at = 4, .end = length};
    uint16_t questions, counts[3];
    if (length < HEADER)
        return false;
    read_16(&reader, &questions);
    for (size_t i = 0; i < 3; i++)
        read_16(&reader, &counts[i]);
    if (questions > 1 || counts[0] + counts[1] + counts[2] > RECORDS_MAX)
        return false;
    if (questions && (!skip_name(&reader) || !skip(&reader, 4)))
        return false;
    for (int i = counts[0] + counts[1] + counts[2]; i > 0; i--)
        if (!skip_record(&reader))
            return false;
    return true;
}
