/* AES-256-GCM (RFC 7714). */
#include "cmtest/suite.h"

extern const struct suite suite_aead_aes_256_gcm;

const struct suite suite_aead_aes_256_gcm = {
    .name = "AEAD_AES_256_GCM",
    .profile = 0x0008,
    .profile_name = "SRTP_AEAD_AES_256_GCM",
    .key_bytes = 32,
    .salt_bytes = 12,
    .rtp_tag_bytes = 16,
    .rtcp_tag_bytes = 16,
    .aead = true,
    .standard = "RFC 7714",
    .help = "AES-256 in Galois/counter mode, 128-bit tag",
};
