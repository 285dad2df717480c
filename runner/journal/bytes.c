#include "bytes.h"

#include <string.h>

void put_varint(struct text *out, uint64_t value)
{
    text_end(out, write_varint(text_room(out, VARINT_MAX), value));
}

void put_zigzag(struct text *out, int64_t value)
{
    text_end(out, write_zigzag(text_room(out, VARINT_MAX), value));
}

void put_bytes(struct text *out, const char *bytes, size_t length)
{
    put_varint(out, (uint64_t)length + 1);
    text_add_bytes(out, bytes, length);
}

void put_text(struct text *out, const char *value)
{
    if (value)
        put_bytes(out, value, strlen(value));
    else
        put_varint(out, 0);
}

void put_real(struct text *out, double value)
{
    text_end(out, write_real(text_room(out, sizeof(value)), value));
}

uint64_t get_varint(struct bytes *in)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        uint8_t byte = *in->at++;
        if (shift == 63 && byte > 1)
            break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    in->failed = true;
    in->at = in->end;
    return 0;
}

int64_t get_zigzag(struct bytes *in)
{
    uint64_t value = get_varint(in);
    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

uint64_t get_count(struct bytes *in, uint64_t max)
{
    uint64_t value = get_varint(in);
    if (value <= max)
        return value;
    in->failed = true;
    in->at = in->end;
    return 0;
}

const uint8_t *get_bytes(struct bytes *in, size_t length)
{
    const uint8_t *bytes = in->at;
    if (length <= (size_t)(in->end - in->at)) {
        in->at += length;
        return bytes;
    }
    in->failed = true;
    in->at = in->end;
    return NULL;
}

const char *get_text(struct bytes *in, size_t *length)
{
    uint64_t more = get_varint(in);
    *length = 0;
    if (more == 0)
        return NULL;
    if (more - 1 > (uint64_t)(in->end - in->at)) {
        in->failed = true;
        in->at = in->end;
        return NULL;
    }
    *length = (size_t)(more - 1);
    return (const char *)get_bytes(in, *length);
}

char *get_string(struct bytes *in, struct arena *arena)
{
    size_t length;
    const char *bytes = get_text(in, &length);
    if (!bytes)
        return NULL;
    for (size_t i = 0; i < length;) {
        size_t step = text_utf8_length(bytes + i, length - i);
        if (step == 0 || bytes[i] == '\0') {
            in->failed = true;
            in->at = in->end;
            return NULL;
        }
        i += step;
    }
    return arena_strndup(arena, bytes, length);
}

double get_real(struct bytes *in)
{
    const uint8_t *bytes = get_bytes(in, 8);
    uint64_t bits = 0;
    double value;
    for (unsigned i = 0; bytes && i < 8; i++)
        bits |= (uint64_t)bytes[i] << 8 * i;
    memcpy(&value, &bits, sizeof(value));
    return value;
}
