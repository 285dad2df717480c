#include "digest_core.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct algorithm {
    const char *name;
    const EVP_MD *(*hash)(void);
    bool session;
};

static const struct algorithm algorithms[DIGEST_ALGORITHMS] = {
    [DIGEST_MD5] = {"MD5", EVP_md5, false},
    [DIGEST_MD5_SESS] = {"MD5-sess", EVP_md5, true},
    [DIGEST_SHA_256] = {"SHA-256", EVP_sha256, false},
    [DIGEST_SHA_256_SESS] = {"SHA-256-sess", EVP_sha256, true},
    [DIGEST_SHA_512_256] = {"SHA-512-256", EVP_sha512_256, false},
    [DIGEST_SHA_512_256_SESS] = {"SHA-512-256-sess", EVP_sha512_256, true},
};

const char *digest_algorithm_name(enum digest_algorithm algorithm)
{
    return algorithms[algorithm].name;
}

bool digest_algorithm_find(const char *name, enum digest_algorithm *algorithm)
{
    if (!name || !*name) {
        *algorithm = DIGEST_MD5;
        return true;
    }
    for (size_t i = 0; i < DIGEST_ALGORITHMS; i++) {
        if (strcasecmp(name, algorithms[i].name) == 0) {
            *algorithm = (enum digest_algorithm)i;
            return true;
        }
    }
    return false;
}

bool digest_algorithm_is_session(enum digest_algorithm algorithm)
{
    return algorithms[algorithm].session;
}

/* ---- hashes ---- */

struct part {
    const char *bytes;
    size_t length;
};

static void hash_failed(const char *name)
{
    /* Only a crypto policy that forbids the hash gets here; going on would sign with garbage. */
    fprintf(stderr, "cmtest: this machine's OpenSSL refuses the hash of digest algorithm %s\n",
            name);
    exit(70);
}

static void hash_parts(enum digest_algorithm algorithm, const struct part *parts, size_t count,
                       char hex[DIGEST_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestInit_ex(context, algorithms[algorithm].hash(), NULL) == 1;
    for (size_t i = 0; i < count && good; i++)
        good = EVP_DigestUpdate(context, parts[i].bytes, parts[i].length) == 1;
    if (!good || EVP_DigestFinal_ex(context, hash, &length) != 1)
        hash_failed(algorithms[algorithm].name);
    EVP_MD_CTX_free(context);
    for (unsigned int i = 0; i < length; i++) {
        hex[2 * i] = digits[hash[i] >> 4];
        hex[2 * i + 1] = digits[hash[i] & 15];
    }
    hex[2 * length] = '\0';
}

#define JOIN_LIMIT 6

/* Hashes the strings with a colon between each two. */
static void hash_joined(enum digest_algorithm algorithm, const char *const *strings, size_t count,
                        char hex[DIGEST_HEX_SIZE])
{
    struct part parts[2 * JOIN_LIMIT];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            parts[used++] = (struct part){":", 1};
        const char *string = strings[i] ? strings[i] : "";
        parts[used++] = (struct part){string, strlen(string)};
    }
    hash_parts(algorithm, parts, used, hex);
}

void digest_response(const struct digest_input *input, char hex[DIGEST_HEX_SIZE])
{
    char ha1[DIGEST_HEX_SIZE], ha2[DIGEST_HEX_SIZE], body[DIGEST_HEX_SIZE];
    const char *a1[] = {input->username, input->realm, input->password};
    hash_joined(input->algorithm, a1, 3, ha1);
    if (digest_algorithm_is_session(input->algorithm)) {
        const char *session[] = {ha1, input->nonce, input->cnonce};
        char bound[DIGEST_HEX_SIZE];
        hash_joined(input->algorithm, session, 3, bound);
        memcpy(ha1, bound, sizeof ha1);
        OPENSSL_cleanse(bound, sizeof bound);
    }
    bool with_body = input->qop && strcmp(input->qop, "auth-int") == 0;
    if (with_body) {
        struct part whole = {input->request->body ? input->request->body : "",
                             input->request->body ? input->request->body_length : 0};
        hash_parts(input->algorithm, &whole, 1, body);
    }
    const char *a2[] = {input->request->method, input->uri, body};
    hash_joined(input->algorithm, a2, with_body ? 3 : 2, ha2);
    if (input->qop) {
        const char *all[] = {ha1, input->nonce, input->nc, input->cnonce, input->qop, ha2};
        hash_joined(input->algorithm, all, 6, hex);
    } else {
        const char *all[] = {ha1, input->nonce, ha2};
        hash_joined(input->algorithm, all, 3, hex);
    }
    OPENSSL_cleanse(ha1, sizeof ha1);
}

/* ---- parameters ---- */

static const char *skip_space(const char *s)
{
    while (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')
        s++;
    return s;
}

const char *digest_param_raw(const char *const *params, const char *name)
{
    size_t length = strlen(name);
    for (; params && *params; params++) {
        const char *at = skip_space(*params);
        if (strncasecmp(at, name, length) != 0)
            continue;
        at = skip_space(at + length);
        if (*at == '=')
            return skip_space(at + 1);
    }
    return NULL;
}

bool digest_param(const char *const *params, const char *name, char *out, size_t size)
{
    const char *at = digest_param_raw(params, name);
    if (!at || size == 0)
        return false;
    size_t used = 0;
    bool quoted = *at == '"';
    if (quoted)
        at++;
    while (*at && (quoted ? *at != '"' : !strchr(" \t\r\n", *at))) {
        if (quoted && *at == '\\' && at[1])
            at++;
        if (used + 1 >= size)
            return false;
        out[used++] = *at++;
    }
    out[used] = '\0';
    return !quoted || *at == '"';
}

/* Is word in the comma separated list? */
static bool list_has(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list) {
        list += strspn(list, ", \t");
        size_t item = strcspn(list, ", \t");
        if (item == length && strncasecmp(list, word, length) == 0)
            return true;
        list += item;
    }
    return false;
}

bool digest_challenge_parse(const char *const *params, struct digest_challenge *challenge)
{
    *challenge = (struct digest_challenge){0};
    char word[128];
    if (!digest_param(params, "realm", challenge->realm, sizeof challenge->realm) ||
        !digest_param(params, "nonce", challenge->nonce, sizeof challenge->nonce))
        return false;
    if (digest_param_raw(params, "opaque")) {
        if (!digest_param(params, "opaque", challenge->opaque, sizeof challenge->opaque))
            return false;
        challenge->has_opaque = true;
    }
    if (digest_param_raw(params, "algorithm")) {
        if (!digest_param(params, "algorithm", word, sizeof word) ||
            !digest_algorithm_find(word, &challenge->algorithm))
            return false;
    }
    if (digest_param(params, "qop", word, sizeof word)) {
        challenge->qop = true;
        challenge->qop_auth = list_has(word, "auth");
        challenge->qop_auth_int = list_has(word, "auth-int");
    }
    if (digest_param(params, "stale", word, sizeof word))
        challenge->stale = strcasecmp(word, "true") == 0;
    return true;
}

/* ---- the client's answer ---- */

void digest_add_quoted(struct text *out, const char *name, const char *value)
{
    text_add(out, name);
    text_add(out, "=\"");
    for (const char *from = value;; value++) {
        unsigned char c = (unsigned char)*value;
        bool escaped = c == '"' || c == '\\';
        /* It would end the header early, and is not legal in a quoted string anyway. */
        bool left_out = c < ' ' || c == 127;
        if (!escaped && !left_out)
            continue;
        text_add_bytes(out, from, (size_t)(value - from));
        if (!c)
            break;
        if (escaped)
            text_add_bytes(out, "\\", 1);
        from = left_out ? value + 1 : value;
    }
    text_add_bytes(out, "\"", 1);
}

void digest_answer(const struct digest_challenge *challenge,
                   const struct digest_credentials *credentials,
                   const struct digest_request *request, uint32_t nonce_count, const char *cnonce,
                   struct text *out)
{
    if (credentials->realm && strcmp(credentials->realm, challenge->realm) != 0)
        return;
    char nc[9], response[DIGEST_HEX_SIZE];
    snprintf(nc, sizeof nc, "%08x", (unsigned)nonce_count);
    /* A list of nothing known is ignored, as RFC 7616 3.3 says of each unknown word. */
    const char *qop = challenge->qop_auth ? "auth" : challenge->qop_auth_int ? "auth-int" : NULL;
    struct digest_input input = {challenge->algorithm,
                                 credentials->username,
                                 credentials->password,
                                 challenge->realm,
                                 challenge->nonce,
                                 cnonce,
                                 nc,
                                 qop,
                                 request->uri,
                                 request};
    digest_response(&input, response);
    digest_add_quoted(out, "Digest username", credentials->username);
    digest_add_quoted(out, ", realm", challenge->realm);
    digest_add_quoted(out, ", nonce", challenge->nonce);
    digest_add_quoted(out, ", uri", request->uri);
    digest_add_quoted(out, ", response", response);
    text_printf(out, ", algorithm=%s", digest_algorithm_name(challenge->algorithm));
    if (qop || digest_algorithm_is_session(challenge->algorithm))
        digest_add_quoted(out, ", cnonce", cnonce);
    if (qop)
        text_printf(out, ", qop=%s, nc=%s", qop, nc);
    if (challenge->has_opaque)
        digest_add_quoted(out, ", opaque", challenge->opaque);
}
