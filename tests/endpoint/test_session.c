/* What the peer may do to the session of a call in its course. */
#include "world.h"

static void bob_calls(struct world *world)
{
    phone_call(&world->bob, OFFER, NULL);
}

static void offer_again(struct phone *phone, const char *method, const char *offer)
{
    phone->agreed = -1;
    assert_true(dialog_renegotiate(phone->dialog, method, offer));
}

static void assert_said(const struct phone *phone, const char *part)
{
    if (!strstr(phone->said, part))
        fail_msg("%s heard no %s, but\n%s", phone->name, part, phone->said);
}

/* Holds, resumes, hangs up. */
static void hold(struct phone *phone)
{
    assert_said(phone, "a=sendrecv");
    offer_again(phone, "INVITE", SDP_OF("2", "sendonly", "7000", "8"));
}

static void resume_or_leave(struct phone *phone)
{
    assert_int_equal(phone->agreed, 200);
    if (phone->world->pass++ == 0) {
        assert_said(phone, "a=recvonly");
        offer_again(phone, "INVITE", SDP_OF("3", "sendrecv", "7000", "8"));
    } else {
        assert_said(phone, "a=sendrecv");
        hang_up(phone);
    }
}

static void hold_and_resume_by_the_peer_stop_and_start_our_sending(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = hold, .answered_offer = resume_or_leave};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) "
                                     "update(pcma:7000,receive) "
                                     "update(pcma:7000,send,receive) close");
    assert_int_equal(world.call.offers, 2);
    assert_true(world.call.completed);
    world_end(&world);
}

static void hold_by_update(struct phone *phone)
{
    offer_again(phone, "UPDATE", SDP_OF("2", "inactive", "7002", "0 8"));
}

static void leave(struct phone *phone)
{
    assert_int_equal(phone->agreed, 200);
    assert_said(phone, "a=inactive");
    hang_up(phone);
}

static void an_update_may_change_direction_port_and_codec(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = hold_by_update, .answered_offer = leave};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) update(pcmu:7002) close");
    world_end(&world);
}

static void leave_later(void *arg)
{
    hang_up(arg);
}

static void ask_for_an_offer(struct phone *phone)
{
    phone->answer = SDP_OF("2", "sendrecv", "7000", "0");
    assert_true(dialog_renegotiate(phone->dialog, "INVITE", NULL));
    /* Its answer goes out in the ACK: the call may end behind it. */
    after_ms(phone->world, 300, leave_later, phone);
}

static void a_re_invite_without_sdp_is_offered_everything_again(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = ask_for_an_offer};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    world_play(&world, &config);
    assert_said(&world.bob, "m=audio 6000 RTP/AVP 8 0\r\n");
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) "
                                     "update(pcmu:7000,send,receive) close");
    world_end(&world);
}

static void offer_nonsense(struct phone *phone)
{
    offer_again(phone, "INVITE", SDP_OF("2", "sendrecv", "7000", "9"));
}

static void leave_refused(struct phone *phone)
{
    assert_int_equal(phone->agreed, 488);
    hang_up(phone);
}

static void a_further_offer_that_does_not_fit_is_refused_and_the_call_goes_on(void **state)
{
    (void)state;
    struct world world = {
        .begin = bob_calls, .talking = offer_nonsense, .answered_offer = leave_refused};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_NO_CODEC,
                   "a further offer of the peer was refused with 488: "
                   "the peer's SDP has no audio codec in common with this endpoint");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) close");
    assert_true(world.call.completed);
    assert_int_equal(world.call.offers, 0);
    world_end(&world);
}

static void dial(struct world *world)
{
    endpoint_dial(world->endpoint);
}

static void take_away(struct phone *phone)
{
    offer_again(phone, "INVITE", SDP_OF("2", "sendrecv", "0", "8"));
}

static void leave_at_once(struct phone *phone)
{
    assert_said(phone, "m=audio 0 ");
    hang_up(phone);
}

static void a_stream_that_is_taken_away_is_silent(void **state)
{
    (void)state;
    struct world world = {
        .begin = bob_calls, .talking = take_away, .answered_offer = leave_at_once};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLEE);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) update(none:0) close");
    world_end(&world);
}

static void answer_later(void *arg)
{
    struct phone *phone = arg;
    dialog_answer(phone->dialog, OFFER);
}

static void ring_with_media(struct phone *phone)
{
    dialog_progress(phone->dialog, 183, OFFER);
    after_ms(phone->world, 100, answer_later, phone);
}

static void a_caller_takes_early_media_before_the_answer(void **state)
{
    (void)state;
    for (int reliable = 0; reliable < 2; reliable++) {
        struct world world = {.begin = dial, .incoming = ring_with_media};
        world_prepare(&world);
        struct endpoint_config config = usual(&world, ROLE_CALLER);
        config.dialog.reliable = reliable ? USE_SUPPORTED : USE_DISABLED;
        config.duration_ns = 200 * NS_PER_MS;
        world_play(&world, &config);
        assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
        assert_string_equal(world.media, "open start(pcma:7000,send,receive,early) "
                                         "update(pcma:7000,send,receive) quiet close");
        assert_string_equal(world.phases,
                            "REGISTERED CALLING RINGING NEGOTIATING INCALL DISCONNECTING CLOSED");
        assert_true(world.call.pdd_ns > 0 && world.call.setup_ns > 90 * NS_PER_MS);
        assert_true(world.call.teardown_ns > 0);
        world_end(&world);
    }
}

static void answer_with_nonsense(struct phone *phone)
{
    dialog_answer(phone->dialog, SDP_OF("1", "sendrecv", "7000", "9"));
}

static void an_answer_that_does_not_fit_ends_the_call(void **state)
{
    (void)state;
    struct world world = {.begin = dial, .incoming = answer_with_nonsense};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLER);
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_NEGOTIATION_FAILED, FAILURE_NO_CODEC,
                   "the answer in the 200 is unusable: "
                   "the peer's SDP has no audio codec in common with this endpoint");
    world_end(&world);
}

static void a_late_offer_that_does_not_fit_ends_the_call(void **state)
{
    (void)state;
    struct world world = {.begin = dial, .incoming = answer_with_nonsense};
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLER);
    config.late_offer = true;
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_NEGOTIATION_FAILED, FAILURE_NO_CODEC,
                   "the peer's offer is unusable: "
                   "the peer's SDP has no audio codec in common with this endpoint");
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(hold_and_resume_by_the_peer_stop_and_start_our_sending),
    cmocka_unit_test(an_update_may_change_direction_port_and_codec),
    cmocka_unit_test(a_re_invite_without_sdp_is_offered_everything_again),
    cmocka_unit_test(a_further_offer_that_does_not_fit_is_refused_and_the_call_goes_on),
    cmocka_unit_test(a_stream_that_is_taken_away_is_silent),
    cmocka_unit_test(a_caller_takes_early_media_before_the_answer),
    cmocka_unit_test(an_answer_that_does_not_fit_ends_the_call),
    cmocka_unit_test(a_late_offer_that_does_not_fit_ends_the_call))
