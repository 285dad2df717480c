/*
 * srtp_memory: the memory of one session of libsrtp2 lies together. The library takes a dozen
 * pieces for a session, and each packet follows its pointers through most of them: among thousands
 * of sessions each step is a wait, unless one knows where all of it is and fetches it beforehand.
 * The library takes its memory by srtp_crypto_alloc(), for which the linker finds ours. One that
 * was bound to its own goes on with the heap, and is only slower. Private to media.
 */
#ifndef MEDIA_SRTP_MEMORY_H
#define MEDIA_SRTP_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* A session with one SSRC needs 1200 in counter mode, 850 in GCM. Further ones take of the heap. */
#define SRTP_MEMORY_BYTES 1216

struct srtp_memory {
    uint32_t used;
    _Alignas(16) uint8_t bytes[SRTP_MEMORY_BYTES];
};

/* What the library and its types take and give back on this thread until srtp_memory_end() is of
 * this session; so every call for a session stands between the two. What it gives back is free when
 * it ends, or before where it is the newest piece. */
void srtp_memory_begin(struct srtp_memory *memory);
void srtp_memory_end(void);

/* Zeroed, aligned for any type; of the heap where no session has begun or its memory is taken.
 * NULL: there is none, or size is 0. */
void *srtp_memory_take(size_t size);
/* size: bytes to wipe, all of it or 0. memory NULL: nothing. */
void srtp_memory_give(void *memory, size_t size);

#endif
