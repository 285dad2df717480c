#include "support/specification.h"

#include "support/fixture.h"

static void begin(struct fixture *f, const char *text)
{
    fixture_init(f, 4);
    fixture_threshold(f, text);
    fixture_run(f);
}

static void second_at(struct fixture *f, double seconds, uint32_t who, double mos)
{
    f->now_ns = FIXTURE_START + (int64_t)(seconds * 1e9);
    fixture_event(f, fixture_second_event(who, DIRECTION_RECEIVE, (uint32_t)seconds, mos));
}

static bool stops(struct fixture *f, double seconds)
{
    struct event_stop stop;
    return result_must_stop(f->result, FIXTURE_START + (int64_t)(seconds * 1e9), &stop);
}

static void what_was_not_measured_never_ends_the_run(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "receive.mos.min >= 3 abort after 1s");
    assert_false(stops(&f, 1));
    assert_false(stops(&f, 100));
    fixture_fini(&f);
}

static void breach_that_cannot_be_mended_ends_it_at_once(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "receive.mos.min >= 3 abort after 60s");
    second_at(&f, 1, 0, 4);
    assert_false(stops(&f, 1));
    second_at(&f, 2, 0, 2);
    assert_true(stops(&f, 2));
    fixture_fini(&f);
}

static void other_breach_must_last(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "receive.mos.avg >= 3 abort after 5s");
    second_at(&f, 1, 0, 2);
    assert_false(stops(&f, 1));
    assert_false(stops(&f, 5));
    second_at(&f, 5, 0, 4.4);
    assert_false(stops(&f, 7)); /* mended */
    second_at(&f, 8, 0, 1);
    assert_false(stops(&f, 8));
    assert_false(stops(&f, 12));
    assert_true(stops(&f, 13.1));
    fixture_fini(&f);
}

static void calls_that_are_left_may_mend_a_share(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "calls.success_rate >= 50% abort after 60s");
    for (uint32_t i = 0; i < 2; i++)
        fixture_refused_call(&f, i, 503, "Unavailable", OUTCOME_CALL_FAILED);
    assert_false(stops(&f, 1));
    fixture_refused_call(&f, 2, 503, "Unavailable", OUTCOME_CALL_FAILED);
    assert_true(stops(&f, 2));
    fixture_fini(&f);
}

static void window_that_is_over_ends_it(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "receive.mos.avg >= 3 during worst 2s abort after 60s");
    for (uint32_t second = 1; second < 30; second++) {
        second_at(&f, second, 0, second == 5 || second == 6 ? 1 : 4);
        if (second < 7)
            assert_false(stops(&f, second));
    }
    assert_true(stops(&f, 30));
    fixture_fini(&f);
}

static void one_endpoint_may_end_it(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "receive.mos.min >= 3 of worst endpoint abort after 60s");
    for (uint32_t second = 1; second < 10; second++)
        second_at(&f, second, 1, second == 2 ? 1 : 4);
    assert_true(stops(&f, 10));
    fixture_fini(&f);
}

static void run_that_was_ended_fails_and_says_by_what(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "receive.mos.avg >= 3 abort after 1s");
    second_at(&f, 1, 0, 2);
    struct event event = {
        .endpoint = ROSTER_NONE, .kind = EVENT_STOP, .at_ns = FIXTURE_START + 3 * FIXTURE_S};
    result_event(f.result, &event);
    assert_false(stops(&f, 20)); /* once */
    for (uint32_t second = 4; second < 9; second++)
        second_at(&f, second, 0, 4.4); /* mended while it hung up */
    fixture_judge(&f);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    assert_true(f.result->judgements[0].stopped);
    assert_non_null(strstr(f.result->judgements[0].note, "it ended the run after 3 s"));
    assert_non_null(strstr(f.result->why, "The run was ended after 3 s"));
    fixture_fini(&f);
}

static void without_abort_nothing_ends(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "receive.mos.min >= 3");
    second_at(&f, 1, 0, 2);
    assert_false(stops(&f, 100));
    fixture_fini(&f);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(what_was_not_measured_never_ends_the_run),
              cmocka_unit_test(breach_that_cannot_be_mended_ends_it_at_once),
              cmocka_unit_test(other_breach_must_last),
              cmocka_unit_test(calls_that_are_left_may_mend_a_share),
              cmocka_unit_test(window_that_is_over_ends_it),
              cmocka_unit_test(one_endpoint_may_end_it),
              cmocka_unit_test(run_that_was_ended_fails_and_says_by_what),
              cmocka_unit_test(without_abort_nothing_ends))
/* clang-format on */
