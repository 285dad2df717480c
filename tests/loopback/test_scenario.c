/* Scenarios of groups that call each other, with real SIP and real RTP. */
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

static const struct result *run(struct scene *scene, const char *yaml)
{
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    scene->spec = spec_parse("scenario.yaml", yaml, strlen(yaml), scene->diag);
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

static const struct event_action *action_of(const struct result *result, uint32_t endpoint,
                                            uint32_t step)
{
    const struct result_endpoint *who = &result->endpoints[endpoint];
    for (size_t i = 0; i < who->timeline_count; i++)
        if (who->timeline[i].kind == EVENT_ACTION && who->timeline[i].action->step == step)
            return who->timeline[i].action;
    fail_msg("step %u of endpoint %u is not on its timeline", step, endpoint);
    return NULL;
}

static void assert_done(const struct result *result, uint32_t endpoint, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        const struct event_action *action = action_of(result, endpoint, i);
        if (action->result != ACTION_DONE)
            fail_msg("step %u (%s) of endpoint %u: %s", i, action->action, endpoint,
                     action->detail);
    }
    if (result->endpoints[endpoint].outcome.outcome != OUTCOME_SUCCESS)
        fail_msg("endpoint %u: %s", endpoint, result->endpoints[endpoint].outcome.detail);
}

/* "42#" of the digits that were received. */
static void digits_of(const struct result *result, uint32_t endpoint, char *out, size_t size)
{
    const struct result_endpoint *who = &result->endpoints[endpoint];
    size_t length = 0;
    for (size_t i = 0; i < who->timeline_count && length + 1 < size; i++)
        if (who->timeline[i].kind == EVENT_DIGIT &&
            who->timeline[i].digit->direction == DIRECTION_RECEIVE)
            out[length++] = who->timeline[i].digit->digit;
    out[length] = '\0';
}

#define GROUPS(agents, callers)                                                  \
    "cmtest: 1\ngroups:\n"                                                       \
    "  agents: { registrar: embedded, endpoints: 2,"                             \
    "            audio: { codecs: [pcma, pcmu, telephone-event] }" agents " }\n" \
    "  callers: { registrar: embedded, endpoints: 2, call: agents,"              \
    "             audio: { codecs: [pcma, pcmu, telephone-event] }, scenario: [" callers "] }\n"

static void digits_are_sent_at_their_time_and_arrive(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene,
        GROUPS("",
               "{ at: 300ms, do: send_dtmf, digits: \"42#\" },"
               "{ at: 800ms, do: send_dtmf, digits: \"7\", method: info }") "duration: 1500ms\n");
    for (uint32_t i = 0; i < 2; i++) {
        char digits[16];
        digits_of(result, i, digits, sizeof digits);
        assert_string_equal(digits, "42#7");
        assert_done(result, 2 + i, 2);
        const struct event_action *sent = action_of(result, 2 + i, 0);
        assert_true(sent->began_ns >= sent->planned_ns);
        assert_true(sent->ended_ns - sent->began_ns >= 500 * MS);
    }
    clean(&scene);
}

static void an_answer_to_a_digit_is_a_conversation(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, GROUPS(", scenario: [{ on: dtmf_received, digit: \"1\", do: send_dtmf, digits: "
                           "\"42#\" }]",
                           "{ at: 200ms, do: send_dtmf, digits: \"1\" },"
                           "{ on: dtmf_received, digit: \"42#\", within: 8s, do: hangup, else: "
                           "hangup }") "duration: 10s\n");
    for (uint32_t i = 0; i < 2; i++) {
        assert_done(result, i, 1);
        assert_done(result, 2 + i, 2);
        assert_true(result->endpoints[2 + i].call.completed);
        assert_true(result->endpoints[i].call.completed);
        assert_true(result->endpoints[2 + i].call.duration_ns < 8000 * MS);
    }
    clean(&scene);
}

static void a_hold_stops_the_peer_and_a_resume_lets_it_go_on(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene,
        GROUPS(", scenario: [{ on: hold_received, do: send_info, body: held },"
               "{ on: resume_received, do: options }]",
               "{ at: 300ms, do: hold, expect: { status: 200, direction: sendonly } },"
               "{ at: 1300ms, do: resume, expect: { status: 200, direction: sendrecv } },"
               "{ on: info_received, within: 2s, do: wait, length: 10ms }") "duration: 1800ms\n");
    for (uint32_t i = 0; i < 2; i++) {
        assert_done(result, i, 2);
        assert_done(result, 2 + i, 3);
        uint64_t held = result->endpoints[i].call.packets_sent;
        uint64_t holder = result->endpoints[2 + i].call.packets_sent;
        if (held + 40 > holder || held + 60 < holder)
            fail_msg("the holder sent %u packets, the held one %u", (unsigned)holder,
                     (unsigned)held);
    }
    clean(&scene);
}

static void another_codec_is_offered_in_the_call(void **state)
{
    (void)state;
    static const char *const methods[] = {"reinvite", "update"};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene;
        char yaml[1024];
        snprintf(yaml, sizeof yaml,
                 GROUPS("", "{ at: 200ms, do: update_media, codecs: [pcmu], method: %s,"
                            "  expect: { within: 1s, codec: pcmu } }") "duration: 700ms\n",
                 methods[i]);
        const struct result *result = run(&scene, yaml);
        assert_done(result, 2, 1);
        assert_done(result, 3, 1);
        assert_string_equal(result->endpoints[0].media.codec, "pcmu");
        clean(&scene);
    }
}

static void an_expectation_that_is_not_met_fails_its_endpoint_and_says_what_was_seen(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, GROUPS("", "{ name: quiet, at: 200ms, do: hold, method: inactive,"
                               "  expect: { direction: sendonly } }") "duration: 600ms\n");
    const struct event_action *action = action_of(result, 2, 0);
    assert_int_equal(action->result, ACTION_FAILED);
    assert_string_equal(action->detail, "expected the media to be sendonly, it is inactive");
    assert_int_equal(result->endpoints[2].outcome.failure, FAILURE_ACTION);
    assert_string_equal(result->endpoints[2].outcome.detail,
                        "step 1 (quiet: hold, at 0.2 s) failed: expected the media to be sendonly, "
                        "it is inactive");
    assert_int_equal(result->endpoints[0].outcome.outcome, OUTCOME_SUCCESS);
    clean(&scene);
}

static void an_event_that_does_not_come_in_time_fails_and_something_else_is_done(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, GROUPS(", scenario: [{ at: 200ms, do: send_dtmf, digits: \"12\" },"
                           "{ at: 9s, do: send_dtmf, digits: \"123\" }]",
                           "{ on: dtmf_received, digit: \"123\", within: 900ms, do: options, "
                           "  else: hangup }") "duration: 10s\n");
    for (uint32_t i = 2; i < 4; i++) {
        const struct event_action *missed = action_of(result, i, 0);
        assert_int_equal(missed->result, ACTION_FAILED);
        assert_string_equal(
            missed->detail,
            "dtmf_received of 123 did not happen within 0.9 s; the digits that came are 12");
        assert_true(result->endpoints[i].call.duration_ns < 5000 * MS);
    }
    clean(&scene);
}

static void what_happens_in_a_call_begins_the_steps_that_wait_for_it(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, GROUPS(", session_timer: { mode: supported, expires: 90s },"
                           "answer: { ring: 300ms, early_media: true }, scenario: ["
                           "{ on: answered, do: send_message, body: here },"
                           "{ on: message_received, do: options },"
                           "{ on: session_timer_refreshed, do: send_info },"
                           "{ on: bye_received, do: signal, send: free, to: queue }]",
                           "{ on: early_media, do: wait, length: 50ms },"
                           "{ on: message_received, within: 1s, do: send_message, body: "
                           "there },"
                           "{ at: 400ms, do: refresh_session }, { at: 800ms, do: hangup "
                           "}") "  music: { registrar: embedded, endpoints: 1 }\n"
                                "  queue: { registrar: embedded, endpoints: 1, call: "
                                "music, scenario: ["
                                "           { on: signal_received, signal: free, times: "
                                "always, do: options }] }\n"
                                "duration: 2s\n");
    for (uint32_t i = 0; i < 2; i++) {
        assert_done(result, i, 4);
        assert_done(result, 2 + i, 4);
        const struct result_endpoint *caller = &result->endpoints[2 + i];
        int64_t early = action_of(result, 2 + i, 0)->planned_ns;
        int64_t said = action_of(result, i, 0)->planned_ns;
        assert_true(said - early >= 250 * MS);
        assert_true(caller->call.duration_ns < 1500 * MS);
        assert_string_equal(action_of(result, i, 3)->observed, "heard by 1 endpoint");
    }
    const struct result_endpoint *queue = &result->endpoints[5];
    unsigned heard = 0;
    for (size_t i = 0; i < queue->timeline_count; i++)
        heard += queue->timeline[i].kind == EVENT_ACTION;
    assert_int_equal(heard, 2);
    assert_done(result, 5, 1);
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(digits_are_sent_at_their_time_and_arrive),
    cmocka_unit_test(an_answer_to_a_digit_is_a_conversation),
    cmocka_unit_test(a_hold_stops_the_peer_and_a_resume_lets_it_go_on),
    cmocka_unit_test(another_codec_is_offered_in_the_call),
    cmocka_unit_test(an_expectation_that_is_not_met_fails_its_endpoint_and_says_what_was_seen),
    cmocka_unit_test(an_event_that_does_not_come_in_time_fails_and_something_else_is_done),
    cmocka_unit_test(what_happens_in_a_call_begins_the_steps_that_wait_for_it))
