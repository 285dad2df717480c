/*
 * tls: certificates and how the other side's is verified, with OpenSSL, for the connections that
 * sofia-sip makes. TLS 1.2 or newer, always.
 */
#ifndef CMTEST_TLS_H
#define CMTEST_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tls_verify { TLS_VERIFY_SYSTEM, TLS_VERIFY_CUSTOM, TLS_VERIFY_SKIP };

struct tls_config {
    enum tls_verify verify;
    const char *ca;          /* PEM, with TLS_VERIFY_CUSTOM */
    const char *certificate; /* PEM, the chain behind it; NULL: we show none to a server */
    const char *key;         /* PEM */
    const char *server_name; /* DNS name or numeric address that its certificate must have */
};

struct tls_profile;

/* What is wrong with one of the files, for one sentence; or what will be soon. */
struct tls_fault {
    enum {
        TLS_FINE,
        TLS_UNREADABLE,
        TLS_EXPIRED,
        TLS_NOT_YET_VALID,
        TLS_EXPIRES_SOON,
        TLS_KEY_MISMATCH,
        TLS_KEY_LOCKED
    } kind;
    const char *file; /* the one of the config */
    char detail[160];
};

/* Checks the files before anything is sent; TLS_EXPIRES_SOON (within 30 days of now, UTC seconds)
 * is a warning. */
void tls_check(const struct tls_config *config, int64_t now_s, struct tls_fault *fault);

/* NULL: fault says why. Freed after the agents that use it. */
struct tls_profile *tls_profile_new(const struct tls_config *config, struct tls_fault *fault);
void tls_profile_free(struct tls_profile *profile);

#endif
