/* What the two sides of a call may agree on, or refuse, seen on whole runs. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <stdlib.h>
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

static const struct result *run(struct scene *scene, const char *agents, const char *callers)
{
    struct text yaml = {0};
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    text_printf(&yaml,
                "cmtest: 1\ngroups:\n"
                "  agents: { registrar: embedded, endpoints: 2%s }\n"
                "  callers: { registrar: embedded, endpoints: 2, call: agents%s }\n"
                "duration: 1500ms\n",
                agents, callers);
    scene->spec =
        spec_parse("negotiation.yaml", text_get(&yaml), strlen(text_get(&yaml)), scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan || diag_warnings(scene->diag)) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    text_fini(&yaml);
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

static const struct event_call *call_of(const struct result *result, uint32_t endpoint)
{
    assert_true(result->endpoints[endpoint].call_known);
    return &result->endpoints[endpoint].call;
}

/* How many messages of a method and status an endpoint sent or received. */
static unsigned messages(const struct result *result, uint32_t endpoint, bool sent,
                         const char *method, uint16_t status)
{
    const struct result_endpoint *each = &result->endpoints[endpoint];
    unsigned count = 0;
    for (size_t i = 0; i < each->timeline_count; i++) {
        const struct result_moment *moment = &each->timeline[i];
        count += moment->kind == EVENT_MESSAGE && moment->message->sent == sent &&
                 moment->message->status == status && !moment->message->repeated &&
                 strcmp(moment->message->method, method) == 0;
    }
    return count;
}

static void assert_whole_calls(const struct result *result)
{
    for (uint32_t i = 0; i < 4; i++) {
        const struct event_outcome *outcome = &result->endpoints[i].outcome;
        if (outcome->outcome != OUTCOME_SUCCESS)
            fail_msg("endpoint %u: %s", i, outcome->detail);
        assert_true(call_of(result, i)->completed);
        assert_in_range(call_of(result, i)->packets_received, 50, 120);
        assert_int_equal(call_of(result, i)->packets_lost, 0);
    }
    assert_int_equal(result->verdict, VERDICT_PASS);
}

static void early_media_flows_before_the_answer(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(&scene, ", answer: { ring: 400ms, early_media: true }", "");
    assert_whole_calls(result);
    for (uint32_t i = 2; i < 4; i++) {
        assert_int_equal(messages(result, i, false, "INVITE", 183), 1);
        assert_int_equal(messages(result, i, false, "INVITE", 180), 0);
        assert_in_range(call_of(result, i)->early_media_ns, 1, 300 * MS + 2 * machine_lag_ns);
        assert_in_range(call_of(result, i)->pdd_ns, 1, 300 * MS + 2 * machine_lag_ns);
        assert_in_range(call_of(result, i)->setup_ns, 395 * MS, 700 * MS + 2 * machine_lag_ns);
        assert_int_equal(call_of(result, i)->first_media_ns, 0);
        assert_int_equal(call_of(result, i)->ringing_ns, EVENT_NONE);
        /* 400 ms more than the call itself. */
        assert_in_range(call_of(result, i)->packets_sent, 85, 110);
    }
    clean(&scene);
}

static void a_call_without_early_media_has_no_time_of_it(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(&scene, "", "");
    assert_whole_calls(result);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(call_of(result, i)->early_media_ns, EVENT_NONE);
        assert_int_equal(call_of(result, i)->offers, 0);
        assert_int_equal(call_of(result, i)->refreshes, 0);
        assert_int_equal(call_of(result, i)->redirects, 0);
        assert_int_equal(call_of(result, i)->retry_after, -1);
    }
    clean(&scene);
}

static void a_late_offer_is_made_in_the_200_and_answered_in_the_ack(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(&scene, ", audio: { codecs: [pcmu, pcma] }",
                                      ", late_offer: true, audio: { codecs: [pcma] }");
    assert_whole_calls(result);
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(result->endpoints[i].media.codec, "pcma");
    clean(&scene);
}

static void early_media_needs_the_offer_that_a_late_one_is_not(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(&scene, ", answer: { early_media: true, ring: 200ms }",
                                      ", late_offer: true, audio: { codecs: [pcma] }");
    assert_whole_calls(result);
    for (uint32_t i = 2; i < 4; i++)
        assert_int_equal(call_of(result, i)->early_media_ns, EVENT_NONE);
    clean(&scene);
}

static void reliable_ringing_is_acknowledged(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, ", reliable_provisional: required, answer: { ring: 200ms }",
            ", reliable_provisional: required");
    assert_whole_calls(result);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(messages(result, i, false, "PRACK", 0), 1);
        assert_int_equal(messages(result, i + 2, false, "PRACK", 200), 1);
    }
    clean(&scene);
}

static void a_late_offer_goes_with_reliable_early_media(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, ", reliable_provisional: supported, answer: { ring: 300ms, early_media: true }",
            ", reliable_provisional: supported, late_offer: true");
    assert_whole_calls(result);
    for (uint32_t i = 2; i < 4; i++)
        assert_in_range(call_of(result, i)->early_media_ns, 1, 290 * MS + 2 * machine_lag_ns);
    clean(&scene);
}

static void session_timers_are_agreed(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, ", session_timer: { mode: required, expires: 90s, refresher: uas }",
            ", session_timer: { mode: required, expires: 90s }");
    assert_whole_calls(result);
    clean(&scene);
}

static void a_refusal_says_what_it_was_told_to(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, ", answer: { reject: 486, phrase: Gone Fishing, reason: 'Q.850;cause=17' }", "");
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(result->endpoints[i].outcome.outcome, OUTCOME_SUCCESS);
    for (uint32_t i = 2; i < 4; i++) {
        const struct event_outcome *outcome = &result->endpoints[i].outcome;
        assert_int_equal(outcome->outcome, OUTCOME_CALL_FAILED);
        assert_int_equal(outcome->failure, FAILURE_REFUSED);
        assert_int_equal(outcome->status, 486);
        assert_string_equal(outcome->detail, "the INVITE was refused with 486 Gone Fishing "
                                             "(Reason: Q.850;cause=17)");
        assert_string_equal(call_of(result, i)->reason, "Gone Fishing");
        assert_string_equal(call_of(result, i)->cause, "Q.850;cause=17");
        assert_int_equal(call_of(result, i)->result, CALL_BUSY);
    }
    clean(&scene);
}

#define DIVERTED                                                                     \
    "cmtest: 1\n"                                                                    \
    "registrars: { embedded: { accounts: { range: 100..102, password: x } } }\n"     \
    "groups:\n"                                                                      \
    "  moved: { registrar: embedded, endpoints: 1,\n"                                \
    "           answer: { redirect: 'sip:101@embedded.cmtest' } }\n"                 \
    "  desks: { registrar: embedded, endpoints: 1 }\n"                               \
    "  callers: { registrar: embedded, endpoints: 1, call: moved, redirects: %s }\n" \
    "duration: 500ms\n"                                                              \
    "thresholds: [endpoints.success_rate >= 0%%]\n"

static const struct result *run_redirect(struct scene *scene, const char *mode)
{
    char yaml[1024];
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    snprintf(yaml, sizeof yaml, DIVERTED, mode);
    scene->spec = spec_parse("redirect.yaml", yaml, strlen(yaml), scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    /* Nobody calls the desks but who is sent there: not so long that a test would wait. */
    scene->plan->duration_ns = 500 * MS;
    struct execution_watch watching = {
        .event = watch, .to = scene, .interrupts = &scene->interrupts};
    scene->result = run_here(scene->plan, &watching);
    return scene->result;
}

static void a_redirect_is_followed_when_asked_to(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run_redirect(&scene, "follow");
    const struct event_outcome *outcome = &result->endpoints[2].outcome;
    if (outcome->outcome != OUTCOME_SUCCESS)
        fail_msg("%s", outcome->detail);
    assert_int_equal(call_of(result, 2)->redirects, 1);
    assert_true(call_of(result, 2)->completed);
    assert_int_equal(messages(result, 2, false, "INVITE", 302), 1);
    assert_int_equal(result->endpoints[0].outcome.outcome, OUTCOME_SUCCESS);
    assert_true(call_of(result, 1)->completed);
    clean(&scene);
}

static void a_redirect_fails_the_call_when_not(void **state)
{
    (void)state;
    struct scene scene = {.interrupts = 0};
    const struct result *result =
        run(&scene, ", answer: { redirect: 'sip:nowhere@embedded.cmtest' }", "");
    for (uint32_t i = 2; i < 4; i++) {
        const struct event_outcome *outcome = &result->endpoints[i].outcome;
        assert_int_equal(outcome->failure, FAILURE_REDIRECTED);
        assert_int_equal(outcome->status, 302);
        assert_string_equal(outcome->detail, "the INVITE was redirected with 302 Moved "
                                             "Temporarily, which is not to be followed");
        assert_int_equal(call_of(result, i)->redirects, 0);
    }
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(early_media_flows_before_the_answer),
    cmocka_unit_test(a_call_without_early_media_has_no_time_of_it),
    cmocka_unit_test(a_late_offer_is_made_in_the_200_and_answered_in_the_ack),
    cmocka_unit_test(early_media_needs_the_offer_that_a_late_one_is_not),
    cmocka_unit_test(reliable_ringing_is_acknowledged),
    cmocka_unit_test(a_late_offer_goes_with_reliable_early_media),
    cmocka_unit_test(session_timers_are_agreed),
    cmocka_unit_test(a_refusal_says_what_it_was_told_to),
    cmocka_unit_test(a_redirect_is_followed_when_asked_to),
    cmocka_unit_test(a_redirect_fails_the_call_when_not))
