/*
 * srtp_types: what libsrtp2 computes with, on OpenSSL. Debian builds the library on NSS, whose
 * software token walks a list of all sessions of the process for every packet: some hundred streams
 * are the end of it. These types take the place of its own, so that the cost of a packet does not
 * depend on how many streams there are. Private to media.
 */
#ifndef MEDIA_SRTP_TYPES_H
#define MEDIA_SRTP_TYPES_H

#include <stdbool.h>

#include <openssl/evp.h>
#include <srtp2/auth.h>
#include <srtp2/cipher.h>

extern const srtp_cipher_type_t cipher_icm_128, cipher_icm_256; /* RFC 3711 4.1.1, RFC 6188 */
extern const srtp_cipher_type_t cipher_gcm_128, cipher_gcm_256; /* RFC 7714 */
extern const srtp_auth_type_t auth_hmac_sha1;                   /* RFC 3711 4.2.1 */

/* Readies the library for all threads, once in a process, by whoever comes first. false: one of the
 * types does not give its known answers, and nothing can be protected. */
bool srtp_types_start(void);

/* The calling thread's own AES of single blocks (ECB), with 256 bits or 128, encrypting, for which
 * the caller sets its key. It stays ours. NULL: OpenSSL cannot. */
EVP_CIPHER_CTX *srtp_types_aes(bool large);

#endif
