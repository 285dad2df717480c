#include "dtls.h"
#include "bytes.h"
#include "dtls_identity.h"
#include "cmtest/arena.h"
#include "cmtest/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/err.h>
#include <openssl/srtp.h>

#define RECORD_HEADER 13
#define HELLO_RANDOM 27 /* where it stands in a datagram that begins with a ClientHello */
#define RANDOM_BYTES 32
#define INPUT_MAX 65536
#define OUTPUT_MAX 64  /* datagrams that wait */
#define RECORDS_MAX 64 /* that are looked at of one datagram */
#define PATIENCE_NS INT64_C(10000000000)
/* RFC 9147 5.8.2: what media waits for is repeated sooner than after the second of RFC 6347. Our
 * first flight often comes before the peer has read the answer that tells it to expect one. */
#define RETRANSMIT_NS INT64_C(100000000)
#define RETRANSMIT_MAX_US 60000000u
#define LABEL "EXTRACTOR-dtls_srtp"

struct dtls {
    SSL *ssl;
    BIO *in, *out;            /* of ssl */
    size_t sizes[OUTPUT_MAX]; /* of the datagrams in out, which a memory BIO does not keep apart */
    size_t waiting;
    bool active;
    bool heard;    /* anything of DTLS came */
    bool conflict; /* a ClientHello came to one who sends it */
    int alert;     /* the fatal one that the peer sent; -1: none */
    enum dtls_progress progress;
    int64_t deadline_ns, patience_ns;
    unsigned retransmit_us;
    struct fingerprint fingerprints[KEYING_FINGERPRINTS_MAX];
    size_t fingerprint_count;
    struct keying_secret local, remote;
    uint8_t hello[RANDOM_BYTES]; /* random of the latest ClientHello that came */
    uint64_t rehandshakes;
    char error[256];
};

static void break_off(struct dtls *dtls, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void break_off(struct dtls *dtls, const char *format, ...)
{
    dtls->progress = DTLS_BROKEN;
    ERR_clear_error();
    if (dtls->error[0])
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(dtls->error, sizeof dtls->error, format, args);
    va_end(args);
}

int dtls_check_certificate(X509_STORE_CTX *store, void *unused)
{
    (void)unused;
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct dtls *dtls = SSL_get_app_data(ssl);
    X509 *certificate = X509_STORE_CTX_get0_cert(store);
    struct fingerprint is = {0};
    for (size_t i = 0; i < dtls->fingerprint_count; i++) {
        const struct fingerprint *said = &dtls->fingerprints[i];
        if (fingerprint_of(certificate, said->hash, &is) && fingerprint_equal(&is, said))
            return 1;
    }
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    if (dtls->fingerprint_count == 0) {
        text_copy(dtls->error, sizeof dtls->error,
                  "the peer's description has no a=fingerprint to check its certificate with");
        return 0;
    }
    struct text text = {0};
    fingerprint_write(&is, &text);
    snprintf(dtls->error, sizeof dtls->error,
             "the peer's certificate is not the one of its a=fingerprint: its fingerprint is %s",
             text_get(&text));
    text_fini(&text);
    return 0;
}

void dtls_notice(const SSL *ssl, int where, int value)
{
    struct dtls *dtls = SSL_get_app_data(ssl);
    if (where == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL)
        dtls->alert = value & 0xff;
    if (where == SSL_CB_WRITE_ALERT && value == (SSL3_AL_WARNING << 8 | SSL_AD_NO_RENEGOTIATION))
        dtls->rehandshakes++;
}

/* 0: the first of a flight; else how long the one before was. */
static unsigned wait_us(SSL *ssl, unsigned before_us)
{
    const struct dtls *dtls = SSL_get_app_data(ssl);
    if (before_us == 0)
        return dtls->retransmit_us;
    return before_us < RETRANSMIT_MAX_US / 2 ? before_us * 2 : RETRANSMIT_MAX_US;
}

static bool set_profiles(SSL *ssl, const struct keying_config *config)
{
    struct text names = {0};
    const struct suite *const *from = config->suite_count ? config->suites : suites;
    for (size_t i = 0; config->suite_count ? i < config->suite_count : from[i] != NULL; i++) {
        if (from[i]->profile_name)
            text_printf(&names, "%s%s", names.length ? ":" : "", from[i]->profile_name);
    }
    bool good = names.length > 0 && SSL_set_tlsext_use_srtp(ssl, text_get(&names)) == 0;
    text_fini(&names);
    return good;
}

/* Each write of OpenSSL is a datagram, and has to stay one: a repeated ClientHello makes another
 * OpenSSL pass over whatever is behind it. More than enough are lost, as they may be. */
static long note_write(BIO *bio, int operation, const char *bytes, size_t length, int argument,
                       long other, int result, size_t *written)
{
    struct dtls *dtls = (struct dtls *)BIO_get_callback_arg(bio);
    (void)bytes;
    (void)length;
    (void)argument;
    (void)other;
    if (operation != (BIO_CB_WRITE | BIO_CB_RETURN) || result <= 0 || !written)
        return result;
    if (dtls->waiting == OUTPUT_MAX) {
        dtls->waiting = 0;
        (void)BIO_reset(bio);
        return result;
    }
    dtls->sizes[dtls->waiting++] = *written;
    return result;
}

/* The two BIOs are the SSL's from here on. */
static bool connect_memory(struct dtls *dtls)
{
    dtls->in = BIO_new(BIO_s_mem());
    dtls->out = BIO_new(BIO_s_mem());
    if (!dtls->in || !dtls->out) {
        BIO_free(dtls->in);
        BIO_free(dtls->out);
        return false;
    }
    BIO_set_callback_arg(dtls->out, (char *)dtls);
    BIO_set_callback_ex(dtls->out, note_write);
    SSL_set_bio(dtls->ssl, dtls->in, dtls->out);
    return true;
}

static void step(struct dtls *dtls);

struct dtls *dtls_new(const struct keying_config *config, int64_t now_ns)
{
    if (!config->identity)
        return NULL;
    struct dtls *dtls = mem_alloc(sizeof *dtls);
    int64_t first_ns = config->retransmit_ns > 0 ? config->retransmit_ns : RETRANSMIT_NS;
    dtls->active = config->active;
    dtls->alert = -1;
    dtls->patience_ns = config->patience_ns > 0 ? config->patience_ns : PATIENCE_NS;
    dtls->deadline_ns = now_ns + dtls->patience_ns;
    dtls->retransmit_us =
        (unsigned)(first_ns / 1000 < RETRANSMIT_MAX_US ? first_ns / 1000 : RETRANSMIT_MAX_US);
    dtls->fingerprint_count = config->fingerprint_count;
    memcpy(dtls->fingerprints, config->fingerprints, sizeof dtls->fingerprints);
    dtls->ssl = SSL_new(config->identity->context);
    if (!dtls->ssl || !connect_memory(dtls) || !set_profiles(dtls->ssl, config) ||
        !SSL_set_app_data(dtls->ssl, dtls) || !SSL_set_mtu(dtls->ssl, KEYING_DATAGRAM_MAX)) {
        ERR_clear_error();
        dtls_free(dtls);
        return NULL;
    }
    DTLS_set_timer_cb(dtls->ssl, wait_us);
    if (config->active)
        SSL_set_connect_state(dtls->ssl);
    else
        SSL_set_accept_state(dtls->ssl);
    step(dtls);
    return dtls;
}

void dtls_free(struct dtls *dtls)
{
    if (!dtls)
        return;
    SSL_free(dtls->ssl);
    OPENSSL_cleanse(dtls, sizeof *dtls);
    free(dtls);
}

/* RFC 5764 4.2: client key, server key, client salt, server salt. */
static void take_secrets(struct dtls *dtls, const struct suite *suite)
{
    uint8_t block[2 * SUITE_SECRET_MAX];
    size_t key = suite->key_bytes, salt = suite->salt_bytes;
    if (SSL_export_keying_material(dtls->ssl, block, 2 * (key + salt), LABEL, strlen(LABEL), NULL,
                                   0, 0) != 1) {
        break_off(dtls, "OpenSSL does not export the keys of the handshake");
        return;
    }
    struct keying_secret *client = dtls->active ? &dtls->local : &dtls->remote;
    struct keying_secret *server = dtls->active ? &dtls->remote : &dtls->local;
    client->suite = server->suite = suite;
    memcpy(client->bytes, block, key);
    memcpy(server->bytes, block + key, key);
    memcpy(client->bytes + key, block + 2 * key, salt);
    memcpy(server->bytes + key, block + 2 * key + salt, salt);
    OPENSSL_cleanse(block, sizeof block);
    dtls->progress = DTLS_DONE;
}

static void finish(struct dtls *dtls)
{
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
    const struct suite *suite = profile ? suite_of_profile((unsigned)profile->id) : NULL;
    if (suite)
        take_secrets(dtls, suite);
    else
        break_off(dtls, "the peer agreed to no SRTP profile: its DTLS has no use_srtp, or none of "
                        "the profiles that we want");
}

static void explain(struct dtls *dtls)
{
    unsigned long error = ERR_peek_last_error();
    int reason = ERR_GET_REASON(error);
    const char *words = ERR_reason_error_string(error);
    if (dtls->conflict)
        break_off(dtls, "both sides send a ClientHello: both are the active one of a=setup");
    else if (dtls->alert >= 0)
        break_off(dtls, "the peer broke the DTLS handshake off with the alert \"%s\"",
                  SSL_alert_desc_string_long(dtls->alert));
    else if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
             (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_VERSION_TOO_LOW ||
              reason == SSL_R_WRONG_SSL_VERSION))
        break_off(dtls, "the peer has no DTLS 1.2, and older versions are refused");
    else if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
        break_off(dtls, "the peer shows no certificate that its a=fingerprint could be checked on");
    else
        break_off(dtls, "the DTLS handshake failed: %s", words ? words : "OpenSSL gives no reason");
}

static void shake(struct dtls *dtls)
{
    int result = SSL_do_handshake(dtls->ssl);
    int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(dtls->ssl, result);
    if (error == SSL_ERROR_NONE)
        finish(dtls);
    else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        explain(dtls);
}

/* Goes as far as the input allows. */
static void step(struct dtls *dtls)
{
    ERR_clear_error();
    if (dtls->progress == DTLS_SHAKING)
        shake(dtls);
    if (dtls->progress == DTLS_DONE) {
        /* No application data belongs here; reading answers repeated flights and alerts. */
        uint8_t unused[512];
        size_t got;
        /* Not SSL_read(): in the program that name is a witness of SIP's connections. */
        for (int i = 0; i < RECORDS_MAX; i++) {
            if (SSL_read_ex(dtls->ssl, unused, sizeof unused, &got) != 1)
                break;
        }
        /* Half of its memory; OpenSSL makes them again when something comes. */
        SSL_free_buffers(dtls->ssl);
        ERR_clear_error();
    }
}

/* A ClientHello in clear. One with another random than that of our handshake begins a new one,
 * which OpenSSL passes over in silence. */
static void notice_hello(struct dtls *dtls, const uint8_t *bytes, size_t length)
{
    bool hello = length >= HELLO_RANDOM + RANDOM_BYTES && bytes[0] == SSL3_RT_HANDSHAKE &&
                 bytes_get16(bytes + 3) == 0 && bytes[RECORD_HEADER] == SSL3_MT_CLIENT_HELLO;
    if (!hello)
        return;
    const uint8_t *random = bytes + HELLO_RANDOM;
    if (dtls->progress == DTLS_DONE && memcmp(dtls->hello, random, RANDOM_BYTES) != 0)
        dtls->rehandshakes++;
    if (dtls->progress == DTLS_SHAKING && dtls->active)
        dtls->conflict = true;
    memcpy(dtls->hello, random, RANDOM_BYTES);
}

void dtls_input(struct dtls *dtls, const uint8_t *bytes, size_t length, int64_t now_ns)
{
    if (length == 0 || length > INPUT_MAX || dtls->progress == DTLS_BROKEN)
        return;
    dtls->heard = true;
    notice_hello(dtls, bytes, length);
    /* What a broken datagram left must not become the beginning of this one. */
    (void)BIO_reset(dtls->in);
    BIO_write(dtls->in, bytes, (int)length);
    step(dtls);
    dtls_tick(dtls, now_ns);
}

/* What OpenSSL's timer has left, in microseconds; -1: it does not run. */
static int64_t left_us(const struct dtls *dtls)
{
    struct timeval left;
    if (dtls->progress != DTLS_SHAKING || !DTLSv1_get_timeout(dtls->ssl, &left))
        return -1;
    return (int64_t)left.tv_sec * 1000000 + left.tv_usec;
}

void dtls_tick(struct dtls *dtls, int64_t now_ns)
{
    if (dtls->progress != DTLS_SHAKING)
        return;
    if (now_ns >= dtls->deadline_ns) {
        const char *what = dtls->heard    ? "the DTLS handshake did not come to its end"
                           : dtls->active ? "the peer did not answer our ClientHello"
                                          : "the peer is the active one and sent no ClientHello";
        break_off(dtls, "%s in %.3g s", what, (double)dtls->patience_ns / 1e9);
        return;
    }
    ERR_clear_error();
    if (left_us(dtls) == 0 && DTLSv1_handle_timeout(dtls->ssl) < 0)
        break_off(dtls, "the peer answered none of the repetitions of our part of the handshake");
}

size_t dtls_output(struct dtls *dtls, uint8_t *out, size_t capacity)
{
    if (dtls->waiting == 0)
        return 0;
    size_t size = dtls->sizes[0];
    dtls->waiting--;
    memmove(dtls->sizes, dtls->sizes + 1, dtls->waiting * sizeof dtls->sizes[0]);
    if (size <= capacity)
        return BIO_read(dtls->out, out, (int)size) == (int)size ? size : 0;
    /* SSL_set_mtu() says that there is none. */
    dtls->waiting = 0;
    (void)BIO_reset(dtls->out);
    return 0;
}

int64_t dtls_due(const struct dtls *dtls, int64_t now_ns)
{
    if (dtls->progress != DTLS_SHAKING)
        return KEYING_NEVER;
    int64_t left = left_us(dtls);
    int64_t due = left < 0 ? dtls->deadline_ns : now_ns + left * 1000;
    return due < dtls->deadline_ns ? due : dtls->deadline_ns;
}

enum dtls_progress dtls_progress(const struct dtls *dtls)
{
    return dtls->progress;
}

const char *dtls_error(const struct dtls *dtls)
{
    return dtls->error;
}

void dtls_secrets(const struct dtls *dtls, struct keying_secret *local,
                  struct keying_secret *remote)
{
    *local = dtls->local;
    *remote = dtls->remote;
}

uint64_t dtls_rehandshakes(const struct dtls *dtls)
{
    return dtls->rehandshakes;
}
