#include "crypto_context.h"
#include "bytes.h"
#include "srtp_memory.h"
#include "srtp_types.h"
#include "cmtest/arena.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#define REPLAY_WINDOW 128
#define HMAC_KEY_BYTES 20
#define PACKET_MAX 65535
#define CACHE_LINE 64

/* libsrtp2 keeps a state for each SSRC that it has accepted, in a list without an end. Whoever has
 * the key could fill it: the oldest one goes when another comes. */
#define SOURCES_MAX 16

struct crypto_context {
    srtp_t session;
    bool outgoing;
    uint8_t source_count, source_oldest;
    uint32_t sources[SOURCES_MAX];
    struct srtp_memory memory; /* of the session */
    struct keying_secret secret;
};

static srtp_crypto_policy_t policy_of(const struct suite *suite, size_t tag_bytes)
{
    srtp_crypto_policy_t policy = {
        .cipher_key_len = (int)(suite->key_bytes + suite->salt_bytes),
        .auth_tag_len = (int)tag_bytes,
        .sec_serv = sec_serv_conf_and_auth,
    };
    bool large = suite->key_bytes == 32;
    if (suite->aead) {
        policy.cipher_type = large ? SRTP_AES_GCM_256 : SRTP_AES_GCM_128;
        policy.auth_type = SRTP_NULL_AUTH; /* libsrtp2's word for: the cipher does it */
    } else {
        policy.cipher_type = large ? SRTP_AES_ICM_256 : SRTP_AES_ICM_128;
        policy.auth_type = SRTP_HMAC_SHA1;
        policy.auth_key_len = HMAC_KEY_BYTES;
    }
    return policy;
}

/* The policy points to the secret. */
static srtp_policy_t policy_for(struct keying_secret *secret, bool outgoing)
{
    return (srtp_policy_t){
        .ssrc.type = outgoing ? ssrc_any_outbound : ssrc_any_inbound,
        .rtp = policy_of(secret->suite, secret->suite->rtp_tag_bytes),
        .rtcp = policy_of(secret->suite, secret->suite->rtcp_tag_bytes),
        .key = secret->bytes,
        .window_size = REPLAY_WINDOW,
    };
}

struct crypto_context *crypto_context_new(const struct keying_secret *secret, bool outgoing)
{
    if (!srtp_types_start())
        return NULL;
    struct crypto_context *context = mem_alloc(sizeof *context);
    context->secret = *secret;
    context->outgoing = outgoing;
    srtp_policy_t policy = policy_for(&context->secret, outgoing);
    srtp_memory_begin(&context->memory);
    bool made = srtp_create(&context->session, &policy) == srtp_err_status_ok;
    srtp_memory_end();
    if (made)
        return context;
    context->session = NULL;
    crypto_context_free(context);
    return NULL;
}

void crypto_context_fetch(const struct crypto_context *context)
{
    const char *bytes = (const char *)context;
    for (size_t at = 0; at < sizeof *context; at += CACHE_LINE)
        __builtin_prefetch(bytes + at, 1);
}

void crypto_context_free(struct crypto_context *context)
{
    if (!context)
        return;
    srtp_memory_begin(&context->memory);
    if (context->session)
        srtp_dealloc(context->session);
    srtp_memory_end();
    OPENSSL_cleanse(context, sizeof *context);
    free(context);
}

static enum keying_status status_of(srtp_err_status_t status)
{
    switch (status) {
    case srtp_err_status_ok:
        return KEYING_OK;
    case srtp_err_status_auth_fail:
        return KEYING_AUTH_FAILED;
    case srtp_err_status_replay_fail:
    case srtp_err_status_replay_old:
    case srtp_err_status_pkt_idx_old:
        return KEYING_REPLAYED;
    case srtp_err_status_key_expired:
        return KEYING_FAILED;
    default:
        return KEYING_MALFORMED;
    }
}

/* What was accepted came from, or goes out as, this source. */
static void know_source(struct crypto_context *context, uint32_t ssrc)
{
    for (size_t i = 0; i < context->source_count; i++) {
        if (context->sources[i] == ssrc)
            return;
    }
    if (context->source_count < SOURCES_MAX) {
        context->sources[context->source_count++] = ssrc;
        return;
    }
    /* Of libsrtp2's functions this one alone wants it in network byte order. */
    srtp_memory_begin(&context->memory);
    srtp_remove_stream(context->session, htonl(context->sources[context->source_oldest]));
    srtp_memory_end();
    context->sources[context->source_oldest] = ssrc;
    context->source_oldest = (uint8_t)((context->source_oldest + 1) % SOURCES_MAX);
}

static bool is_packet(const uint8_t *bytes, size_t length, bool rtcp)
{
    return length >= (rtcp ? 8 : 12) && length <= PACKET_MAX && bytes[0] >> 6 == 2;
}

enum keying_status crypto_context_protect(struct crypto_context *context, bool rtcp, uint8_t *bytes,
                                          size_t *length, size_t capacity)
{
    const struct suite *suite = context->secret.suite;
    size_t more = rtcp ? suite->rtcp_tag_bytes + 4 : suite->rtp_tag_bytes;
    if (!is_packet(bytes, *length, rtcp))
        return KEYING_MALFORMED;
    if (capacity < *length + more)
        return KEYING_NO_ROOM;
    int size = (int)*length;
    uint32_t ssrc = bytes_get32(bytes + (rtcp ? 4 : 8));
    srtp_memory_begin(&context->memory);
    enum keying_status status = status_of(rtcp ? srtp_protect_rtcp(context->session, bytes, &size)
                                               : srtp_protect(context->session, bytes, &size));
    srtp_memory_end();
    if (status != KEYING_OK)
        return status;
    know_source(context, ssrc);
    *length = (size_t)size;
    return KEYING_OK;
}

enum keying_status crypto_context_unprotect(struct crypto_context *context, bool rtcp,
                                            uint8_t *bytes, size_t *length)
{
    if (!is_packet(bytes, *length, rtcp))
        return KEYING_MALFORMED;
    int size = (int)*length;
    uint32_t ssrc = bytes_get32(bytes + (rtcp ? 4 : 8));
    srtp_memory_begin(&context->memory);
    enum keying_status status = status_of(rtcp ? srtp_unprotect_rtcp(context->session, bytes, &size)
                                               : srtp_unprotect(context->session, bytes, &size));
    srtp_memory_end();
    if (status != KEYING_OK)
        return status;
    know_source(context, ssrc);
    *length = (size_t)size;
    return KEYING_OK;
}

bool crypto_context_has(const struct crypto_context *context, const struct keying_secret *secret)
{
    const struct suite *suite = context->secret.suite;
    return suite == secret->suite && CRYPTO_memcmp(context->secret.bytes, secret->bytes,
                                                   suite->key_bytes + suite->salt_bytes) == 0;
}

bool crypto_context_rekey(struct crypto_context *context, const struct keying_secret *secret)
{
    struct keying_secret next = *secret;
    srtp_policy_t policy = policy_for(&next, context->outgoing);
    srtp_memory_begin(&context->memory);
    bool done = srtp_update(context->session, &policy) == srtp_err_status_ok;
    srtp_memory_end();
    if (done)
        context->secret = next;
    OPENSSL_cleanse(&next, sizeof next);
    return done;
}

/* Goes on with one source of another context. */
static void take_source(struct crypto_context *rest, uint32_t ssrc, uint32_t roc)
{
    srtp_policy_t policy = policy_for(&rest->secret, rest->outgoing);
    policy.ssrc = (srtp_ssrc_t){.type = ssrc_specific, .value = ssrc};
    srtp_memory_begin(&rest->memory);
    bool added = srtp_add_stream(rest->session, &policy) == srtp_err_status_ok;
    if (added)
        srtp_set_stream_roc(rest->session, ssrc, roc);
    srtp_memory_end();
    if (added)
        know_source(rest, ssrc);
}

struct crypto_context *crypto_context_remainder(const struct crypto_context *context)
{
    struct crypto_context *rest = crypto_context_new(&context->secret, context->outgoing);
    for (size_t i = 0; rest && i < context->source_count; i++) {
        uint32_t roc;
        if (srtp_get_stream_roc(context->session, context->sources[i], &roc) == srtp_err_status_ok)
            take_source(rest, context->sources[i], roc);
    }
    return rest;
}
