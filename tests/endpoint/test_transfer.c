/* Calls that move: REFER and Replaces. */
#include "world.h"

static void bob_calls(struct world *world)
{
    phone_call(&world->bob, OFFER, NULL);
}

static void leave(void *arg)
{
    hang_up(arg);
}

static bool is_bob(const struct phone *phone)
{
    return phone == &phone->world->bob;
}

static void play(struct world *world)
{
    world_prepare(world);
    struct endpoint_config config = usual(world, ROLE_CALLEE);
    world_play(world, &config);
}

/* Bob sends alice to carol; when those two talk, carol ends it. */
static void refer(struct phone *phone)
{
    if (is_bob(phone))
        assert_true(dialog_refer(phone->dialog, "sip:carol@" REALM, NULL));
    else
        after_ms(phone->world, 300, leave, phone);
}

#define MOVED "open start(pcma:7000,send,receive) update(pcmu:9000,send,receive) close"

static void a_blind_transfer_takes_the_media_along(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = refer};
    world.carol.answer = SDP_OF("1", "sendrecv", "9000", "0");
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.bob.referral, 200);
    assert_string_equal(world.carol.referred_by, "<sip:bob@" REALM ">");
    assert_memory_equal(world.media, MOVED, strlen("open start(pcma:7000,send,receive) update"));
    assert_non_null(strstr(world.media, "update(pcmu:9000,send,receive)"));
    assert_true(world.carol.over && world.bob.over);
    assert_true(world.call.completed);
    world_end(&world);
}

static void refer_and_leave(struct phone *phone)
{
    if (is_bob(phone)) {
        assert_true(dialog_refer(phone->dialog, "sip:carol@" REALM, NULL));
        after_ms(phone->world, 100, leave, phone);
    } else {
        after_ms(phone->world, 100, leave, phone);
    }
}

static void answer_now(void *arg)
{
    struct phone *phone = arg;
    dialog_answer(phone->dialog, phone->answer);
}

static struct loop_timer carols;

static void answer_slowly(struct phone *phone)
{
    loop_timer_set(phone->world->loop, &carols, clock_now() + 300 * NS_PER_MS, answer_now, phone);
}

static void the_transferor_need_not_wait_for_the_answer(void **state)
{
    (void)state;
    struct world world = {
        .begin = bob_calls, .talking = refer_and_leave, .incoming = answer_slowly};
    world.carol.answer = SDP_OF("1", "sendrecv", "9000", "0");
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) update(pcma:7000) "
                                     "update(pcmu:9000,send,receive) close");
    assert_true(world.call.completed);
    world_end(&world);
}

static void a_transfer_that_fails_when_nobody_is_left_is_named(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = refer_and_leave};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    config.patience_ns = 400 * NS_PER_MS; /* carol only rings */
    world_play(&world, &config);
    assert_int_equal(world.outcome.outcome, OUTCOME_CALL_FAILED);
    assert_int_equal(world.outcome.failure, FAILURE_NOT_ANSWERED);
    assert_string_equal(world.outcome.detail, "the INVITE of the transfer to sip:carol@" REALM
                                              " was not answered within 0 s; cancelled");
    world_end(&world);
}

static void refer_then_talk_on(struct phone *phone)
{
    assert_true(dialog_refer(phone->dialog, "sip:carol@" REALM, NULL));
    after_ms(phone->world, 500, leave, phone);
}

static void a_transfer_that_is_refused_leaves_the_call_as_it_was(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = refer_then_talk_on};
    world.carol.reject = 486;
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.bob.referral, 486);
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) close");
    world_end(&world);
}

/* Carol takes bob's call over. */
static void replace(struct phone *phone)
{
    struct world *world = phone->world;
    if (is_bob(phone)) {
        char headers[480];
        snprintf(headers, sizeof headers, "Replaces: %s\r\nRequire: replaces\r\n", phone->replaces);
        phone_call(&world->carol, SDP_OF("1", "sendrecv", "9000", "0"), headers);
    } else {
        after_ms(world, 200, leave, phone);
    }
}

static void an_invite_that_replaces_the_call_takes_its_place(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = replace};
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_true(world.bob.end.by_peer);
    assert_string_equal(world.media, MOVED);
    world_end(&world);
}

static void replace_badly(struct phone *phone)
{
    struct world *world = phone->world;
    if (is_bob(phone)) {
        char headers[480];
        snprintf(headers, sizeof headers, "Replaces: %s\r\nRequire: replaces, timer\r\n",
                 phone->replaces);
        phone_call(&world->carol, SDP_OF("1", "sendrecv", "9000", "0"), headers);
        after_ms(world, 300, leave, phone);
    }
}

static void a_replacement_that_is_refused_leaves_the_call(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = replace_badly};
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.carol.end.status, 420);
    assert_int_equal(world.bob.end.status, 200);
    assert_false(world.bob.end.by_peer);
    world_end(&world);
}

static void call_too(struct phone *phone)
{
    if (is_bob(phone)) {
        phone_call(&phone->world->carol, OFFER, NULL);
        after_ms(phone->world, 300, leave, phone);
    }
}

static void any_other_call_finds_the_endpoint_busy(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = call_too};
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.carol.end.status, 486);
    world_end(&world);
}

/* The planned end comes while carol rings. */
static void the_end_of_the_call_ends_a_transfer_too(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = refer};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    config.hangup_ns = 400 * NS_PER_MS;
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.carol.end.status, 487);
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(a_blind_transfer_takes_the_media_along),
                           cmocka_unit_test(the_transferor_need_not_wait_for_the_answer),
                           cmocka_unit_test(a_transfer_that_fails_when_nobody_is_left_is_named),
                           cmocka_unit_test(a_transfer_that_is_refused_leaves_the_call_as_it_was),
                           cmocka_unit_test(an_invite_that_replaces_the_call_takes_its_place),
                           cmocka_unit_test(a_replacement_that_is_refused_leaves_the_call),
                           cmocka_unit_test(any_other_call_finds_the_endpoint_busy),
                           cmocka_unit_test(the_end_of_the_call_ends_a_transfer_too))
