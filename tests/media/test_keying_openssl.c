/* A handshake with an SSL object of OpenSSL that is set up as other programs do. */
#include "keyings.h"
#include "cmtest/arena.h"
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <time.h>

#define SSRC 0x0a0b0c0d
#define PROFILES "SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_32:SRTP_AES128_CM_SHA1_80"

struct peer {
    SSL_CTX *context;
    SSL *ssl;
    struct fingerprint fingerprint;
    struct dtls_identity *identity;
    struct keying_state *us;
    bool active;
};

static int any_certificate(int good, X509_STORE_CTX *store)
{
    (void)good;
    (void)store;
    return 1;
}

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned *length)
{
    (void)ssl;
    memcpy(cookie, "0123456789abcdef", 16);
    *length = 16;
    return 1;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned length)
{
    (void)ssl;
    return length == 16 && memcmp(cookie, "0123456789abcdef", 16) == 0;
}

static void certify(struct peer *peer, EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    unsigned length = sizeof peer->fingerprint.bytes;
    assert_non_null(key);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(X509_digest(certificate, EVP_sha512(), peer->fingerprint.bytes, &length), 1);
    peer->fingerprint.hash = FINGERPRINT_SHA512;
    peer->fingerprint.length = length;
    assert_int_equal(SSL_CTX_use_certificate(peer->context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(peer->context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static void peer_open(struct peer *peer, bool active, EVP_PKEY *key, const char *profiles,
                      int version)
{
    *peer = (struct peer){.active = active, .context = SSL_CTX_new(DTLS_method())};
    SSL_CTX_set_min_proto_version(peer->context, version);
    SSL_CTX_set_max_proto_version(peer->context, version);
    SSL_CTX_set_security_level(peer->context, 0);
    SSL_CTX_set_verify(peer->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       any_certificate);
    SSL_CTX_set_cookie_generate_cb(peer->context, make_cookie);
    SSL_CTX_set_cookie_verify_cb(peer->context, check_cookie);
    certify(peer, key);
    if (profiles)
        assert_int_equal(SSL_CTX_set_tlsext_use_srtp(peer->context, profiles), 0);
    peer->ssl = SSL_new(peer->context);
    SSL_set_options(peer->ssl, SSL_OP_NO_QUERY_MTU | SSL_OP_COOKIE_EXCHANGE);
    SSL_set_mtu(peer->ssl, 1200);
    SSL_set_bio(peer->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (active)
        SSL_set_connect_state(peer->ssl);
    else
        SSL_set_accept_state(peer->ssl);
    peer->identity = dtls_identity_new((int64_t)time(NULL));
    struct keying_config config = {
        .row = &keying_dtls, .identity = peer->identity, .active = !active, .fingerprint_count = 1};
    config.fingerprints[0] = peer->fingerprint;
    peer->us = keying_new(&config, 0);
    assert_null(keying_error(peer->us));
}

static void peer_close(struct peer *peer)
{
    keying_free(peer->us);
    dtls_identity_free(peer->identity);
    SSL_free(peer->ssl);
    SSL_CTX_free(peer->context);
    ERR_clear_error();
}

/* What OpenSSL wrote is given record by record. false: nothing. */
static bool from_peer(struct peer *peer)
{
    char *data;
    long length = BIO_get_mem_data(SSL_get_wbio(peer->ssl), &data);
    for (long at = 0; at + 13 <= length;) {
        size_t size = 13 + ((size_t)(uint8_t)data[at + 11] << 8 | (uint8_t)data[at + 12]);
        keying_input(peer->us, 0, (uint8_t *)data + at, size, 0);
        at += (long)size;
    }
    BIO_reset(SSL_get_wbio(peer->ssl));
    return length > 0;
}

static bool to_peer(struct peer *peer)
{
    uint8_t bytes[1500];
    unsigned channel;
    size_t length, count = 0;
    while ((length = keying_output(peer->us, &channel, bytes, sizeof bytes, 0)) > 0) {
        BIO_write(SSL_get_rbio(peer->ssl), bytes, (int)length);
        if (SSL_is_init_finished(peer->ssl))
            SSL_read(peer->ssl, bytes, sizeof bytes);
        else
            SSL_do_handshake(peer->ssl);
        count++;
    }
    return count > 0;
}

static void shake(struct peer *peer)
{
    if (peer->active)
        SSL_do_handshake(peer->ssl);
    bool more = true;
    for (int i = 0; i < 50 && more; i++) {
        more = from_peer(peer);
        more |= to_peer(peer);
    }
}

/* What OpenSSL exports gives packets that ours understand, and the other way. */
static void assert_media(struct peer *peer)
{
    const struct suite *suite =
        suite_of_profile((unsigned)SSL_get_selected_srtp_profile(peer->ssl)->id);
    size_t key = suite->key_bytes, salt = suite->salt_bytes;
    uint8_t block[2 * SUITE_SECRET_MAX], bytes[PACKET_ROOM];
    struct keying_secret client = {.suite = suite}, server = client;
    assert_int_equal(SSL_export_keying_material(peer->ssl, block, 2 * (key + salt),
                                                "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0),
                     1);
    memcpy(client.bytes, block, key);
    memcpy(server.bytes, block + key, key);
    memcpy(client.bytes + key, block + 2 * key, salt);
    memcpy(server.bytes + key, block + 2 * key + salt, salt);
    struct keying_state *them = peer->active ? sdes(&client, &server) : sdes(&server, &client);
    size_t length = protected_rtp(them, bytes, SSRC, 1);
    assert_int_equal(arrive(peer->us, bytes, length, 0), KEYING_OK);
    length = protected_rtp(peer->us, bytes, SSRC, 1);
    assert_int_equal(arrive(them, bytes, length, 0), KEYING_OK);
    keying_free(them);
}

static void openssl_as_client_agrees(void **state)
{
    struct peer peer;
    (void)state;
    peer_open(&peer, true, EVP_EC_gen("P-256"), PROFILES, DTLS1_2_VERSION);
    shake(&peer);
    assert_true(keying_ready(peer.us));
    assert_string_equal(keying_totals(peer.us)->suite->name, "AES_CM_128_HMAC_SHA1_80");
    assert_media(&peer);
    peer_close(&peer);
}

/* It wants a cookie, has an RSA certificate, and chooses from our preference. */
static void openssl_as_server_agrees(void **state)
{
    struct peer peer;
    (void)state;
    peer_open(&peer, false, EVP_RSA_gen(1024), PROFILES, DTLS1_2_VERSION);
    shake(&peer);
    assert_null(keying_error(peer.us));
    assert_true(keying_ready(peer.us));
    assert_media(&peer);
    peer_close(&peer);
}

static void dtls_1_0_is_refused(void **state)
{
    (void)state;
    for (int active = 0; active < 2; active++) {
        struct peer peer;
        peer_open(&peer, active, EVP_EC_gen("P-256"), PROFILES, DTLS1_VERSION);
        shake(&peer);
        assert_false(keying_ready(peer.us));
        assert_non_null(keying_error(peer.us));
        assert_non_null(strstr(keying_error(peer.us), "no DTLS 1.2"));
        peer_close(&peer);
    }
}

static void a_peer_without_use_srtp_is_refused(void **state)
{
    (void)state;
    for (int active = 0; active < 2; active++) {
        struct peer peer;
        peer_open(&peer, active, EVP_EC_gen("P-256"), NULL, DTLS1_2_VERSION);
        shake(&peer);
        assert_false(keying_ready(peer.us));
        assert_non_null(strstr(keying_error(peer.us), "use_srtp"));
        peer_close(&peer);
    }
}

static void a_peer_without_a_certificate_is_refused(void **state)
{
    struct peer peer;
    (void)state;
    peer_open(&peer, true, EVP_EC_gen("P-256"), PROFILES, DTLS1_2_VERSION);
    SSL_certs_clear(peer.ssl);
    shake(&peer);
    assert_non_null(strstr(keying_error(peer.us), "shows no certificate"));
    peer_close(&peer);
}

static void renegotiation_is_counted_and_refused(void **state)
{
    (void)state;
    for (int active = 0; active < 2; active++) {
        struct peer peer;
        peer_open(&peer, active, EVP_EC_gen("P-256"), PROFILES, DTLS1_2_VERSION);
        shake(&peer);
        assert_true(keying_ready(peer.us));
        assert_int_equal(SSL_renegotiate(peer.ssl), 1);
        SSL_do_handshake(peer.ssl);
        from_peer(&peer);
        assert_int_equal(keying_totals(peer.us)->rehandshakes, 1);
        assert_int_equal(keying_totals(peer.us)->handshakes, 1);
        assert_null(keying_error(peer.us));
        uint8_t bytes[PACKET_ROOM];
        protected_rtp(peer.us, bytes, SSRC, 1);
        peer_close(&peer);
    }
}

static void a_repeated_last_flight_is_answered_and_no_new_handshake(void **state)
{
    struct peer peer;
    uint8_t bytes[1500];
    unsigned channel;
    (void)state;
    peer_open(&peer, true, EVP_EC_gen("P-256"), PROFILES, DTLS1_2_VERSION);
    SSL_do_handshake(peer.ssl);
    while (!keying_ready(peer.us)) {
        from_peer(&peer);
        /* Our last flight is lost. */
        if (!keying_ready(peer.us))
            to_peer(&peer);
    }
    while (keying_output(peer.us, &channel, bytes, sizeof bytes, 0) > 0)
        continue;
    assert_false(SSL_is_init_finished(peer.ssl));
    for (int64_t give_up = time(NULL) + 10; !SSL_is_init_finished(peer.ssl);) {
        assert_true(time(NULL) < give_up);
        DTLSv1_handle_timeout(peer.ssl);
        from_peer(&peer);
        to_peer(&peer);
    }
    assert_int_equal(keying_totals(peer.us)->rehandshakes, 0);
    assert_media(&peer);
    peer_close(&peer);
}

static void a_closed_association_leaves_the_media_alone(void **state)
{
    struct peer peer;
    (void)state;
    peer_open(&peer, true, EVP_EC_gen("P-256"), PROFILES, DTLS1_2_VERSION);
    shake(&peer);
    SSL_shutdown(peer.ssl);
    from_peer(&peer);
    from_peer(&peer);
    assert_null(keying_error(peer.us));
    assert_true(keying_ready(peer.us));
    assert_media(&peer);
    peer_close(&peer);
}

SPECIFICATION(cmocka_unit_test(openssl_as_client_agrees),
              cmocka_unit_test(openssl_as_server_agrees), cmocka_unit_test(dtls_1_0_is_refused),
              cmocka_unit_test(a_peer_without_use_srtp_is_refused),
              cmocka_unit_test(a_peer_without_a_certificate_is_refused),
              cmocka_unit_test(renegotiation_is_counted_and_refused),
              cmocka_unit_test(a_repeated_last_flight_is_answered_and_no_new_handshake),
              cmocka_unit_test(a_closed_association_leaves_the_media_alone))
