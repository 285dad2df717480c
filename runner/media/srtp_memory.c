#include "srtp_memory.h"

#include <stdbool.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#define ALIGN 16

/* The library's calls have no room for a pointer of ours. NULL: no session. */
static _Thread_local struct srtp_memory *present;

/* Of libsrtp2's crypto/include/alloc.h, which is not installed. */
void *srtp_crypto_alloc(size_t size);
void srtp_crypto_free(void *memory);

void srtp_memory_begin(struct srtp_memory *memory)
{
    present = memory;
}

void srtp_memory_end(void)
{
    present = NULL;
}

static size_t whole(size_t size)
{
    return (size + ALIGN - 1) / ALIGN * ALIGN;
}

void *srtp_memory_take(size_t size)
{
    if (size == 0)
        return NULL;
    if (!present || size > SRTP_MEMORY_BYTES - present->used)
        return calloc(1, size);
    void *taken = present->bytes + present->used;
    present->used += (uint32_t)whole(size);
    return taken;
}

/* Whether it is of the present session, whose newest piece is taken back. */
static bool take_back(const void *memory, size_t size)
{
    uintptr_t at = (uintptr_t)memory, from = present ? (uintptr_t)present->bytes : 0;
    if (!present || at < from || at >= from + SRTP_MEMORY_BYTES)
        return false;
    if (size > 0 && at + whole(size) == from + present->used)
        present->used -= (uint32_t)whole(size);
    return true;
}

void srtp_memory_give(void *memory, size_t size)
{
    if (!memory)
        return;
    OPENSSL_cleanse(memory, size);
    if (!take_back(memory, size))
        free(memory);
}

void *srtp_crypto_alloc(size_t size)
{
    return srtp_memory_take(size);
}

void srtp_crypto_free(void *memory)
{
    srtp_memory_give(memory, 0);
}
