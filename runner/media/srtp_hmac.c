/* HMAC-SHA1 (RFC 2104) on two states of SHA-1 that have taken in the key already. OpenSSL calls its
 * plain SHA-1 deprecated; its successor allocates for every packet and costs several times as much,
 * in the middle of the media thread. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "srtp_memory.h"
#include "srtp_types.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

/* What a state of SHA-1 has come to after a block. */
struct chain {
    SHA_LONG h0, h1, h2, h3, h4;
};

struct hmac {
    srtp_auth_t auth;
    struct chain inner, outer; /* with the key */
    SHA_CTX now;
};

static srtp_err_status_t set_up(srtp_auth_t **out, int key_bytes, int tag_bytes)
{
    if (key_bytes < 0 || key_bytes > SHA_CBLOCK || tag_bytes < 0 || tag_bytes > SHA_DIGEST_LENGTH)
        return srtp_err_status_bad_param;
    struct hmac *hmac = srtp_memory_take(sizeof *hmac);
    if (!hmac)
        return srtp_err_status_alloc_fail;
    hmac->auth = (srtp_auth_t){
        .type = &auth_hmac_sha1, .state = hmac, .out_len = tag_bytes, .key_len = key_bytes};
    *out = &hmac->auth;
    return srtp_err_status_ok;
}

static srtp_err_status_t take_down(srtp_auth_t *auth)
{
    srtp_memory_give(auth->state, sizeof(struct hmac));
    return srtp_err_status_ok;
}

static void take_key(struct chain *chain, const uint8_t *key, size_t length, uint8_t mask)
{
    uint8_t block[SHA_CBLOCK] = {0};
    SHA_CTX state;
    memcpy(block, key, length);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= mask;
    SHA1_Init(&state);
    SHA1_Update(&state, block, sizeof block);
    *chain = (struct chain){state.h0, state.h1, state.h2, state.h3, state.h4};
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(&state, sizeof state);
}

/* The buffer keeps what it has: nothing of it counts. */
static void go_on(SHA_CTX *state, const struct chain *chain)
{
    state->h0 = chain->h0;
    state->h1 = chain->h1;
    state->h2 = chain->h2;
    state->h3 = chain->h3;
    state->h4 = chain->h4;
    state->Nl = SHA_CBLOCK * 8;
    state->Nh = 0;
    state->num = 0;
}

static srtp_err_status_t set_key(void *state, const uint8_t *key, int length)
{
    struct hmac *hmac = state;
    if (length < 0 || length > SHA_CBLOCK)
        return srtp_err_status_bad_param;
    take_key(&hmac->inner, key, (size_t)length, 0x36);
    take_key(&hmac->outer, key, (size_t)length, 0x5c);
    go_on(&hmac->now, &hmac->inner);
    return srtp_err_status_ok;
}

static srtp_err_status_t start(void *state)
{
    struct hmac *hmac = state;
    go_on(&hmac->now, &hmac->inner);
    return srtp_err_status_ok;
}

static srtp_err_status_t update(void *state, const uint8_t *bytes, int length)
{
    struct hmac *hmac = state;
    return length >= 0 && SHA1_Update(&hmac->now, bytes, (size_t)length)
               ? srtp_err_status_ok
               : srtp_err_status_auth_fail;
}

static srtp_err_status_t compute(void *state, const uint8_t *bytes, int length, int tag_bytes,
                                 uint8_t *tag)
{
    struct hmac *hmac = state;
    uint8_t digest[SHA_DIGEST_LENGTH];
    if (tag_bytes < 0 || tag_bytes > SHA_DIGEST_LENGTH || update(state, bytes, length))
        return srtp_err_status_bad_param;
    SHA1_Final(digest, &hmac->now);
    go_on(&hmac->now, &hmac->outer);
    SHA1_Update(&hmac->now, digest, sizeof digest);
    SHA1_Final(digest, &hmac->now);
    memcpy(tag, digest, (size_t)tag_bytes);
    return srtp_err_status_ok;
}

/* RFC 2202, test case 1. */
static const uint8_t key[] = {0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
                              0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b};
static const uint8_t data[] = {'H', 'i', ' ', 'T', 'h', 'e', 'r', 'e'};
static const uint8_t digest[] = {0xb6, 0x17, 0x31, 0x86, 0x55, 0x05, 0x72, 0x64, 0xe2, 0x8b,
                                 0xc0, 0xb6, 0xfb, 0x37, 0x8c, 0x8e, 0xf1, 0x46, 0xbe, 0x00};
static const srtp_auth_test_case_t answer = {
    .key_length_octets = sizeof key,
    .key = key,
    .data_length_octets = sizeof data,
    .data = data,
    .tag_length_octets = sizeof digest,
    .tag = digest,
};

const srtp_auth_type_t auth_hmac_sha1 = {
    .alloc = set_up,
    .dealloc = take_down,
    .init = set_key,
    .compute = compute,
    .update = update,
    .start = start,
    .description = "HMAC-SHA1",
    .test_data = &answer,
    .id = SRTP_HMAC_SHA1,
};
