/* AES-128 in counter mode with a short tag, on RTP only (RFC 4568 6.2.2, RFC 3711 5.2). */
#include "cmtest/suite.h"

extern const struct suite suite_aes_cm_128_hmac_sha1_32;

const struct suite suite_aes_cm_128_hmac_sha1_32 = {
    .name = "AES_CM_128_HMAC_SHA1_32",
    .profile = 0x0002,
    .profile_name = "SRTP_AES128_CM_SHA1_32",
    .key_bytes = 16,
    .salt_bytes = 14,
    .rtp_tag_bytes = 4,
    .rtcp_tag_bytes = 10,
    .standard = "RFC 4568, RFC 5764",
    .help = "AES-128 counter mode, 32-bit HMAC-SHA1 tag on RTP, 80-bit on RTCP",
};
