/* How offers and answers agree on SRTP: profiles, a=crypto, a=fingerprint, a=setup, a=rtcp-mux. */
#include "sessions.h"

#define KEY80 "AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define KEY80_OTHER "AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbU9QUXJzVHVWd3l6MTIzNDU2"
#define KEY_GCM "AEAD_AES_128_GCM inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJQ=="
#define KEY_GCM_OTHER "AEAD_AES_128_GCM inline:e0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJQ=="
#define PRINT                                                                            \
    "sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18" \
    ":19:1A:1B:1C:1D:1E:1F"
#define SAVP "m=audio 6000 RTP/SAVP 8\r\n"

/* A side that wants this, with keys that are easy to see. */
static struct session_local side(bool sdes, bool dtls, bool required)
{
    static struct fingerprint print = {.hash = FINGERPRINT_SHA256, .length = 32};
    static struct keying_secret secrets[KEYING_SUITES_MAX];
    struct session_local local = ours;
    local.secrets = secrets;
    for (uint8_t i = 0; i < 32; i++)
        print.bytes[i] = i;
    local.security = (struct session_security){
        .sdes = sdes,
        .dtls = dtls,
        .required = required,
        .suites = {suite_find("AES_CM_128_HMAC_SHA1_80"), suite_find("AEAD_AES_128_GCM")},
        .suite_count = 2,
        .fingerprint = &print};
    for (size_t i = 0; i < 2; i++) {
        local.secrets[i].suite = local.security.suites[i];
        memset(local.secrets[i].bytes, 'a' + (int)i,
               local.security.suites[i]->key_bytes + local.security.suites[i]->salt_bytes);
    }
    return local;
}

static const struct session_local plain = {.address = "192.0.2.9",
                                           .rtp_port = 5000,
                                           .rtcp_port = 5001,
                                           .codecs = {&codec_pcma},
                                           .codec_count = 1};

static void check_offer(const struct session_local *local, const char *part, bool has)
{
    struct text out = {0};
    session_offer(local, &out);
    if ((strstr(text_get(&out), part) != NULL) != has)
        fail_msg("%s: %s\n%s", has ? "missing" : "there", part, text_get(&out));
    text_fini(&out);
}

static void an_offer_has_the_profile_that_its_policy_asks_for(void **state)
{
    (void)state;
    static const struct {
        bool sdes, dtls, required, feedback;
        const char *profile;
    } rows[] = {
        {false, false, false, false, " RTP/AVP "},
        {false, false, false, true, " RTP/AVPF "},
        {true, false, true, false, " RTP/SAVP "},
        {true, false, true, true, " RTP/SAVPF "},
        {true, false, false, false, " RTP/AVP "},
        {false, true, true, false, " UDP/TLS/RTP/SAVP "},
        {false, true, true, true, " UDP/TLS/RTP/SAVPF "},
        {true, true, true, false, " RTP/SAVP "},
        {true, true, false, true, " RTP/AVPF "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct session_local local = side(rows[i].sdes, rows[i].dtls, rows[i].required);
        local.feedback = rows[i].feedback;
        check_offer(&local, rows[i].profile, true);
        check_offer(&local, "\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YWFh", rows[i].sdes);
        check_offer(&local, "\r\na=crypto:2 AEAD_AES_128_GCM inline:YmJi", rows[i].sdes);
        check_offer(&local, "\r\na=fingerprint:" PRINT "\r\na=setup:actpass\r\n", rows[i].dtls);
        check_offer(&local, "a=rtcp-mux", false);
    }
}

/* What becomes of a call between the two; NULL, and what either side has of it. */
static const char *call(const struct session_local *caller, const struct session_local *callee,
                        struct session_media media[2])
{
    struct text offer = {0}, answered = {0};
    session_offer(caller, &offer);
    const char *why = session_answer(callee, text_get(&offer), offer.length, &answered, &media[1]);
    if (!why)
        why = session_accept(caller, text_get(&answered), answered.length, &media[0]);
    text_fini(&offer);
    text_fini(&answered);
    return why;
}

static void assert_keying(const struct session_media media[2], const char *name)
{
    assert_string_equal(media[0].keying.row->name, name);
    assert_string_equal(media[1].keying.row->name, name);
    if (strcmp(name, "sdes") == 0) {
        assert_memory_equal(&media[0].keying.local, &media[1].keying.remote,
                            sizeof media[0].keying.local);
        assert_memory_equal(&media[1].keying.local, &media[0].keying.remote,
                            sizeof media[0].keying.local);
    }
    if (strcmp(name, "dtls") == 0) {
        assert_int_equal(media[0].keying.active, 0);
        assert_int_equal(media[1].keying.active, 1);
        assert_int_equal(media[0].keying.fingerprint_count, 1);
        assert_int_equal(media[0].keying.separate, !media[0].mux);
    }
}

static void both_sides_agree_on_what_both_have(void **state)
{
    (void)state;
    struct session_local none = side(false, false, false), sdes = side(true, false, true),
                         dtls = side(false, true, true), dual = side(true, true, true),
                         sdes_perhaps = side(true, false, false),
                         dtls_perhaps = side(false, true, false),
                         dual_perhaps = side(true, true, false);
    const struct {
        const struct session_local *caller, *callee;
        const char *name;
    } rows[] = {{&none, &none, "none"},         {&sdes, &sdes, "sdes"},
                {&dtls, &dtls, "dtls"},         {&dual, &dual, "dtls"},
                {&dual, &sdes, "sdes"},         {&dual, &dtls, "dtls"},
                {&sdes, &dual, "sdes"},         {&dtls, &dual, "dtls"},
                {&sdes_perhaps, &none, "none"}, {&none, &sdes_perhaps, "none"},
                {&dual_perhaps, &none, "none"}, {&dual_perhaps, &sdes, "sdes"},
                {&dtls_perhaps, &dtls, "dtls"}, {&sdes_perhaps, &dtls_perhaps, "none"},
                {&sdes, &dual_perhaps, "sdes"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct session_media media[2];
        const char *why = call(rows[i].caller, rows[i].callee, media);
        if (why)
            fail_msg("row %zu: %s", i, why);
        assert_keying(media, rows[i].name);
    }
}

static void what_is_required_is_not_given_up(void **state)
{
    (void)state;
    struct session_local none = side(false, false, false), sdes = side(true, false, true),
                         dtls = side(false, true, true), gcm = side(true, false, true);
    gcm.security.suites[0] = suite_find("AEAD_AES_256_GCM");
    gcm.security.suite_count = 1;
    struct keying_secret secrets[KEYING_SUITES_MAX] = {gcm.secrets[0]};
    gcm.secrets = secrets;
    gcm.secrets[0].suite = gcm.security.suites[0];
    const struct {
        const struct session_local *caller, *callee;
        const char *why;
    } rows[] = {
        {&sdes, &none,
         "the peer's audio stream is encrypted SRTP, but this endpoint has only plain RTP"},
        {&none, &sdes,
         "the peer's audio stream is plain RTP, but this endpoint requires encryption"},
        {&none, &dtls,
         "the peer's audio stream is plain RTP, but this endpoint requires encryption"},
        {&sdes, &dtls,
         "the peer's audio stream has its keys in SDES (a=crypto), but this endpoint has only "
         "DTLS"},
        {&dtls, &sdes,
         "the peer's audio stream wants keys by DTLS, but this endpoint has only SDES"},
        {&gcm, &sdes, "the peer's a=crypto lines have no SRTP suite in common with this endpoint"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct session_media media[2];
        const char *why = call(rows[i].caller, rows[i].callee, media);
        assert_string_equal(why, rows[i].why);
        assert_true(session_no_security(why));
    }
}

static const char *take(const struct session_local *local, const char *text,
                        struct session_media *media)
{
    return session_accept(local, text, strlen(text), media);
}

static void an_answer_has_one_key_of_those_offered(void **state)
{
    (void)state;
    struct session_local local = side(true, false, true);
    struct session_media media;
    assert_null(take(&local, HEAD_C SAVP "a=crypto:1 " KEY80 "\r\n", &media));
    assert_int_equal(media.crypto_tag, 1);
    assert_string_equal(media.keying.local.suite->name, "AES_CM_128_HMAC_SHA1_80");
    const char *other = "the a=crypto line of the peer's answer has a tag or suite that was not "
                        "offered";
    assert_string_equal(take(&local, HEAD_C SAVP "a=crypto:2 " KEY80 "\r\n", &media), other);
    assert_string_equal(take(&local, HEAD_C SAVP "a=crypto:7 " KEY80 "\r\n", &media), other);
    assert_string_equal(
        take(&local, HEAD_C SAVP "a=crypto:1 " KEY80 "\r\na=crypto:2 " KEY80 "\r\n", &media),
        "the peer's answer has not exactly one a=crypto line");
    assert_string_equal(take(&local, HEAD_C AUDIO, &media),
                        "the peer's audio stream is plain RTP, but this endpoint requires "
                        "encryption");
    assert_string_equal(take(&local, HEAD_C SAVP, &media),
                        "the peer's audio stream is SRTP, but its SDP has neither a=crypto nor "
                        "a=fingerprint");
    assert_non_null(take(&local, HEAD_C SAVP "a=crypto:1 NULL_HMAC inline:AAAA\r\n", &media));
}

static void the_first_known_suite_of_an_offer_is_taken_with_its_tag(void **state)
{
    (void)state;
    struct session_local local = side(true, false, true);
    struct session_media media;
    struct text out = {0};
    static const char offer[] =
        HEAD_C SAVP "a=crypto:3 F8_128_HMAC_SHA1_80 "
                    "inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
                    "a=crypto:4 " KEY80 "\r\na=crypto:5 " KEY80_OTHER "\r\n";
    assert_null(session_answer(&local, offer, strlen(offer), &out, &media));
    assert_int_equal(media.crypto_tag, 4);
    assert_int_equal(media.keying.remote.bytes[0], 'w');
    assert_non_null(strstr(text_get(&out), "m=audio 4000 RTP/SAVP 8\r\n"));
    assert_non_null(strstr(text_get(&out), "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:YWFh"));
    assert_null(strstr(text_get(&out), "a=crypto:5"));
    text_fini(&out);
}

static void an_offer_decides_who_shakes_first(void **state)
{
    (void)state;
    static const struct {
        const char *setup, *answer; /* NULL: refused */
        bool active;
    } rows[] = {{"a=setup:actpass\r\n", "a=setup:active\r\n", true},
                {"a=setup:passive\r\n", "a=setup:active\r\n", true},
                {"a=setup:active\r\n", "a=setup:passive\r\n", false},
                {"", "a=setup:passive\r\n", false},
                {"a=setup:holdconn\r\n", NULL, false},
                {"a=setup:perhaps\r\n", NULL, false}};
    struct session_local local = side(false, true, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct session_media media;
        struct text offer = {0}, out = {0};
        text_printf(&offer,
                    HEAD_C "a=fingerprint:" PRINT "\r\n%sm=audio 6000 UDP/TLS/RTP/SAVPF 8\r\n",
                    rows[i].setup);
        const char *why = session_answer(&local, text_get(&offer), offer.length, &out, &media);
        if (rows[i].answer) {
            assert_null(why);
            assert_int_equal(media.keying.active, rows[i].active);
            assert_non_null(strstr(text_get(&out), rows[i].answer));
            assert_non_null(strstr(text_get(&out), "UDP/TLS/RTP/SAVPF"));
        } else {
            assert_non_null(why);
        }
        text_fini(&offer);
        text_fini(&out);
    }
}

static void one_port_for_both_is_used_when_both_want_it(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct session_local caller = ours, callee = plain;
        struct session_media media[2];
        caller.mux = i & 1;
        callee.mux = i & 2;
        check_offer(&caller, "a=rtcp-mux\r\n", caller.mux);
        assert_null(call(&caller, &callee, media));
        assert_int_equal(media[0].mux, i == 3);
        assert_int_equal(media[1].mux, i == 3);
        check_address(&media[0].rtcp, i == 3 ? "192.0.2.9:5000" : "192.0.2.9:5001");
    }
}

static void a_later_offer_has_only_what_was_agreed_on_and_the_same_key(void **state)
{
    (void)state;
    struct session_local local = side(true, true, true);
    struct session_media media, again;
    local.mux = true;
    assert_null(take(&local, HEAD_C SAVP "a=crypto:2 " KEY_GCM "\r\n", &media));
    local.agreed = &media;
    check_offer(&local, "a=crypto:2 AEAD_AES_128_GCM inline:YmJi", true);
    check_offer(&local, "a=crypto:1", false);
    check_offer(&local, "a=fingerprint", false);
    check_offer(&local, "a=rtcp-mux", false);
    check_offer(&local, " RTP/SAVP ", true);
    assert_null(take(&local, HEAD_C SAVP "a=sendonly\r\na=crypto:2 " KEY_GCM "\r\n", &again));
    assert_true(session_same_keying(&media, &again));
    assert_null(take(&local, HEAD_C SAVP "a=crypto:2 " KEY_GCM_OTHER "\r\n", &again));
    assert_false(session_same_keying(&media, &again));
}

static void a_handshake_keeps_its_sides_in_a_later_offer(void **state)
{
    (void)state;
    struct session_local local = side(false, true, true);
    struct session_media media, again;
    struct text out = {0};
    static const char first[] =
        HEAD_C "m=audio 6000 UDP/TLS/RTP/SAVP 8\r\na=fingerprint:" PRINT "\r\na=setup:active\r\n";
    static const char later[] = HEAD_C "m=audio 6000 UDP/TLS/RTP/SAVP 8\r\na=fingerprint:" PRINT
                                       "\r\na=setup:actpass\r\na=inactive\r\n";
    assert_null(session_answer(&local, first, strlen(first), &out, &media));
    local.agreed = &media;
    text_clear(&out);
    assert_null(session_answer(&local, later, strlen(later), &out, &again));
    assert_non_null(strstr(text_get(&out), "a=setup:passive\r\n"));
    assert_true(session_same_keying(&media, &again));
    text_fini(&out);
}

static void a_stream_that_is_refused_keeps_its_profile(void **state)
{
    (void)state;
    struct session_local local = side(true, false, true);
    struct session_media media;
    struct text out = {0};
    static const char offer[] =
        HEAD_C "m=audio 6002 UDP/TLS/RTP/SAVPF 8\r\nm=video 6004 RTP/AVPF 97\r\n" SAVP
               "a=crypto:1 " KEY80 "\r\nm=image 6006 udptl t38\r\n";
    assert_null(session_answer(&local, offer, strlen(offer), &out, &media));
    assert_non_null(strstr(text_get(&out), "m=audio 0 UDP/TLS/RTP/SAVPF 8\r\n"
                                           "m=video 0 RTP/AVPF 97\r\n"
                                           "m=audio 4000 RTP/SAVP 8\r\n"));
    assert_non_null(strstr(text_get(&out), "m=image 0 udptl t38\r\n"));
    text_fini(&out);
}

SPECIFICATION(cmocka_unit_test(an_offer_has_the_profile_that_its_policy_asks_for),
              cmocka_unit_test(both_sides_agree_on_what_both_have),
              cmocka_unit_test(what_is_required_is_not_given_up),
              cmocka_unit_test(an_answer_has_one_key_of_those_offered),
              cmocka_unit_test(the_first_known_suite_of_an_offer_is_taken_with_its_tag),
              cmocka_unit_test(an_offer_decides_who_shakes_first),
              cmocka_unit_test(one_port_for_both_is_used_when_both_want_it),
              cmocka_unit_test(a_later_offer_has_only_what_was_agreed_on_and_the_same_key),
              cmocka_unit_test(a_handshake_keeps_its_sides_in_a_later_offer),
              cmocka_unit_test(a_stream_that_is_refused_keeps_its_profile))
