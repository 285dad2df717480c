/* What is in the files: checked before a run, loaded once for all connections of a profile. */
#include "tls_profile.h"
#include "cmtest/arena.h"
#include "cmtest/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#define FILE_MAX_BYTES (1024 * 1024)
#define SOON_S (30 * 86400)

/* What a config's files hold. */
struct files {
    STACK_OF(X509) * ca;
    STACK_OF(X509) * certificates; /* ours first, then its chain */
    EVP_PKEY *key;
};

static void files_free(struct files *files)
{
    sk_X509_pop_free(files->ca, X509_free);
    sk_X509_pop_free(files->certificates, X509_free);
    EVP_PKEY_free(files->key);
    *files = (struct files){0};
}

static void set_fault(struct tls_fault *fault, int kind, const char *file, const char *pattern, ...)
    __attribute__((format(printf, 4, 5)));
static void set_fault(struct tls_fault *fault, int kind, const char *file, const char *pattern, ...)
{
    va_list args;
    *(int *)&fault->kind = kind;
    fault->file = file;
    va_start(args, pattern);
    vsnprintf(fault->detail, sizeof fault->detail, pattern, args);
    va_end(args);
}

/* A whole file, which may be a device or endless. NULL: fault says why. */
static BIO *read_file(const char *path, struct tls_fault *fault)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        set_fault(fault, TLS_UNREADABLE, path, "%s", strerror(errno));
        return NULL;
    }
    char *bytes = mem_alloc(FILE_MAX_BYTES);
    size_t length = fread(bytes, 1, FILE_MAX_BYTES, file);
    bool failed = ferror(file);
    fclose(file);
    BIO *bio = NULL;
    if (failed || length == FILE_MAX_BYTES)
        set_fault(fault, TLS_UNREADABLE, path, "%s",
                  failed ? "it cannot be read" : "it is larger than 1 MiB");
    else if ((bio = BIO_new(BIO_s_mem())) && length)
        BIO_write(bio, bytes, (int)length);
    OPENSSL_cleanse(bytes, length);
    free(bytes);
    return bio;
}

static STACK_OF(X509) * read_certificates(const char *path, struct tls_fault *fault)
{
    BIO *bio = read_file(path, fault);
    if (!bio)
        return NULL;
    STACK_OF(X509) *found = sk_X509_new_null();
    for (X509 *one; (one = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL));)
        sk_X509_push(found, one);
    /* The end of the file is an error too: the only one that is none. */
    bool broken = ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE;
    ERR_clear_error();
    BIO_free(bio);
    if (!broken && sk_X509_num(found) > 0)
        return found;
    set_fault(fault, TLS_UNREADABLE, path, "%s",
              broken ? "a certificate in it is damaged" : "there is no certificate in it");
    sk_X509_pop_free(found, X509_free);
    return NULL;
}

static int no_password(char *to, int size, int writing, void *asked)
{
    (void)to;
    (void)size;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}

static EVP_PKEY *read_key(const char *path, struct tls_fault *fault)
{
    BIO *bio = read_file(path, fault);
    if (!bio)
        return NULL;
    bool asked = false;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_password, &asked);
    ERR_clear_error();
    BIO_free(bio);
    if (key)
        return key;
    if (asked)
        set_fault(fault, TLS_KEY_LOCKED, path, "the key is protected by a password");
    else
        set_fault(fault, TLS_UNREADABLE, path, "there is no private key in it");
    return NULL;
}

static bool read_all(const struct tls_config *config, struct files *files, struct tls_fault *fault)
{
    if (config->verify == TLS_VERIFY_CUSTOM && config->ca &&
        !(files->ca = read_certificates(config->ca, fault)))
        return false;
    if (!config->certificate)
        return true;
    if (!(files->certificates = read_certificates(config->certificate, fault)) ||
        !(files->key = read_key(config->key ? config->key : config->certificate, fault)))
        return false;
    bool fits = X509_check_private_key(sk_X509_value(files->certificates, 0), files->key) == 1;
    ERR_clear_error();
    if (!fits)
        set_fault(fault, TLS_KEY_MISMATCH, config->key ? config->key : config->certificate,
                  "the key is not that of the certificate in %.100s", config->certificate);
    return fits;
}

void tls_day(const ASN1_TIME *time, char day[TLS_DAY_SIZE])
{
    struct tm tm;
    if (ASN1_TIME_to_tm(time, &tm) != 1 || !strftime(day, TLS_DAY_SIZE, "%Y-%m-%d", &tm))
        text_copy(day, TLS_DAY_SIZE, "?");
    ERR_clear_error();
}

void tls_holder(X509 *certificate, char *name, size_t size)
{
    char raw[256] = "";
    if (X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, raw,
                                  sizeof raw) <= 0)
        text_copy(raw, sizeof raw, "(no name)");
    for (char *at = raw; *at; at++)
        if (*at < ' ' || *at == 0x7f)
            *at = '?';
    text_copy(name, size, raw);
}

/* Errors are worse than a warning; the first one stays. */
static void check_days(X509 *certificate, const char *file, int64_t now_s, struct tls_fault *fault)
{
    char holder[64], day[TLS_DAY_SIZE];
    const ASN1_TIME *from = X509_get0_notBefore(certificate);
    const ASN1_TIME *until = X509_get0_notAfter(certificate);
    if (fault->kind != TLS_FINE && fault->kind != TLS_EXPIRES_SOON)
        return;
    tls_holder(certificate, holder, sizeof holder);
    if (ASN1_TIME_cmp_time_t(until, now_s) < 0) {
        tls_day(until, day);
        set_fault(fault, TLS_EXPIRED, file, "the certificate of %s expired on %s", holder, day);
    } else if (ASN1_TIME_cmp_time_t(from, now_s) > 0) {
        tls_day(from, day);
        set_fault(fault, TLS_NOT_YET_VALID, file, "the certificate of %s is valid from %s on",
                  holder, day);
    } else if (ASN1_TIME_cmp_time_t(until, now_s + SOON_S) < 0 && fault->kind == TLS_FINE) {
        tls_day(until, day);
        set_fault(fault, TLS_EXPIRES_SOON, file, "the certificate of %s expires on %s", holder,
                  day);
    }
}

/* A bundle may well hold old ones, as long as one can be trusted today. */
static void check_bundle(STACK_OF(X509) * bundle, const char *file, int64_t now_s,
                         struct tls_fault *fault)
{
    struct tls_fault best = {.kind = TLS_FINE};
    for (int i = 0; i < sk_X509_num(bundle); i++) {
        struct tls_fault own = {.kind = TLS_FINE};
        check_days(sk_X509_value(bundle, i), file, now_s, &own);
        if (own.kind == TLS_FINE)
            return;
        if (i == 0 || own.kind == TLS_EXPIRES_SOON)
            best = own;
    }
    *fault = best;
}

void tls_check(const struct tls_config *config, int64_t now_s, struct tls_fault *fault)
{
    struct files files = {0};
    *fault = (struct tls_fault){.kind = TLS_FINE};
    if (read_all(config, &files, fault)) {
        for (int i = 0; i < sk_X509_num(files.certificates); i++)
            check_days(sk_X509_value(files.certificates, i), config->certificate, now_s, fault);
        if (files.ca && fault->kind == TLS_FINE)
            check_bundle(files.ca, config->ca, now_s, fault);
    }
    files_free(&files);
}

/* ---- profile --------------------------------------------------------------------------------- */

static X509_STORE *make_store(const struct tls_config *config, STACK_OF(X509) * ca)
{
    X509_STORE *store = X509_STORE_new();
    if (config->verify == TLS_VERIFY_SYSTEM)
        X509_STORE_set_default_paths(store);
    for (int i = 0; i < sk_X509_num(ca); i++)
        X509_STORE_add_cert(store, sk_X509_value(ca, i));
    if (ca) /* what is in the file is trusted, be it a root or not */
        X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    ERR_clear_error();
    return store;
}

/* Peers that connect to us need some certificate; nobody can verify a phone's anyway. */
static void make_own(struct tls_profile *profile)
{
    unsigned char serial[8];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *made = X509_new();
    X509_NAME *name = X509_get_subject_name(made);
    RAND_bytes(serial, sizeof serial);
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made));
    BN_free(number);
    X509_set_version(made, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(made), -86400);
    X509_gmtime_adj(X509_getm_notAfter(made), 365L * 86400);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"cmtest", -1, -1,
                               0);
    X509_set_issuer_name(made, name);
    X509_set_pubkey(made, key);
    X509_sign(made, key, EVP_sha256());
    profile->own = made;
    profile->own_key = key;
}

struct tls_profile *tls_profile_new(const struct tls_config *config, struct tls_fault *fault)
{
    struct files files = {0};
    struct in6_addr ip;
    *fault = (struct tls_fault){.kind = TLS_FINE};
    if (!read_all(config, &files, fault)) {
        files_free(&files);
        return NULL;
    }
    struct tls_profile *profile = mem_alloc(sizeof *profile);
    profile->verify = config->verify;
    profile->server_name = mem_strdup(config->server_name ? config->server_name : "");
    size_t length = strlen(profile->server_name);
    if (length && profile->server_name[length - 1] == '.')
        profile->server_name[length - 1] = '\0'; /* rooted: certificates have no such dot */
    profile->numeric = inet_pton(AF_INET, profile->server_name, &ip) == 1 ||
                       inet_pton(AF_INET6, profile->server_name, &ip) == 1;
    profile->store = make_store(config, files.ca);
    if (files.certificates) {
        profile->shown = sk_X509_shift(files.certificates);
        profile->chain = files.certificates;
        profile->key = files.key;
        files.certificates = NULL;
        files.key = NULL;
    }
    make_own(profile);
    files_free(&files);
    return profile;
}

void tls_profile_free(struct tls_profile *profile)
{
    if (!profile)
        return;
    X509_STORE_free(profile->store);
    X509_free(profile->shown);
    sk_X509_pop_free(profile->chain, X509_free);
    EVP_PKEY_free(profile->key);
    X509_free(profile->own);
    EVP_PKEY_free(profile->own_key);
    free(profile->server_name);
    free(profile);
}
