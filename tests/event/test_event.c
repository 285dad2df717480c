#include "support/specification.h"
#include "cmtest/event.h"

static void final_status_tells_the_call_result(void **state)
{
    (void)state;
    assert_int_equal(call_result_of(200), CALL_ANSWERED);
    assert_int_equal(call_result_of(486), CALL_BUSY);
    assert_int_equal(call_result_of(600), CALL_BUSY);
    assert_int_equal(call_result_of(403), CALL_REJECTED);
    assert_int_equal(call_result_of(603), CALL_REJECTED);
    assert_int_equal(call_result_of(408), CALL_TIMED_OUT);
    assert_int_equal(call_result_of(0), CALL_TIMED_OUT);
    assert_int_equal(call_result_of(487), CALL_CANCELLED);
    assert_int_equal(call_result_of(480), CALL_UNAVAILABLE);
    assert_int_equal(call_result_of(503), CALL_UNAVAILABLE);
    assert_int_equal(call_result_of(404), CALL_ERROR);
    assert_int_equal(call_result_of(302), CALL_ERROR);
}

static void only_success_and_warnings_are_mild(void **state)
{
    (void)state;
    assert_int_equal(outcome_severity(OUTCOME_SUCCESS), 0);
    assert_int_equal(outcome_severity(OUTCOME_COMPLETED_WITH_WARNINGS), 1);
    for (int outcome = OUTCOME_REGISTRATION_FAILED; outcome <= OUTCOME_TEARDOWN_ERROR; outcome++)
        assert_int_equal(outcome_severity((enum endpoint_outcome)outcome), 10);
    assert_string_equal(outcome_name(OUTCOME_TEARDOWN_ERROR), "TEARDOWN_ERROR");
    assert_string_equal(phase_name(PHASE_CLOSED), "CLOSED");
}

static void endpoints_are_named_by_group_and_index(void **state)
{
    (void)state;
    struct roster_group group = {.name = "callers", .count = 20};
    struct roster_endpoint endpoints[] = {{.index = 12}};
    struct roster roster = {
        .groups = &group, .group_count = 1, .endpoints = endpoints, .endpoint_count = 1};
    char name[32];
    roster_endpoint_name(&roster, 0, name, sizeof name);
    assert_string_equal(name, "callers[12]");
    roster_endpoint_name(&roster, ROSTER_NONE, name, sizeof name);
    assert_string_equal(name, "-");
}

SPECIFICATION(cmocka_unit_test(final_status_tells_the_call_result),
              cmocka_unit_test(only_success_and_warnings_are_mild),
              cmocka_unit_test(endpoints_are_named_by_group_and_index))
