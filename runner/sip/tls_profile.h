/* tls_profile: what tls.c loads and tls_link.c speaks by. */
#ifndef CMTEST_TLS_PROFILE_H
#define CMTEST_TLS_PROFILE_H

#include "tls_private.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

struct tls_profile {
    enum tls_verify verify;
    char *server_name;
    bool numeric; /* server_name is an address */
    X509_STORE *store;
    X509 *shown; /* the configured certificate, with chain and key; NULL: none */
    STACK_OF(X509) * chain;
    EVP_PKEY *key;
    X509 *own; /* self-made, for who connects to us when none is configured */
    EVP_PKEY *own_key;
};

/* A day for people, "2026-01-31". */
#define TLS_DAY_SIZE 16
void tls_day(const ASN1_TIME *time, char day[TLS_DAY_SIZE]);
/* Whose certificate it is, for people; printable. */
void tls_holder(X509 *certificate, char *name, size_t size);

#endif
