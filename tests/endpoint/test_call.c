/* How a call may end, and what is said of it. */
#include "world.h"

static void bob_calls(struct world *world)
{
    phone_call(&world->bob, OFFER, NULL);
}

static void dial(struct world *world)
{
    endpoint_dial(world->endpoint);
}

static void play(struct world *world, enum roster_role role,
                 void (*change)(struct endpoint_config *))
{
    world_prepare(world);
    struct endpoint_config config = usual(world, role);
    if (change)
        change(&config);
    world_play(world, &config);
}

static void never(struct endpoint_config *config)
{
    config->never = true;
    config->patience_ns = 150 * NS_PER_MS;
}

static void give_up_soon(struct phone *phone, int status)
{
    if (status == 180)
        hang_up(phone);
}

static void a_callee_that_never_answers_did_well_when_the_caller_gives_up(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .ringing = give_up_soon};
    play(&world, ROLE_CALLEE, never);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.bob.end.status, 487);
    assert_string_equal(world.media, "open close");
    world_end(&world);
}

static void a_callee_that_never_answers_does_not_ring_beyond_reason(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls};
    play(&world, ROLE_CALLEE, never);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.bob.end.status, 480);
    world_end(&world);
}

static void rings_long(struct endpoint_config *config)
{
    config->ring_ns = 10 * NS_PER_S;
}

static void a_caller_that_gives_up_is_named_at_the_callee(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .ringing = give_up_soon};
    play(&world, ROLE_CALLEE, rings_long);
    assert_outcome(&world, OUTCOME_CALL_FAILED, FAILURE_GIVEN_UP,
                   "the caller gave up before the call was answered");
    assert_int_equal(world.call.result, CALL_CANCELLED);
    world_end(&world);
}

static void impatient(struct endpoint_config *config)
{
    config->patience_ns = 200 * NS_PER_MS;
}

static void a_caller_cancels_what_only_rings(void **state)
{
    (void)state;
    struct world world = {.begin = dial}; /* bob has no answer */
    play(&world, ROLE_CALLER, impatient);
    assert_outcome(&world, OUTCOME_TIMEOUT, FAILURE_NOT_ANSWERED,
                   "not answered within 0 s; cancelled");
    assert_int_equal(world.call.status, 0);
    assert_int_equal(world.call.result, CALL_TIMED_OUT);
    assert_true(world.call.trying_ns != EVENT_NONE && world.call.ringing_ns != EVENT_NONE);
    assert_true(world.bob.end.by_peer);
    world_end(&world);
}

static void refuse_with_words(struct phone *phone)
{
    dialog_reject(phone->dialog, 503, "Overload", "Retry-After: 7\r\nReason: Q.850;cause=42\r\n");
}

static void a_refusal_is_told_with_all_that_it_says(void **state)
{
    (void)state;
    struct world world = {.begin = dial, .incoming = refuse_with_words};
    play(&world, ROLE_CALLER, NULL);
    assert_outcome(&world, OUTCOME_CALL_FAILED, FAILURE_REFUSED,
                   "the INVITE was refused with 503 Overload (Reason: Q.850;cause=42); "
                   "it may be tried again after 7 s");
    assert_int_equal(world.call.retry_after, 7);
    assert_string_equal(world.call.cause, "Q.850;cause=42");
    assert_int_equal(world.call.result, CALL_UNAVAILABLE);
    world_end(&world);
}

static void leave_early(struct phone *phone)
{
    dialog_hangup(phone->dialog, "Reason: Q.850;cause=16\r\n");
}

static void a_peer_that_hangs_up_too_early_is_named(void **state)
{
    (void)state;
    struct world world = {.begin = dial, .talking = leave_early};
    world.bob.answer = OFFER;
    play(&world, ROLE_CALLER, NULL);
    assert_int_equal(world.outcome.outcome, OUTCOME_CALL_FAILED);
    assert_int_equal(world.outcome.failure, FAILURE_HUNG_UP_EARLY);
    double after;
    char end;
    assert_int_equal(sscanf(world.outcome.detail,
                            "the peer hung up after %lf s of 5.0 s (Reason: Q.850;cause=16%c",
                            &after, &end),
                     2);
    assert_true(after >= 0 && after < 5 && end == ')');
    assert_true(world.call.established && !world.call.completed);
    assert_int_equal(world.call.teardown_ns, EVENT_NONE);
    world_end(&world);
}

static void short_call(struct endpoint_config *config)
{
    config->duration_ns = 150 * NS_PER_MS;
}

static void a_call_without_a_packet_is_a_warning(void **state)
{
    (void)state;
    struct world world = {.begin = dial};
    world.bob.answer = OFFER;
    world_prepare(&world);
    world.totals = (struct stream_totals){.first_packet_ns = EVENT_NONE};
    struct endpoint_config config = usual(&world, ROLE_CALLER);
    short_call(&config);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_NO_MEDIA,
                   "no RTP arrived in the whole call");
    assert_int_equal(world.call.first_media_ns, EVENT_NONE);
    world_end(&world);
}

static void a_call_held_from_its_first_moment_owes_no_media(void **state)
{
    (void)state;
    struct world world = {.begin = dial};
    world.bob.answer = SDP_OF("1", "recvonly", "7000", "8");
    world_prepare(&world);
    world.totals = (struct stream_totals){.first_packet_ns = EVENT_NONE};
    struct endpoint_config config = usual(&world, ROLE_CALLER);
    short_call(&config);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    world_end(&world);
}

static void interrupt(struct phone *phone, int status)
{
    if (status == 180)
        endpoint_interrupt(phone->world->endpoint);
}

static void an_interruption_while_it_rings_closes_the_endpoint(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .ringing = interrupt};
    play(&world, ROLE_CALLEE, rings_long);
    assert_outcome(&world, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_CUT_OFF,
                   "the run was interrupted");
    assert_int_equal(world.bob.end.status, 480);
    world_end(&world);
}

static void abort_then_hang_up(struct phone *phone)
{
    endpoint_abort(phone->world->endpoint, "cut off");
    hang_up(phone);
}

static void the_deadline_closes_an_endpoint_at_once(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = abort_then_hang_up};
    play(&world, ROLE_CALLEE, NULL);
    assert_outcome(&world, OUTCOME_TIMEOUT, FAILURE_CUT_OFF, "cut off");
    assert_int_equal(world.call.result, CALL_ANSWERED);
    assert_false(world.call.completed);
    assert_true(world.call.media_known);
    assert_int_equal(world.call.packets_received, 50);
    world_end(&world);
}

/* CANCEL as the 200 is about to leave, BYE as it has just come: whatever crosses, all close. */
static void give_up_at_the_answer(void *arg)
{
    hang_up(arg);
}

static void ringing_then_race(struct phone *phone, int status)
{
    if (status == 180)
        after_ms(phone->world, 30, give_up_at_the_answer, phone);
}

static void answers_in_30_ms(struct endpoint_config *config)
{
    config->ring_ns = 30 * NS_PER_MS;
}

static void a_cancel_at_the_moment_of_the_answer_leaves_nobody_stuck(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct world world = {.begin = bob_calls, .ringing = ringing_then_race};
        play(&world, ROLE_CALLEE, answers_in_30_ms);
        assert_true(world.bob.over);
        world_end(&world);
    }
}

static void offer_in_the_last_moment(void *arg)
{
    struct phone *phone = arg;
    dialog_renegotiate(phone->dialog, "INVITE", SDP_OF("2", "sendonly", "7000", "8"));
}

static void offer_soon(struct phone *phone)
{
    after_ms(phone->world, 99, offer_in_the_last_moment, phone);
}

static void leaves_in_100_ms(struct endpoint_config *config)
{
    config->hangup_ns = 100 * NS_PER_MS;
}

static void a_hang_up_while_the_peer_offers_leaves_nobody_stuck(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct world world = {.begin = bob_calls, .talking = offer_soon};
        play(&world, ROLE_CALLEE, leaves_in_100_ms);
        assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
        assert_true(world.bob.over);
        world_end(&world);
    }
}

static void redirects(struct endpoint_config *config)
{
    config->reject = 302;
    config->redirect = "sip:carol@" REALM;
    config->reason = "SIP;cause=302";
}

static void a_redirecting_callee_names_the_new_place(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls};
    play(&world, ROLE_CALLEE, redirects);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.bob.end.status, 302);
    assert_string_equal(world.bob.end.cause, "SIP;cause=302");
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(a_callee_that_never_answers_did_well_when_the_caller_gives_up),
    cmocka_unit_test(a_callee_that_never_answers_does_not_ring_beyond_reason),
    cmocka_unit_test(a_caller_that_gives_up_is_named_at_the_callee),
    cmocka_unit_test(a_caller_cancels_what_only_rings),
    cmocka_unit_test(a_refusal_is_told_with_all_that_it_says),
    cmocka_unit_test(a_peer_that_hangs_up_too_early_is_named),
    cmocka_unit_test(a_call_without_a_packet_is_a_warning),
    cmocka_unit_test(a_call_held_from_its_first_moment_owes_no_media),
    cmocka_unit_test(an_interruption_while_it_rings_closes_the_endpoint),
    cmocka_unit_test(the_deadline_closes_an_endpoint_at_once),
    cmocka_unit_test(a_cancel_at_the_moment_of_the_answer_leaves_nobody_stuck),
    cmocka_unit_test(a_hang_up_while_the_peer_offers_leaves_nobody_stuck),
    cmocka_unit_test(a_redirecting_callee_names_the_new_place))
