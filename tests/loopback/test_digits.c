/* Digits by all three methods in both directions, from spec to result. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

#include <stdlib.h>
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

/* Of the groups only the first endpoints are decoded: a callee in the one, a caller in the other
 * order. */
static const char callers[] = "  callers: { registrar: embedded, endpoints: 1, call: agents,\n"
                              "    audio: { codecs: [%s] }, scenario: [%s] }\n";
static const char agents[] = "  agents: { registrar: embedded, endpoints: 1,\n"
                             "    audio: { codecs: [%s] }, scenario: [%s] }\n";

static const struct result *run(struct scene *scene, bool callers_first, const char *formats,
                                const char *caller_step, const char *agent_step)
{
    struct text yaml = {0};
    *scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    text_add(&yaml, "cmtest: 1\ngroups:\n");
    if (callers_first)
        text_printf(&yaml, callers, formats, caller_step);
    text_printf(&yaml, agents, formats, agent_step);
    if (!callers_first)
        text_printf(&yaml, callers, formats, caller_step);
    text_add(&yaml, "duration: 2s\n");
    scene->spec = spec_parse("digits.yaml", text_get(&yaml), yaml.length, scene->diag);
    scene->plan = scene->spec ? plan_new(scene->spec, 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan || diag_count(scene->diag)) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    text_fini(&yaml);
    struct execution_watch watching = {
        .event = watch, .to = scene, .interrupts = &scene->interrupts};
    scene->result = run_here(scene->plan, &watching);
    for (uint32_t i = 0; i < 2; i++)
        if (scene->result->endpoints[i].outcome.outcome != OUTCOME_SUCCESS)
            fail_msg("endpoint %u: %s", i, scene->result->endpoints[i].outcome.detail);
    return scene->result;
}

static void clean(struct scene *scene)
{
    result_free(scene->result);
    spec_free(scene->spec);
    diag_free(scene->diag);
    arena_free(scene->arena);
}

/* The digits of the endpoint with that role, in the order in which they began. */
static void check(const struct result *result, enum roster_role role,
                  enum event_direction direction, enum digit_method method, const char *digits,
                  int64_t tone_ms)
{
    uint32_t id = result->roster->endpoints[0].role == role ? 0 : 1;
    const struct result_endpoint *endpoint = &result->endpoints[id];
    char found[64] = "";
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind != EVENT_DIGIT || moment->digit->direction != direction)
            continue;
        assert_int_equal(moment->digit->method, method);
        assert_false(moment->digit->incomplete);
        /* The playout buffer may leave out a packet, or insert one. */
        int64_t near_ns = method == DIGIT_INBAND ? 26 * NS_PER_MS : 0;
        if (llabs(moment->digit->duration_ns - tone_ms * NS_PER_MS) > near_ns)
            fail_msg("%c lasted %lld us", moment->digit->digit,
                     (long long)moment->digit->duration_ns / 1000);
        found[strlen(found)] = moment->digit->digit;
    }
    assert_string_equal(found, digits);
}

static void check_both(bool callers_first, const char *formats, enum digit_method method)
{
    struct scene scene;
    struct text caller = {0}, agent = {0};
    text_printf(&caller, "{ at: 300ms, do: send_dtmf, digits: \"12#\", method: %s }",
                digit_method_name(method));
    text_printf(&agent,
                "{ at: 200ms, do: send_dtmf, digits: \"*AD\", method: %s, tone: 80ms, gap: 80ms }",
                digit_method_name(method));
    const struct result *result =
        run(&scene, callers_first, formats, text_get(&caller), text_get(&agent));
    check(result, ROLE_CALLER, DIRECTION_SEND, method, "12#", 100);
    check(result, ROLE_CALLEE, DIRECTION_SEND, method, "*AD", 80);
    bool hears = method != DIGIT_INBAND;
    if (hears || callers_first)
        check(result, ROLE_CALLER, DIRECTION_RECEIVE, method, "*AD", 80);
    if (hears || !callers_first)
        check(result, ROLE_CALLEE, DIRECTION_RECEIVE, method, "12#", 100);
    text_fini(&caller);
    text_fini(&agent);
    clean(&scene);
}

static void events_go_both_ways(void **state)
{
    (void)state;
    check_both(false, "pcma, telephone-event", DIGIT_RTP);
    check_both(false, "opus, telephone-event", DIGIT_RTP);
}

static void infos_go_both_ways(void **state)
{
    (void)state;
    check_both(false, "pcma", DIGIT_INFO);
}

static void tones_go_both_ways(void **state)
{
    (void)state;
    check_both(false, "pcmu", DIGIT_INBAND);
    check_both(true, "g722", DIGIT_INBAND);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(events_go_both_ways),
                           cmocka_unit_test(infos_go_both_ways),
                           cmocka_unit_test(tones_go_both_ways))
