#include "support/specification.h"

#include "golden.h"
#include "runs.h"
#include "cmtest/report.h"

static void write(const struct fixture *fixture, struct text *out)
{
    const struct report_format *format = report_format_find("junit");
    assert_non_null(format);
    assert_string_equal(format->file, "junit.xml");
    format->write(fixture_report(fixture), out);
}

static size_t occurrences(const struct text *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text_get(text); (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

static void every_run_is_as_the_golden_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < RUN_COUNT; i++) {
        struct fixture f;
        struct text out = {0}, name = {0};
        runs[i].run(&f);
        write(&f, &out);
        text_printf(&name, "%s.xml", runs[i].name);
        assert_golden(text_get(&name), text_get(&out), out.length);
        text_fini(&name);
        text_fini(&out);
        fixture_fini(&f);
    }
}

static void only_a_passed_run_is_green(void **state)
{
    (void)state;
    for (size_t i = 0; i < RUN_COUNT; i++) {
        struct fixture f;
        struct text out = {0};
        runs[i].run(&f);
        write(&f, &out);
        bool green = occurrences(&out, "<failure") + occurrences(&out, "<error") == 0;
        assert_int_equal(green, f.result->verdict == VERDICT_PASS);
        text_fini(&out);
        fixture_fini(&f);
    }
}

static void interrupted_run_is_not_green(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    f.result->interrupted = true;
    fixture_judge(&f);
    write(&f, &out);
    assert_int_equal(occurrences(&out, "<error"), 1);
    assert_non_null(strstr(text_get(&out), "interrupted after 74 s"));
    text_fini(&out);
    fixture_fini(&f);
}

static void failures_that_the_thresholds_allow_are_told_but_not_red(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    fixture_init(&f, 10);
    fixture_threshold(&f, "calls.success_rate >= 90%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 9; i++)
        fixture_whole_call(&f, i, 4.41);
    fixture_refused_call(&f, 9, 486, "Busy Here", OUTCOME_CALL_FAILED);
    fixture_judge(&f);
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    write(&f, &out);
    assert_int_equal(occurrences(&out, "<failure"), 0);
    assert_non_null(strstr(text_get(&out), "callers[9] CALL_FAILED 486 Busy Here"));
    text_fini(&out);
    fixture_fini(&f);
}

static void at_most_fifty_endpoints_are_listed(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    fixture_init(&f, 60);
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 60; i++)
        fixture_refused_call(&f, i, 486, "Busy Here", OUTCOME_CALL_FAILED);
    fixture_judge(&f);
    write(&f, &out);
    assert_int_equal(occurrences(&out, "] CALL_FAILED 486"), 50);
    assert_int_equal(occurrences(&out, "\n10 more\n"), 1);
    text_fini(&out);
    fixture_fini(&f);
}

/* One step that each of 60 callers fails at. */
static void fail_steps(struct fixture *f, const char *threshold)
{
    fixture_init(f, 60);
    fixture_threshold(f, threshold);
    fixture_scenario(f);
    fixture_run(f);
    for (uint32_t i = 0; i < 60; i++) {
        fixture_action(f, fixture_caller(f, i), 0, ACTION_FAILED, 488, "status 488", "no");
        fixture_whole_call(f, i, 4.41);
    }
    fixture_judge(f);
}

static void at_most_fifty_endpoints_of_a_step_are_listed(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    fail_steps(&f, "actions.success_rate >= 100%");
    write(&f, &out);
    assert_int_equal(occurrences(&out, "] 488: expected status 200"), 50);
    assert_int_equal(occurrences(&out, "\n10 more\n"), 1);
    text_fini(&out);
    fixture_fini(&f);
}

static void failed_steps_that_the_thresholds_allow_are_told_but_not_red(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    fail_steps(&f, "actions.success_rate >= 0%");
    write(&f, &out);
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    assert_int_equal(occurrences(&out, "<failure"), 0);
    assert_int_equal(occurrences(&out, "60 of 60 endpoints of group callers failed at hold"), 1);
    text_fini(&out);
    fixture_fini(&f);
}

static void a_step_that_nobody_began_is_skipped_and_not_green(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    fail_steps(&f, "actions.success_rate >= 0%");
    write(&f, &out);
    assert_int_equal(occurrences(&out, "<skipped message=\"no endpoint of group callers began"),
                     FIXTURE_STEPS - 1);
    text_fini(&out);
    fixture_fini(&f);
}

/* Two callers that are to be refused with 486; so many of them are not. */
static void end_calls(struct fixture *f, struct text *out, uint32_t otherwise)
{
    fixture_init(f, 2);
    fixture_threshold(f, "endpoints.success_rate >= 100%");
    f->groups[1].expected = "call_failed with status 486";
    fixture_run(f);
    for (uint32_t i = 0; i < 2; i++) {
        struct event event = {.endpoint = fixture_caller(f, i), .kind = EVENT_OUTCOME};
        if (i < otherwise) {
            event.outcome.outcome = OUTCOME_CALL_FAILED;
            event.outcome.failure = FAILURE_EXPECTATION;
            text_copy(event.outcome.detail, sizeof event.outcome.detail,
                      "expected call_failed with status 486, it ended as success with status 200");
        }
        fixture_event(f, event);
        fixture_whole_call(f, i, 4.41);
    }
    fixture_judge(f);
    write(f, out);
}

static void calls_that_are_not_as_expected_are_a_case_of_their_own(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    end_calls(&f, &out, 1);
    assert_int_equal(occurrences(&out, "callers: expected call_failed with status 486"), 1);
    assert_int_equal(occurrences(&out, "<failure message=\"1 of 2 endpoints of group callers "
                                       "were not as expected\""),
                     1);
    assert_int_equal(occurrences(&out, "callers[0]: expected call_failed with status 486"), 1);
    text_fini(&out);
    fixture_fini(&f);
}

static void calls_that_are_as_expected_are_green(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    end_calls(&f, &out, 0);
    assert_int_equal(occurrences(&out, "callers: expected call_failed with status 486"), 1);
    assert_int_equal(occurrences(&out, "<failure"), 0);
    assert_int_equal(occurrences(&out, "<skipped"), 0);
    text_fini(&out);
    fixture_fini(&f);
}

static void names_are_unique(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    fixture_init(&f, 1);
    for (int i = 0; i < 3; i++)
        fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_judge(&f);
    write(&f, &out);
    assert_int_equal(occurrences(&out, "name=\"calls.success_rate &gt;= 100%\""), 1);
    assert_int_equal(occurrences(&out, "name=\"calls.success_rate &gt;= 100% (2)\""), 1);
    assert_int_equal(occurrences(&out, "name=\"calls.success_rate &gt;= 100% (3)\""), 1);
    text_fini(&out);
    fixture_fini(&f);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(every_run_is_as_the_golden_file),
              cmocka_unit_test(only_a_passed_run_is_green),
              cmocka_unit_test(interrupted_run_is_not_green),
              cmocka_unit_test(failures_that_the_thresholds_allow_are_told_but_not_red),
              cmocka_unit_test(at_most_fifty_endpoints_are_listed),
              cmocka_unit_test(at_most_fifty_endpoints_of_a_step_are_listed),
              cmocka_unit_test(failed_steps_that_the_thresholds_allow_are_told_but_not_red),
              cmocka_unit_test(a_step_that_nobody_began_is_skipped_and_not_green),
              cmocka_unit_test(calls_that_are_not_as_expected_are_a_case_of_their_own),
              cmocka_unit_test(calls_that_are_as_expected_are_green),
              cmocka_unit_test(names_are_unique))
/* clang-format on */
