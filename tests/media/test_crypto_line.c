/* a=crypto (RFC 4568), a=fingerprint (RFC 8122) and a=setup (RFC 4145): read, written, refused. */
#include "support/specification.h"
#include "mutate.h"
#include "cmtest/crypto_line.h"

#define KEY_30 "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
#define LINE "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30

static const char *parse(const char *value, struct crypto_line *line)
{
    return crypto_line_parse(value, strlen(value), line);
}

static void a_line_of_the_rfc_is_read(void **state)
{
    struct crypto_line line;
    (void)state;
    assert_null(parse(LINE "|2^20", &line));
    assert_int_equal(line.tag, 1);
    assert_string_equal(line.secret.suite->name, "AES_CM_128_HMAC_SHA1_80");
    assert_memory_equal(line.secret.bytes, "YS___semctl () {\t220;}\n}\nunles", 30);
    assert_true(line.lifetime == 1 << 20);
    assert_null(parse(LINE, &line));
    assert_true(line.lifetime == 0);
    assert_null(parse(LINE "|4096 WSH=128 -x=y", &line));
    assert_true(line.lifetime == 4096);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        struct crypto_line line = {.tag = 7 + (uint32_t)i}, read;
        struct text text = {0};
        keying_secret_new(&line.secret, suites[i]);
        crypto_line_write(&line, &text);
        assert_null(crypto_line_parse(text.data, text.length, &read));
        assert_int_equal(read.tag, line.tag);
        assert_ptr_equal(read.secret.suite, suites[i]);
        assert_memory_equal(read.secret.bytes, line.secret.bytes, SUITE_SECRET_MAX);
        /* Without the padding, too. */
        while (text.data[text.length - 1] == '=')
            text.length--;
        assert_null(crypto_line_parse(text.data, text.length, &read));
        assert_memory_equal(read.secret.bytes, line.secret.bytes, SUITE_SECRET_MAX);
        text_fini(&text);
    }
}

static void what_cannot_be_used_is_refused_with_its_reason(void **state)
{
    static const struct {
        const char *value, *word;
    } cases[] = {
        {"", "tag"},
        {"x AES_CM_128_HMAC_SHA1_80 inline:" KEY_30, "tag"},
        {"1234567890 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30, "tag"},
        {"1", "suite"},
        {"1 NULL_HMAC_SHA1_80 inline:" KEY_30, "suite"},
        {"1 F8_128_HMAC_SHA1_80 inline:" KEY_30, "suite"},
        {"1 AES_CM_128_HMAC_SHA1_80", "no key"},
        {"1 AES_CM_128_HMAC_SHA1_80 " KEY_30, "inline"},
        {"1 AES_CM_128_HMAC_SHA1_80 uri:" KEY_30, "inline"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:", "base64"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "A", "base64"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGV", "base64"},
        {"1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubG!!", "base64"},
        {"1 AEAD_AES_256_GCM inline:" KEY_30, "base64"},
        {LINE "|1:4", "MKI"},
        {LINE "|2^20|1:4", "MKI"},
        {LINE ";inline:" KEY_30, "several"},
        {LINE "|", "lifetime"},
        {LINE "|0", "lifetime"},
        {LINE "|2^49", "lifetime"},
        {LINE "|99999999999999999999999", "lifetime"},
        {LINE "|2^20|2^20", "lifetime"},
        {LINE " UNENCRYPTED_SRTP", "not encrypted"},
        {LINE " unencrypted_srtcp", "not encrypted"},
        {LINE " WSH=64 UNAUTHENTICATED_SRTP", "not authenticated"},
        {LINE " KDR=0", "derivation"},
        {LINE " WSH=63", "window"},
        {LINE " WSH=", "window"},
        {LINE " FEC_ORDER=FEC_SRTP", "session parameter"},
        {LINE " NEW=1", "session parameter"},
    };
    struct crypto_line line = {.tag = 99};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *why = parse(cases[i].value, &line);
        if (!why || !strstr(why, cases[i].word))
            fail_msg("%s: %s", cases[i].value, why ? why : "accepted");
        assert_int_equal(line.tag, 99);
    }
}

static void hostile_lines_are_survived(void **state)
{
    static const char *const seeds[] = {LINE "|2^20|1:4 WSH=128",
                                        "2 AEAD_AES_256_GCM inline:" KEY_30 "====|2^31 KDR=1",
                                        "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                                        "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
                                        "actpass"};
    struct random random;
    size_t length, accepted = 0;
    (void)state;
    random_init(&random, 3);
    for (unsigned i = 0; i < 2 * MUTATIONS; i++) {
        const char *seed = seeds[i % 4];
        char *text = (char *)mutate(&random, seed, strlen(seed), &length);
        struct crypto_line line;
        struct fingerprint fingerprint;
        enum setup setup;
        accepted += !crypto_line_parse(text, length, &line);
        accepted += !fingerprint_parse(text, length, false, &fingerprint);
        accepted += setup_parse(text, length, &setup);
        free(text);
    }
    assert_true(accepted < MUTATIONS);
    char *endless = mem_alloc(70000);
    struct crypto_line line;
    memset(endless, ' ', 70000);
    assert_non_null(crypto_line_parse(endless, 70000, &line));
    free(endless);
}

static void fingerprints_are_read_and_written(void **state)
{
    static const char value[] = "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                                "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
    struct fingerprint fingerprint, again;
    struct text text = {0}, lower = {0};
    (void)state;
    assert_null(fingerprint_parse(value, strlen(value), false, &fingerprint));
    assert_int_equal(fingerprint.length, 32);
    assert_int_equal(fingerprint.bytes[10], 0xaa);
    fingerprint_write(&fingerprint, &text);
    assert_string_equal(text_get(&text), value);
    text_add(&lower, "SHA-256 ");
    for (const char *c = value + 8; *c; c++)
        text_printf(&lower, "%c", *c >= 'A' ? *c + 32 : *c);
    assert_null(fingerprint_parse(lower.data, lower.length, false, &again));
    assert_true(fingerprint_equal(&fingerprint, &again));
    again.bytes[31] ^= 1;
    assert_false(fingerprint_equal(&fingerprint, &again));
    text_fini(&text);
    text_fini(&lower);
}

static void weak_and_broken_fingerprints_are_refused(void **state)
{
    static const char sha1[] = "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33";
    static const char *const bad[] = {
        "",
        "sha-256",
        "sha-256 ",
        "sha-256 00:11",
        "md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC",
        "sha-3 00:11",
        "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:3",
        "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44",
        "sha-1 00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF-00-11-22-33",
        "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:3x"};
    struct fingerprint fingerprint;
    (void)state;
    assert_non_null(strstr(fingerprint_parse(sha1, strlen(sha1), false, &fingerprint), "SHA-1"));
    assert_null(fingerprint_parse(sha1, strlen(sha1), true, &fingerprint));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_non_null(fingerprint_parse(bad[i], strlen(bad[i]), true, &fingerprint));
}

static void setup_says_who_sends_the_client_hello(void **state)
{
    enum setup setup;
    bool active;
    (void)state;
    assert_true(setup_parse("actpass", 7, &setup));
    assert_int_equal(setup, SETUP_ACTPASS);
    assert_true(setup_parse("PASSIVE", 7, &setup));
    assert_string_equal(setup_name(setup), "passive");
    assert_false(setup_parse("activex", 7, &setup));
    assert_false(setup_parse("", 0, &setup));
    assert_true(setup_answer(SETUP_ACTPASS, SETUP_ACTPASS, &setup) && setup == SETUP_ACTIVE);
    assert_true(setup_answer(SETUP_ACTPASS, SETUP_PASSIVE, &setup) && setup == SETUP_PASSIVE);
    assert_true(setup_answer(SETUP_ACTIVE, SETUP_ACTIVE, &setup) && setup == SETUP_PASSIVE);
    assert_true(setup_answer(SETUP_PASSIVE, SETUP_PASSIVE, &setup) && setup == SETUP_ACTIVE);
    assert_false(setup_answer(SETUP_HOLDCONN, SETUP_ACTIVE, &setup));
    assert_true(setup_active(SETUP_ACTPASS, SETUP_ACTIVE, &active) && !active);
    assert_true(setup_active(SETUP_ACTPASS, SETUP_PASSIVE, &active) && active);
    assert_true(setup_active(SETUP_ACTIVE, SETUP_ACTPASS, &active) && active);
    assert_true(setup_active(SETUP_PASSIVE, SETUP_ACTPASS, &active) && !active);
    assert_true(setup_active(SETUP_PASSIVE, SETUP_ACTIVE, &active) && !active);
    assert_false(setup_active(SETUP_ACTIVE, SETUP_ACTIVE, &active));
    assert_false(setup_active(SETUP_PASSIVE, SETUP_PASSIVE, &active));
    assert_false(setup_active(SETUP_ACTPASS, SETUP_ACTPASS, &active));
    assert_false(setup_active(SETUP_ACTIVE, SETUP_HOLDCONN, &active));
}

SPECIFICATION(cmocka_unit_test(a_line_of_the_rfc_is_read),
              cmocka_unit_test(what_is_written_is_read_again),
              cmocka_unit_test(what_cannot_be_used_is_refused_with_its_reason),
              cmocka_unit_test(hostile_lines_are_survived),
              cmocka_unit_test(fingerprints_are_read_and_written),
              cmocka_unit_test(weak_and_broken_fingerprints_are_refused),
              cmocka_unit_test(setup_says_who_sends_the_client_hello))
