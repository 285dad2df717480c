/* Steps that decide on calls, move them, and speak to others, with real SIP and real RTP. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <string.h>

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

/* Commands may be run. */
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
    scene->plan->allow_exec = true;
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

#define GROUP(name, rest) "  " name ": { registrar: embedded, endpoints: 2" rest " }\n"
#define SPEC(groups, duration) "cmtest: 1\ngroups:\n" groups "duration: " duration "\n"

static void assert_all_well(const struct result *result)
{
    for (size_t i = 0; i < result->roster->endpoint_count; i++)
        if (result->endpoints[i].outcome.outcome != OUTCOME_SUCCESS)
            fail_msg("endpoint %zu: %s", i, result->endpoints[i].outcome.detail);
}

static void a_blind_transfer_takes_the_partner_to_somebody_else(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, SPEC(GROUP("agents", ", scenario: [{ on: refer_received, do: options }]")
                         GROUP("desks", "") GROUP("callers", ", call: agents, scenario: ["
                                                             "{ at: 300ms, do: transfer, to: desks,"
                                                             "  expect: { status: 200 } }]"),
                     "1200ms"));
    assert_all_well(result);
    for (uint32_t i = 0; i < 2; i++) {
        assert_done(result, i, 1);
        assert_done(result, 4 + i, 1);
        /* The agent goes on talking when its caller is gone, and both know how long. */
        assert_true(result->endpoints[4 + i].call.duration_ns <
                    1000 * NS_PER_MS + 2 * machine_lag_ns);
        assert_true(result->endpoints[2 + i].call.completed);
        assert_true(result->endpoints[2 + i].call.duration_ns > 500 * NS_PER_MS);
        assert_true(result->endpoints[2 + i].call.duration_ns <
                    1200 * NS_PER_MS + 2 * machine_lag_ns);
        assert_true(result->endpoints[2 + i].call.packets_received > 20);
    }
    clean(&scene);
}

static void an_attended_transfer_replaces_the_call_that_was_made_first(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, SPEC(GROUP("agents", "") GROUP("desks", "")
                             GROUP("callers", ", call: agents, scenario: ["
                                              "{ name: hold, at: 200ms, do: hold },"
                                              "{ after: hold, do: transfer, to: desks,"
                                              "  mode: attended, expect: { status: 200 } }]"),
                         "2s"));
    assert_all_well(result);
    for (uint32_t i = 0; i < 2; i++) {
        assert_done(result, 4 + i, 2);
        assert_true(result->endpoints[2 + i].call.completed);
        assert_true(result->endpoints[2 + i].call.packets_received > 20);
        assert_true(result->endpoints[i].call.packets_received > 20);
    }
    clean(&scene);
}

static void a_transfer_to_somebody_who_is_busy_fails_and_the_call_goes_on(void **state)
{
    (void)state;
    static const char *const modes[] = {"blind", "attended"};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene;
        char yaml[1024];
        snprintf(yaml, sizeof yaml,
                 SPEC(GROUP("agents", "") GROUP("desks", ", answer: { reject: 486 }")
                          GROUP("callers", ", call: agents, scenario: ["
                                           "{ at: 200ms, do: transfer, to: desks, mode: %s }]"),
                      "700ms"),
                 modes[i]);
        const struct result *result = run(&scene, yaml);
        const struct event_action *action = action_of(result, 4, 0);
        assert_int_equal(action->result, ACTION_FAILED);
        assert_int_equal(action->status, 486);
        assert_string_equal(action->detail, "it was refused with status 486");
        assert_true(result->endpoints[4].call.completed);
        assert_true(result->endpoints[4].call.duration_ns >= 690 * NS_PER_MS);
        assert_int_equal(result->endpoints[0].outcome.outcome, OUTCOME_SUCCESS);
        clean(&scene);
    }
}

static void a_callee_answers_when_its_step_says_so(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene,
            SPEC(GROUP("agents", ", scenario: [{ at: 400ms, from: ringing, do: answer,"
                                 "  expect: { status: 200 } }]") GROUP("callers", ", call: agents"),
                 "400ms"));
    assert_all_well(result);
    assert_done(result, 0, 1);
    assert_true(result->endpoints[2].call.setup_ns >= 400 * NS_PER_MS);
    assert_true(result->endpoints[2].call.ringing_ns < 400 * NS_PER_MS + 2 * machine_lag_ns);
    clean(&scene);
}

static void a_callee_refuses_before_or_after_it_rings(void **state)
{
    (void)state;
    static const struct {
        const char *step;
        uint16_t status;
        bool rings;
    } cases[] = {{"on: invite, do: reject", 486, false},
                 {"on: ringing, do: reject, status: 603", 603, true},
                 {"on: invite, do: redirect, to: \"sip:other@127.0.0.1\"", 302, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene scene;
        char yaml[1024];
        snprintf(yaml, sizeof yaml,
                 SPEC(GROUP("agents", ", scenario: [{ %s }]") GROUP("callers", ", call: agents"),
                      "400ms"),
                 cases[i].step);
        const struct result *result = run(&scene, yaml);
        assert_done(result, 0, 1);
        assert_done(result, 1, 1);
        assert_int_equal(action_of(result, 0, 0)->status, cases[i].status);
        assert_int_equal(result->endpoints[2].call.status, cases[i].status);
        assert_int_equal(result->endpoints[2].call.ringing_ns != EVENT_NONE, cases[i].rings);
        clean(&scene);
    }
}

static void a_signal_reaches_the_partner_or_all_of_a_group(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene,
        SPEC(GROUP("agents", ", scenario: [{ on: signal_received, signal: one, do: signal,"
                             "               send: all, to: callers },"
                             "             { at: 100ms, do: wait, length: 10ms }]")
                 GROUP("callers", ", call: agents, scenario: ["
                                  "{ at: 200ms, do: signal, send: one },"
                                  "{ on: signal_received, signal: all, times: always, within: 2s,"
                                  "  do: send_info, body: x }]"),
             "700ms"));
    assert_all_well(result);
    for (uint32_t i = 0; i < 2; i++) {
        assert_string_equal(action_of(result, 2 + i, 0)->observed, "heard by 1 endpoint");
        assert_string_equal(action_of(result, i, 0)->observed, "heard by 2 endpoints");
        uint32_t heard = 0;
        const struct result_endpoint *who = &result->endpoints[2 + i];
        for (size_t j = 0; j < who->timeline_count; j++)
            heard += who->timeline[j].kind == EVENT_ACTION && who->timeline[j].action->step == 1;
        assert_int_equal(heard, 2);
    }
    clean(&scene);
}

static void a_command_is_run_beside_the_call_and_its_status_counts(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, SPEC(GROUP("agents", "")
                             GROUP("callers", ", call: agents, scenario: ["
                                              "{ at: 100ms, do: exec, command: 'exit 0' },"
                                              "{ at: 110ms, do: exec, command: 'echo no; exit 3' },"
                                              "{ at: 120ms, do: exec, timeout: 100ms,"
                                              "  command: 'sleep 1000' },"
                                              "{ at: 130ms, do: exec, command: 'sleep 1000' }]"),
                         "1500ms"));
    assert_int_equal(action_of(result, 2, 0)->result, ACTION_DONE);
    assert_string_equal(action_of(result, 2, 1)->detail, "exit status 3: no");
    assert_string_equal(action_of(result, 2, 2)->detail, "did not end within 0.1 s");
    assert_string_equal(action_of(result, 2, 3)->detail, "the call ended first");
    assert_true(result->endpoints[2].call.completed);
    clean(&scene);
}

static void a_registration_is_removed_and_made_again_in_the_call(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene,
            SPEC(GROUP("agents", "") GROUP("callers", ", call: agents, scenario: ["
                                                      "{ name: a, at: 300ms, from: registration,"
                                                      "  do: reregister },"
                                                      "{ name: off, at: 600ms, do: deregister },"
                                                      "{ name: on, after: off, do: reregister },"
                                                      "{ after: on, do: deregister }]"),
                 "1200ms"));
    assert_all_well(result);
    assert_done(result, 2, 4);
    assert_done(result, 3, 4);
    clean(&scene);
}

static void a_session_is_refreshed_by_the_method_that_is_asked_for(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, SPEC(GROUP("agents", ", scenario: [{ on: offer_received, within: 2s, do: wait,"
                                         "  length: 10ms }]")
                             GROUP("callers", ", call: agents, scenario: ["
                                              "{ name: u, at: 100ms, do: refresh_session,"
                                              "  method: update, expect: { status: 200 } },"
                                              "{ after: u, do: refresh_session, method: reinvite,"
                                              "  expect: { status: 200 } }]"),
                         "700ms"));
    assert_all_well(result);
    assert_done(result, 2, 2);
    clean(&scene);
}

static void digits_by_both_methods_come_twice(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene,
            SPEC(GROUP("agents", ", audio: { codecs: [pcma, telephone-event] }, scenario: ["
                                 "{ on: dtmf_received, digit: \"42\", times: 2, do: options }]")
                     GROUP("callers", ", call: agents, audio: { codecs: [pcma, telephone-event] },"
                                      "scenario: [{ at: 100ms, do: send_dtmf, digits: \"4\","
                                      "             method: both },"
                                      "{ at: 500ms, do: send_dtmf, digits: \"2\", method: both }]"),
                 "1200ms"));
    assert_all_well(result);
    assert_done(result, 2, 2);
    uint32_t heard = 0;
    for (size_t j = 0; j < result->endpoints[0].timeline_count; j++)
        heard += result->endpoints[0].timeline[j].kind == EVENT_ACTION;
    assert_int_equal(heard, 2);
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(a_blind_transfer_takes_the_partner_to_somebody_else),
    cmocka_unit_test(an_attended_transfer_replaces_the_call_that_was_made_first),
    cmocka_unit_test(a_transfer_to_somebody_who_is_busy_fails_and_the_call_goes_on),
    cmocka_unit_test(a_callee_answers_when_its_step_says_so),
    cmocka_unit_test(a_callee_refuses_before_or_after_it_rings),
    cmocka_unit_test(a_signal_reaches_the_partner_or_all_of_a_group),
    cmocka_unit_test(a_command_is_run_beside_the_call_and_its_status_counts),
    cmocka_unit_test(a_registration_is_removed_and_made_again_in_the_call),
    cmocka_unit_test(a_session_is_refreshed_by_the_method_that_is_asked_for),
    cmocka_unit_test(digits_by_both_methods_come_twice))
