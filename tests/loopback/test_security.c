/* Encrypted media, seen on whole runs. */
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

static void make_plan(struct scene *scene, const char *agents, const char *callers)
{
    struct text yaml = {0};
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    text_printf(&yaml,
                "cmtest: 1\ngroups:\n"
                "  agents: { registrar: embedded, endpoints: 2, audio: { codecs: [pcma]%s } }\n"
                "  callers: { registrar: embedded, endpoints: 2, call: agents, "
                "audio: { codecs: [pcma]%s } }\n"
                "duration: 1500ms\n",
                agents, callers);
    scene->spec = spec_parse("security.yaml", text_get(&yaml), yaml.length, scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan || diag_warnings(scene->diag)) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    text_fini(&yaml);
}

static const struct result *run(struct scene *scene)
{
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

/* Both sides heard each other whole, and agreed on that. */
static void assert_calls(const struct result *result, const char *security, const char *suite,
                         unsigned handshakes)
{
    for (uint32_t i = 0; i < 4; i++) {
        const struct event_call *call = &result->endpoints[i].call;
        if (result->endpoints[i].outcome.outcome != OUTCOME_SUCCESS)
            fail_msg("endpoint %u: %s", i, result->endpoints[i].outcome.detail);
        assert_true(call->completed);
        assert_in_range(call->packets_received, 40, 120);
        assert_int_equal(call->packets_lost, 0);
        assert_string_equal(result->endpoints[i].media.security, security);
        assert_int_equal(call->secured, *security != '\0');
        assert_string_equal(call->suite, suite);
        assert_int_equal(call->handshakes, handshakes);
        assert_int_equal(call->auth_failures, 0);
        assert_int_equal(call->replays, 0);
    }
#ifdef __SANITIZE_THREAD__
    if (result->verdict == VERDICT_INCONCLUSIVE)
        return; /* it slows down encryption so that this machine may be the limit */
#endif
    if (result->verdict != VERDICT_PASS)
        fail_msg("%s: %s", verdict_name(result->verdict), result->why);
}

static void every_mode_carries_media_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *agents, *callers, *security, *suite;
        unsigned handshakes;
    } rows[] = {
        {", security: sdes", ", security: sdes", "sdes AES_CM_128_HMAC_SHA1_80",
         "AES_CM_128_HMAC_SHA1_80", 0},
        {", security: { mode: sdes, suites: [AEAD_AES_256_GCM] }", ", security: sdes, avpf: true",
         "sdes AEAD_AES_256_GCM", "AEAD_AES_256_GCM", 0},
        {", security: dtls", ", security: dtls", "dtls", "AES_CM_128_HMAC_SHA1_80", 2},
        {", security: dtls, rtcp_mux: true", ", security: dual, rtcp_mux: true, avpf: true", "dtls",
         "AES_CM_128_HMAC_SHA1_80", 1},
        {", security: sdes, rtcp_mux: true", ", security: dual", "sdes AES_CM_128_HMAC_SHA1_80",
         "AES_CM_128_HMAC_SHA1_80", 0},
        {", rtcp_mux: true", ", security: { mode: dual, policy: optional }, rtcp_mux: true", "", "",
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        make_plan(&scene, rows[i].agents, rows[i].callers);
        assert_calls(run(&scene), rows[i].security, rows[i].suite, rows[i].handshakes);
        clean(&scene);
    }
}

/* Not one packet is lost or refused for it, be it one side that offers new keys or both. */
static void keys_change_in_the_middle_of_calls(void **state)
{
    (void)state;
    static const char *const names[] = {"AES_CM_128_HMAC_SHA1_80", "AEAD_AES_256_GCM"};
    for (size_t s = 0; s < 2; s++) {
        struct scene scene;
        char audio[100];
        snprintf(audio, sizeof audio, ", security: { mode: sdes, suites: [%s] }", names[s]);
        make_plan(&scene, audio, audio);
        scene.plan->groups[1].rekey_ns = 300 * NS_PER_MS;
        scene.plan->groups[0].rekey_ns = s ? 550 * NS_PER_MS : 0;
        const struct result *result = run(&scene);
        snprintf(audio, sizeof audio, "sdes %s", names[s]);
        assert_calls(result, audio, names[s], 0);
        for (uint32_t i = 0; i < 4; i++) {
            const struct event_call *call = &result->endpoints[i].call;
            /* Those of a side are due at times: who is late comes to fewer. */
            if (machine_was_late)
                assert_in_range(call->rekeyings, 2, s ? 6 : 4);
            else
                assert_int_equal(call->rekeyings, s ? 6 : 4);
            assert_int_equal(call->offers, call->rekeyings);
        }
        clean(&scene);
    }
}

/* As if a server between them had changed what one side wants: the plan itself would not run. */
static void who_requires_encryption_refuses_plain_media(void **state)
{
    (void)state;
    struct scene scene;
    make_plan(&scene, ", security: sdes", ", security: sdes");
    scene.plan->groups[1].security = (struct session_security){0};
    const struct result *result = run(&scene);
    for (uint32_t i = 0; i < 2; i++) {
        const struct event_outcome *callee = &result->endpoints[i].outcome;
        const struct event_outcome *caller = &result->endpoints[i + 2].outcome;
        assert_int_equal(callee->outcome, OUTCOME_NEGOTIATION_FAILED);
        assert_int_equal(callee->failure, FAILURE_SECURITY);
        assert_non_null(strstr(callee->detail, "the peer's audio stream is plain RTP, but this "
                                               "endpoint requires encryption"));
        assert_int_equal(caller->outcome, OUTCOME_NEGOTIATION_FAILED);
        assert_int_equal(caller->status, 488);
        assert_int_equal(caller->failure, FAILURE_SECURITY);
        assert_non_null(strstr(caller->detail, "(Warning: 302 the peer's audio stream is plain"));
    }
    clean(&scene);
}

static void who_has_no_encryption_refuses_it(void **state)
{
    (void)state;
    struct scene scene;
    make_plan(&scene, ", security: dtls", ", security: dtls");
    scene.plan->groups[0].security = (struct session_security){0};
    const struct result *result = run(&scene);
    assert_int_equal(result->endpoints[0].outcome.failure, FAILURE_SECURITY);
    assert_non_null(strstr(result->endpoints[0].outcome.detail, "has only plain RTP"));
    assert_int_equal(result->endpoints[2].outcome.status, 488);
    assert_int_equal(result->endpoints[2].outcome.failure, FAILURE_SECURITY);
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(every_mode_carries_media_both_ways),
                           cmocka_unit_test(keys_change_in_the_middle_of_calls),
                           cmocka_unit_test(who_requires_encryption_refuses_plain_media),
                           cmocka_unit_test(who_has_no_encryption_refuses_it))
