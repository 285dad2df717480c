/* How calls are heard and reported, from spec to result. */
#include "support/whole_run.h"
#include "support/kept.h"

#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "cmtest/spec.h"
#include "media/near.h"
#include "media/tone.h"

#include <dirent.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char specification[] = "cmtest: 1\n"
                                    "vars: { folder: none }\n"
                                    "defaults: { registrar: embedded, endpoints: 2 }\n"
                                    "groups:\n"
                                    "  agents:\n"
                                    "    audio:\n"
                                    "      codecs: [g722]\n"
                                    "      source: { name: tone, frequency: 1000, level: -20 }\n"
                                    "      decode: none\n"
                                    "      playout: { mode: fixed, nominal: 130ms }\n"
                                    "      rtcp: 250ms\n"
                                    "  callers:\n"
                                    "    call: agents\n"
                                    "    audio:\n"
                                    "      codecs: [g722]\n"
                                    "      record: \"${vars.folder}\"\n"
                                    "      playout: { nominal: 100ms, minimum: 90ms }\n"
                                    "      rtcp: { interval: 60s, extended_reports: false }\n"
                                    "duration: 2s\n";

struct scene {
    struct arena *arena;
    struct diag *diag;
    struct plan *plan;
    struct result *result;
    char folder[64], path[96];
    volatile sig_atomic_t interrupts;
    struct kept kept;
};

static void keep(void *to, const struct event *event)
{
    struct scene *scene = to;
    kept_take(&scene->kept, event);
}

static void run(struct scene *scene, const char *folder)
{
    char setting[128];
    const char *settings[] = {setting};
    snprintf(setting, sizeof setting, "vars.folder=%s", folder);
    scene->arena = arena_new();
    scene->diag = diag_new();
    struct spec_cases cases = spec_parse_cases("hearing.yaml", specification,
                                               sizeof specification - 1, settings, 1, scene->diag);
    scene->plan = cases.count ? plan_new(cases.specs[0], 1, scene->arena, scene->diag) : NULL;
    if (!scene->plan || diag_count(scene->diag)) {
        struct text out = {0};
        diag_print(scene->diag, &out, false);
        fail_msg("%s", text_get(&out));
    }
    struct execution_watch watching = {
        .event = keep, .to = scene, .interrupts = &scene->interrupts};
    scene->result = run_here(scene->plan, &watching);
    spec_cases_free(&cases);
}

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    snprintf(scene->folder, sizeof scene->folder, "/tmp/cmtest-hearing-XXXXXX");
    if (!mkdtemp(scene->folder))
        return -1;
    snprintf(scene->path, sizeof scene->path, "%s/callers-0.wav", scene->folder);
    run(scene, scene->folder);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    result_free(scene->result);
    kept_free(&scene->kept);
    diag_free(scene->diag);
    arena_free(scene->arena);
    unlink(scene->path);
    int failed = rmdir(scene->folder); /* which holds nothing else */
    free(scene);
    return failed;
}

static const struct result_endpoint *endpoint(const struct scene *scene, const char *group,
                                              uint32_t index)
{
    const struct plan *plan = scene->plan;
    for (size_t i = 0; i < plan->group_count; i++)
        if (strcmp(plan->groups[i].name, group) == 0)
            return &scene->result->endpoints[plan->groups[i].first + index];
    fail();
    return NULL;
}

/* Of an endpoint of the scene's result. */
static uint32_t number(const struct scene *scene, const struct result_endpoint *who)
{
    return (uint32_t)(who - scene->result->endpoints);
}

static bool ever(const struct scene *scene, const struct result_endpoint *who,
                 enum event_direction direction, enum reading reading)
{
    return kept_ever(&scene->kept, number(scene, who), direction, reading);
}

static double sum(const struct scene *scene, const struct result_endpoint *who,
                  enum event_direction direction, enum reading reading)
{
    return kept_sum(&scene->kept, number(scene, who), direction, reading);
}

static void the_first_of_a_group_is_decoded_and_nobody_with_none(void **state)
{
    const struct scene *scene = *state;
    assert_true(ever(scene, endpoint(scene, "callers", 0), DIRECTION_RECEIVE, READING_LEVEL_RMS));
    assert_false(ever(scene, endpoint(scene, "callers", 1), DIRECTION_RECEIVE, READING_LEVEL_RMS));
    assert_false(ever(scene, endpoint(scene, "agents", 0), DIRECTION_RECEIVE, READING_LEVEL_RMS));
    /* Who is not decoded has a playout buffer all the same. */
    assert_true(ever(scene, endpoint(scene, "agents", 0), DIRECTION_RECEIVE, READING_PLAYED));
}

static void what_was_heard_is_in_the_file_that_the_result_names(void **state)
{
    const struct scene *scene = *state;
    const struct event_recording *recording = endpoint(scene, "callers", 0)->recording;
    assert_non_null(recording);
    assert_string_equal(recording->path, scene->path);
    assert_string_equal(recording->trouble, "");
    assert_null(endpoint(scene, "callers", 1)->recording);
    assert_null(endpoint(scene, "agents", 0)->recording);

    SF_INFO info = {0};
    SNDFILE *file = sf_open(scene->path, SFM_READ, &info);
    assert_non_null(file);
    assert_int_equal(info.samplerate, 16000);
    assert_near((double)info.frames / 16000, (double)recording->duration_ns / 1e9, .001);
    assert_true(recording->duration_ns > 1500 * NS_PER_MS);
    assert_true(recording->duration_ns < 2200 * NS_PER_MS);
    int16_t samples[16000];
    assert_true(sf_seek(file, 4000, SEEK_SET) == 4000);
    assert_int_equal(sf_read_short(file, samples, 16000), 16000);
    sf_close(file);
    struct heard heard = heard_in(samples, 16000, 16000, 1000);
    assert_near(heard.frequency_hz, 1000, 1);
    assert_near(heard.level_dbm0, -20, .5);
    assert_true(heard.purity > .98);
}

static void the_playout_buffer_is_the_one_of_the_group(void **state)
{
    const struct scene *scene = *state;
    const struct result_endpoint *agent = endpoint(scene, "agents", 0);
    const struct result_endpoint *caller = endpoint(scene, "callers", 0);
    double value;
    for (size_t i = 0; i < scene->kept.count; i++)
        if (kept_get(&scene->kept, i, number(scene, agent), DIRECTION_RECEIVE,
                     READING_PLAYOUT_TARGET, &value))
            assert_near(value, 130, .01);
    for (size_t i = 0; i < scene->kept.count; i++)
        if (kept_get(&scene->kept, i, number(scene, caller), DIRECTION_RECEIVE,
                     READING_PLAYOUT_TARGET, &value))
            assert_true(value > 89.9 && value < 300.1);
    assert_true(ever(scene, agent, DIRECTION_RECEIVE, READING_PLAYOUT_TARGET));
    assert_true(ever(scene, caller, DIRECTION_RECEIVE, READING_PLAYOUT_TARGET));
}

/* 2 s of 250 ms that are halved to one and a half times as long, and the one that says goodbye;
 * and of 60 s only that one. */
static void reports_come_at_the_interval_of_the_group(void **state)
{
    const struct scene *scene = *state;
    for (uint32_t i = 0; i < 2; i++) {
        double often =
            sum(scene, endpoint(scene, "agents", i), DIRECTION_SEND, READING_RTCP_PACKETS);
        double seldom =
            sum(scene, endpoint(scene, "callers", i), DIRECTION_SEND, READING_RTCP_PACKETS);
        assert_true(often >= 5 && often <= 17);
        assert_true(seldom <= 1);
    }
}

static void extended_reports_are_sent_by_those_that_are_to(void **state)
{
    const struct scene *scene = *state;
    assert_true(sum(scene, endpoint(scene, "agents", 0), DIRECTION_SEND, READING_EXTENDED_REPORTS) >
                0);
    assert_near(sum(scene, endpoint(scene, "callers", 0), DIRECTION_SEND, READING_EXTENDED_REPORTS),
                0, 0);
}

static void a_folder_that_cannot_be_written_costs_the_recording_and_not_the_call(void **state)
{
    (void)state;
    struct scene scene = {0};
    run(&scene, "/dev/null/recordings");
    const struct result_endpoint *caller = endpoint(&scene, "callers", 0);
    assert_int_equal(scene.result->verdict, VERDICT_PASS);
    assert_int_equal(caller->outcome.outcome, OUTCOME_SUCCESS);
    assert_string_equal(caller->recording->path, "");
    assert_non_null(strstr(caller->recording->trouble, "Not a directory"));
    assert_int_equal(caller->recording->duration_ns, 0);
    result_free(scene.result);
    kept_free(&scene.kept);
    diag_free(scene.diag);
    arena_free(scene.arena);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test_setup_teardown(the_first_of_a_group_is_decoded_and_nobody_with_none, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(what_was_heard_is_in_the_file_that_the_result_names, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(the_playout_buffer_is_the_one_of_the_group, set_up, tear_down),
    cmocka_unit_test_setup_teardown(reports_come_at_the_interval_of_the_group, set_up, tear_down),
    cmocka_unit_test_setup_teardown(extended_reports_are_sent_by_those_that_are_to, set_up,
                                    tear_down),
    cmocka_unit_test(a_folder_that_cannot_be_written_costs_the_recording_and_not_the_call))
