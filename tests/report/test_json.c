#include "support/specification.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

static void what_goes_to_a_file_in_pieces_is_the_same(void **state)
{
    struct fixture f;
    struct text whole = {0};
    char *pieces = NULL;
    size_t length = 0;
    (void)state;
    run_wrong_password(&f);
    FILE *file = open_memstream(&pieces, &length);
    report_format_find("json")->write(fixture_report(&f), &whole);
    assert_true(report_format_write(report_format_find("json"), fixture_report(&f), file));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(length, whole.length);
    assert_memory_equal(pieces, text_get(&whole), length);
    free(pieces);
    text_fini(&whole);
    fixture_fini(&f);
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
    assert_true(json_is_null(json_object_get(root, "series"))); /* no journal was kept */
    const json_t *call = json_object_get(failed, "call");
    assert_string_equal(string(call, "result"), "not_attempted");
    assert_true(json_is_null(json_object_get(call, "post_dial_delay")));
    assert_true(json_is_null(json_object_get(call, "packets_received")));
    assert_true(json_is_null(json_object_get(call, "status")));
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
              cmocka_unit_test(what_goes_to_a_file_in_pieces_is_the_same),
              cmocka_unit_test(what_was_not_measured_is_null),
              cmocka_unit_test(times_are_utc),
              cmocka_unit_test(run_without_anything_is_still_a_document))
/* clang-format on */
