/*
 * fingerprint: the attributes of DTLS in a session description, a=fingerprint (RFC 8122) and
 * a=setup (RFC 4145, RFC 5763). Text in, values out; what comes from the network is hostile.
 */
#ifndef CMTEST_FINGERPRINT_H
#define CMTEST_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/text.h"

#define FINGERPRINT_MAX 64 /* bytes of a SHA-512 */

enum fingerprint_hash {
    FINGERPRINT_SHA1,
    FINGERPRINT_SHA224,
    FINGERPRINT_SHA256,
    FINGERPRINT_SHA384,
    FINGERPRINT_SHA512
};

struct fingerprint {
    enum fingerprint_hash hash;
    size_t length; /* of bytes; that of the hash */
    uint8_t bytes[FINGERPRINT_MAX];
};

/* Reads the value of a=fingerprint, "sha-256 12:34:...". NULL and *fingerprint, or why not, as a
 * sentence (static). SHA-1 is refused unless weak says that it is good enough here. */
const char *fingerprint_parse(const char *value, size_t length, bool weak,
                              struct fingerprint *fingerprint);
/* Adds the value of a=fingerprint, as RFC 8122 5 wants it: upper-case. */
void fingerprint_write(const struct fingerprint *fingerprint, struct text *out);
bool fingerprint_equal(const struct fingerprint *a, const struct fingerprint *b);
/* "sha-256" */
const char *fingerprint_hash_name(enum fingerprint_hash hash);

/* Who sends the ClientHello: the active one. */
enum setup { SETUP_ACTPASS, SETUP_ACTIVE, SETUP_PASSIVE, SETUP_HOLDCONN };

/* Reads the value of a=setup. false: it is none of the four. */
bool setup_parse(const char *value, size_t length, enum setup *setup);
const char *setup_name(enum setup setup);
/* What to answer to what was offered, by preference where there is a choice (RFC 5763 5: active).
 * false: the offer cannot be answered (holdconn). */
bool setup_answer(enum setup offered, enum setup preferred, enum setup *answer);
/* Whether we are the active one, from what we said and what the peer said. false: the two do not
 * fit, as when both are active. */
bool setup_active(enum setup ours, enum setup theirs, bool *active);

#endif
