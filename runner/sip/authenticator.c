#include "sip_private.h"

#include "cmtest/random.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void authenticator_init(struct authenticator *authenticator,
                        const struct digest_credentials *credentials)
{
    *authenticator = (struct authenticator){.credentials = credentials};
}

void authenticator_begin(struct authenticator *authenticator)
{
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++)
        authenticator->slots[i].refusals = 0;
}

static struct authenticator_slot *slot_for(struct authenticator *authenticator, bool proxy,
                                           const char *realm)
{
    struct authenticator_slot *spare = NULL;
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++) {
        struct authenticator_slot *slot = &authenticator->slots[i];
        if (slot->used && slot->proxy == proxy && strcmp(slot->challenge.realm, realm) == 0)
            return slot;
        if (!slot->used && !spare)
            spare = slot;
    }
    /* A peer that invents realms must not make us grow: the last slot is recycled. */
    if (!spare)
        spare = &authenticator->slots[AUTHENTICATOR_SLOTS - 1];
    *spare = (struct authenticator_slot){.proxy = proxy};
    return spare;
}

/* Whether the request that was challenged already carried an answer for this realm and nonce: then
 * the answer was refused. An answer with an older nonce (kept from an earlier request) was not. */
static bool learn(struct authenticator *authenticator, bool proxy,
                  const struct digest_challenge *challenge)
{
    const char *only = authenticator->credentials->realm;
    if (only && strcmp(only, challenge->realm) != 0)
        return false;
    struct authenticator_slot *slot = slot_for(authenticator, proxy, challenge->realm);
    /* One refusal of a fresh answer is final, except that a stale nonce says nothing about the
     * password; but a server that calls everything stale must not keep us for ever. */
    if (slot->refusals >= (challenge->stale ? 3u : 1u))
        return false;
    slot->refusals++;
    slot->used = true;
    slot->challenge = *challenge;
    slot->nonce_count = 0;
    return true;
}

static bool learn_all(struct authenticator *authenticator, bool proxy, const msg_auth_t *header)
{
    bool any = false;
    char learned[AUTHENTICATOR_SLOTS][sizeof((struct digest_challenge *)0)->realm];
    size_t count = 0;
    for (; header; header = header->au_next) {
        struct digest_challenge challenge;
        if (!header->au_scheme || strcasecmp(header->au_scheme, "Digest") != 0 ||
            !digest_challenge_parse((const char *const *)header->au_params, &challenge))
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
    return learn_all(authenticator, proxy,
                     proxy ? response->sip_proxy_authenticate : response->sip_www_authenticate);
}

void authenticator_headers(struct authenticator *authenticator, const char *method, const char *uri,
                           const char *body, struct text *lines)
{
    struct digest_request request = {
        .method = method, .uri = uri, .body = body, .body_length = body ? strlen(body) : 0};
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++) {
        struct authenticator_slot *slot = &authenticator->slots[i];
        if (!slot->used)
            continue;
        char cnonce[17];
        random_secret(cnonce, sizeof cnonce - 1);
        text_add(lines, slot->proxy ? "Proxy-Authorization: " : "Authorization: ");
        digest_answer(&slot->challenge, authenticator->credentials, &request, ++slot->nonce_count,
                      cnonce, lines);
        text_add(lines, "\r\n");
    }
}

const char *authenticator_realm(const struct authenticator *authenticator)
{
    for (size_t i = 0; i < AUTHENTICATOR_SLOTS; i++)
        if (authenticator->slots[i].used)
            return authenticator->slots[i].challenge.realm;
    return "";
}
