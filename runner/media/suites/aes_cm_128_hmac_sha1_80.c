/* AES-128 in counter mode with an 80-bit tag (RFC 3711): mandatory in RFC 4568 6.2.1 and RFC
 * 5764 4.1.2. */
#include "cmtest/suite.h"

extern const struct suite suite_aes_cm_128_hmac_sha1_80;

const struct suite suite_aes_cm_128_hmac_sha1_80 = {
    .name = "AES_CM_128_HMAC_SHA1_80",
    .profile = 0x0001,
    .profile_name = "SRTP_AES128_CM_SHA1_80",
    .key_bytes = 16,
    .salt_bytes = 14,
    .rtp_tag_bytes = 10,
    .rtcp_tag_bytes = 10,
    .standard = "RFC 4568, RFC 5764",
    .help = "AES-128 counter mode, 80-bit HMAC-SHA1 tag; every SRTP stack has it",
};
