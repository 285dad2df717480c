/* Scenarios of an endpoint, with a peer that answers as a test says. */
#include "world.h"
#include "cmtest/scenario.h"

static struct event_action told[16];
static size_t told_count;

static void keep(void *owner, const struct event *event)
{
    if (event->kind == EVENT_ACTION && told_count < sizeof told / sizeof told[0])
        told[told_count++] = event->action;
    world_event(owner, event);
}

static const struct endpoint_handler keeping = {
    .event = keep, .registered = world_registered, .digit = world_digit, .closed = world_closed};

static const struct call_expect *expected; /* of the call; NULL */
static bool alone;                         /* the registrar is gone before the call */

static struct step at(int64_t ms, const char *action)
{
    return (struct step){.when = STEP_AT,
                         .from = OCCURRED_ANSWERED,
                         .at_ns = ms * NS_PER_MS,
                         .action = action_find(action)};
}

static void dial(struct world *world)
{
    if (alone) {
        loop_thread_stop(world->thread);
        world->thread = NULL;
    }
    endpoint_dial(world->endpoint);
}

/* Alice calls bob for so long and plays the steps. */
static void play_for(struct world *world, const struct step *steps, size_t count, int64_t length_ns)
{
    const struct script script = {steps, count};
    told_count = 0;
    world->begin = dial;
    world->bob.answer = world->bob.answer ? world->bob.answer : OFFER;
    world_prepare(world);
    struct endpoint_config config = usual(world, ROLE_CALLER);
    config.script = &script;
    config.duration_ns = length_ns;
    config.expect = expected;
    world->endpoint =
        endpoint_new(world->agent, world->loop, &config, &world_media, world, &keeping, world);
    world_run(world);
    assert_true(world->closed);
    assert_int_equal(world->late_events, 0);
}

static void play(struct world *world, const struct step *steps, size_t count)
{
    play_for(world, steps, count, NS_PER_S);
}

static void assert_told(size_t index, const char *action, enum action_result result,
                        const char *detail)
{
    assert_true(index < told_count);
    assert_string_equal(told[index].action, action);
    assert_string_equal(told[index].detail, detail);
    assert_int_equal(told[index].result, result);
}

static void hold_and_resume_change_what_is_received(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {at(50, "hold"), at(150, "resume")};
    steps[0].expect = (struct step_expect){.within_ns = NS_PER_S, .status = 200};
    play(&world, steps, 2);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_told(0, "hold", ACTION_DONE, "");
    assert_told(1, "resume", ACTION_DONE, "");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) update(pcma:7000,send) "
                                     "update(pcma:7000,send,receive) quiet close");
    assert_true(told[0].began_ns >= told[0].planned_ns);
    assert_true(told[0].began_ns - told[0].planned_ns < 200 * NS_PER_MS);
    assert_true(told[1].planned_ns - told[0].planned_ns == 100 * NS_PER_MS);
    assert_string_equal(told[0].observed, "status 200, sendonly, pcma");
    world_end(&world);
}

static void a_refused_hold_is_told_and_the_call_stays_as_it_was(void **state)
{
    (void)state;
    struct world world = {.bob = {.refuses = true}};
    struct step steps[] = {at(50, "hold"), at(150, "options")};
    steps[0].expect.status = 200;
    play(&world, steps, 2);
    assert_told(0, "hold", ACTION_FAILED, "expected status 200, got 488");
    assert_told(1, "options", ACTION_DONE, "");
    assert_outcome(&world, OUTCOME_CALL_FAILED, FAILURE_ACTION,
                   "step 1 (hold, at 0.05 s) failed: expected status 200, got 488");
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) quiet close");
    assert_true(world.call.completed);
    world_end(&world);
}

static void a_refusal_that_was_expected_is_a_success(void **state)
{
    (void)state;
    struct world world = {.bob = {.refuses = true}};
    struct step step = at(50, "hold");
    step.expect.status = 488;
    play(&world, &step, 1);
    assert_told(0, "hold", ACTION_DONE, "");
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    world_end(&world);
}

static void an_offer_waits_for_the_one_before_it(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {at(50, "hold"), at(50, "resume"), at(50, "hold"), at(50, "resume")};
    play_for(&world, steps, 4, 3 * NS_PER_S);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(told[i].step, i);
        assert_int_equal(told[i].result, ACTION_DONE);
    }
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) update(pcma:7000,send) "
                                     "update(pcma:7000,send,receive) update(pcma:7000,send) "
                                     "update(pcma:7000,send,receive) quiet close");
    if (!strstr(world.bob.said, " 5 IN IP4")) /* one more with each offer (RFC 3264 8) */
        fail_msg("%s", world.bob.said);
    world_end(&world);
}

static void an_offer_of_one_codec_is_what_goes_out(void **state)
{
    (void)state;
    struct world world = {.bob = {.answer = OFFER}};
    const struct step_argument arguments[] = {{"codecs", "pcma"}};
    struct step step = at(50, "update_media");
    step.arguments = arguments;
    step.argument_count = 1;
    step.expect.codec = "pcma";
    play(&world, &step, 1);
    assert_told(0, "update_media", ACTION_DONE, "");
    if (!strstr(world.bob.said, "RTP/AVP 8\r\n"))
        fail_msg("bob heard %s", world.bob.said);
    world_end(&world);
}

static void requests_registration_and_session_are_done_with_their_answers(void **state)
{
    (void)state;
    struct world world = {0};
    const struct step_argument arguments[] = {{"body", "ping"}};
    struct step steps[] = {at(50, "send_info"), at(50, "options"), at(50, "send_message"),
                           at(60, "reregister"), at(70, "refresh_session")};
    steps[0].arguments = steps[2].arguments = arguments;
    steps[0].argument_count = steps[2].argument_count = 1;
    play(&world, steps, 5);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(told_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(told[i].result, ACTION_DONE);
        assert_int_equal(told[i].status, 200);
    }
    world_end(&world);
}

static void many_requests_at_once_are_each_done_with_their_own_answer(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[60];
    for (size_t i = 0; i < 60; i++)
        steps[i] = at(50, "options");
    play_for(&world, steps, 60, 4 * NS_PER_S); /* one after the other, on any machine */
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(world.outcome.steps.done, 60);
    /* They leave one after the other, and so they are done. */
    assert_int_equal(told_count, sizeof told / sizeof told[0]);
    for (size_t i = 0; i < told_count; i++) {
        assert_int_equal(told[i].step, i);
        assert_int_equal(told[i].status, 200);
    }
    world_end(&world);
}

static void hanging_up_is_the_end_as_it_was_planned(void **state)
{
    (void)state;
    struct world world = {0};
    const struct step_argument arguments[] = {{"reason", "Q.850;cause=16"}};
    struct step step = at(100, "hangup");
    step.arguments = arguments;
    step.argument_count = 1;
    step.expect.status = 200;
    play(&world, &step, 1);
    assert_told(0, "hangup", ACTION_DONE, "");
    assert_string_equal(told[0].observed, "status 200");
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_true(world.call.completed);
    assert_true(world.call.duration_ns < 900 * NS_PER_MS);
    assert_string_equal(world.bob.end.cause, "Q.850;cause=16");
    world_end(&world);
}

static void leave(void *arg)
{
    hang_up(arg);
}

static void leave_soon(struct phone *phone)
{
    after_ms(phone->world, 200, leave, phone);
}

static void a_call_that_ends_first_fails_by_its_end_and_tells_the_steps(void **state)
{
    (void)state;
    struct world world = {.talking = leave_soon};
    struct step steps[] = {at(50, "options"), at(900, "hold")};
    play(&world, steps, 2);
    assert_told(1, "hold", ACTION_FAILED, "the call ended first");
    assert_int_equal(world.outcome.failure, FAILURE_HUNG_UP_EARLY);
    world_end(&world);
}

static void a_partner_that_may_leave_is_no_failure(void **state)
{
    (void)state;
    struct world world = {.talking = leave_soon, .begin = dial};
    world.bob.answer = OFFER;
    world_prepare(&world);
    struct endpoint_config config = usual(&world, ROLE_CALLER);
    config.peer_may_leave = true;
    world_play(&world, &config);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_true(world.call.completed);
    world_end(&world);
}

static void steps_of_a_call_that_is_refused_are_left_out(void **state)
{
    (void)state;
    struct world world = {.bob = {.reject = 486}};
    struct step step = at(50, "hold");
    play(&world, &step, 1);
    assert_told(0, "hold", ACTION_SKIPPED, "the call ended first");
    assert_int_equal(world.outcome.failure, FAILURE_REFUSED);
    world_end(&world);
}

/* Whose call never got anywhere has shown nothing of what is expected of others. */
static void nobody_was_reached_is_no_failure_that_was_expected(void **state)
{
    (void)state;
    struct world world = {0};
    const struct call_expect fails = {.ends = true, .outcome = OUTCOME_CALL_FAILED};
    expected = &fails;
    alone = true;
    play(&world, NULL, 0);
    assert_int_equal(world.outcome.failure, FAILURE_UNREACHABLE);
    assert_int_equal(world.outcome.outcome, OUTCOME_CALL_FAILED);
    world_end(&world);
    alone = false;
    world = (struct world){.bob = {.reject = 486}};
    play(&world, NULL, 0);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE,
                   "as expected: call_failed with status 486 Busy Here");
    world_end(&world);
    expected = NULL;
}

static void what_stands_behind_else_is_no_step_of_its_own(void **state)
{
    (void)state;
    struct world world = {0};
    struct step otherwise = {.action = action_find("options")};
    struct step step = {.when = STEP_ON,
                        .times = 1,
                        .on = trigger_find("hold_received"),
                        .within_ns = 100 * NS_PER_MS,
                        .action = action_find("resume"),
                        .otherwise = &otherwise};
    play(&world, &step, 1);
    assert_told(0, "resume", ACTION_FAILED, "hold_received did not happen within 0.1 s");
    assert_told(1, "options", ACTION_DONE, "");
    assert_int_equal(world.outcome.steps.failed, 1);
    assert_int_equal(world.outcome.steps.done, 0);
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(nobody_was_reached_is_no_failure_that_was_expected),
    cmocka_unit_test(what_stands_behind_else_is_no_step_of_its_own),
    cmocka_unit_test(hold_and_resume_change_what_is_received),
    cmocka_unit_test(a_refused_hold_is_told_and_the_call_stays_as_it_was),
    cmocka_unit_test(a_refusal_that_was_expected_is_a_success),
    cmocka_unit_test(an_offer_waits_for_the_one_before_it),
    cmocka_unit_test(an_offer_of_one_codec_is_what_goes_out),
    cmocka_unit_test(requests_registration_and_session_are_done_with_their_answers),
    cmocka_unit_test(many_requests_at_once_are_each_done_with_their_own_answer),
    cmocka_unit_test(hanging_up_is_the_end_as_it_was_planned),
    cmocka_unit_test(a_call_that_ends_first_fails_by_its_end_and_tells_the_steps),
    cmocka_unit_test(a_partner_that_may_leave_is_no_failure),
    cmocka_unit_test(steps_of_a_call_that_is_refused_are_left_out))
