#include "cmtest/fingerprint.h"

#include <string.h>
#include <strings.h>

static const struct hash {
    const char *name; /* RFC 8122 5 */
    size_t length;
} hashes[] = {
    [FINGERPRINT_SHA1] = {"sha-1", 20},     [FINGERPRINT_SHA224] = {"sha-224", 28},
    [FINGERPRINT_SHA256] = {"sha-256", 32}, [FINGERPRINT_SHA384] = {"sha-384", 48},
    [FINGERPRINT_SHA512] = {"sha-512", 64},
};

static bool is_word(const char *value, size_t length, const char *word)
{
    return length == strlen(word) && strncasecmp(value, word, length) == 0;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    /* Not as RFC 8122 writes it, but there are peers that do. */
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "12:AB:..." of exactly count bytes. */
static bool read_bytes(const char *text, size_t length, uint8_t *bytes, size_t count)
{
    if (length != count * 3 - 1)
        return false;
    for (size_t i = 0; i < count; i++) {
        int high = digit(text[3 * i]), low = digit(text[3 * i + 1]);
        if (high < 0 || low < 0 || (i + 1 < count && text[3 * i + 2] != ':'))
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

const char *fingerprint_parse(const char *value, size_t length, bool weak,
                              struct fingerprint *fingerprint)
{
    const char *space = memchr(value, ' ', length);
    if (!space)
        return "a=fingerprint is not a hash function, a space and the bytes in hexadecimal";
    size_t word = (size_t)(space - value), known = sizeof hashes / sizeof hashes[0], i = 0;
    while (i < known && !is_word(value, word, hashes[i].name))
        i++;
    if (i == known)
        return is_word(value, word, "md5") || is_word(value, word, "md2")
                   ? "a=fingerprint uses MD5 or MD2, which RFC 8122 forbids"
                   : "a=fingerprint uses a hash function that is not known";
    if (i == FINGERPRINT_SHA1 && !weak)
        return "a=fingerprint uses SHA-1, which is refused as too weak";
    struct fingerprint read = {.hash = (enum fingerprint_hash)i, .length = hashes[i].length};
    if (!read_bytes(space + 1, length - word - 1, read.bytes, read.length))
        return "a=fingerprint has not as many hexadecimal bytes as its hash function makes";
    *fingerprint = read;
    return NULL;
}

void fingerprint_write(const struct fingerprint *fingerprint, struct text *out)
{
    text_add(out, hashes[fingerprint->hash].name);
    for (size_t i = 0; i < fingerprint->length; i++)
        text_printf(out, "%c%02X", i ? ':' : ' ', fingerprint->bytes[i]);
}

bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->hash == b->hash && a->length == b->length &&
           memcmp(a->bytes, b->bytes, a->length) == 0;
}

const char *fingerprint_hash_name(enum fingerprint_hash hash)
{
    return hashes[hash].name;
}

static const char *const setups[] = {
    [SETUP_ACTPASS] = "actpass",
    [SETUP_ACTIVE] = "active",
    [SETUP_PASSIVE] = "passive",
    [SETUP_HOLDCONN] = "holdconn",
};

bool setup_parse(const char *value, size_t length, enum setup *setup)
{
    for (size_t i = 0; i < sizeof setups / sizeof setups[0]; i++) {
        if (is_word(value, length, setups[i])) {
            *setup = (enum setup)i;
            return true;
        }
    }
    return false;
}

const char *setup_name(enum setup setup)
{
    return setups[setup];
}

bool setup_answer(enum setup offered, enum setup preferred, enum setup *answer)
{
    if (offered == SETUP_HOLDCONN)
        return false;
    if (offered == SETUP_ACTPASS)
        *answer = preferred == SETUP_PASSIVE ? SETUP_PASSIVE : SETUP_ACTIVE;
    else
        *answer = offered == SETUP_ACTIVE ? SETUP_PASSIVE : SETUP_ACTIVE;
    return true;
}

/* Who leaves the choice gets what the other one chose. */
bool setup_active(enum setup ours, enum setup theirs, bool *active)
{
    if (ours == SETUP_HOLDCONN || theirs == SETUP_HOLDCONN || ours == theirs)
        return false;
    *active = ours == SETUP_ACTIVE || theirs == SETUP_PASSIVE;
    return true;
}
