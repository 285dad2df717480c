/*
 * suite: SRTP crypto suites, which say how packets are encrypted and authenticated. One row per
 * suite under runner/media/suites/. A suite without encryption or authentication is never a row.
 */
#ifndef CMTEST_SUITE_H
#define CMTEST_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUITE_SECRET_MAX 46  /* key and salt of any suite */
#define SUITE_TRAILER_MAX 20 /* what protecting adds to a packet at most: SRTCP index and tag */

struct suite {
    const char *name;         /* in a=crypto and in a spec: "AES_CM_128_HMAC_SHA1_80" */
    const char *help;         /* one line */
    const char *standard;     /* where it is defined */
    const char *profile_name; /* of the DTLS-SRTP profile, as OpenSSL spells it; NULL: SDES only */
    uint16_t profile;         /* its number in use_srtp (RFC 5764 4.1.2); 0: SDES only */
    bool aead;                /* the tag is the cipher's own */
    size_t key_bytes;         /* master key */
    size_t salt_bytes;        /* master salt, which follows it in a=crypto */
    size_t rtp_tag_bytes;
    size_t rtcp_tag_bytes;
};

/* NULL-terminated, in the order of table.def: the most widely understood one first. */
extern const struct suite *const suites[];

/* By name, in upper or lower case: peers vary. NULL: none. */
const struct suite *suite_find(const char *name);

/* By the number of its DTLS-SRTP profile. NULL: none. */
const struct suite *suite_of_profile(unsigned profile);

#endif
