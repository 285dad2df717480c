/* Pauses of the sender, and an empty buffer of which nobody knows yet what it is. */
#include "media/listener.h"
#include "media/near.h"

static const struct playout_config adaptive = {
    .adaptive = true, .nominal_ns = 20 * MS, .minimum_ns = 20 * MS, .maximum_ns = 200 * MS};

static void the_first_packet_behind_a_pause_is_played_by_the_delay_that_is_right_then(void **state)
{
    (void)state;
    struct listener listener = listener_new(&adaptive);
    for (uint32_t n = 0; n < 60; n++)
        listener_put(&listener, n, n * PTIME + (n % 2 ? 10 * MS : 0));
    struct playout_totals before = listener_totals(&listener);
    assert_int_equal(before.adjustments, 0);
    assert_true(before.target_ns > 22 * MS && before.target_ns < 28 * MS);
    /* 22 ms late: too late for the delay of 20 ms that was heard so far. */
    listener_put_at(&listener, 60, 160, 160 * PTIME + 22 * MS);
    for (uint32_t n = 61; n < 70; n++)
        listener_put_at(&listener, n, n + 100, (n + 100) * PTIME + 5 * MS);
    struct playout_totals after = listener_totals(&listener);
    assert_int_equal(after.discarded, 0);
    assert_int_equal(after.concealed, 0);
    assert_int_equal(after.adjustments, 1);
    assert_true(after.delay_ns > before.delay_ns + 2 * MS);
    listener_free(&listener);
}

static void a_pause_between_concealed_packets_parts_them(void **state)
{
    (void)state;
    struct listener listener = listener_new(&(struct playout_config){.nominal_ns = 40 * MS});
    for (uint32_t n = 0; n < 49; n++)
        listener_put(&listener, n, n * PTIME);
    listener_put(&listener, 49, 49 * PTIME + 60 * MS); /* too late */
    /* 50 is lost; 51 comes when it is just time to conceal it. */
    for (uint32_t n = 51; n < 100; n++)
        listener_put_at(&listener, n, n + 50, (n + 50) * PTIME + (n == 51 ? 19 * MS : 0));
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.discarded, 1);
    assert_int_equal(totals.concealed, 2);
    assert_int_equal(totals.concealments, 2);
    listener_free(&listener);
}

/* Time never runs backwards: listener.h looks at it. */
static void a_pause_can_only_be_shortened_by_its_own_length(void **state)
{
    (void)state;
    struct listener listener = listener_new(&(struct playout_config){
        .adaptive = true, .nominal_ns = 150 * MS, .minimum_ns = 20 * MS, .maximum_ns = 200 * MS});
    for (uint32_t n = 0; n < 1000; n++)
        listener_put_at(&listener, n, n + n / 10, (n + n / 10) * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_true(totals.delay_ns < 50 * MS);
    assert_int_equal(totals.discarded + totals.concealed, 0);
    listener_check_sum(&listener, 1000);
    listener_free(&listener);
}

static void an_empty_buffer_grows_the_delay_when_packets_were_too_late(void **state)
{
    (void)state;
    struct listener listener = listener_new(&adaptive);
    for (uint32_t n = 0; n < 60; n++)
        listener_put(&listener, n, n * PTIME);
    for (uint32_t n = 60; n < 160; n++) /* the path is 35 ms longer from here */
        listener_put(&listener, n, n * PTIME + 35 * MS);
    struct playout_totals totals = listener_totals(&listener);
    assert_true(totals.discarded > 0 && totals.discarded < 40);
    assert_true(listener.inserted >= 1 && totals.adjustments == listener.inserted);
    assert_true(totals.played > 110);
    listener_free(&listener);
}

static void a_listener_who_has_not_asked_for_hours_is_not_told_all_of_it(void **state)
{
    (void)state;
    struct listener listener = listener_new(&adaptive);
    listener_put(&listener, 0, 0);
    listener_put(&listener, 1, PTIME);
    listener.now_ns = 10 * 3600 * 1000 * MS;
    listener_take(&listener);
    assert_int_equal(listener.packets, 2);
    assert_true(listener.silences + listener.conceals <= PLAYOUT_PACKETS + 4);
    listener_free(&listener);
}

SPECIFICATION(
    cmocka_unit_test(the_first_packet_behind_a_pause_is_played_by_the_delay_that_is_right_then),
    cmocka_unit_test(a_pause_between_concealed_packets_parts_them),
    cmocka_unit_test(a_pause_can_only_be_shortened_by_its_own_length),
    cmocka_unit_test(an_empty_buffer_grows_the_delay_when_packets_were_too_late),
    cmocka_unit_test(a_listener_who_has_not_asked_for_hours_is_not_told_all_of_it))
