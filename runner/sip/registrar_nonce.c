/*
 * A nonce is <serial><secret>. Its slot is serial modulo the number of slots, so looking one up is
 * one comparison, memory is bounded, and what was overwritten by a newer one is simply stale. Slots
 * are made by the block, when the first of them is needed: most registrars give out few nonces.
 */
#include "registrar_core.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/random.h"

#define SLOTS 65536 /* challenges within one lifetime before the oldest must be asked for again */
#define BLOCK 512
#define SERIAL_LENGTH 16

struct nonce {
    char text[NONCE_LENGTH + 1]; /* empty: never given out */
    uint32_t count;              /* highest seen */
    uint64_t request;            /* which had that count */
    int64_t expires_ns;
};

void nonces_init(struct nonces *nonces)
{
    nonces->blocks = mem_array(SLOTS / BLOCK, sizeof *nonces->blocks);
    nonces->serial = 0;
}

void nonces_fini(struct nonces *nonces)
{
    for (size_t i = 0; i < SLOTS / BLOCK; i++)
        free(nonces->blocks[i]);
    free(nonces->blocks);
}

/* NULL: no nonce of its block was given out so far. */
static struct nonce *slot_of(struct nonces *nonces, uint64_t serial)
{
    struct nonce *block = nonces->blocks[serial % SLOTS / BLOCK];
    return block ? &block[serial % BLOCK] : NULL;
}

void nonces_issue(struct nonces *nonces, int64_t now, char out[NONCE_LENGTH + 1])
{
    uint64_t serial = ++nonces->serial;
    struct nonce **block = &nonces->blocks[serial % SLOTS / BLOCK];
    if (!*block)
        *block = mem_array(BLOCK, sizeof **block);
    struct nonce *nonce = &(*block)[serial % BLOCK];
    snprintf(nonce->text, sizeof nonce->text, "%016llx", (unsigned long long)serial);
    random_secret(nonce->text + SERIAL_LENGTH, NONCE_LENGTH - SERIAL_LENGTH);
    nonce->count = 0;
    nonce->request = 0;
    nonce->expires_ns = now + NONCE_LIFETIME;
    memcpy(out, nonce->text, sizeof nonce->text);
}

bool nonces_use(struct nonces *nonces, const char *text, uint32_t count, uint64_t request,
                int64_t now)
{
    if (strlen(text) != NONCE_LENGTH || strspn(text, "0123456789abcdef") != NONCE_LENGTH)
        return false;
    char serial[SERIAL_LENGTH + 1] = "";
    memcpy(serial, text, SERIAL_LENGTH);
    struct nonce *nonce = slot_of(nonces, strtoull(serial, NULL, 16));
    if (!nonce || CRYPTO_memcmp(nonce->text, text, NONCE_LENGTH) != 0 || nonce->expires_ns <= now)
        return false;
    if (count == 0)
        count = 1; /* without qop nothing counts, so such a nonce serves one request */
    if (count < nonce->count || (count == nonce->count && request != nonce->request))
        return false;
    nonce->count = count;
    nonce->request = request;
    return true;
}
