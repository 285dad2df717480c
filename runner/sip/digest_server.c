#include "digest_core.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The parameters of an Authorization header, unquoted. */
struct offered {
    char username[256];
    char realm[128];
    char nonce[256];
    char uri[512];
    char response[DIGEST_HEX_SIZE];
    char cnonce[256];
    char nc[9];
    char qop[16];
    enum digest_algorithm algorithm;
    bool has_qop;
};

static bool read_count(const char nc[9], uint32_t *count)
{
    if (strlen(nc) != 8 || strspn(nc, "0123456789abcdefABCDEF") != 8)
        return false;
    *count = (uint32_t)strtoul(nc, NULL, 16);
    return true;
}

/* qop, and the two that come with it. */
static bool read_quality(const char *const *params, struct offered *offered, uint32_t *nonce_count)
{
    bool cnonce = digest_param(params, "cnonce", offered->cnonce, sizeof offered->cnonce);
    *nonce_count = 0;
    offered->has_qop = digest_param_raw(params, "qop") != NULL;
    if (!offered->has_qop)
        return cnonce || !digest_algorithm_is_session(offered->algorithm);
    if (!digest_param(params, "qop", offered->qop, sizeof offered->qop) ||
        !digest_param(params, "nc", offered->nc, sizeof offered->nc))
        return false;
    bool known = strcasecmp(offered->qop, "auth") == 0 || strcasecmp(offered->qop, "auth-int") == 0;
    return known && cnonce && read_count(offered->nc, nonce_count);
}

static bool read_offered(const char *const *params, struct offered *offered, uint32_t *nonce_count)
{
    char algorithm[32] = "";
    if (!digest_param(params, "username", offered->username, sizeof offered->username) ||
        !digest_param(params, "realm", offered->realm, sizeof offered->realm) ||
        !digest_param(params, "nonce", offered->nonce, sizeof offered->nonce) ||
        !digest_param(params, "uri", offered->uri, sizeof offered->uri) ||
        !digest_param(params, "response", offered->response, sizeof offered->response))
        return false;
    if (digest_param_raw(params, "algorithm") &&
        !digest_param(params, "algorithm", algorithm, sizeof algorithm))
        return false;
    if (!digest_algorithm_find(algorithm, &offered->algorithm))
        return false;
    return read_quality(params, offered, nonce_count);
}

enum digest_check digest_check(const char *const *params, enum digest_algorithm algorithm,
                               const char *realm, const char *username, const char *password,
                               const struct digest_request *request, char *nonce, size_t nonce_size,
                               uint32_t *nonce_count)
{
    if (nonce_size > 0)
        nonce[0] = '\0';
    *nonce_count = 0;
    if (!params || !*params)
        return DIGEST_MISSING;
    struct offered offered = {0};
    if (!read_offered(params, &offered, nonce_count))
        return DIGEST_MALFORMED;
    if (strlen(offered.nonce) >= nonce_size)
        return DIGEST_MALFORMED;
    memcpy(nonce, offered.nonce, strlen(offered.nonce) + 1);
    if (offered.algorithm != algorithm || strcmp(offered.realm, realm) != 0 ||
        strcmp(offered.username, username) != 0)
        return DIGEST_WRONG;
    if (request->uri && strcmp(offered.uri, request->uri) != 0)
        return DIGEST_WRONG;

    char expected[DIGEST_HEX_SIZE];
    const char *qop = !offered.has_qop                           ? NULL
                      : strcasecmp(offered.qop, "auth-int") == 0 ? "auth-int"
                                                                 : "auth";
    struct digest_input input = {algorithm,      username,   password, realm,       offered.nonce,
                                 offered.cnonce, offered.nc, qop,      offered.uri, request};
    digest_response(&input, expected);
    size_t length = strlen(expected);
    bool equal = strlen(offered.response) == length &&
                 CRYPTO_memcmp(offered.response, expected, length) == 0;
    OPENSSL_cleanse(expected, sizeof expected);
    return equal ? DIGEST_OK : DIGEST_WRONG;
}
