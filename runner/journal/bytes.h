/*
 * bytes: the atoms of a journal (journal_format.h). Writing goes into a struct text; reading is
 * from bytes in memory, stops at their end and stays failed from the first wrong one on.
 */
#ifndef CMTEST_JOURNAL_BYTES_H
#define CMTEST_JOURNAL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/text.h"

#define VARINT_MAX 10

/* Returns the place behind it. */
static inline char *write_varint(char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (char)(value | 0x80);
    *at++ = (char)value;
    return at;
}

static inline char *write_zigzag(char *at, int64_t value)
{
    return write_varint(at, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static inline char *write_real(char *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    for (unsigned i = 0; i < 8; i++)
        *at++ = (char)(bits >> 8 * i);
    return at;
}

void put_varint(struct text *out, uint64_t value);
void put_zigzag(struct text *out, int64_t value);
void put_text(struct text *out, const char *value); /* NULL: none */
void put_bytes(struct text *out, const char *bytes, size_t length);
void put_real(struct text *out, double value);

struct bytes {
    const uint8_t *at, *end;
    bool failed;
};

uint64_t get_varint(struct bytes *in);
int64_t get_zigzag(struct bytes *in);
/* At most max, else failed and 0. */
uint64_t get_count(struct bytes *in, uint64_t max);
/* length bytes, or NULL. */
const uint8_t *get_bytes(struct bytes *in, size_t length);
/* *length bytes that are not terminated; NULL: none, or failed. */
const char *get_text(struct bytes *in, size_t *length);
/* A copy of valid UTF-8; NULL: none, or failed. */
char *get_string(struct bytes *in, struct arena *arena);
double get_real(struct bytes *in);

#endif
