/*
 * Whole runs on loopback: spec text -> plan -> the local backend with its embedded registrar, real
 * SIP and real RTP over real sockets -> result. What only running together can show.
 */
#include "support/whole_run.h"
#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct scene {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    struct plan *plan;
    struct result *result;
    volatile sig_atomic_t interrupts;
    bool interrupt_in_call, flood;
    unsigned floods;
};

#define PAIR(registrar)                                                                            \
    "cmtest: 1\n"                                                                                  \
    "name: loopback\n" registrar "groups:\n"                                                       \
    "  callees: { registrar: embedded, endpoints: 3, audio: { codecs: [pcma, pcmu] } }\n"          \
    "  callers: { registrar: embedded, endpoints: 3, call: callees, audio: { codecs: [pcmu] } }\n" \
    "buildup: 600ms\n"                                                                             \
    "duration: 1s\n"                                                                               \
    "thresholds: [calls.success_rate >= 100%]\n"

/* Garbage for an RTP port, as a port scan or a stray stream would bring it. */
static void flood(struct scene *scene, const struct event_media *media)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *port = strrchr(media->local, ':');
    to.sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    static const unsigned char packets[][20] = {
        {0}, {0x80, 0xc8}, {0x9f, 8, 0, 1}, {0x80, 101, 0, 9, 0, 0, 0, 0, 1, 2, 3, 4, 5}, {0xff}};
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++)
        if (sendto(fd, packets[i], sizeof packets[i] - i * 3, 0, (struct sockaddr *)&to,
                   sizeof to) > 0)
            scene->floods++;
    close(fd);
}

static void watch_event(void *to, const struct event *event)
{
    struct scene *scene = to;
    if (event->kind == EVENT_MEDIA && scene->interrupt_in_call)
        scene->interrupts = 1;
    if (event->kind == EVENT_MEDIA && scene->flood)
        flood(scene, &event->media);
}

static struct result *run(struct scene *scene, const char *yaml)
{
    scene->arena = arena_new();
    scene->diag = diag_new();
    scene->spec = spec_parse("loopback.yaml", yaml, strlen(yaml), scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    struct execution_watch watch = {
        .event = watch_event, .to = scene, .interrupts = &scene->interrupts};
    scene->result = run_here(scene->plan, &watch);
    return scene->result;
}

static void clean(struct scene *scene)
{
    result_free(scene->result);
    spec_free(scene->spec);
    diag_free(scene->diag);
    arena_free(scene->arena);
}

/* When an endpoint sent a request for the first time, or 0. */
static int64_t sent_at(const struct result_endpoint *endpoint, const char *method)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind == EVENT_MESSAGE && moment->message->sent && !moment->message->status &&
            strcmp(moment->message->method, method) == 0)
            return moment->at_ns;
    }
    return 0;
}

static int64_t registered_at(const struct result_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind == EVENT_MESSAGE && !moment->message->sent &&
            moment->message->status == 200 && strcmp(moment->message->method, "REGISTER") == 0)
            return moment->at_ns;
    }
    return 0;
}

static void assert_whole_calls(const struct result *result)
{
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        assert_int_equal(endpoint->outcome.outcome, OUTCOME_SUCCESS);
        assert_true(endpoint->call.completed);
        assert_in_range(endpoint->call.packets_sent, 45, 55);
        assert_in_range(endpoint->call.packets_received, 45, 55);
        assert_int_equal(endpoint->call.packets_lost, 0);
        assert_string_equal(endpoint->media.codec, "pcmu");
        assert_true(endpoint->call.first_media_ns != EVENT_NONE);
    }
    assert_int_equal(result->verdict, VERDICT_PASS);
    assert_int_equal(result_exit_code(result), 0);
}

static void media_flows_both_ways_without_loss(void **state)
{
    (void)state;
    struct scene scene = {0};
    assert_whole_calls(run(&scene, PAIR("")));
    clean(&scene);
}

static void tcp_with_sha_256_works_alike(void **state)
{
    (void)state;
    struct scene scene = {0};
    assert_whole_calls(
        run(&scene, PAIR("registrars: { embedded: { transport: tcp, digest: sha-256 } }\n")));
    clean(&scene);
}

static void callees_are_registered_before_any_caller_dials(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct result *result = run(&scene, PAIR(""));
    int64_t last = 0, first = INT64_MAX;
    for (uint32_t i = 0; i < 3; i++) {
        int64_t ready = registered_at(&result->endpoints[i]);
        int64_t dialled = sent_at(&result->endpoints[3 + i], "INVITE");
        assert_true(ready && dialled);
        last = ready > last ? ready : last;
        first = dialled < first ? dialled : first;
    }
    assert_true(last <= first);
    clean(&scene);
}

static void nobody_starts_before_the_planned_moment(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct result *result = run(&scene, PAIR(""));
    for (uint32_t i = 0; i < 6; i++) {
        int64_t start = sent_at(&result->endpoints[i], "REGISTER") - result->started_ns;
        assert_true(start >= (int64_t)i * 100 * NS_PER_MS);
    }
    clean(&scene);
}

static void every_binding_is_removed_at_the_end(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct result *result = run(&scene, PAIR(""));
    for (uint32_t i = 0; i < 6; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        assert_int_equal(endpoint->registration.expires, 3600);
        unsigned registers = 0, confirmed = 0;
        for (size_t j = 0; j < endpoint->timeline_count; j++) {
            const struct result_message_facts *message = endpoint->timeline[j].message;
            if (endpoint->timeline[j].kind != EVENT_MESSAGE ||
                strcmp(message->method, "REGISTER") != 0)
                continue;
            registers += message->sent;
            confirmed += message->status == 200;
        }
        assert_int_equal(registers, 3); /* unauthorised, authorised, removal */
        assert_int_equal(confirmed, 2);
    }
    clean(&scene);
}

/* Six accounts of the embedded registrar, of which it knows one by another password. */
static struct result *run_with_wrong_password(struct scene *scene, int wrong)
{
    struct text yaml = {0};
    text_add(&yaml, "registrars:\n  embedded:\n    accounts:\n");
    for (int i = 0; i < 6; i++)
        text_printf(&yaml, "      - { username: '%d', password: x%d%s }\n", i, i,
                    i == wrong ? ", expected_password: other" : "");
    text_add(&yaml, PAIR(""));
    struct result *result = run(scene, text_get(&yaml));
    text_fini(&yaml);
    return result;
}

static void assert_only_one_failed(const struct result *result, uint32_t failed, uint32_t partner)
{
    for (uint32_t i = 0; i < 6; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        assert_int_equal(endpoint->outcome.outcome,
                         i == failed ? OUTCOME_REGISTRATION_FAILED : OUTCOME_SUCCESS);
        if (i == failed || i == partner)
            assert_int_equal(endpoint->call.result, CALL_NOT_ATTEMPTED);
        else
            assert_true(endpoint->call.completed);
    }
    assert_int_equal(result->endpoints[failed].outcome.status, 403);
    assert_int_equal(result->verdict, VERDICT_FAIL);
    assert_int_equal(result_exit_code(result), 1);
}

static void a_caller_with_a_wrong_password_fails_alone(void **state)
{
    (void)state;
    struct scene scene = {0};
    assert_only_one_failed(run_with_wrong_password(&scene, 4), 4, 1);
    clean(&scene);
}

static void a_callee_with_a_wrong_password_fails_alone(void **state)
{
    (void)state;
    struct scene scene = {0};
    assert_only_one_failed(run_with_wrong_password(&scene, 0), 0, 3);
    clean(&scene);
}

static void interruption_hangs_up_and_removes_every_binding(void **state)
{
    (void)state;
    struct scene scene = {.interrupt_in_call = true};
    const struct result *result = run(&scene, PAIR(""));
    assert_true(result->interrupted);
    assert_int_equal(result_exit_code(result), 130);
    for (uint32_t i = 0; i < 6; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        assert_true(endpoint->closed);
        assert_int_equal(endpoint->outcome.outcome, OUTCOME_COMPLETED_WITH_WARNINGS);
        assert_false(endpoint->call.completed);
    }
    clean(&scene);
}

static void garbage_on_the_rtp_port_changes_no_figure(void **state)
{
    (void)state;
    struct scene scene = {.flood = true};
    const struct result *result = run(&scene, PAIR(""));
    assert_int_equal(scene.floods, 30);
    assert_whole_calls(result);
    clean(&scene);
}

static void an_unreachable_registrar_is_an_error_that_names_it(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct result *result =
        run(&scene, "cmtest: 1\n"
                    "registrars:\n"
                    "  pbx:\n"
                    "    domain: example.test\n"
                    "    server: '127.0.0.1:9'\n"
                    "    accounts: [{ username: a, password: b }, { username: c, password: d }]\n"
                    "groups:\n"
                    "  callees: { registrar: pbx, endpoints: 1 }\n"
                    "  callers: { registrar: pbx, endpoints: 1, call: callees }\n"
                    "duration: 1s\n");
    assert_int_equal(result->verdict, VERDICT_ERROR);
    assert_int_equal(result_exit_code(result), 4);
    assert_non_null(strstr(result->why, "127.0.0.1:9"));
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(media_flows_both_ways_without_loss),
                           cmocka_unit_test(tcp_with_sha_256_works_alike),
                           cmocka_unit_test(callees_are_registered_before_any_caller_dials),
                           cmocka_unit_test(nobody_starts_before_the_planned_moment),
                           cmocka_unit_test(every_binding_is_removed_at_the_end),
                           cmocka_unit_test(a_caller_with_a_wrong_password_fails_alone),
                           cmocka_unit_test(a_callee_with_a_wrong_password_fails_alone),
                           cmocka_unit_test(interruption_hangs_up_and_removes_every_binding),
                           cmocka_unit_test(garbage_on_the_rtp_port_changes_no_figure),
                           cmocka_unit_test(an_unreachable_registrar_is_an_error_that_names_it))
