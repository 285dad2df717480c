#include "support/specification.h"

#include <jansson.h>
#include <math.h>
#include "golden.h"
#include "runs.h"
#include "cmtest/report.h"

static json_t *load(const struct fixture *fixture)
{
    struct text out = {0};
    json_error_t error;
    report_format_find("json")->write(fixture_report(fixture), &out);
    json_t *root = json_loadb(text_get(&out), out.length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%d:%d: %s", error.line, error.column, error.text);
    text_fini(&out);
    return root;
}

static json_t *endpoint(const json_t *root, size_t index)
{
    return json_array_get(json_object_get(root, "endpoints"), index);
}

static const char *string(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void every_run_is_as_the_golden_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < RUN_COUNT; i++) {
        struct fixture f;
        struct text out = {0}, name = {0};
        runs[i].run(&f);
        report_format_find("json")->write(fixture_report(&f), &out);
        text_printf(&name, "%s.json", runs[i].name);
        assert_golden(text_get(&name), text_get(&out), out.length);
        text_fini(&name);
        text_fini(&out);
        fixture_fini(&f);
    }
}

static void what_was_not_measured_is_null(void **state)
{
    struct fixture f;
    (void)state;
    run_wrong_password(&f);
    json_t *root = load(&f);
    const json_t *failed = endpoint(root, 13);
    assert_string_equal(string(failed, "name"), "callers[3]");
    assert_string_equal(string(failed, "outcome"), "REGISTRATION_FAILED");
    assert_int_equal(json_integer_value(json_object_get(failed, "status")), 401);
    assert_true(json_is_null(json_object_get(failed, "media")));
    assert_true(json_is_null(json_object_get(failed, "receive")));
    const json_t *call = json_object_get(failed, "call");
    assert_string_equal(string(call, "result"), "not_attempted");
    assert_true(json_is_null(json_object_get(call, "post_dial_delay")));
    assert_true(json_is_null(json_object_get(call, "packets_received")));
    assert_true(json_is_null(json_object_get(call, "status")));
    json_decref(root);
    fixture_fini(&f);
}

static void series_have_one_value_per_second_in_every_column(void **state)
{
    struct fixture f;
    const char *name;
    json_t *column;
    (void)state;
    run_pass(&f);
    json_t *root = load(&f);
    json_t *series = json_object_get(endpoint(root, 2), "receive");
    json_object_foreach(series, name, column) assert_int_equal(json_array_size(column), 2);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(series, "packets"), 1)), 50);
    assert_true(json_is_null(json_array_get(json_object_get(series, "rtt"), 0)));
    assert_true(json_real_value(json_array_get(json_object_get(series, "jitter"), 0)) == 0.000125);
    json_decref(root);
    fixture_fini(&f);
}

static void times_are_utc(void **state)
{
    struct fixture f;
    (void)state;
    run_pass(&f);
    json_t *root = load(&f);
    assert_string_equal(string(root, "started"), "2026-11-21T06:40:45.000000Z");
    assert_string_equal(string(root, "ended"), "2026-11-21T06:41:59.000000Z");
    json_decref(root);
    fixture_fini(&f);
}

static void numbers_that_are_none_are_null(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    struct event event = fixture_second_event(0, DIRECTION_RECEIVE, 0, (double)NAN);
    second_set(&event.second, READING_JITTER, (double)INFINITY);
    fixture_event(&f, event);
    fixture_judge(&f);
    json_t *root = load(&f);
    const json_t *series = json_object_get(endpoint(root, 0), "receive");
    assert_true(json_is_null(json_array_get(json_object_get(series, "mos"), 0)));
    assert_true(json_is_null(json_array_get(json_object_get(series, "jitter"), 0)));
    json_decref(root);
    fixture_fini(&f);
}

static void run_without_anything_is_still_a_document(void **state)
{
    struct roster roster = {0};
    struct result *result = result_new(&roster, NULL, 0, 0, 0);
    struct fixture f = {.arena = arena_new(), .result = result};
    (void)state;
    result_judge(result, 0);
    json_t *root = load(&f);
    assert_string_equal(string(root, "verdict"), "fail");
    json_decref(root);
    result_free(result);
    arena_free(f.arena);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(every_run_is_as_the_golden_file),
              cmocka_unit_test(what_was_not_measured_is_null),
              cmocka_unit_test(series_have_one_value_per_second_in_every_column),
              cmocka_unit_test(times_are_utc),
              cmocka_unit_test(numbers_that_are_none_are_null),
              cmocka_unit_test(run_without_anything_is_still_a_document))
/* clang-format on */
