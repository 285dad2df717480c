/* AES in Galois/counter mode (RFC 7714) with keys of 128 and 256 bits. libsrtp2 makes the whole IV,
 * the salt included, so what stands behind the key is of no use here. */
#include "srtp_memory.h"
#include "srtp_types.h"

#include <openssl/evp.h>

#define SALT_BYTES 12
#define TAG_MAX 16

struct gcm {
    srtp_cipher_t cipher;
    EVP_CIPHER_CTX *context;
    int tag_bytes;
};

static srtp_err_status_t told(bool good)
{
    return good ? srtp_err_status_ok : srtp_err_status_cipher_fail;
}

static srtp_err_status_t set_up(srtp_cipher_t **out, int length, int tag_bytes)
{
    const srtp_cipher_type_t *type = length == 16 + SALT_BYTES   ? &cipher_gcm_128
                                     : length == 32 + SALT_BYTES ? &cipher_gcm_256
                                                                 : NULL;
    if (!type || (tag_bytes != TAG_MAX && tag_bytes != TAG_MAX / 2))
        return srtp_err_status_bad_param;
    struct gcm *gcm = srtp_memory_take(sizeof *gcm);
    if (!gcm)
        return srtp_err_status_alloc_fail;
    gcm->cipher =
        (srtp_cipher_t){.type = type, .state = gcm, .key_len = length, .algorithm = (int)type->id};
    gcm->tag_bytes = tag_bytes;
    gcm->context = EVP_CIPHER_CTX_new();
    *out = &gcm->cipher;
    return gcm->context ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

static srtp_err_status_t take_down(srtp_cipher_t *cipher)
{
    struct gcm *gcm = cipher->state;
    EVP_CIPHER_CTX_free(gcm->context);
    srtp_memory_give(gcm, sizeof *gcm);
    return srtp_err_status_ok;
}

static srtp_err_status_t set_key(void *state, const uint8_t *key)
{
    struct gcm *gcm = state;
    const EVP_CIPHER *aes =
        gcm->cipher.type == &cipher_gcm_128 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    return EVP_CipherInit_ex(gcm->context, aes, NULL, key, NULL, 1) ? srtp_err_status_ok
                                                                    : srtp_err_status_init_fail;
}

static srtp_err_status_t set_iv(void *state, uint8_t *iv, srtp_cipher_direction_t direction)
{
    struct gcm *gcm = state;
    int encrypting = direction == srtp_direction_encrypt;
    return told(EVP_CipherInit_ex(gcm->context, NULL, NULL, NULL, iv, encrypting));
}

/* In more than one piece for SRTCP, whose index is authenticated too. */
static srtp_err_status_t set_aad(void *state, const uint8_t *bytes, uint32_t length)
{
    struct gcm *gcm = state;
    int written;
    return told(EVP_CipherUpdate(gcm->context, NULL, &written, bytes, (int)length));
}

static srtp_err_status_t encrypt(void *state, uint8_t *bytes, unsigned *length)
{
    struct gcm *gcm = state;
    int written = 0;
    if (*length > 0 && !EVP_CipherUpdate(gcm->context, bytes, &written, bytes, (int)*length))
        return srtp_err_status_cipher_fail;
    uint8_t nothing[TAG_MAX];
    return told(EVP_CipherFinal_ex(gcm->context, nothing, &written));
}

static srtp_err_status_t get_tag(void *state, uint8_t *tag, uint32_t *length)
{
    struct gcm *gcm = state;
    *length = (uint32_t)gcm->tag_bytes;
    return told(EVP_CIPHER_CTX_ctrl(gcm->context, EVP_CTRL_AEAD_GET_TAG, gcm->tag_bytes, tag));
}

/* The tag is the end of what is to be decrypted. */
static srtp_err_status_t decrypt(void *state, uint8_t *bytes, unsigned *length)
{
    struct gcm *gcm = state;
    int written = 0;
    if (*length < (unsigned)gcm->tag_bytes)
        return srtp_err_status_bad_param;
    unsigned rest = *length - (unsigned)gcm->tag_bytes;
    if (!EVP_CIPHER_CTX_ctrl(gcm->context, EVP_CTRL_AEAD_SET_TAG, gcm->tag_bytes, bytes + rest))
        return srtp_err_status_cipher_fail;
    if (rest > 0 && !EVP_CipherUpdate(gcm->context, bytes, &written, bytes, (int)rest))
        return srtp_err_status_cipher_fail;
    uint8_t nothing[TAG_MAX];
    if (EVP_CipherFinal_ex(gcm->context, nothing, &written) <= 0)
        return srtp_err_status_auth_fail;
    *length = rest;
    return srtp_err_status_ok;
}

/* Test cases 4 and 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega). */
static const uint8_t key[] = {0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65, 0x73, 0x1c, 0x6d, 0x6a, 0x8f,
                              0x94, 0x67, 0x30, 0x83, 0x08, 0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65,
                              0x73, 0x1c, 0x6d, 0x6a, 0x8f, 0x94, 0x67, 0x30, 0x83, 0x08, 0,
                              0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0};
static uint8_t iv[] = {0xca, 0xfe, 0xba, 0xbe, 0xfa, 0xce, 0xdb, 0xad, 0xde, 0xca, 0xf8, 0x88};
static const uint8_t aad[] = {0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed,
                              0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xab, 0xad, 0xda, 0xd2};
static const uint8_t plain[] = {
    0xd9, 0x31, 0x32, 0x25, 0xf8, 0x84, 0x06, 0xe5, 0xa5, 0x59, 0x09, 0xc5, 0xaf, 0xf5, 0x26,
    0x9a, 0x86, 0xa7, 0xa9, 0x53, 0x15, 0x34, 0xf7, 0xda, 0x2e, 0x4c, 0x30, 0x3d, 0x8a, 0x31,
    0x8a, 0x72, 0x1c, 0x3c, 0x0c, 0x95, 0x95, 0x68, 0x09, 0x53, 0x2f, 0xcf, 0x0e, 0x24, 0x49,
    0xa6, 0xb5, 0x25, 0xb1, 0x6a, 0xed, 0xf5, 0xaa, 0x0d, 0xe6, 0x57, 0xba, 0x63, 0x7b, 0x39};
static const uint8_t sealed_128[] = {
    0x42, 0x83, 0x1e, 0xc2, 0x21, 0x77, 0x74, 0x24, 0x4b, 0x72, 0x21, 0xb7, 0x84, 0xd0, 0xd4, 0x9c,
    0xe3, 0xaa, 0x21, 0x2f, 0x2c, 0x02, 0xa4, 0xe0, 0x35, 0xc1, 0x7e, 0x23, 0x29, 0xac, 0xa1, 0x2e,
    0x21, 0xd5, 0x14, 0xb2, 0x54, 0x66, 0x93, 0x1c, 0x7d, 0x8f, 0x6a, 0x5a, 0xac, 0x84, 0xaa, 0x05,
    0x1b, 0xa3, 0x0b, 0x39, 0x6a, 0x0a, 0xac, 0x97, 0x3d, 0x58, 0xe0, 0x91, 0x5b, 0xc9, 0x4f, 0xbc,
    0x32, 0x21, 0xa5, 0xdb, 0x94, 0xfa, 0xe9, 0x5a, 0xe7, 0x12, 0x1a, 0x47};
static const uint8_t sealed_256[] = {
    0x52, 0x2d, 0xc1, 0xf0, 0x99, 0x56, 0x7d, 0x07, 0xf4, 0x7f, 0x37, 0xa3, 0x2a, 0x84, 0x42, 0x7d,
    0x64, 0x3a, 0x8c, 0xdc, 0xbf, 0xe5, 0xc0, 0xc9, 0x75, 0x98, 0xa2, 0xbd, 0x25, 0x55, 0xd1, 0xaa,
    0x8c, 0xb0, 0x8e, 0x48, 0x59, 0x0d, 0xbb, 0x3d, 0xa7, 0xb0, 0x8b, 0x10, 0x56, 0x82, 0x88, 0x38,
    0xc5, 0xf6, 0x1e, 0x63, 0x93, 0xba, 0x7a, 0x0a, 0xbc, 0xc9, 0xf6, 0x62, 0x76, 0xfc, 0x6e, 0xce,
    0x0f, 0x4e, 0x17, 0x68, 0xcd, 0xdf, 0x88, 0x53, 0xbb, 0x2d, 0x55, 0x1b};
static const srtp_cipher_test_case_t answer_128 = {
    .key_length_octets = 16 + SALT_BYTES,
    .key = key,
    .idx = iv,
    .plaintext_length_octets = sizeof plain,
    .plaintext = plain,
    .ciphertext_length_octets = sizeof sealed_128,
    .ciphertext = sealed_128,
    .aad_length_octets = sizeof aad,
    .aad = aad,
    .tag_length_octets = TAG_MAX,
};
static const srtp_cipher_test_case_t answer_256 = {
    .key_length_octets = 32 + SALT_BYTES,
    .key = key,
    .idx = iv,
    .plaintext_length_octets = sizeof plain,
    .plaintext = plain,
    .ciphertext_length_octets = sizeof sealed_256,
    .ciphertext = sealed_256,
    .aad_length_octets = sizeof aad,
    .aad = aad,
    .tag_length_octets = TAG_MAX,
};

const srtp_cipher_type_t cipher_gcm_128 = {
    .alloc = set_up,
    .dealloc = take_down,
    .init = set_key,
    .set_aad = set_aad,
    .encrypt = encrypt,
    .decrypt = decrypt,
    .set_iv = set_iv,
    .get_tag = get_tag,
    .description = "AES-128 GCM",
    .test_data = &answer_128,
    .id = SRTP_AES_GCM_128,
};

const srtp_cipher_type_t cipher_gcm_256 = {
    .alloc = set_up,
    .dealloc = take_down,
    .init = set_key,
    .set_aad = set_aad,
    .encrypt = encrypt,
    .decrypt = decrypt,
    .set_iv = set_iv,
    .get_tag = get_tag,
    .description = "AES-256 GCM",
    .test_data = &answer_256,
    .id = SRTP_AES_GCM_256,
};
