/*
 * crypto_line: the value of one a=crypto attribute (RFC 4568), with which SDES tells a key in a
 * session description. Text in, values out; what comes from the network is hostile. The text and
 * the struct hold a secret: neither belongs into a log.
 */
#ifndef CMTEST_CRYPTO_LINE_H
#define CMTEST_CRYPTO_LINE_H

#include <stddef.h>
#include <stdint.h>
#include "cmtest/keying.h"
#include "cmtest/text.h"

struct crypto_line {
    uint32_t tag; /* up to nine digits; an answer has that of the chosen line */
    struct keying_secret secret;
    uint64_t lifetime; /* of the key, in packets; 0: not said */
};

/* Reads "1 AES_CM_128_HMAC_SHA1_80 inline:...", without "a=crypto:". NULL and *line, or why this
 * line cannot be used, as a sentence (static); another line of the same offer may be of use.
 * Refused is what would send in clear or unauthenticated, several keys, an MKI, a key derivation
 * rate and any session parameter that is not known and not marked as optional. */
const char *crypto_line_parse(const char *value, size_t length, struct crypto_line *line);

/* Adds the value; lifetime is never told: the suite's own is the default. */
void crypto_line_write(const struct crypto_line *line, struct text *out);

#endif
