/* What was heard, in a file. */
#include "support/specification.h"
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmtest/recorder.h"

struct scene {
    char folder[64], inner[80];
    struct recorder_budget budget;
};

static int set_up(void **state)
{
    static struct scene scene;

    snprintf(scene.folder, sizeof scene.folder, "/tmp/cmtest-recorder-XXXXXX");
    if (!mkdtemp(scene.folder))
        return -1;
    snprintf(scene.inner, sizeof scene.inner, "%s/recordings", scene.folder);
    scene.budget.bytes = 1000;
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    rmdir(scene->inner);
    return rmdir(scene->folder);
}

static void samples_are_found_in_the_file(void **state)
{
    struct scene *scene = *state;
    const int16_t samples[] = {1, -2, 300, INT16_MIN, INT16_MAX};
    int16_t read[8];
    SF_INFO info = {0};
    struct recorder *recorder = recorder_new(scene->inner, "agents-1", 16000, &scene->budget);
    char path[128];

    assert_true(recorder_write(recorder, samples, 5));
    assert_true(recorder_write(recorder, samples, 2));
    assert_null(recorder_why(recorder));
    snprintf(path, sizeof path, "%s/agents-1.wav", scene->inner);
    assert_string_equal(recorder_path(recorder), path);
    recorder_free(recorder);
    assert_int_equal(scene->budget.bytes, 1000 - 14);
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    assert_non_null(file);
    assert_int_equal(info.samplerate, 16000);
    assert_int_equal(info.channels, 1);
    assert_int_equal(sf_read_short(file, read, 8), 7);
    assert_memory_equal(read, samples, sizeof samples);
    sf_close(file);
    unlink(path);
}

static void no_name_leads_out_of_the_folder(void **state)
{
    struct scene *scene = *state;
    const char *names[][2] = {{"../../etc/passwd", "_..-..-etc-passwd"},
                              {"", "_"},
                              {".hidden", "_.hidden"},
                              {"a b\n\"c\xc3\xa4", "a-b--c--"},
                              {"1001@pbx.example.com", "1001-pbx.example.com"}};

    for (size_t i = 0; i < 5; i++) {
        struct recorder *recorder = recorder_new("out", names[i][0], 8000, &scene->budget);
        char path[64];
        snprintf(path, sizeof path, "out/%s.wav", names[i][1]);
        assert_string_equal(recorder_path(recorder), path);
        recorder_free(recorder);
    }
    char long_name[1000];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    struct recorder *recorder = recorder_new("out", long_name, 8000, &scene->budget);
    assert_int_equal(strlen(recorder_path(recorder)), 4 + 100 + 4);
    recorder_free(recorder);
}

static void the_budget_ends_a_recording_with_a_sentence(void **state)
{
    struct scene *scene = *state;
    const int16_t samples[300] = {0};
    struct recorder *one = recorder_new(scene->inner, "one", 8000, &scene->budget);
    struct recorder *two = recorder_new(scene->inner, "two", 8000, &scene->budget);

    assert_true(recorder_write(one, samples, 300));
    assert_false(recorder_write(two, samples, 300));
    assert_non_null(strstr(recorder_why(two), "two.wav: the budget of all recordings is used up"));
    assert_false(recorder_write(two, samples, 1));
    assert_true(recorder_write(one, samples, 200));
    unlink(recorder_path(one));
    assert_int_equal(access(recorder_path(two), F_OK), -1);
    recorder_free(one);
    recorder_free(two);
}

static void nothing_heard_leaves_no_file(void **state)
{
    struct scene *scene = *state;
    struct recorder *recorder = recorder_new(scene->inner, "quiet", 8000, &scene->budget);

    assert_true(recorder_write(recorder, NULL, 0));
    assert_int_equal(access(scene->inner, F_OK), -1);
    recorder_free(recorder);
}

static void what_cannot_be_written_is_told_and_not_fatal(void **state)
{
    struct scene *scene = *state;
    const int16_t sample = 1;
    struct recorder *recorder = recorder_new("/proc/nowhere/deep", "a", 8000, &scene->budget);

    assert_false(recorder_write(recorder, &sample, 1));
    assert_non_null(strstr(recorder_why(recorder), "/proc/nowhere/deep/a.wav: "));
    recorder_free(recorder);
    char path[128];
    snprintf(path, sizeof path, "%s/link.wav", scene->folder);
    assert_int_equal(symlink("/tmp/cmtest-recorder-victim", path), 0);
    recorder = recorder_new(scene->folder, "link", 8000, &scene->budget);
    assert_false(recorder_write(recorder, &sample, 1));
    assert_int_equal(access("/tmp/cmtest-recorder-victim", F_OK), -1);
    recorder_free(recorder);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    recorder = recorder_new(scene->folder, "link", 8000, &scene->budget);
    assert_false(recorder_write(recorder, &sample, 1));
    recorder_free(recorder);
    unlink(path);
}

static void it_tells_how_much_is_in_the_file_and_why_somebody_ended_it(void **state)
{
    struct scene *scene = *state;
    const int16_t samples[80] = {0};
    struct recorder *recorder = recorder_new(scene->inner, "agents-1", 8000, &scene->budget);

    assert_int_equal(recorder_duration_ns(recorder), 0);
    assert_true(recorder_write(recorder, samples, 80));
    assert_int_equal(recorder_duration_ns(recorder), 10000000);
    recorder_end(recorder, "enough");
    recorder_end(recorder, "more than enough");
    assert_false(recorder_write(recorder, samples, 80));
    assert_non_null(strstr(recorder_why(recorder), "agents-1.wav: enough"));
    assert_int_equal(recorder_duration_ns(recorder), 10000000);
    assert_int_equal(unlink(recorder_path(recorder)), 0);
    recorder_free(recorder);
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(it_tells_how_much_is_in_the_file_and_why_somebody_ended_it,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(samples_are_found_in_the_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(no_name_leads_out_of_the_folder, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_budget_ends_a_recording_with_a_sentence, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nothing_heard_leaves_no_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_cannot_be_written_is_told_and_not_fatal, set_up,
                                    tear_down))
