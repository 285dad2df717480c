/* What a group may say of its calls, seen on real calls. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static struct result *run(struct scene *scene, const char *yaml)
{
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    scene->spec = spec_parse("settings.yaml", yaml, strlen(yaml), scene->diag);
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

static const struct event_call *call_of(const struct result *result, uint32_t endpoint)
{
    assert_true(result->endpoints[endpoint].call_known);
    return &result->endpoints[endpoint].call;
}

static unsigned port_of(const struct result *result, uint32_t endpoint)
{
    const char *colon = strrchr(result->endpoints[endpoint].media.local, ':');
    assert_non_null(colon);
    return (unsigned)strtoul(colon + 1, NULL, 10);
}

#define CALLERS "  callers: { registrar: embedded, endpoints: 2, call: agents }\n"

static void a_callee_may_wait_ring_and_hang_up(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, "cmtest: 1\ngroups:\n"
                    "  agents:\n"
                    "    registrar: embedded\n"
                    "    endpoints: 2\n"
                    "    answer: { delay: 200ms, ring: 300ms, duration: 400ms }\n" CALLERS
                    "duration: 20s\n");
    for (uint32_t i = 2; i < 4; i++) {
        const struct event_call *call = call_of(result, i);
        assert_true(call->completed);
        assert_in_range(call->ringing_ns, 195 * MS, 280 * MS + 2 * machine_lag_ns);
        assert_in_range(call->setup_ns, 495 * MS, 600 * MS + 2 * machine_lag_ns);
        assert_in_range(call->duration_ns, 380 * MS, 600 * MS + 2 * machine_lag_ns);
    }
    assert_int_equal(result->verdict, VERDICT_PASS);
    clean(&scene);
}

static void a_callee_that_refuses_as_planned_did_well(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, "cmtest: 1\ngroups:\n"
                "  agents: { registrar: embedded, endpoints: 2, answer: { reject: 603 } }\n" CALLERS
                "duration: 1s\n");
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(result->endpoints[i].outcome.outcome, OUTCOME_SUCCESS);
        assert_int_equal(result->endpoints[i + 2].outcome.outcome, OUTCOME_CALL_FAILED);
        assert_int_equal(call_of(result, i + 2)->status, 603);
        assert_string_equal(call_of(result, i + 2)->reason, "Decline");
    }
    assert_int_equal(result->verdict, VERDICT_FAIL);
    clean(&scene);
}

static void half_of_a_group_may_call_the_other_half(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result =
        run(&scene, "cmtest: 1\n"
                    "registrars:\n"
                    "  embedded: { accounts: { range: 0098..0101, password: x } }\n"
                    "endpoints: 8\n"
                    "groups:\n"
                    "  phones: { registrar: embedded, share: 50%, call: phones }\n"
                    "duration: 300ms\n");
    assert_int_equal(result->roster->endpoint_count, 4);
    assert_int_equal(result->roster->planned_calls, 2);
    assert_string_equal(result->roster->endpoints[0].account, "sip:0098@embedded.cmtest");
    assert_string_equal(result->roster->endpoints[3].account, "sip:0101@embedded.cmtest");
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(result->roster->endpoints[i].partner, (i + 2) % 4);
        assert_true(call_of(result, i)->completed);
    }
    assert_int_equal(result->verdict, VERDICT_PASS);
    clean(&scene);
}

/* The ports are given ones: at addresses of this process, where nobody else has them. */
static void packets_come_from_where_and_are_as_long_as_said(void **state)
{
    (void)state;
    struct scene scene;
    char yaml[1024], from[2][32];
    unsigned number = (unsigned)getpid();
    for (unsigned i = 0; i < 2; i++)
        snprintf(from[i], sizeof from[i], "127.%u.%u.%u", 64 + number / 256 / 256 % 64,
                 number / 256 % 256, number % 128 * 2 + i);
    snprintf(yaml, sizeof yaml,
             "cmtest: 1\ngroups:\n"
             "  agents:\n"
             "    registrar: embedded\n"
             "    endpoints: 2\n"
             "    source_address: %s\n"
             "    rtp_ports: 32000..32003\n"
             "  callers:\n"
             "    registrar: embedded\n"
             "    endpoints: 2\n"
             "    call: agents\n"
             "    source_address: %s\n"
             "    rtp_ports: 32001..32006\n"
             "    audio: { codecs: [{ name: pcmu, ptime: 40ms }], source: silence }\n"
             "duration: 800ms\n",
             from[0], from[1]);
    const struct result *result = run(&scene, yaml);
    for (uint32_t i = 0; i < 4; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        const char *address = from[i / 2];
        assert_int_equal(endpoint->media.ptime_ms, 40);
        assert_in_range(endpoint->call.packets_sent, 17, 23);
        assert_in_range(port_of(result, i), i < 2 ? 32000 : 32002, i < 2 ? 32002 : 32004);
        assert_memory_equal(endpoint->media.local, address, strlen(address));
    }
    assert_int_equal(result->verdict, VERDICT_PASS);
    clean(&scene);
}

static void calls_differ_in_length_and_begin_at_a_rate(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(
        &scene, "cmtest: 1\ngroups:\n"
                "  agents: { registrar: embedded, endpoints: 4 }\n"
                "  callers: { registrar: embedded, endpoints: 3, call: agents }\n"
                "  quick: { registrar: embedded, endpoints: 1, call: agents, duration: 150ms }\n"
                "duration: 20s\n"
                "load:\n"
                "  rate: 5/s\n"
                "  call_length: { distribution: uniform, min: 200ms, max: 600ms }\n");
    for (uint32_t i = 4; i < 7; i++)
        assert_in_range(call_of(result, i)->duration_ns, 190 * MS, 700 * MS + 2 * machine_lag_ns);
    assert_in_range(call_of(result, 7)->duration_ns, 140 * MS, 250 * MS + 2 * machine_lag_ns);
    for (uint32_t i = 4; i < 8; i++)
        assert_int_equal(scene.plan->endpoints[i].start_ns, (i - 4) * 200 * MS);
    assert_int_equal(result->verdict, VERDICT_PASS);
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(a_callee_may_wait_ring_and_hang_up),
                           cmocka_unit_test(a_callee_that_refuses_as_planned_did_well),
                           cmocka_unit_test(half_of_a_group_may_call_the_other_half),
                           cmocka_unit_test(packets_come_from_where_and_are_as_long_as_said),
                           cmocka_unit_test(calls_differ_in_length_and_begin_at_a_rate))
