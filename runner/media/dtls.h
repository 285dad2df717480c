/*
 * dtls: one DTLS 1.2 handshake of a media path, with OpenSSL in memory, whose result is the keys
 * of SRTP (RFC 5764). Private to media.
 */
#ifndef MEDIA_DTLS_H
#define MEDIA_DTLS_H

#include "cmtest/keying.h"

struct dtls;

enum dtls_progress { DTLS_SHAKING, DTLS_DONE, DTLS_BROKEN };

/* NULL: OpenSSL refused. */
struct dtls *dtls_new(const struct keying_config *config, int64_t now_ns);
void dtls_free(struct dtls *dtls);

void dtls_input(struct dtls *dtls, const uint8_t *bytes, size_t length, int64_t now_ns);
/* Time goes on: repeats what is due, gives up when patience is over. */
void dtls_tick(struct dtls *dtls, int64_t now_ns);
size_t dtls_output(struct dtls *dtls, uint8_t *out, size_t capacity);
int64_t dtls_due(const struct dtls *dtls, int64_t now_ns);

enum dtls_progress dtls_progress(const struct dtls *dtls);
/* Why it is DTLS_BROKEN. */
const char *dtls_error(const struct dtls *dtls);
/* Ours and theirs, of the agreed suite, once DTLS_DONE. Wipe them after use. */
void dtls_secrets(const struct dtls *dtls, struct keying_secret *local,
                  struct keying_secret *remote);
/* Handshakes that the peer wanted after it, which were refused. */
uint64_t dtls_rehandshakes(const struct dtls *dtls);

#endif
