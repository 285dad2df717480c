/* AES in integer counter mode (RFC 3711 4.1.1) with keys of 128 and 256 bits. */
#include "srtp_memory.h"
#include "srtp_types.h"

#include <string.h>

#include <openssl/evp.h>

#define SALT_BYTES 14
#define BLOCK_BYTES 16
#define BLOCKS_AT_ONCE 16

/* The key stream is made of counter blocks by AES alone: OpenSSL's counter mode takes longer to be
 * told a new counter than to encrypt a packet with it. And the key is given to OpenSSL for each
 * packet, in a context of the thread: one for each of thousands of keys is not in the cache when
 * its turn comes, and costs more than to spread the key out again. */
struct icm {
    srtp_cipher_t cipher;
    uint8_t key[32];
    uint8_t salt[BLOCK_BYTES];    /* its last two bytes, the block counter, are 0 */
    uint8_t counter[BLOCK_BYTES]; /* of the first block */
    uint32_t used;                /* bytes of the key stream */
};

static srtp_err_status_t set_up(srtp_cipher_t **out, int length, int tag_bytes)
{
    (void)tag_bytes;
    const srtp_cipher_type_t *type = length == 16 + SALT_BYTES   ? &cipher_icm_128
                                     : length == 32 + SALT_BYTES ? &cipher_icm_256
                                                                 : NULL;
    if (!type)
        return srtp_err_status_bad_param;
    struct icm *icm = srtp_memory_take(sizeof *icm);
    if (!icm)
        return srtp_err_status_alloc_fail;
    icm->cipher =
        (srtp_cipher_t){.type = type, .state = icm, .key_len = length, .algorithm = (int)type->id};
    *out = &icm->cipher;
    return srtp_err_status_ok;
}

static srtp_err_status_t take_down(srtp_cipher_t *cipher)
{
    srtp_memory_give(cipher->state, sizeof(struct icm));
    return srtp_err_status_ok;
}

static srtp_err_status_t set_key(void *state, const uint8_t *key)
{
    struct icm *icm = state;
    size_t key_bytes = (size_t)icm->cipher.key_len - SALT_BYTES;
    memcpy(icm->key, key, key_bytes);
    memcpy(icm->salt, key + key_bytes, SALT_BYTES);
    return srtp_err_status_ok;
}

static srtp_err_status_t set_iv(void *state, uint8_t *iv, srtp_cipher_direction_t direction)
{
    struct icm *icm = state;
    (void)direction;
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        icm->counter[i] = iv[i] ^ icm->salt[i];
    icm->used = 0;
    return srtp_err_status_ok;
}

/* NULL: OpenSSL failed. */
static EVP_CIPHER_CTX *with_key(const struct icm *icm)
{
    bool large = icm->cipher.type == &cipher_icm_256;
    EVP_CIPHER_CTX *aes = srtp_types_aes(large);
    return aes && EVP_EncryptInit_ex(aes, NULL, NULL, icm->key, NULL) ? aes : NULL;
}

/* So many blocks of the key stream from the one that is in use. */
static bool make_stream(const struct icm *icm, EVP_CIPHER_CTX *aes, uint8_t *stream, size_t blocks)
{
    unsigned first = icm->used / BLOCK_BYTES +
                     (unsigned)(icm->counter[BLOCK_BYTES - 2] << 8 | icm->counter[BLOCK_BYTES - 1]);
    int written;
    for (size_t i = 0; i < blocks; i++) {
        uint8_t *block = stream + i * BLOCK_BYTES;
        memcpy(block, icm->counter, BLOCK_BYTES - 2);
        block[BLOCK_BYTES - 2] = (uint8_t)((first + i) >> 8);
        block[BLOCK_BYTES - 1] = (uint8_t)(first + i);
    }
    return EVP_EncryptUpdate(aes, stream, &written, stream, (int)(blocks * BLOCK_BYTES));
}

static void add_stream(uint8_t *bytes, const uint8_t *stream, size_t length)
{
    size_t i = 0;
    for (; i + sizeof(uint64_t) <= length; i += sizeof(uint64_t)) {
        uint64_t word, mask;
        memcpy(&word, bytes + i, sizeof word);
        memcpy(&mask, stream + i, sizeof mask);
        word ^= mask;
        memcpy(bytes + i, &word, sizeof word);
    }
    for (; i < length; i++)
        bytes[i] ^= stream[i];
}

static srtp_err_status_t apply(void *state, uint8_t *bytes, unsigned *length)
{
    struct icm *icm = state;
    uint8_t stream[BLOCKS_AT_ONCE * BLOCK_BYTES];
    EVP_CIPHER_CTX *aes = with_key(icm);
    if (!aes)
        return srtp_err_status_cipher_fail;
    for (size_t done = 0, part; done < *length; done += part) {
        size_t skip = icm->used % BLOCK_BYTES, rest = *length - done;
        part = rest < sizeof stream - skip ? rest : sizeof stream - skip;
        if (!make_stream(icm, aes, stream, (skip + part + BLOCK_BYTES - 1) / BLOCK_BYTES))
            return srtp_err_status_cipher_fail;
        add_stream(bytes + done, stream + skip, part);
        icm->used += (uint32_t)part;
    }
    return srtp_err_status_ok;
}

static uint8_t no_iv[BLOCK_BYTES]; /* not const, for libsrtp2 takes it as such; nobody writes */
static const uint8_t zeros[3 * BLOCK_BYTES];

/* RFC 3711 B.2. */
static const uint8_t key_128[] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7,
                                  0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c, 0xf0, 0xf1, 0xf2, 0xf3,
                                  0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd};
static const uint8_t stream_128[] = {
    0xe0, 0x3e, 0xad, 0x09, 0x35, 0xc9, 0x5e, 0x80, 0xe1, 0x66, 0xb1, 0x6d, 0xd9, 0x2b, 0x4e, 0xb4,
    0xd2, 0x35, 0x13, 0x16, 0x2b, 0x02, 0xd0, 0xf7, 0x2a, 0x43, 0xa2, 0xfe, 0x4a, 0x5f, 0x97, 0xab,
    0x41, 0xe9, 0x5b, 0x3b, 0xb0, 0xa2, 0xe8, 0xdd, 0x47, 0x79, 0x01, 0xe4, 0xfc, 0xa8, 0x94, 0xc0};
static const srtp_cipher_test_case_t answer_128 = {
    .key_length_octets = sizeof key_128,
    .key = key_128,
    .idx = no_iv,
    .plaintext_length_octets = sizeof stream_128,
    .plaintext = zeros,
    .ciphertext_length_octets = sizeof stream_128,
    .ciphertext = stream_128,
};

/* RFC 6188 7.1. */
static const uint8_t key_256[] = {
    0x57, 0xf8, 0x2f, 0xe3, 0x61, 0x3f, 0xd1, 0x70, 0xa8, 0x5e, 0xc9, 0x3c, 0x40, 0xb1, 0xf0, 0x92,
    0x2e, 0xc4, 0xcb, 0x0d, 0xc0, 0x25, 0xb5, 0x82, 0x72, 0x14, 0x7c, 0xc4, 0x38, 0x94, 0x4a, 0x98,
    0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd};
static const uint8_t stream_256[] = {
    0x92, 0xbd, 0xd2, 0x8a, 0x93, 0xc3, 0xf5, 0x25, 0x11, 0xc6, 0x77, 0xd0, 0x8b, 0x55, 0x15, 0xa4,
    0x9d, 0xa7, 0x1b, 0x23, 0x78, 0xa8, 0x54, 0xf6, 0x70, 0x50, 0x75, 0x6d, 0xed, 0x16, 0x5b, 0xac,
    0x63, 0xc4, 0x86, 0x8b, 0x70, 0x96, 0xd8, 0x84, 0x21, 0xb5, 0x63, 0xb8, 0xc9, 0x4c, 0x9a, 0x31};
static const srtp_cipher_test_case_t answer_256 = {
    .key_length_octets = sizeof key_256,
    .key = key_256,
    .idx = no_iv,
    .plaintext_length_octets = sizeof stream_256,
    .plaintext = zeros,
    .ciphertext_length_octets = sizeof stream_256,
    .ciphertext = stream_256,
};

const srtp_cipher_type_t cipher_icm_128 = {
    .alloc = set_up,
    .dealloc = take_down,
    .init = set_key,
    .encrypt = apply,
    .decrypt = apply,
    .set_iv = set_iv,
    .description = "AES-128 counter mode",
    .test_data = &answer_128,
    .id = SRTP_AES_ICM_128,
};

const srtp_cipher_type_t cipher_icm_256 = {
    .alloc = set_up,
    .dealloc = take_down,
    .init = set_key,
    .encrypt = apply,
    .decrypt = apply,
    .set_iv = set_iv,
    .description = "AES-256 counter mode",
    .test_data = &answer_256,
    .id = SRTP_AES_ICM_256,
};
