/* AES-256 in counter mode (RFC 6188). DTLS-SRTP has no profile for it. */
#include "cmtest/suite.h"

extern const struct suite suite_aes_256_cm_hmac_sha1_80;

const struct suite suite_aes_256_cm_hmac_sha1_80 = {
    .name = "AES_256_CM_HMAC_SHA1_80",
    .key_bytes = 32,
    .salt_bytes = 14,
    .rtp_tag_bytes = 10,
    .rtcp_tag_bytes = 10,
    .standard = "RFC 6188",
    .help = "AES-256 counter mode, 80-bit HMAC-SHA1 tag; by SDES only",
};
