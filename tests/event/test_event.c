#include "support/specification.h"
#include <math.h>
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

static void a_second_is_rounded_to_what_its_units_are_kept_with(void **state)
{
    (void)state;
    struct event_second second = {.direction = DIRECTION_RECEIVE};
    second_set(&second, READING_JITTER, 1.2344999);
    second_set(&second, READING_PACKET_LOSS, 100 / 3.0);
    second_set(&second, READING_MOS, 4.40927);
    second_set(&second, READING_PACKETS, 50);
    second_set(&second, READING_PLAYOUT_DELAY, -0.0001);
    second_set(&second, READING_LEVEL_RMS, -15.015);
    second_set(&second, READING_BYTES_TOTAL, 0x1p60);
    second_round(&second);
    assert_true(second.value[READING_JITTER] == 1.234);
    assert_true(second.value[READING_PACKET_LOSS] == 33.3333);
    assert_true(second.value[READING_MOS] == 4.4093);
    assert_true(second.value[READING_PACKETS] == 50);
    assert_true(second.value[READING_PLAYOUT_DELAY] == 0);
    assert_false(signbit(second.value[READING_PLAYOUT_DELAY]));
    assert_true(second.value[READING_LEVEL_RMS] == -15.01 ||
                second.value[READING_LEVEL_RMS] == -15.02);
    assert_true(second.value[READING_BYTES_TOTAL] == 0x1p60);
    assert_false(second_knows(&second, READING_RTT));
    struct event_second again = second;
    second_round(&again);
    assert_memory_equal(&again, &second, sizeof(second));
}

SPECIFICATION(cmocka_unit_test(a_second_is_rounded_to_what_its_units_are_kept_with),
              cmocka_unit_test(final_status_tells_the_call_result),
              cmocka_unit_test(only_success_and_warnings_are_mild),
              cmocka_unit_test(endpoints_are_named_by_group_and_index))
