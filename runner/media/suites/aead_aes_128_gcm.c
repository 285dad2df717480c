/* AES-128-GCM (RFC 7714). */
#include "cmtest/suite.h"

extern const struct suite suite_aead_aes_128_gcm;

const struct suite suite_aead_aes_128_gcm = {
    .name = "AEAD_AES_128_GCM",
    .profile = 0x0007,
    .profile_name = "SRTP_AEAD_AES_128_GCM",
    .key_bytes = 16,
    .salt_bytes = 12,
    .rtp_tag_bytes = 16,
    .rtcp_tag_bytes = 16,
    .aead = true,
    .standard = "RFC 7714",
    .help = "AES-128 in Galois/counter mode, 128-bit tag",
};
