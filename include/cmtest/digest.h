/*
 * digest: HTTP Digest authentication for SIP, both sides (RFC 3261 22, RFC 7616, RFC 8760):
 * MD5, SHA-256, SHA-512-256 and their -sess forms, qop absent, auth, auth-int. sofia-sip knows
 * only MD5, so challenges are answered and checked here, with OpenSSL's hashes. Pure; any thread.
 * Named credentials/challenge_*: sofia-sip owns auth_*.
 */
#ifndef CMTEST_DIGEST_H
#define CMTEST_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/text.h"

enum digest_algorithm {
    DIGEST_MD5,
    DIGEST_MD5_SESS,
    DIGEST_SHA_256,
    DIGEST_SHA_256_SESS,
    DIGEST_SHA_512_256,
    DIGEST_SHA_512_256_SESS
};
#define DIGEST_ALGORITHMS 6

/* "SHA-256"; the spec writes it in lower case. */
const char *digest_algorithm_name(enum digest_algorithm algorithm);
/* Case-insensitive; false when unknown. NULL or "" is MD5 (RFC 7616 3.3). */
bool digest_algorithm_find(const char *name, enum digest_algorithm *algorithm);

/* One challenge as received. Strings are borrowed from the parameters it was parsed from, unquoted
 * into the buffers here. */
struct digest_challenge {
    bool has_opaque;
    enum digest_algorithm algorithm;
    bool qop; /* a qop list was given */
    bool qop_auth, qop_auth_int;
    bool stale;
    char realm[128];
    char nonce[256];
    char opaque[256];
};

/* Parses the parameters of one WWW-/Proxy-Authenticate header with scheme Digest: a NULL-terminated
 * array of name=value strings (as sofia-sip's msg_auth_t.au_params). false when realm or nonce is
 * missing or too long, or the algorithm is unknown: such a challenge cannot be answered. */
bool digest_challenge_parse(const char *const *params, struct digest_challenge *challenge);

struct digest_credentials {
    const char *username; /* auth user */
    const char *password;
    const char *realm; /* NULL: whatever the challenge says; else only this realm is answered */
};

/* What is signed. body is used with auth-int only. */
struct digest_request {
    const char *method;
    const char *uri;
    const char *body;
    size_t body_length;
};

/* Appends `Digest username="...", realm=...` for an Authorization or Proxy-Authorization header.
 * nonce_count: 1 for the first use of the nonce. cnonce: owned by the caller, any token.
 * auth is preferred to auth-int. Appends nothing when credentials->realm names another realm. */
void digest_answer(const struct digest_challenge *challenge,
                   const struct digest_credentials *credentials,
                   const struct digest_request *request, uint32_t nonce_count, const char *cnonce,
                   struct text *out);

/* Why credentials were refused. */
enum digest_check { DIGEST_OK, DIGEST_MISSING, DIGEST_MALFORMED, DIGEST_WRONG };

/* Server side: the parameters of an Authorization header against what is expected. Compares in
 * constant time. request->uri NULL: the uri parameter is signed but not compared, for callers who
 * compare it as a URI and not as text. *nonce (128+ bytes buffer of size nonce_size) receives the
 * nonce that was used and *nonce_count its count, for replay checks by the caller. */
enum digest_check digest_check(const char *const *params, enum digest_algorithm algorithm,
                               const char *realm, const char *username, const char *password,
                               const struct digest_request *request, char *nonce, size_t nonce_size,
                               uint32_t *nonce_count);

/* A parameter of such an array, unquoted and unescaped into out; false when absent or too long. */
bool digest_param(const char *const *params, const char *name, char *out, size_t size);

#endif
