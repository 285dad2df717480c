/*
 * crypto_context: the cryptographic context (RFC 3711 3.2) of one direction of a stream, on
 * libsrtp2: any SSRC, a replay window of 128 packets, rollover counters. Private to media.
 */
#ifndef MEDIA_CRYPTO_CONTEXT_H
#define MEDIA_CRYPTO_CONTEXT_H

#include "cmtest/keying.h"

struct crypto_context;

/* Never NULL for a suite and its secret; NULL when the library did not start. */
struct crypto_context *crypto_context_new(const struct keying_secret *secret, bool outgoing);
void crypto_context_free(struct crypto_context *context);

/* What the next packet touches comes into the cache. */
void crypto_context_fetch(const struct crypto_context *context);

/* In place. What is left in bytes after a failure is of no use. */
enum keying_status crypto_context_protect(struct crypto_context *context, bool rtcp, uint8_t *bytes,
                                          size_t *length, size_t capacity);
enum keying_status crypto_context_unprotect(struct crypto_context *context, bool rtcp,
                                            uint8_t *bytes, size_t *length);

bool crypto_context_has(const struct crypto_context *context, const struct keying_secret *secret);

/* Goes on with another secret: the rollover counters and SRTCP indices go on as well, for a new
 * master key does not reset them (RFC 3711 3.3.1). false: as it was. */
bool crypto_context_rekey(struct crypto_context *context, const struct keying_secret *secret);

/* A second one with the present secret and the rollover counters of now, for packets that are still
 * on their way when the first goes on with another secret. */
struct crypto_context *crypto_context_remainder(const struct crypto_context *context);

#endif
