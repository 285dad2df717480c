/* Calls with every codec and source, from spec to result. */
#include "support/whole_run.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"

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
                "  agents: { registrar: embedded, endpoints: 2, audio: { %s } }\n"
                "  callers: { registrar: embedded, endpoints: 2, call: agents, audio: { %s } }\n"
                "duration: 1s\n",
                agents, callers);
    scene->spec = spec_parse("codecs.yaml", text_get(&yaml), yaml.length, scene->diag);
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
    return scene->result;
}

static void clean(struct scene *scene)
{
    result_free(scene->result);
    spec_free(scene->spec);
    diag_free(scene->diag);
    arena_free(scene->arena);
}

/* Both groups heard each other by that codec. */
static void check_call(const char *agents, const char *callers, const char *codec, unsigned ptime)
{
    struct scene scene;
    const struct result *result = run(&scene, agents, callers);
    for (uint32_t i = 0; i < 4; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        if (endpoint->outcome.outcome != OUTCOME_SUCCESS)
            fail_msg("endpoint %u: %s", i, endpoint->outcome.detail);
        assert_string_equal(endpoint->media.codec, codec);
        assert_int_equal(endpoint->media.ptime_ms, ptime);
        /* A starved machine begins late and skips. */
        assert_in_range(endpoint->call.packets_sent, 600 / ptime, 1400 / ptime);
        assert_in_range(endpoint->call.packets_received, 600 / ptime, 1400 / ptime);
        assert_int_equal(endpoint->call.packets_lost, 0);
    }
    assert_int_equal(result->verdict, VERDICT_PASS);
    clean(&scene);
}

static void every_codec_carries_a_call(void **state)
{
    (void)state;
    check_call("codecs: [pcma]", "codecs: [pcma]", "pcma", 20);
    check_call("codecs: [g722, pcma]", "codecs: [g722, opus]", "g722", 20);
    check_call("codecs: [opus, telephone-event]", "codecs: [telephone-event, opus, pcma]", "opus",
               20);
}

static void opus_is_sent_as_the_spec_says(void **state)
{
    (void)state;
    check_call("codecs: [{ name: opus, ptime: 60ms, bitrate: 16kbps }]",
               "codecs: [{ name: opus, ptime: 60ms, fmtp: \"stereo=1; cbr=1\" }]", "opus", 60);
}

static void an_echo_sends_back_as_much_as_came(void **state)
{
    (void)state;
    check_call("codecs: [opus], source: echo", "codecs: [opus]", "opus", 20);
}

static void sources_are_had_by_turns(void **state)
{
    (void)state;
    check_call("codecs: [g722], source: [silence, { name: tone, frequency: 5000, level: -30 }]",
               "codecs: [g722], source: [echo, tone]", "g722", 20);
}

static void dtx_of_silence_is_no_loss(void **state)
{
    (void)state;
    struct scene scene;
    const struct result *result = run(&scene, "codecs: [{ name: opus, fmtp: \"usedtx=1\" }]",
                                      "codecs: [opus], source: silence");
    for (uint32_t i = 2; i < 4; i++) {
        const struct result_endpoint *endpoint = &result->endpoints[i];
        assert_in_range(endpoint->call.packets_sent, 1, 15);
        assert_in_range(endpoint->call.packets_received, 30, 70);
        assert_int_equal(result->endpoints[i - 2].call.packets_lost, 0);
    }
    clean(&scene);
}

static void a_file_that_is_gone_when_the_run_begins_ends_it_with_a_sentence(void **state)
{
    (void)state;
    struct scene scene = {.arena = arena_new(), .diag = diag_new()};
    char path[] = "/tmp/cmtest-codecs-XXXXXX.wav", yaml[512];
    int fd = mkstemps(path, 4);
    const char wave[] = "RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
                        "data\4\0\0\0\1\0\2\0";
    assert_int_equal(write(fd, wave, sizeof wave - 1), sizeof wave - 1);
    close(fd);
    snprintf(
        yaml, sizeof yaml,
        "cmtest: 1\ngroups:\n"
        "  agents: { registrar: embedded, endpoints: 1 }\n"
        "  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { source: %s } }\n"
        "duration: 1s\n",
        path);
    scene.spec = spec_parse("codecs.yaml", yaml, strlen(yaml), scene.diag);
    scene.plan = scene.spec ? plan_new(scene.spec, 1, scene.arena, scene.diag) : NULL;
    assert_non_null(scene.plan);
    unlink(path);
    struct execution_watch watching = {
        .event = watch, .to = &scene, .interrupts = &scene.interrupts};
    scene.result = run_here(scene.plan, &watching);
    assert_int_equal(scene.result->verdict, VERDICT_ERROR);
    if (!strstr(scene.result->error, "cannot be opened: No such file"))
        fail_msg("%s", scene.result->error);
    clean(&scene);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(every_codec_carries_a_call), cmocka_unit_test(opus_is_sent_as_the_spec_says),
    cmocka_unit_test(an_echo_sends_back_as_much_as_came),
    cmocka_unit_test(sources_are_had_by_turns), cmocka_unit_test(dtx_of_silence_is_no_loss),
    cmocka_unit_test(a_file_that_is_gone_when_the_run_begins_ends_it_with_a_sentence))
