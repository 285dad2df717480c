/* When a real-time media thread steps aside, on a clock of the test's own. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "pacer_private.h"

#define SECOND_MS 1000

/* Of a second behind its first half, the turns that are to be real-time; each rests so long. */
static unsigned real_time_turns(int64_t rested_ns, int64_t (*rest)(int64_t ms))
{
    struct real_time real_time = {.allowed = true, .since_ns = 0};
    unsigned turns = 0;
    for (int64_t ms = 1; ms <= SECOND_MS + SECOND_MS / 2; ms++) {
        bool due = real_time_due(&real_time, ms * NS_PER_MS, rest ? rest(ms) : rested_ns);
        turns += due && ms > SECOND_MS / 2;
    }
    return turns;
}

static void is_real_time_throughout_while_a_tenth_of_its_cpu_is_left(void **state)
{
    (void)state;
    assert_int_equal(real_time_turns(NS_PER_MS, NULL), SECOND_MS);
    assert_int_equal(real_time_turns(NS_PER_MS / 8, NULL), SECOND_MS);
}

static void stays_below_what_the_kernel_allows_when_its_cpu_is_nearly_full(void **state)
{
    (void)state;
    assert_int_equal(real_time_turns(0, NULL), 9 * SECOND_MS / 10);
    assert_int_equal(real_time_turns(NS_PER_MS / 12, NULL), 9 * SECOND_MS / 10);
}

static int64_t full_at_first(int64_t ms)
{
    return ms <= SECOND_MS ? 0 : NS_PER_MS / 2;
}

static void is_real_time_again_within_a_tenth_of_a_second(void **state)
{
    (void)state;
    unsigned turns = real_time_turns(0, full_at_first);
    assert_in_range(turns, SECOND_MS - 5 * 10 - 2 * 5, SECOND_MS - 5 * 10);
}

static void never_steps_aside_for_more_than_two_turns_in_a_row(void **state)
{
    (void)state;
    struct real_time real_time = {.allowed = true};
    unsigned row = 0, most = 0;
    for (int64_t ms = 1; ms <= SECOND_MS; ms++) {
        row = real_time_due(&real_time, ms * NS_PER_MS, 0) ? 0 : row + 1;
        most = row > most ? row : most;
    }
    assert_int_equal(most, 2);
}

static void is_real_time_when_it_had_nothing_to_do_for_long(void **state)
{
    (void)state;
    struct real_time real_time = {.allowed = true};
    for (int64_t ms = 10 * SECOND_MS; ms < 10 * SECOND_MS + 50; ms++)
        assert_true(real_time_due(&real_time, ms * NS_PER_MS, 0));
}

SPECIFICATION(cmocka_unit_test(is_real_time_when_it_had_nothing_to_do_for_long),
              cmocka_unit_test(is_real_time_throughout_while_a_tenth_of_its_cpu_is_left),
              cmocka_unit_test(stays_below_what_the_kernel_allows_when_its_cpu_is_nearly_full),
              cmocka_unit_test(is_real_time_again_within_a_tenth_of_a_second),
              cmocka_unit_test(never_steps_aside_for_more_than_two_turns_in_a_row))
