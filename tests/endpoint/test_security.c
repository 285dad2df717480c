/* What an endpoint makes of keys: those of its offers, those it refuses, those that never come. */
#include "world.h"

static void bob_calls(struct world *world)
{
    phone_call(&world->bob, OFFER, NULL);
}

static void dial(struct world *world)
{
    endpoint_dial(world->endpoint);
}

static struct endpoint_config with_sdes(struct world *world, enum roster_role role)
{
    struct endpoint_config config = usual(world, role);
    config.security.sdes = config.security.required = true;
    config.security.suites[0] = suite_find("AES_CM_128_HMAC_SHA1_80");
    config.security.suite_count = 1;
    return config;
}

static void plain_rtp_is_refused_where_encryption_is_required(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls};
    world_prepare(&world);
    struct endpoint_config config = with_sdes(&world, ROLE_CALLEE);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_NEGOTIATION_FAILED, FAILURE_SECURITY,
                   "the offer is unusable: the peer's audio stream is plain RTP, but this endpoint "
                   "requires encryption");
    world_end(&world);
}

static void answer_plain(struct phone *phone)
{
    dialog_answer(phone->dialog, SDP_OF("1", "sendrecv", "7000", "8"));
}

static void a_plain_answer_ends_a_call_that_requires_encryption(void **state)
{
    (void)state;
    struct world world = {.begin = dial, .incoming = answer_plain};
    world_prepare(&world);
    struct endpoint_config config = with_sdes(&world, ROLE_CALLER);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_NEGOTIATION_FAILED, FAILURE_SECURITY,
                   "the answer in the 200 is unusable: the peer's audio stream is plain RTP, but "
                   "this endpoint requires encryption");
    world_end(&world);
}

static void refuse(struct phone *phone)
{
    dialog_reject(phone->dialog, 488, NULL, NULL);
}

static void refuse_format(struct phone *phone)
{
    dialog_reject(phone->dialog, 488, NULL, "Warning: 305 pbx \"Only G.729 here\"\r\n");
}

static void refuse_profile(struct phone *phone)
{
    dialog_reject(phone->dialog, 606, NULL, "Warning: 302 pbx \"RTP/SAVP only\"\r\n");
}

static void a_refused_offer_of_encryption_is_told_as_that(void **state)
{
    (void)state;
    static const struct {
        void (*incoming)(struct phone *phone);
        bool required;
        enum event_failure failure;
        const char *detail;
    } rows[] = {
        {refuse, true, FAILURE_SECURITY, "the INVITE was refused with 488 Not Acceptable Here"},
        {refuse, false, FAILURE_NO_CODEC, "the INVITE was refused with 488 Not Acceptable Here"},
        {refuse_format, true, FAILURE_NO_CODEC,
         "the INVITE was refused with 488 Not Acceptable Here (Warning: 305 Only G.729 here)"},
        {refuse_profile, false, FAILURE_SECURITY,
         "the INVITE was refused with 606 Not Acceptable (Warning: 302 RTP/SAVP only)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world = {.begin = dial, .incoming = rows[i].incoming};
        world_prepare(&world);
        struct endpoint_config config = with_sdes(&world, ROLE_CALLER);
        config.security.required = rows[i].required;
        world_play(&world, &config);
        assert_outcome(&world, OUTCOME_NEGOTIATION_FAILED, rows[i].failure, rows[i].detail);
        world_end(&world);
    }
}

/* ---- new keys ---- */

#define SDES_OF(version, key)                                                      \
    "v=0\r\no=bob 1 " version " IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n" \
    "t=0 0\r\nm=audio 7000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" key "\r\n"
#define KEY_1 "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
#define KEY_2 "NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj"

static void bob_calls_with_sdes(struct world *world)
{
    phone_call(&world->bob, SDES_OF("1", KEY_1), NULL);
}

static void leave(void *arg)
{
    hang_up(arg);
}

static void rekey(void *arg)
{
    struct phone *phone = arg;
    phone->said[0] = '\0';
    assert_true(endpoint_rekey(phone->world->endpoint, "INVITE"));
    assert_false(endpoint_rekey(phone->world->endpoint, "INVITE")); /* one at a time */
    after_ms(phone->world, 200, leave, phone);
}

static char first_key[41];

static void rekey_later(struct phone *phone)
{
    const char *key = strstr(phone->said, "inline:");
    assert_non_null(key);
    snprintf(first_key, sizeof first_key, "%s", key + 7);
    after_ms(phone->world, 50, rekey, phone);
}

/* answer: to the new keys; NULL: they are refused. */
static void rekey_call(struct world *world, const char *answer)
{
    *world = (struct world){.begin = bob_calls_with_sdes, .talking = rekey_later};
    world_prepare(world);
    world->bob.answer = answer;
    struct endpoint_config config = with_sdes(world, ROLE_CALLEE);
    world_play(world, &config);
    const char *key = strstr(world->bob.said, "inline:");
    assert_non_null(key);
    assert_int_not_equal(strncmp(key + 7, first_key, 40), 0);
    assert_non_null(strstr(world->bob.said, "a=crypto:1 AES_CM_128_HMAC_SHA1_80"));
    assert_outcome(world, OUTCOME_SUCCESS, FAILURE_NONE, "");
}

static void new_keys_are_used_when_the_peer_has_agreed(void **state)
{
    (void)state;
    struct world world;
    rekey_call(&world, SDES_OF("2", KEY_2));
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) "
                                     "update(pcma:7000,send,receive) close");
    assert_int_equal(world.call.offers, 1);
    world_end(&world);
}

static void new_keys_that_are_refused_leave_the_call_as_it_was(void **state)
{
    (void)state;
    struct world world;
    rekey_call(&world, NULL);
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) close");
    assert_int_equal(world.call.offers, 0);
    world_end(&world);
}

static void lose_keys(void *arg)
{
    struct phone *phone = arg;
    endpoint_media_failed(phone->world->endpoint, "no handshake within 10 s");
    endpoint_media_failed(phone->world->endpoint, "told once more");
}

static void lose_keys_later(struct phone *phone)
{
    after_ms(phone->world, 50, lose_keys, phone);
}

static void a_call_ends_when_there_will_be_no_keys(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = lose_keys_later};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_NEGOTIATION_FAILED, FAILURE_SECURITY,
                   "the media could not be encrypted: no handshake within 10 s");
    assert_false(world.call.completed);
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(plain_rtp_is_refused_where_encryption_is_required),
                           cmocka_unit_test(a_plain_answer_ends_a_call_that_requires_encryption),
                           cmocka_unit_test(a_refused_offer_of_encryption_is_told_as_that),
                           cmocka_unit_test(new_keys_are_used_when_the_peer_has_agreed),
                           cmocka_unit_test(new_keys_that_are_refused_leave_the_call_as_it_was),
                           cmocka_unit_test(a_call_ends_when_there_will_be_no_keys))
