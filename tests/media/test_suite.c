/* The crypto suites, and what they compute with, against the vectors of the RFCs. */
#include "support/specification.h"
#include "srtp_types.h"
#include <stdio.h>
#include <string.h>
#include "cmtest/keying.h"

extern const struct keying keying_sdes;

static size_t hex(const char *text, uint8_t *bytes)
{
    size_t count = 0;
    unsigned value;
    for (; *text; text += 2) {
        if (*text == ' ')
            text++;
        assert_int_equal(sscanf(text, "%2x", &value), 1);
        bytes[count++] = (uint8_t)value;
    }
    return count;
}

static void suites_are_found_by_name_and_by_profile(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        assert_ptr_equal(suite_find(suites[i]->name), suites[i]);
        assert_int_equal(!suites[i]->profile, !suites[i]->profile_name);
        if (suites[i]->profile)
            assert_ptr_equal(suite_of_profile(suites[i]->profile), suites[i]);
    }
    assert_string_equal(suites[0]->name, "AES_CM_128_HMAC_SHA1_80");
    assert_ptr_equal(suite_find("aead_aes_128_gcm"), suite_of_profile(7));
    assert_null(suite_find("AES_CM_128"));
    assert_null(suite_find(""));
    assert_null(suite_of_profile(0));
}

static void nothing_goes_out_in_clear(void **state)
{
    (void)state;
    assert_null(suite_find("NULL_HMAC_SHA1_80"));
    assert_null(suite_of_profile(5));
    assert_null(suite_of_profile(6));
    for (size_t i = 0; suites[i]; i++) {
        assert_true(suites[i]->key_bytes >= 16 && suites[i]->salt_bytes >= 12);
        assert_true(suites[i]->key_bytes + suites[i]->salt_bytes <= SUITE_SECRET_MAX);
        assert_true(suites[i]->rtp_tag_bytes >= 4 && suites[i]->rtcp_tag_bytes >= 10);
        assert_true(suites[i]->rtcp_tag_bytes + 4 <= SUITE_TRAILER_MAX);
    }
}

static void every_type_gives_its_known_answers(void **state)
{
    (void)state;
    assert_true(srtp_types_start());
    assert_int_equal(srtp_cipher_type_self_test(&cipher_icm_128), srtp_err_status_ok);
    assert_int_equal(srtp_cipher_type_self_test(&cipher_icm_256), srtp_err_status_ok);
    assert_int_equal(srtp_cipher_type_self_test(&cipher_gcm_128), srtp_err_status_ok);
    assert_int_equal(srtp_cipher_type_self_test(&cipher_gcm_256), srtp_err_status_ok);
    assert_int_equal(srtp_auth_type_self_test(&auth_hmac_sha1), srtp_err_status_ok);
}

static void lengths_that_no_suite_has_are_refused(void **state)
{
    srtp_cipher_t *cipher;
    srtp_auth_t *auth;
    (void)state;
    assert_int_equal(cipher_icm_128.alloc(&cipher, 38, 0), srtp_err_status_bad_param);
    assert_int_equal(cipher_gcm_128.alloc(&cipher, 30, 16), srtp_err_status_bad_param);
    assert_int_equal(cipher_gcm_128.alloc(&cipher, 28, 12), srtp_err_status_bad_param);
    assert_int_equal(auth_hmac_sha1.alloc(&auth, 20, 21), srtp_err_status_bad_param);
    assert_int_equal(auth_hmac_sha1.alloc(&auth, 65, 10), srtp_err_status_bad_param);
}

/* The keystream of RFC 3711 B.2 up to the end of its 16-bit counter: blocks 0xFEFF to 0xFF01. */
static void counter_mode_gives_the_keystream_of_rfc_3711(void **state)
{
    uint8_t key[30], want[48], stream[65282 * 16] = {0}, iv[16] = {0};
    srtp_cipher_t *cipher;
    unsigned length = sizeof stream;
    (void)state;
    hex("2b7e151628aed2a6abf7158809cf4f3c f0f1f2f3f4f5f6f7f8f9fafbfcfd", key);
    hex("ec8cdf7398607cb0f2d21675ea9ea1e4 362b7c3c6773516318a077d7fc5073ae "
        "6a2cc3787889374fbeb4c81b17ba6c44",
        want);
    assert_int_equal(cipher_icm_128.alloc(&cipher, sizeof key, 0), srtp_err_status_ok);
    assert_int_equal(cipher_icm_128.init(cipher->state, key), srtp_err_status_ok);
    assert_int_equal(cipher_icm_128.set_iv(cipher->state, iv, srtp_direction_encrypt),
                     srtp_err_status_ok);
    assert_int_equal(cipher_icm_128.encrypt(cipher->state, stream, &length), srtp_err_status_ok);
    assert_memory_equal(stream + 0xfeff * 16, want, sizeof want);
    cipher_icm_128.dealloc(cipher);
}

/* RFC 7714 16 and 17 give session keys, so they are vectors of the ciphers. text is the packet
 * before, aad_bytes of it are only authenticated. */
struct gcm_vector {
    const srtp_cipher_type_t *type;
    const char *key, *iv, *text, *more_aad, *sealed;
    size_t aad_bytes;
};

static const struct gcm_vector vectors[] = {
    {&cipher_gcm_128, "000102030405060708090a0b0c0d0e0f", "51753c6580c2726f20718414",
     "8040f17b8041f8d35501a0b2 47616c6c696120657374206f6d6e697320646976"
     "69736120696e207061727465732074726573",
     "",
     "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
     "899d7f27beb16a9152cf765ee4390cce",
     12},
    {&cipher_gcm_256, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "51753c6580c2726f20718414",
     "8040f17b8041f8d35501a0b2 47616c6c696120657374206f6d6e697320646976"
     "69736120696e207061727465732074726573",
     "",
     "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
     "7aa3db36dfffd6b0f9bb7878d7a76c13",
     12},
    {&cipher_gcm_128, "000102030405060708090a0b0c0d0e0f", "517524055203726f207170bb",
     "81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61"
     "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
     "800005d4",
     "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
     "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade",
     8},
    {&cipher_gcm_256, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "517524055203726f207170bb",
     "81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61"
     "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
     "800005d4",
     "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be"
     "8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be",
     8},
};

static void seal_and_open(const struct gcm_vector *vector)
{
    uint8_t key[44] = {0}, iv[16], text[128], more[8], want[128];
    size_t key_bytes = hex(vector->key, key), total = hex(vector->text, text);
    uint32_t more_bytes = (uint32_t)hex(vector->more_aad, more), tag = 0;
    uint8_t *body = text + vector->aad_bytes;
    unsigned length = (unsigned)(total - vector->aad_bytes);
    srtp_cipher_t *cipher;
    hex(vector->iv, iv);
    size_t sealed = hex(vector->sealed, want);
    const srtp_cipher_type_t *type = vector->type;
    assert_int_equal(type->alloc(&cipher, (int)key_bytes + 12, 16), srtp_err_status_ok);
    assert_int_equal(type->init(cipher->state, key), srtp_err_status_ok);
    for (int opening = 0; opening < 2; opening++) {
        type->set_iv(cipher->state, iv, opening ? srtp_direction_decrypt : srtp_direction_encrypt);
        type->set_aad(cipher->state, text, (uint32_t)vector->aad_bytes);
        if (more_bytes)
            type->set_aad(cipher->state, more, more_bytes);
        if (opening) {
            length = (unsigned)sealed;
            assert_int_equal(type->decrypt(cipher->state, body, &length), srtp_err_status_ok);
            assert_int_equal(length, sealed - 16);
            continue;
        }
        assert_int_equal(type->encrypt(cipher->state, body, &length), srtp_err_status_ok);
        assert_int_equal(type->get_tag(cipher->state, body + length, &tag), srtp_err_status_ok);
        assert_int_equal(length + tag, sealed);
        assert_memory_equal(body, want, sealed);
    }
    type->dealloc(cipher);
}

/* OpenSSL's counter mode tells what the stream of a key is; the salt is 0. */
static void assert_long_stream(const srtp_cipher_type_t *type, const EVP_CIPHER *reference,
                               int key_bytes)
{
    enum { LENGTH = 1500 };
    static const unsigned parts[] = {5, 20, 300, 1175};
    uint8_t key[46] = {1, 2, 3}, iv[16] = {9, 8, 7}, expected[LENGTH] = {0}, stream[LENGTH] = {0};
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    srtp_cipher_t *cipher;
    unsigned at = 0;
    int length;
    EVP_EncryptInit_ex(context, reference, NULL, key, iv);
    EVP_EncryptUpdate(context, expected, &length, expected, LENGTH);
    EVP_CIPHER_CTX_free(context);
    assert_int_equal(type->alloc(&cipher, key_bytes + 14, 0), srtp_err_status_ok);
    assert_int_equal(type->init(cipher->state, key), srtp_err_status_ok);
    type->set_iv(cipher->state, iv, srtp_direction_encrypt);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        unsigned part = parts[i];
        assert_int_equal(type->encrypt(cipher->state, stream + at, &part), srtp_err_status_ok);
        at += part;
    }
    assert_memory_equal(stream, expected, LENGTH);
    type->dealloc(cipher);
}

static void a_long_packet_in_parts_gets_one_keystream(void **state)
{
    (void)state;
    assert_long_stream(&cipher_icm_128, EVP_aes_128_ctr(), 16);
    assert_long_stream(&cipher_icm_256, EVP_aes_256_ctr(), 32);
}

static void gcm_seals_the_packets_of_rfc_7714(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        seal_and_open(&vectors[i]);
}

/* From the master keys on. The master key of the first one is that of RFC 3711 B.3. */
static const struct {
    const char *suite, *secret, *sealed;
} packets[] = {
    {"AES_CM_128_HMAC_SHA1_80", "e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6",
     "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"},
    {"AEAD_AES_128_GCM", "000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab",
     "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392"},
    {"AES_256_CM_HMAC_SHA1_80",
     "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6 "
     "3b04803de51ee7c96423ab5b78d2",
     "800f1234decafbadcafebabef1d9de17ff251ff1aa007774b0b4b40da08d9d9a5b3a55d8873b"},
};

static void known_master_keys_give_known_packets(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct keying_config config = {.row = &keying_sdes};
        config.local.suite = suite_find(packets[i].suite);
        hex(packets[i].secret, config.local.bytes);
        struct keying_state *keying = keying_new(&config, 0);
        uint8_t bytes[64], want[64];
        size_t length = hex("800f1234decafbadcafebabe abababababababababababababababab", bytes);
        assert_int_equal(keying_protect(keying, false, bytes, &length, sizeof bytes), KEYING_OK);
        size_t known = hex(packets[i].sealed, want);
        assert_int_equal(length, known);
        assert_memory_equal(bytes, want, known);
        keying_free(keying);
    }
}

SPECIFICATION(cmocka_unit_test(suites_are_found_by_name_and_by_profile),
              cmocka_unit_test(nothing_goes_out_in_clear),
              cmocka_unit_test(every_type_gives_its_known_answers),
              cmocka_unit_test(lengths_that_no_suite_has_are_refused),
              cmocka_unit_test(counter_mode_gives_the_keystream_of_rfc_3711),
              cmocka_unit_test(a_long_packet_in_parts_gets_one_keystream),
              cmocka_unit_test(gcm_seals_the_packets_of_rfc_7714),
              cmocka_unit_test(known_master_keys_give_known_packets))
