/*
 * dtls_identity: what is behind the certificate of a run. Private to media.
 */
#ifndef MEDIA_DTLS_IDENTITY_H
#define MEDIA_DTLS_IDENTITY_H

#include "cmtest/keying.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

struct dtls_identity {
    SSL_CTX *context;
    struct fingerprint fingerprint;
};

/* The digest of a certificate, as a peer's description tells it. false: OpenSSL cannot. */
bool fingerprint_of(X509 *certificate, enum fingerprint_hash hash, struct fingerprint *fingerprint);

/* Of dtls.c, set in every context: the peer's certificate is judged by its fingerprint alone. */
int dtls_check_certificate(X509_STORE_CTX *store, void *unused);
void dtls_notice(const SSL *ssl, int where, int value);

#endif
