/*
 * Every connection of an agent gets its profile here, inside of the SSL_new() that sofia-sip calls.
 *
 * Whose is what. sofia-sip's tls_free() gives back one reference of the SSL_CTX and one of the BIO
 * for every connection, and never frees the SSL. So each SSL is made with a reference of the
 * SSL_CTX for sofia-sip to give back; and the BIO is put into the SSL before sofia-sip does it
 * (which OpenSSL then takes for nothing new), with sofia-sip's as the only counted reference: when
 * that is given back the connection is over, and the SSL is freed with it.
 */
#include "tls_profile.h"
#include "cmtest/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#define DEPTH 10
/* Without what has no certificate in it, and so nothing to verify. */
#define CIPHERS "DEFAULT:!aNULL:!eNULL:!PSK:!SRP"

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static int context_index = -1, session_index = -1, bio_index = -1;
static _Thread_local struct tls_link *making;
static _Thread_local BIO *newest;

static struct tls_link *link_of(const SSL *ssl)
{
    if (context_index < 0)
        return NULL;
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_index);
}

/* ---- verification ---------------------------------------------------------------------------- */

/* RFC 5922 7.1: a URI of the domain is as good as its DNS name. */
static bool names_uri(X509 *certificate, const char *domain)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    size_t length = strlen(domain);
    bool found = false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_URI)
            continue;
        const char *uri = (const char *)ASN1_STRING_get0_data(name->d.ia5);
        size_t size = (size_t)ASN1_STRING_length(name->d.ia5);
        found = size == length + 4 && strncasecmp(uri, "sip:", 4) == 0 &&
                strncasecmp(uri + 4, domain, length) == 0;
    }
    GENERAL_NAMES_free(names);
    return found;
}

/* The first DNS name that the certificate has, else its holder. */
static void name_of(X509 *certificate, char *to, size_t size)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    tls_holder(certificate, to, size);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_DNS)
            continue;
        int length = ASN1_STRING_length(name->d.ia5);
        snprintf(to, size, "%.*s", length, (const char *)ASN1_STRING_get0_data(name->d.ia5));
        for (char *at = to; *at; at++)
            if (*at <= ' ' || *at >= 0x7f)
                *at = '?';
        break;
    }
    GENERAL_NAMES_free(names);
}

static void describe(struct tls_link *link, int error, X509 *certificate)
{
    char name[41], day[TLS_DAY_SIZE];
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        tls_holder(certificate, name, sizeof name);
        tls_day(X509_get0_notAfter(certificate), day);
        snprintf(link->trouble, sizeof link->trouble, "certificate has expired: that of %s on %s",
                 name, day);
        return;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        tls_holder(certificate, name, sizeof name);
        tls_day(X509_get0_notBefore(certificate), day);
        snprintf(link->trouble, sizeof link->trouble,
                 "certificate is not yet valid: that of %s from %s on", name, day);
        return;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        name_of(certificate, name, sizeof name);
        snprintf(link->trouble, sizeof link->trouble, "certificate is for %s, not for %.40s", name,
                 link->profile->server_name);
        return;
    default:
        text_copy(link->trouble, sizeof link->trouble, X509_verify_cert_error_string(error));
    }
}

static int verify(int ok, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_link *link = ssl ? link_of(ssl) : NULL;
    X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    int error = X509_STORE_CTX_get_error(store);
    if (ok || !link)
        return ok;
    if ((error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH) &&
        names_uri(certificate, link->profile->server_name)) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    describe(link, error, certificate);
    return 0;
}

/* ---- one connection -------------------------------------------------------------------------- */

static void be_server(const struct tls_profile *profile, SSL *ssl)
{
    SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
    if (profile->shown)
        return;
    SSL_use_certificate(ssl, profile->own);
    SSL_use_PrivateKey(ssl, profile->own_key);
}

static void tell_failure(struct tls_link *link, const SSL *ssl)
{
    unsigned long error = ERR_peek_last_error();
    /* Not a failure: it waits for the peer. Or the verification has said it better. */
    if (!error || SSL_get_verify_result(ssl) != X509_V_OK)
        return;
    const char *reason = ERR_reason_error_string(error);
    if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
        ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return; /* the agent says that */
    /* An alert is known already, and its error says the same in other words. */
    if (ERR_GET_LIB(error) != ERR_LIB_SSL || ERR_GET_REASON(error) < SSL_AD_REASON_OFFSET)
        snprintf(link->trouble, sizeof link->trouble, "TLS handshake failed: %s",
                 reason ? reason : "unknown");
}

/* OpenSSL 3.0 has no words for the alerts of TLS 1.3. */
static const char *alert_words(int value)
{
    if ((value & 0xff) == SSL_AD_CERTIFICATE_REQUIRED)
        return "certificate required";
    return SSL_alert_desc_string_long(value);
}

static void watch(const SSL *ssl, int where, int value)
{
    struct tls_link *link = link_of(ssl);
    if (!link)
        return;
    if (SSL_is_server(ssl)) {
        if (where & SSL_CB_HANDSHAKE_START)
            be_server(link->profile, (SSL *)ssl);
        return;
    }
    if (where & SSL_CB_HANDSHAKE_START) {
        link->newest = (SSL *)ssl;
        link->trouble[0] = '\0';
        link->shaking = true;
    } else if (where & SSL_CB_HANDSHAKE_DONE)
        link->shaking = false;
    else if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL)
        snprintf(link->trouble, sizeof link->trouble, "TLS was refused by the peer: %s",
                 alert_words(value));
    else if ((where & SSL_CB_CONNECT_EXIT) == SSL_CB_CONNECT_EXIT && value <= 0)
        tell_failure(link, ssl);
}

static void configure(const struct tls_profile *profile, SSL *ssl)
{
    SSL_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_set_cipher_list(ssl, CIPHERS);
    SSL_set_options(ssl, SSL_OP_NO_RENEGOTIATION);
    SSL_set_info_callback(ssl, watch);
    if (profile->shown) {
        SSL_use_certificate(ssl, profile->shown);
        SSL_use_PrivateKey(ssl, profile->key);
        SSL_set1_chain(ssl, profile->chain);
    }
    if (*profile->server_name && !profile->numeric)
        SSL_set_tlsext_host_name(ssl, profile->server_name);
    if (profile->verify == TLS_VERIFY_SKIP) {
        SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
        return;
    }
    SSL_set_verify(ssl, SSL_VERIFY_PEER, verify);
    SSL_set_verify_depth(ssl, DEPTH);
    SSL_set1_verify_cert_store(ssl, profile->store);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (profile->numeric)
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), profile->server_name);
    else
        SSL_set1_host(ssl, profile->server_name);
}

/* ---- OpenSSL's callbacks --------------------------------------------------------------------- */

static long bio_used(BIO *bio, int operation, const char *data, size_t length, int number,
                     long value, int result, size_t *processed)
{
    (void)data;
    (void)length;
    (void)number;
    (void)value;
    (void)processed;
    if (operation != BIO_CB_FREE)
        return result;
    SSL *ssl = (SSL *)(void *)BIO_get_callback_arg(bio);
    struct tls_link *link = link_of(ssl);
    if (link && link->newest == ssl)
        link->newest = NULL;
    BIO_set_callback_ex(bio, NULL);
    /* One for reading, one for writing: the SSL frees both, and the BIO with them. */
    BIO_up_ref(bio);
    BIO_up_ref(bio);
    SSL_free(ssl);
    /* sofia-sip leaves errors of this connection behind, which the next one would take for its. */
    ERR_clear_error();
    return 0; /* it is gone: nothing more to free */
}

static void session_made(void *parent, void *value, CRYPTO_EX_DATA *data, int index, long number,
                         void *argument)
{
    SSL *ssl = parent;
    struct tls_link *link = link_of(ssl);
    (void)value;
    (void)data;
    (void)index;
    (void)number;
    (void)argument;
    if (!link || !newest || BIO_method_type(newest) != BIO_TYPE_SOCKET)
        return;
    BIO *bio = newest;
    newest = NULL;
    SSL_CTX_up_ref(SSL_get_SSL_CTX(ssl));
    SSL_set_bio(ssl, bio, bio); /* two references now, both the SSL's */
    BIO_free(bio);              /* one: sofia-sip's */
    BIO_set_callback_ex(bio, bio_used);
    BIO_set_callback_arg(bio, (char *)(void *)ssl);
    configure(link->profile, ssl);
}

static void context_made(void *parent, void *value, CRYPTO_EX_DATA *data, int index, long number,
                         void *argument)
{
    (void)parent;
    (void)value;
    (void)number;
    (void)argument;
    if (making)
        CRYPTO_set_ex_data(data, index, making);
}

static void bio_made(void *parent, void *value, CRYPTO_EX_DATA *data, int index, long number,
                     void *argument)
{
    (void)value;
    (void)data;
    (void)index;
    (void)number;
    (void)argument;
    newest = parent;
}

static void begin(void)
{
    context_index = SSL_CTX_get_ex_new_index(0, NULL, context_made, NULL, NULL);
    session_index = SSL_get_ex_new_index(0, NULL, session_made, NULL, NULL);
    bio_index = BIO_get_ex_new_index(0, NULL, bio_made, NULL, NULL);
}

void tls_making(struct tls_link *link)
{
    CRYPTO_THREAD_run_once(&once, begin);
    making = link;
}

void tls_made(void)
{
    making = NULL;
}

void tls_last_words(struct tls_link *link)
{
    char byte;
    if (!link->newest || !SSL_is_init_finished(link->newest))
        return;
    SSL_peek(link->newest, &byte, 1);
    ERR_clear_error();
}

/* sofia-sip looks at the peer's certificate after the handshake, and leaks what it reads of it. Of
 * our connections it is told that there is none: they are verified already. libsofia-sip-ua finds
 * this definition before OpenSSL's. */
X509 *SSL_get1_peer_certificate(const SSL *ssl)
{
    X509 *certificate = link_of(ssl) ? NULL : SSL_get0_peer_certificate(ssl);
    if (certificate)
        X509_up_ref(certificate);
    return certificate;
}
