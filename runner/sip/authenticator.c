#include "sip_private.h"

#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What comes before the strings of a challenge, and then these without what they leave empty. */
#define PACKED_HEAD offsetof(struct digest_challenge, realm)

static void pack(struct authenticator_slot *slot, const struct digest_challenge *challenge)
{
    size_t realm = strlen(challenge->realm) + 1, nonce = strlen(challenge->nonce) + 1,
           opaque = strlen(challenge->opaque) + 1;
    free(slot->challenge);
    slot->challenge = mem_alloc(PACKED_HEAD + realm + nonce + opaque);
    char *at = slot->challenge;
    memcpy(at, challenge, PACKED_HEAD);
    memcpy(at += PACKED_HEAD, challenge->realm, realm);
    memcpy(at += realm, challenge->nonce, nonce);
    memcpy(at + nonce, challenge->opaque, opaque);
}

static const char *realm_of(const struct authenticator_slot *slot)
{
    return slot->challenge + PACKED_HEAD;
}

static void unpack(const struct authenticator_slot *slot, struct digest_challenge *challenge)
{
    const char *realm = realm_of(slot), *nonce = realm + strlen(realm) + 1;
    memcpy(challenge, slot->challenge, PACKED_HEAD);
    strcpy(challenge->realm, realm);
    strcpy(challenge->nonce, nonce);
    strcpy(challenge->opaque, nonce + strlen(nonce) + 1);
}

static void free_slot(struct authenticator_slot *slot)
{
    if (slot)
        free(slot->challenge);
    free(slot);
}

void authenticator_init(struct authenticator *authenticator,
                        const struct digest_credentials *credentials)
{
    *authenticator = (struct authenticator){.credentials = credentials};
}

void authenticator_fini(struct authenticator *authenticator)
{
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++)
        free_slot(authenticator->slots[i]);
}

void authenticator_begin(struct authenticator *authenticator)
{
    authenticator->rounds = 0;
    authenticator->trouble[0] = '\0';
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++)
        if (authenticator->slots[i])
            authenticator->slots[i]->refusals = 0;
}

static size_t slot_for(struct authenticator *authenticator, bool proxy, const char *realm)
{
    /* A peer that invents realms must not make us grow: the last slot is recycled. */
    size_t spare = AUTHENTICATOR_SLOTS - 1;
    for (size_t i = AUTHENTICATOR_SLOTS; i-- > 0;) {
        struct authenticator_slot *slot = authenticator->slots[i];
        if (slot && slot->used && slot->proxy == proxy && strcmp(realm_of(slot), realm) == 0)
            return i;
        if (!slot || !slot->used)
            spare = i;
    }
    free_slot(authenticator->slots[spare]);
    authenticator->slots[spare] = mem_alloc(sizeof **authenticator->slots);
    authenticator->slots[spare]->proxy = proxy;
    return spare;
}

static void explain(struct authenticator *authenticator, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void explain(struct authenticator *authenticator, const char *format, ...)
{
    char whole[2 * sizeof authenticator->trouble];
    va_list args;
    va_start(args, format);
    vsnprintf(whole, sizeof whole, format, args);
    va_end(args);
    text_copy(authenticator->trouble, sizeof authenticator->trouble, whole);
}

/* Whether the request that was challenged already carried an answer for this realm and nonce: then
 * the answer was refused. An answer with an older nonce (kept from an earlier request) was not. */
static bool learn(struct authenticator *authenticator, bool proxy,
                  const struct digest_challenge *challenge)
{
    const char *only = authenticator->credentials->realm;
    if (only && strcmp(only, challenge->realm) != 0) {
        explain(authenticator, "the challenge is for realm \"%.40s\", the account for \"%.40s\"",
                challenge->realm, only);
        return false;
    }
    size_t number = slot_for(authenticator, proxy, challenge->realm);
    struct authenticator_slot *slot = authenticator->slots[number];
    /* One refusal of a fresh answer is final, except that a stale nonce says nothing about the
     * password; but a server that calls everything stale must not keep us for ever. */
    if (slot->refusals >= (challenge->stale ? 3u : 1u))
        return false;
    slot->refusals++;
    slot->used = true;
    pack(slot, challenge);
    slot->nonce_count = 0;
    authenticator->last = (unsigned)number;
    return true;
}

static bool parse(struct authenticator *authenticator, const msg_auth_t *header,
                  struct digest_challenge *challenge)
{
    char algorithm[32] = "MD5";
    if (!header->au_scheme || strcasecmp(header->au_scheme, "Digest") != 0) {
        explain(authenticator, "the challenge has scheme %.40s, not Digest",
                header->au_scheme ? header->au_scheme : "none");
        return false;
    }
    const char *const *params = (const char *const *)header->au_params;
    if (digest_challenge_parse(params, challenge))
        return true;
    enum digest_algorithm known;
    digest_param(params, "algorithm", algorithm, sizeof algorithm);
    if (digest_algorithm_find(algorithm, &known))
        explain(authenticator, "the challenge has no usable realm or nonce");
    else
        explain(authenticator, "the challenge has algorithm %.32s, which is not known", algorithm);
    return false;
}

static bool learn_all(struct authenticator *authenticator, bool proxy, const msg_auth_t *header)
{
    bool any = false;
    char learned[AUTHENTICATOR_SLOTS][sizeof((struct digest_challenge *)0)->realm];
    size_t count = 0;
    for (; header; header = header->au_next) {
        struct digest_challenge challenge;
        if (!parse(authenticator, header, &challenge))
            continue;
        /* Several algorithms for one realm: the topmost that is known (RFC 8760 2.4). */
        bool seen = false;
        for (size_t i = 0; i < count; i++)
            seen |= strcmp(learned[i], challenge.realm) == 0;
        if (seen || count == AUTHENTICATOR_SLOTS)
            continue;
        text_copy(learned[count++], sizeof learned[0], challenge.realm);
        any |= learn(authenticator, proxy, &challenge);
    }
    return any;
}

bool authenticator_challenged(struct authenticator *authenticator, const sip_t *response)
{
    bool proxy = response->sip_status->st_status == 407;
    const msg_auth_t *header =
        proxy ? response->sip_proxy_authenticate : response->sip_www_authenticate;
    text_copy(authenticator->trouble, sizeof authenticator->trouble,
              header ? "" : "there is no challenge in the response");
    /* New realms each time are no refusal of any one answer, and would never end. */
    if (authenticator->rounds++ >= AUTHENTICATOR_ROUNDS || !learn_all(authenticator, proxy, header))
        return false;
    authenticator->trouble[0] = '\0';
    return true;
}

/* The header does not say whose nonce it replaces: told only when there is just one. */
static void take_next_nonce(struct authenticator *authenticator, bool proxy,
                            const msg_auth_info_t *header)
{
    struct authenticator_slot *only = NULL;
    struct digest_challenge challenge;
    char nonce[sizeof challenge.nonce];
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++) {
        struct authenticator_slot *slot = authenticator->slots[i];
        if (!slot || !slot->used || slot->proxy != proxy)
            continue;
        if (only)
            return;
        only = slot;
    }
    if (!only || !header ||
        !digest_param((const char *const *)header->ai_params, "nextnonce", nonce, sizeof nonce) ||
        !*nonce)
        return;
    unpack(only, &challenge);
    text_copy(challenge.nonce, sizeof challenge.nonce, nonce);
    pack(only, &challenge);
    only->nonce_count = 0;
}

void authenticator_informed(struct authenticator *authenticator, const sip_t *response)
{
    take_next_nonce(authenticator, false, response->sip_authentication_info);
    take_next_nonce(authenticator, true, response->sip_proxy_authentication_info);
}

bool authenticator_answered(const struct authenticator *authenticator)
{
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++)
        if (authenticator->slots[i] && authenticator->slots[i]->used &&
            authenticator->slots[i]->refusals > 0)
            return true;
    return false;
}

const char *authenticator_trouble(const struct authenticator *authenticator)
{
    return authenticator->trouble;
}

void authenticator_headers(struct authenticator *authenticator, const char *method, const char *uri,
                           const char *body, struct text *lines)
{
    struct digest_request request = {
        .method = method, .uri = uri, .body = body, .body_length = body ? strlen(body) : 0};
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++) {
        struct authenticator_slot *slot = authenticator->slots[i];
        if (!slot || !slot->used)
            continue;
        struct digest_challenge challenge;
        char cnonce[17];
        unpack(slot, &challenge);
        random_secret(cnonce, sizeof cnonce - 1);
        text_add(lines, slot->proxy ? "Proxy-Authorization: " : "Authorization: ");
        digest_answer(&challenge, authenticator->credentials, &request, ++slot->nonce_count, cnonce,
                      lines);
        text_add(lines, "\r\n");
    }
}

const char *authenticator_realm(const struct authenticator *authenticator)
{
    const struct authenticator_slot *slot = authenticator->slots[authenticator->last];
    return slot && slot->used ? realm_of(slot) : "";
}
