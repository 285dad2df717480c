#include "dtls_identity.h"
#include "cmtest/arena.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#define DAY_S 86400

bool fingerprint_of(X509 *certificate, enum fingerprint_hash hash, struct fingerprint *fingerprint)
{
    const EVP_MD *digest = hash == FINGERPRINT_SHA1     ? EVP_sha1()
                           : hash == FINGERPRINT_SHA224 ? EVP_sha224()
                           : hash == FINGERPRINT_SHA256 ? EVP_sha256()
                           : hash == FINGERPRINT_SHA384 ? EVP_sha384()
                                                        : EVP_sha512();
    uint8_t bytes[EVP_MAX_MD_SIZE];
    unsigned length;
    *fingerprint = (struct fingerprint){.hash = hash};
    if (!X509_digest(certificate, digest, bytes, &length))
        return false;
    for (; fingerprint->length < length; fingerprint->length++)
        fingerprint->bytes[fingerprint->length] = bytes[fingerprint->length];
    return true;
}

static bool fill(X509 *certificate, EVP_PKEY *key, int64_t now_s)
{
    uint64_t serial;
    time_t now = (time_t)now_s;
    X509_NAME *name = X509_get_subject_name(certificate);
    if (RAND_bytes((unsigned char *)&serial, sizeof serial) != 1)
        return false;
    return X509_set_version(certificate, X509_VERSION_3) &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), (serial >> 1) | 1) &&
           X509_time_adj_ex(X509_getm_notBefore(certificate), -1, 0, &now) &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), 30, 0, &now) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"cmtest", -1,
                                      -1, 0) &&
           X509_set_issuer_name(certificate, name) && X509_set_pubkey(certificate, key) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

/* No resumption, for its keys would be those of another call's handshake; no renegotiation, for the
 * keys of SRTP do not follow it (RFC 5764 5.1.2 has no use for one). */
static bool prepare(SSL_CTX *context, X509 *certificate, EVP_PKEY *key)
{
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context, dtls_check_certificate, NULL);
    SSL_CTX_set_info_callback(context, dtls_notice);
    return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) &&
           SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) &&
           SSL_CTX_use_certificate(context, certificate) && SSL_CTX_use_PrivateKey(context, key);
}

struct dtls_identity *dtls_identity_new(int64_t now_s)
{
    struct dtls_identity *identity = mem_alloc(sizeof *identity);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    identity->context = SSL_CTX_new(DTLS_method());
    bool good = key && certificate && identity->context && fill(certificate, key, now_s) &&
                prepare(identity->context, certificate, key) &&
                fingerprint_of(certificate, FINGERPRINT_SHA256, &identity->fingerprint);
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (good)
        return identity;
    ERR_clear_error();
    dtls_identity_free(identity);
    return NULL;
}

void dtls_identity_free(struct dtls_identity *identity)
{
    if (!identity)
        return;
    SSL_CTX_free(identity->context);
    free(identity);
}

const struct fingerprint *dtls_identity_fingerprint(const struct dtls_identity *identity)
{
    return &identity->fingerprint;
}
