/* tls_peer: certificates made on the spot, and a SIP server behind TLS that says yes to all. */
#ifndef CMTEST_TEST_TLS_PEER_H
#define CMTEST_TEST_TLS_PEER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define DAY INT64_C(86400)

/* ---- certificates ---- */

struct pair {
    X509 *certificate;
    EVP_PKEY *key;
};

struct wanted {
    const char *name;          /* common name */
    const char *names;         /* subjectAltName, "DNS:a.example"; NULL */
    const struct pair *issuer; /* NULL: itself */
    bool authority;
    int64_t from_days, until_days; /* from now; 0, 0: -1, 365 */
};

static inline void extend(X509 *certificate, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, NULL, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    assert_non_null(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static inline struct pair pair_make(const struct wanted *wanted)
{
    static long serial;
    struct pair made = {X509_new(), EVP_EC_gen("P-256")};
    X509 *one = made.certificate;
    X509_NAME *name = X509_get_subject_name(one);
    int64_t until = wanted->until_days ? wanted->until_days : 365;
    int64_t from = wanted->from_days ? wanted->from_days : -1;
    ASN1_INTEGER_set(X509_get_serialNumber(one), ++serial);
    X509_set_version(one, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(one), from * DAY);
    X509_gmtime_adj(X509_getm_notAfter(one), until * DAY);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)wanted->name, -1,
                               -1, 0);
    X509_set_issuer_name(one, wanted->issuer ? X509_get_subject_name(wanted->issuer->certificate)
                                             : name);
    X509_set_pubkey(one, made.key);
    if (wanted->authority)
        extend(one, NID_basic_constraints, "critical,CA:TRUE");
    if (wanted->names)
        extend(one, NID_subject_alt_name, wanted->names);
    assert_true(X509_sign(one, wanted->issuer ? wanted->issuer->key : made.key, EVP_sha256()) > 0);
    return made;
}

static inline void pair_free(struct pair *pair)
{
    X509_free(pair->certificate);
    EVP_PKEY_free(pair->key);
}

/* The PEM of what is not NULL into a file. */
static inline void pem_write(const char *path, X509 *certificate, EVP_PKEY *key,
                             const char *password)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    if (certificate)
        PEM_write_X509(file, certificate);
    if (key)
        PEM_write_PrivateKey(file, key, password ? EVP_aes_128_cbc() : NULL, NULL, 0, NULL,
                             (void *)password);
    fclose(file);
}

/* ---- the server ---- */

enum peer_manner { PEER_ANSWERS, PEER_CLOSES, PEER_SPEAKS_PLAINLY, PEER_SAYS_NOTHING };

struct peer {
    enum peer_manner manner;
    const struct pair *shown;
    const struct pair *chain[4]; /* behind it */
    const struct pair *clients;  /* authority of the certificates that clients must show; NULL */
    int version_max;
    int answers_max; /* then it closes the connection; 0: any number */
    /* read when it has stopped */
    char server_name[256];
    int connections, requests;
    int listening;
    uint16_t port;
    pthread_t thread;
};

static inline void peer_answer(SSL *ssl, const char *request)
{
    static const char *const copied[] = {"Via", "From", "To", "Call-ID", "CSeq", "Contact"};
    char reply[8192] = "SIP/2.0 200 OK\r\n";
    bool removal = strcasestr(request, "\r\nExpires: 0\r\n") != NULL;
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        char start[32];
        snprintf(start, sizeof start, "\r\n%s: ", copied[i]);
        bool gone = strcmp(copied[i], "Contact") == 0 && strstr(request, "\r\nExpires: 0\r\n");
        const char *line = gone ? NULL : strcasestr(request, start);
        size_t length = strlen(reply);
        if (line)
            snprintf(reply + length, sizeof reply - length, "%.*s%s\r\n",
                     (int)strcspn(line + 2, "\r"), line + 2,
                     strcmp(copied[i], "To") == 0        ? ";tag=peer"
                     : strcmp(copied[i], "Contact") != 0 ? ""
                     : removal                           ? ";expires=0"
                                                         : ";expires=60");
    }
    strcat(reply, "Content-Length: 0\r\n\r\n");
    SSL_write(ssl, reply, (int)strlen(reply));
}

static inline void peer_serve(struct peer *peer, SSL *ssl)
{
    char request[8192];
    size_t have = 0;
    int answered = 0;
    if (SSL_accept(ssl) != 1)
        return;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    snprintf(peer->server_name, sizeof peer->server_name, "%s", name ? name : "");
    while (have < sizeof request - 1) {
        int got = SSL_read(ssl, request + have, (int)(sizeof request - 1 - have));
        if (got <= 0)
            return;
        have += (size_t)got;
        request[have] = '\0';
        if (!strstr(request, "\r\n\r\n"))
            continue;
        peer->requests++;
        peer_answer(ssl, request);
        have = 0;
        if (peer->answers_max && ++answered == peer->answers_max)
            return;
    }
}

static inline SSL_CTX *peer_context(const struct peer *peer)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (peer->version_max) { /* old versions are not even spoken at the usual level */
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, peer->version_max);
    }
    SSL_CTX_use_certificate(context, peer->shown->certificate);
    SSL_CTX_use_PrivateKey(context, peer->shown->key);
    for (size_t i = 0; i < 4 && peer->chain[i]; i++)
        SSL_CTX_add1_chain_cert(context, peer->chain[i]->certificate);
    if (peer->clients) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), peer->clients->certificate);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return context;
}

static inline void *peer_run(void *arg)
{
    struct peer *peer = arg;
    char bytes[256];
    SSL_CTX *context = peer_context(peer);
    for (int fd; (fd = accept(peer->listening, NULL, NULL)) >= 0; close(fd)) {
        peer->connections++;
        if (peer->manner == PEER_CLOSES)
            continue;
        if (peer->manner == PEER_SPEAKS_PLAINLY && send(fd, "SIP/2.0 200 OK\r\n\r\n", 18, 0) > 0)
            shutdown(fd, SHUT_WR);
        if (peer->manner != PEER_ANSWERS) {
            while (recv(fd, bytes, sizeof bytes, 0) > 0)
                continue;
            continue;
        }
        SSL *ssl = SSL_new(context);
        SSL_set_fd(ssl, fd);
        peer_serve(peer, ssl);
        SSL_shutdown(ssl);
        SSL_free(ssl);
        /* Closed with bytes unread, TCP would reset the connection, and what we said last with it.
         */
        shutdown(fd, SHUT_WR);
        while (recv(fd, bytes, sizeof bytes, 0) > 0)
            continue;
    }
    SSL_CTX_free(context);
    return NULL;
}

static inline void peer_start(struct peer *peer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    peer->listening = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(peer->listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(peer->listening, 8), 0);
    assert_int_equal(getsockname(peer->listening, (struct sockaddr *)&address, &size), 0);
    peer->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&peer->thread, NULL, peer_run, peer), 0);
}

/* When its connections are closed, or never were. */
static inline void peer_stop(struct peer *peer)
{
    shutdown(peer->listening, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    close(peer->listening);
}

#endif
