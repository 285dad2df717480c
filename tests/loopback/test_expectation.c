/* What is expected of steps and calls, of groups that call each other with real SIP and RTP. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <string.h>

#define MS INT64_C(1000000)

struct scene {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    struct plan *plan;
    struct result *result;
    volatile sig_atomic_t interrupts;
};

static void watch(void *to, const struct event *event)
{
    (void)to;
    (void)event;
}

/* One agent and one caller: endpoints 0 and 1. */
static const struct result *run(struct scene *scene, const char *agents, const char *callers,
                                const char *duration)
{
    char yaml[2048];
    snprintf(yaml, sizeof yaml,
             "cmtest: 1\ngroups:\n"
             "  agents: { registrar: embedded, endpoints: 1,"
             "            audio: { codecs: [pcma, telephone-event] }, %s }\n"
             "  callers: { registrar: embedded, endpoints: 1, call: agents,"
             "             audio: { codecs: [pcma, telephone-event] }, %s }\n"
             "duration: %s\n",
             agents, callers, duration);
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    scene->spec = spec_parse("expectation.yaml", yaml, strlen(yaml), scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan || diag_warnings(scene->diag)) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    struct execution_watch watching = {
        .event = watch, .to = scene, .interrupts = &scene->interrupts};
    scene->result = run_here(scene->plan, &watching);
    return scene->result;
}

static void clean(struct scene *scene)
{
    result_free(scene->result);
    spec_free(scene->spec);
    diag_free(scene->diag);
    arena_free(scene->arena);
}

static const struct event_action *step_of(const struct result *result, uint32_t step)
{
    const struct result_endpoint *who = &result->endpoints[1];
    for (size_t i = 0; i < who->timeline_count; i++)
        if (who->timeline[i].kind == EVENT_ACTION && who->timeline[i].action->step == step)
            return who->timeline[i].action;
    fail_msg("step %u is not on the timeline", step);
    return NULL;
}

static const struct event_action *done(const struct result *result, uint32_t step)
{
    const struct event_action *action = step_of(result, step);
    if (action->result != ACTION_DONE)
        fail_msg("step %u (%s): %s", step, action->action, action->detail);
    return action;
}

static void hold_stops_the_media_and_resume_lets_it_flow_again_on_both_sides(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, "",
            "scenario: ["
            "{ name: hold, at: 200ms, do: hold, expect: { within: 1s, media: stopped } },"
            "{ name: resume, after: hold, do: resume, expect: { within: 1s, media: flowing } },"
            "{ after: resume, do: hold, method: inactive, expect: { media: stopped } }]",
            "2s");
    const struct event_action *hold = done(result, 0), *resume = done(result, 1);
    assert_true(hold->stopped_ns >= 0 && hold->stopped_ns <= 1000 * MS);
    assert_true(hold->ended_ns - hold->began_ns >= 500 * MS);
    assert_int_equal(hold->flowing_ns, EVENT_NONE);
    assert_true(resume->flowing_ns > 0 && resume->flowing_ns <= 1000 * MS);
    assert_true(done(result, 2)->stopped_ns >= 0);
    assert_int_equal(result->endpoints[1].outcome.outcome, OUTCOME_SUCCESS);
    clean(&scene);
}

static void media_that_goes_on_where_it_has_to_stop_fails_the_endpoint(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, "",
        "scenario: [{ at: 200ms, do: options, expect: { within: 300ms, media: stopped } }]", "1s");
    /* Of the two that go on, what the time was over for first. */
    const char *detail = step_of(result, 0)->detail,
               *what = "expected media stopped within 0.3 s: ";
    assert_memory_equal(detail, what, strlen(what));
    detail += strlen(what);
    assert_true(strcmp(detail, "the partner still sends packets") == 0 ||
                strcmp(detail, "packets arrive here") == 0);
    assert_int_equal(result->endpoints[1].outcome.failure, FAILURE_ACTION);
    clean(&scene);
}

static void media_that_does_not_come_back_fails_the_endpoint(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, "",
            "scenario: [{ at: 200ms, do: hold, method: inactive, expect: { within: 400ms, media: "
            "flowing } }]",
            "1s");
    assert_string_equal(step_of(result, 0)->detail,
                        "expected media flowing within 0.4 s: no packet arrives here");
    clean(&scene);
}

static void digits_are_counted_where_they_arrive(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, "",
        "scenario: [{ name: a, at: 200ms, do: send_dtmf, digits: \"12*\", tone: 60ms, gap: 60ms,"
        " expect: { dtmf: \"12*\", tone: 60ms } },"
        "{ name: b, after: a, do: send_dtmf, digits: \"7\", method: info, tone: 90ms,"
        " expect: { dtmf: \"7\", tone: 100ms } },"
        "{ name: c, at: 1500ms, do: send_dtmf, digits: \"45\", tone: 60ms, gap: 60ms,"
        " expect: { dtmf: \"435\", within: 500ms } }]",
        "2500ms");
    assert_string_equal(done(result, 0)->observed, "digits 12* of 60 ms at the partner");
    assert_string_equal(step_of(result, 1)->detail,
                        "expected digits of 100 ms, the partner received 7 (number 1) of 90 ms");
    assert_string_equal(step_of(result, 2)->detail,
                        "expected the partner to receive the digits 435, it received 45");
    clean(&scene);
}

static void digits_that_are_lost_on_the_way_are_missed(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(&scene, "impair: { receive: { loss: 100% } }",
                                      "scenario: [{ at: 200ms, do: send_dtmf, digits: \"1\","
                                      " expect: { dtmf: \"1\", within: 500ms } }]",
                                      "1s");
    assert_string_equal(step_of(result, 0)->detail,
                        "expected the partner to receive the digits 1, it received none");
    clean(&scene);
}

/* ---- how calls end --------------------------------------------------------------------------- */

static void assert_ended(const char *agents, const char *callers, enum endpoint_outcome outcome,
                         enum event_failure failure, const char *detail)
{
    struct scene scene;
    const struct result *result = run(&scene, agents, callers, "300ms");
    const struct event_outcome *seen = &result->endpoints[1].outcome;
    assert_string_equal(seen->detail, detail);
    assert_int_equal(seen->outcome, outcome);
    assert_int_equal(seen->failure, failure);
    clean(&scene);
}

static void a_call_that_fails_as_its_group_says_is_a_success(void **state)
{
    (void)state;
    assert_ended("answer: { reject: 486 }", "expect: { outcome: call_failed, status: 486 }",
                 OUTCOME_SUCCESS, FAILURE_NONE,
                 "as expected: call_failed with status 486 Busy Here");
    assert_ended("answer: { reject: 603 }", "expect: { status: 603 }", OUTCOME_SUCCESS,
                 FAILURE_NONE, "as expected: call_failed with status 603 Decline");
    assert_ended("", "expect: { outcome: success, status: 200 }", OUTCOME_SUCCESS, FAILURE_NONE,
                 "as expected: success with status 200");
}

static void a_call_that_does_not_fail_or_fails_otherwise_is_none(void **state)
{
    (void)state;
    assert_ended("", "expect: { outcome: call_failed }", OUTCOME_CALL_FAILED, FAILURE_EXPECTATION,
                 "expected call_failed, it ended as success with status 200");
    assert_ended("answer: { reject: 603 }", "expect: { outcome: call_failed, status: 486 }",
                 OUTCOME_CALL_FAILED, FAILURE_EXPECTATION,
                 "expected call_failed with status 486, it ended as call_failed with status 603 "
                 "Decline: the INVITE was refused with 603 Decline");
}

/* 200 is what came of the INVITE, and no excuse for what came of the call. */
static void an_accepted_call_has_to_go_on_well(void **state)
{
    (void)state;
    assert_ended("impair: { send: { loss: 100% } }", "expect: { status: 200 }",
                 OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_NO_MEDIA,
                 "no RTP arrived in the whole call");
    assert_ended("", "expect: { status: 200 }", OUTCOME_SUCCESS, FAILURE_NONE,
                 "as expected: success with status 200");
    assert_ended("", "expect: { status: 486 }", OUTCOME_CALL_FAILED, FAILURE_EXPECTATION,
                 "expected status 486, it ended as success with status 200");
}

/* Though the call has failed as was said. */
static void a_step_that_failed_is_not_made_good_by_the_end_of_the_call(void **state)
{
    (void)state;
    assert_ended("impair: { send: { loss: 100% } }",
                 "expect: { outcome: completed_with_warnings }, scenario: [{ at: 50ms, do: options,"
                 " expect: { status: 404 } }]",
                 OUTCOME_CALL_FAILED, FAILURE_ACTION,
                 "step 1 (options, at 0.05 s) failed: expected status 404, got 200");
    assert_ended("answer: { ring: 400ms, reject: 486 }",
                 "expect: { outcome: call_failed, status: 486 }, scenario: [{ on: early_media,"
                 " within: 100ms, do: options }]",
                 OUTCOME_CALL_FAILED, FAILURE_ACTION,
                 "step 1 (options, on early_media) failed: early_media did not happen "
                 "within 0.1 s");
}

/* A step that fails is no failure of the call as anybody would expect it. */
static void a_failed_step_does_not_stand_for_a_failed_call(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, "",
            "expect: { outcome: call_failed }, scenario: [{ at: 50ms, do: "
            "options, expect: { status: 404 } }]",
            "300ms");
    assert_int_equal(result->endpoints[1].outcome.failure, FAILURE_ACTION);
    assert_int_equal(result->endpoints[1].outcome.outcome, OUTCOME_CALL_FAILED);
    clean(&scene);
}

/* ---- messages -------------------------------------------------------------------------------- */

static void what_answers_a_step_is_looked_into(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, "",
            "scenario: ["
            "{ at: 50ms, do: hold, expect: { sdp: { direction: recvonly, \"rtpmap:8\": PCMA/8000,"
            "  crypto: { is: absent } }, header: { CSeq: { matches: \"INVITE$\" } } } },"
            "{ at: 150ms, do: resume, expect: { sdp: { direction: sendonly } } },"
            "{ at: 250ms, do: options, expect: { header: { X-None: { is: present } } } }]",
            "400ms");
    done(result, 0);
    assert_string_equal(step_of(result, 1)->detail,
                        "expected SDP direction to be sendonly, it is sendrecv");
    assert_string_equal(step_of(result, 2)->detail,
                        "expected header X-None to be there, it is not there");
    clean(&scene);
}

static void every_message_that_is_meant_must_be_so_and_one_must_come(void **state)
{
    (void)state;
    assert_ended("",
                 "expect: { messages: [{ method: INVITE, status: 200, way: received,"
                 "  sdp: { \"rtpmap:8\": PCMA/8000 } },"
                 "  { method: BYE, header: { Max-Forwards: { is: present } } }] }",
                 OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_ended("",
                 "expect: { messages: { method: INVITE, status: 200, way: received,"
                 "  sdp: { ptime: 30 } } }",
                 OUTCOME_CALL_FAILED, FAILURE_EXPECTATION,
                 "received 200 to INVITE: expected SDP ptime to be 30, it is 20");
    assert_ended("", "expect: { messages: { method: PRACK } }", OUTCOME_CALL_FAILED,
                 FAILURE_EXPECTATION, "expected a message to look into, but none came: PRACK");
    assert_ended("",
                 "expect: { messages: { method: REGISTER,"
                 "  header: { Authorization: { matches: \"[0-9a-f]{32}\" } } } }",
                 OUTCOME_CALL_FAILED, FAILURE_EXPECTATION,
                 "REGISTER: expected header Authorization to match [0-9a-f]{32}, it is not there");
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(an_accepted_call_has_to_go_on_well),
    cmocka_unit_test(a_step_that_failed_is_not_made_good_by_the_end_of_the_call),
    cmocka_unit_test(hold_stops_the_media_and_resume_lets_it_flow_again_on_both_sides),
    cmocka_unit_test(media_that_goes_on_where_it_has_to_stop_fails_the_endpoint),
    cmocka_unit_test(media_that_does_not_come_back_fails_the_endpoint),
    cmocka_unit_test(digits_are_counted_where_they_arrive),
    cmocka_unit_test(digits_that_are_lost_on_the_way_are_missed),
    cmocka_unit_test(a_call_that_fails_as_its_group_says_is_a_success),
    cmocka_unit_test(a_call_that_does_not_fail_or_fails_otherwise_is_none),
    cmocka_unit_test(a_failed_step_does_not_stand_for_a_failed_call),
    cmocka_unit_test(what_answers_a_step_is_looked_into),
    cmocka_unit_test(every_message_that_is_meant_must_be_so_and_one_must_come))
