/* Steps about media of groups that call each other, with real SIP and real RTP. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <stdlib.h>
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

/* From the beginning of one step to the end of another. */
static int64_t between(const struct result *result, uint32_t endpoint, uint32_t from, uint32_t to)
{
    return action_of(result, endpoint, to)->ended_ns - action_of(result, endpoint, from)->began_ns;
}

#define GROUPS(audio, agents, callers)                                        \
    "cmtest: 1\ngroups:\n"                                                    \
    "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [pcma, " \
    "telephone-event]" audio " }, scenario: [" agents "] }\n"                 \
    "  callers: { registrar: embedded, endpoints: 1, call: agents,"           \
    "             audio: { codecs: [pcma, telephone-event] }, scenario: [" callers "] }\n"

/* The menu of an IVR: it speaks, is silent, takes a digit, speaks again; and the caller hears it.
 */
static void a_caller_finds_its_way_through_a_menu(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene,
            GROUPS(", source: silence",
                   "{ name: prompt, at: 300ms, do: play, source: tone, length: 1s },"
                   "{ on: dtmf_received, digit: \"1\", do: play, source: tone, frequency: 1000 }",
                   "{ name: hear, at: 0s, do: listen, timeout: 3s },"
                   "{ name: over, after: hear, do: listen, for: silence, lasting: 400ms },"
                   "{ name: choose, after: over, do: send_dtmf, digits: \"1\" },"
                   "{ name: menu, after: choose, do: listen, timeout: 3s }") "duration: 4s\n");
    assert_done(result, 0, 2);
    assert_done(result, 1, 4);
    /* A tone of one second that is played once lasts as long, and is heard so. */
    int64_t played = between(result, 0, 0, 0), heard = between(result, 1, 0, 1);
    assert_in_range(played, 990 * MS, 1300 * MS);
    assert_in_range(heard, 1500 * MS, 2400 * MS);
    clean(&scene);
}

/* A step that waits in vain says so, and the endpoint has failed. */
static void a_caller_that_hears_nothing_fails(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, GROUPS(", source: silence", "{ at: 100ms, do: options }",
                           "{ at: 200ms, do: listen, timeout: 500ms }") "duration: 1200ms\n");
    const struct event_action *action = action_of(result, 1, 0);
    assert_int_equal(action->result, ACTION_FAILED);
    assert_string_equal(action->detail,
                        "no audio of 0.1 s was heard within 0.5 s; at its end there was silence");
    assert_int_equal(result->endpoints[1].outcome.failure, FAILURE_ACTION);
    clean(&scene);
}

/* The other side hears the silence, and packets go on meanwhile. */
static void mute_is_silent_and_sends_on(const char *steps, uint32_t count)
{
    struct scene scene;
    char yaml[2048];
    snprintf(yaml, sizeof yaml,
             GROUPS("", "%s",
                    "{ on: silence_heard, lasting: 500ms, do: send_info },"
                    "{ on: audio_heard, times: always, do: options }") "duration: 2200ms\n",
             steps);
    const struct result *result = run(&scene, yaml);
    assert_done(result, 0, count);
    assert_done(result, 1, 2);
    const struct result_endpoint *caller = &result->endpoints[1];
    unsigned heard = 0;
    for (size_t i = 0; i < caller->timeline_count; i++)
        heard += caller->timeline[i].kind == EVENT_ACTION && caller->timeline[i].action->step == 1;
    assert_int_equal(heard, 2);
    int64_t muted = action_of(result, 0, 0)->began_ns, noticed = action_of(result, 1, 0)->began_ns;
    /* Its playout buffer of 60 ms and the packet time are between. */
    assert_in_range(noticed - muted, 500 * MS, 800 * MS);
    assert_true(caller->call.packets_received >= 90);
    clean(&scene);
}

static void who_is_muted_is_silent_and_sends_on(void **state)
{
    (void)state;
    mute_is_silent_and_sends_on("{ at: 600ms, do: mute, length: 800ms }", 1);
    mute_is_silent_and_sends_on("{ at: 600ms, do: mute }, { at: 1400ms, do: unmute }", 2);
}

static void packets_are_lost_from_the_moment_of_the_step(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, GROUPS("", "{ at: 1s, do: impair, loss: 100%, direction: send }",
                       "{ on: media_started, do: options },"
                       "{ on: media_stopped, within: 3s, do: send_info }") "duration: 2200ms\n");
    assert_done(result, 0, 1);
    assert_done(result, 1, 2);
    int64_t lost = action_of(result, 0, 0)->began_ns;
    int64_t stopped = action_of(result, 1, 1)->planned_ns;
    /* The last packet that came is the last one before the step. */
    assert_true(llabs(lost - stopped) < 120 * MS);
    assert_in_range(result->endpoints[1].call.packets_received, 40, 60);
    clean(&scene);
}

static void other_packets_are_asked_for_and_come(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene,
        GROUPS(
            "", "{ at: 100ms, do: options }",
            "{ at: 500ms, do: update_media, ptime: 40ms, source: silence }") "duration: 2500ms\n");
    assert_done(result, 0, 1);
    assert_done(result, 1, 1);
    /* 25 at 20 ms and 50 at 40 ms; at 20 ms all the time they would be 125. */
    assert_in_range(result->endpoints[1].call.packets_received, 65, 90);
    clean(&scene);
}

static void a_deferred_track_flows_between_activation_and_deactivation(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, GROUPS(", deferred: true",
                       "{ at: 500ms, do: activate, track: audio, expect: { direction: sendrecv } },"
                       "{ at: 1500ms, do: deactivate, track: audio,"
                       "  expect: { direction: inactive } }",
                       "{ on: media_started, do: options },"
                       "{ on: media_stopped, within: 3s, do: send_info }") "duration: 2500ms\n");
    assert_done(result, 0, 2);
    assert_done(result, 1, 2);
    assert_in_range(result->endpoints[0].call.packets_received, 40, 60);
    assert_in_range(result->endpoints[1].call.packets_received, 40, 60);
    assert_true(action_of(result, 1, 0)->planned_ns >= action_of(result, 0, 0)->began_ns);
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(a_caller_finds_its_way_through_a_menu),
    cmocka_unit_test(a_caller_that_hears_nothing_fails),
    cmocka_unit_test(who_is_muted_is_silent_and_sends_on),
    cmocka_unit_test(packets_are_lost_from_the_moment_of_the_step),
    cmocka_unit_test(other_packets_are_asked_for_and_come),
    cmocka_unit_test(a_deferred_track_flows_between_activation_and_deactivation))
