/* One plan, run by several processes: what is told is what one alone would tell. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/share.h"
#include "cmtest/spec.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scene {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    struct plan *plan;
    struct result *result;
    volatile sig_atomic_t interrupts;
    uint32_t interrupt_after, kill_after; /* calls with media; 0: never */
    uint32_t media;
    pid_t killed;
};

/* The youngest of our children: the last worker. */
static pid_t youngest_child(void)
{
    char path[64];
    long pid = 0, next;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    while (file && fscanf(file, "%ld", &next) == 1)
        pid = next > pid ? next : pid;
    if (file)
        fclose(file);
    return (pid_t)pid;
}

static void watch(void *to, const struct event *event)
{
    struct scene *scene = to;
    scene->media += event->kind == EVENT_MEDIA;
    if (scene->interrupt_after && scene->media == scene->interrupt_after)
        scene->interrupts = 1;
    if (scene->kill_after && scene->media == scene->kill_after && !scene->killed) {
        scene->killed = youngest_child();
        assert_true(scene->killed > 1);
        kill(scene->killed, SIGKILL);
    }
}

static const struct result *run(struct scene *scene, const char *yaml, uint32_t workers)
{
    scene->arena = arena_new();
    scene->diag = diag_new();
    scene->spec = spec_parse("workers.yaml", yaml, strlen(yaml), scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    scene->plan->workers = workers;
    struct execution_watch watching = {
        .event = watch, .to = scene, .interrupts = &scene->interrupts};
    scene->result = run_here(scene->plan, &watching);
    assert_int_equal(youngest_child(), 0);
    return scene->result;
}

static void clean(struct scene *scene)
{
    result_free(scene->result);
    spec_free(scene->spec);
    diag_free(scene->diag);
    arena_free(scene->arena);
}

#define PAIRS(count, rest)                                                      \
    "cmtest: 1\n"                                                               \
    "groups:\n"                                                                 \
    "  callees: { registrar: embedded, endpoints: " count " }\n"                \
    "  callers: { registrar: embedded, endpoints: " count ", call: callees }\n" \
    "buildup: 400ms\n" rest

/* That have told of such a thread. */
static uint32_t workers_of(const struct result *result, const char *thread)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        count += strcmp(result->health[i].thread, thread) == 0;
    return count;
}

static void two_workers_tell_what_one_tells(void **state)
{
    (void)state;
    static const char yaml[] =
        PAIRS("5", "duration: 1s\nthresholds: [calls.success_rate >= 100%]\n");
    struct scene alone = {0}, together = {0};
    const struct result *one = run(&alone, yaml, 1), *two = run(&together, yaml, 2);
    assert_int_equal(workers_of(one, "media"), 1);
    assert_int_equal(workers_of(two, "media"), 2);
    assert_int_equal(workers_of(two, "signalling"), 2);
#ifdef __SANITIZE_THREAD__
    /* It slows both down so that this machine may be the limit: what was late then differs. */
    if (one->verdict == VERDICT_INCONCLUSIVE || two->verdict == VERDICT_INCONCLUSIVE) {
        clean(&alone);
        clean(&together);
        return;
    }
#endif
    if (two->verdict != VERDICT_PASS)
        fail_msg("%s: %s", verdict_name(two->verdict), two->why);
    assert_int_equal(two->verdict, one->verdict);
    for (uint32_t i = 0; i < 10; i++) {
        const struct result_endpoint *a = &one->endpoints[i], *b = &two->endpoints[i];
        assert_int_equal(a->outcome.outcome, b->outcome.outcome);
        assert_int_equal(b->outcome.outcome, OUTCOME_SUCCESS);
        assert_int_equal(a->call.result, b->call.result);
        /* A call of a second ends a little before or behind it: then there is a rest. */
        assert_in_range(a->seconds.count, 2, 4);
        assert_in_range(b->seconds.count, 2, 4);
        assert_int_equal(b->call.packets_lost, 0);
        assert_in_range(b->call.packets_received, 45, 55);
        /* A message that is repeated, for this machine was slow, is another moment. */
        assert_in_range(b->timeline_count, a->timeline_count / 2, a->timeline_count * 2);
    }
    assert_int_equal(one->judgements[0].numerator, two->judgements[0].numerator);
    assert_int_equal(one->judgements[0].denominator, two->judgements[0].denominator);
    /* Packets of both, not of the one that was heard last. */
    assert_in_range(two->pacing.packets, 450, 550);
    clean(&alone);
    clean(&together);
}

static int64_t first_sent(const struct result_endpoint *endpoint, const char *method)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind == EVENT_MESSAGE && moment->message->sent && !moment->message->status &&
            strcmp(moment->message->method, method) == 0)
            return moment->at_ns;
    }
    return 0;
}

/* What no caller may precede: the REGISTER of the last callee, wherever it is. */
static void callers_wait_for_the_callees_of_all_workers(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct result *result = run(&scene, PAIRS("4", "duration: 300ms\n"), 2);
    int64_t last = 0;
    for (uint32_t i = 0; i < 4; i++) {
        int64_t at = first_sent(&result->endpoints[i], "REGISTER");
        assert_true(at > 0);
        last = at > last ? at : last;
    }
    for (uint32_t i = 4; i < 8; i++) {
        assert_int_equal(result->endpoints[i].outcome.outcome, OUTCOME_SUCCESS);
        assert_true(first_sent(&result->endpoints[i], "INVITE") > last);
    }
    clean(&scene);
}

static void a_signal_is_heard_by_a_group_in_all_workers(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct result *result =
        run(&scene,
            "cmtest: 1\n"
            "groups:\n"
            "  callees: { registrar: embedded, endpoints: 4, scenario: ["
            "    { on: signal_received, signal: all, within: 5s, do: options }] }\n"
            "  callers: { registrar: embedded, endpoints: 4, call: callees, scenario: ["
            "    { at: 600ms, do: signal, send: all, to: callees }] }\n"
            "duration: 1500ms\n",
            3);
    for (uint32_t i = 0; i < 4; i++) {
        bool heard = false;
        for (size_t j = 0; j < result->endpoints[4 + i].timeline_count; j++) {
            const struct result_moment *moment = &result->endpoints[4 + i].timeline[j];
            if (moment->kind == EVENT_ACTION)
                heard |= strcmp(moment->action->observed, "heard by 4 endpoints") == 0;
        }
        assert_true(heard);
        assert_int_equal(result->endpoints[i].outcome.steps.done, 1);
        assert_int_equal(result->endpoints[i].outcome.outcome, OUTCOME_SUCCESS);
        assert_int_equal(result->endpoints[4 + i].outcome.outcome, OUTCOME_SUCCESS);
    }
    clean(&scene);
}

static void a_worker_that_is_killed_takes_only_its_endpoints_with_it(void **state)
{
    (void)state;
    struct scene scene = {.kill_after = 12};
    const struct result *result = run(&scene, PAIRS("6", "duration: 1500ms\n"), 2);
    const struct share *share = share_new(scene.plan, 2, scene.arena);
    assert_true(scene.killed > 0);
    assert_int_equal(result->verdict, VERDICT_ERROR);
    assert_non_null(strstr(result->error, "worker 1 vanished (killed by signal 9)"));
    for (uint32_t i = 0; i < 12; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        assert_true(endpoint->closed);
        if (share->worker_of[i] == 0) {
            assert_int_equal(endpoint->outcome.outcome, OUTCOME_SUCCESS);
            assert_in_range(endpoint->call.packets_received, 70, 80);
        } else {
            assert_int_equal(endpoint->outcome.outcome, OUTCOME_OSERROR);
            assert_int_equal(endpoint->outcome.failure, FAILURE_LOCAL);
            assert_string_equal(endpoint->outcome.detail,
                                "the worker that ran it vanished (killed by signal 9)");
            /* What it did until then is kept. */
            assert_true(endpoint->registered_known && endpoint->media_known);
        }
    }
    clean(&scene);
}

static void an_interrupt_ends_all_workers_in_order(void **state)
{
    (void)state;
    struct scene scene = {.interrupt_after = 8};
    const struct result *result = run(&scene, PAIRS("4", "duration: 60s\n"), 2);
    assert_true(result->interrupted);
    for (uint32_t i = 0; i < 8; i++) {
        assert_true(result->endpoints[i].closed);
        assert_true(first_sent(&result->endpoints[i], "REGISTER") > 0);
        assert_true(result->endpoints[i].call_known);
    }
    clean(&scene);
}

static void what_a_worker_cannot_have_is_why_nothing_runs(void **state)
{
    (void)state;
    struct scene scene = {0};
    const struct result *result = run(&scene,
                                      "cmtest: 1\n"
                                      "registrars:\n"
                                      "  pbx: { server: nowhere.invalid, domain: nowhere.invalid,"
                                      " accounts: [{ username: a, password: b },"
                                      " { username: c, password: d },"
                                      " { username: e, password: d },"
                                      " { username: f, password: d }] }\n"
                                      "groups:\n"
                                      "  callees: { registrar: pbx, endpoints: 2 }\n"
                                      "  callers: { registrar: pbx, endpoints: 2, call: callees }\n"
                                      "duration: 1s\n",
                                      2);
    assert_int_equal(result->verdict, VERDICT_ERROR);
    assert_non_null(strstr(result->error, "nowhere.invalid"));
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(two_workers_tell_what_one_tells),
    cmocka_unit_test(callers_wait_for_the_callees_of_all_workers),
    cmocka_unit_test(a_signal_is_heard_by_a_group_in_all_workers),
    cmocka_unit_test(a_worker_that_is_killed_takes_only_its_endpoints_with_it),
    cmocka_unit_test(an_interrupt_ends_all_workers_in_order),
    cmocka_unit_test(what_a_worker_cannot_have_is_why_nothing_runs))
