/* AES-256 in counter mode with a short tag (RFC 6188). DTLS-SRTP has no profile for it. */
#include "cmtest/suite.h"

extern const struct suite suite_aes_256_cm_hmac_sha1_32;

const struct suite suite_aes_256_cm_hmac_sha1_32 = {
    .name = "AES_256_CM_HMAC_SHA1_32",
    .key_bytes = 32,
    .salt_bytes = 14,
    .rtp_tag_bytes = 4,
    .rtcp_tag_bytes = 10,
    .standard = "RFC 6188",
    .help = "AES-256 counter mode, 32-bit HMAC-SHA1 tag on RTP; by SDES only",
};
