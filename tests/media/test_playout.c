/* What a listener meets, packet by packet. Sequence numbers and timestamps wrap in all of it. */
#include "media/listener.h"
#include "media/near.h"

static void nothing_is_told_before_anything_has_come(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    listener_until(&listener, 1000 * MS);
    assert_int_equal(listener.count, 0);
    listener_free(&listener);
    playout_free(NULL);
}

static void every_packet_is_played_nominal_after_it_came(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 500; n++) {
        listener_put(&listener, n, 5 * MS + n * PTIME);
        if (n >= 2)
            assert_int_equal(listener.last_due_ns, 5 * MS + (n - 2) * PTIME + 40 * MS);
        assert_int_equal(listener_totals(&listener).played, n < 2 ? 0 : n - 1);
    }
    listener_until(&listener, 499 * PTIME + 45 * MS);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, 500);
    assert_int_equal(totals.concealed + totals.discarded + totals.adjustments, 0);
    assert_int_equal(totals.delay_ns, 40 * MS);
    assert_int_equal(totals.target_ns, 40 * MS);
    assert_int_equal(listener.silences + listener.conceals, 0);
    listener_free(&listener);
}

static void a_faster_packet_before_the_first_is_heard_sets_the_time(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    listener_put(&listener, 0, 30 * MS); /* was under way for 30 ms */
    listener_put(&listener, 1, 30 * MS); /* for 10 */
    listener_put(&listener, 2, 41 * MS); /* for 1 */
    listener_until(&listener, 200 * MS);
    assert_int_equal(listener_totals(&listener).played, 3);
    struct listener other = fixed_new();
    listener_put(&other, 0, 30 * MS);
    listener_put(&other, 1, 30 * MS);
    listener_put(&other, 2, 41 * MS);
    listener_until(&other, 41 * MS);
    assert_int_equal(other.last_due_ns, 41 * MS);
    listener_free(&listener);
    listener_free(&other);
}

static void loss_is_concealed(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 100; n++)
        if (n != 10 && n != 20 && n != 21 && n != 30 && n != 32)
            listener_put(&listener, n, n * PTIME);
    listener_until(&listener, 101 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, 95);
    assert_int_equal(totals.concealed, 5);
    assert_int_equal(totals.concealments, 4);
    assert_int_equal(totals.discarded, 0);
    assert_int_equal(listener.conceals, 5);
    assert_int_equal(listener.silences, 0);
    assert_int_equal(listener.with_next, 4); /* not the first one of two */
    assert_memory_equal(listener.told, "PPPPPPPPPPCPPPPPPPPPCCPPPPPPPPCPCP", 34);
    listener_free(&listener);
}

static void a_late_packet_is_discarded_and_concealed(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 100; n++) {
        if (n != 50)
            listener_put(&listener, n, n * PTIME + (n == 70 ? 39 * MS : 0));
        if (n == 52) /* when two behind it are there already */
            listener_put(&listener, 50, 52 * PTIME + 1);
    }
    listener_until(&listener, 101 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.discarded, 1); /* 70 came in time */
    assert_int_equal(totals.played, 99);
    assert_int_equal(totals.concealed, 1);
    listener_check_sum(&listener, 100);
    listener_free(&listener);
}

static void an_empty_buffer_is_concealment_when_the_packet_was_only_late(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 50; n++)
        listener_put(&listener, n, n * PTIME);
    /* The path stalls for 150 ms; all that was held up comes at once. */
    for (uint32_t n = 50; n < 58; n++)
        listener_put(&listener, n, 50 * PTIME + 150 * MS);
    for (uint32_t n = 58; n < 100; n++)
        listener_put(&listener, n, n * PTIME);
    listener_until(&listener, 101 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    /* 50 to 55 should have been played by then: 50 at 40 ms, 55 at 140. */
    assert_int_equal(totals.discarded, 6);
    assert_int_equal(totals.concealed, 6);
    assert_int_equal(totals.concealments, 1);
    assert_int_equal(totals.played, 94);
    listener_free(&listener);
}

static void a_burst_of_loss_that_empties_the_buffer_is_concealed_in_full(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 100; n++)
        if (n < 40 || n >= 55)
            listener_put(&listener, n, n * PTIME);
    listener_until(&listener, 101 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.concealed, 15);
    assert_int_equal(totals.concealments, 1);
    assert_int_equal(totals.played, 85);
    listener_free(&listener);
}

static void reordering_within_the_delay_is_heard(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 300; n += 3) {
        listener_put(&listener, n, n * PTIME);
        listener_put(&listener, n + 2, (n + 2) * PTIME);
        listener_put(&listener, n + 1, (n + 2) * PTIME + MS);
    }
    listener_until(&listener, 303 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, 300);
    assert_int_equal(totals.concealed + totals.discarded + totals.duplicates, 0);
    listener_free(&listener);
}

static void duplicates_are_ignored(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 100; n++) {
        listener_put(&listener, n, n * PTIME);
        listener_put(&listener, n, n * PTIME + 15 * MS);
        if (n > 5)
            listener_put(&listener, n - 5, n * PTIME + 16 * MS); /* long heard */
    }
    listener_until(&listener, 103 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, 100);
    assert_int_equal(totals.duplicates, 100 + 94);
    assert_int_equal(totals.discarded + totals.concealed, 0);
    listener_free(&listener);
}

static void pauses_of_the_sender_are_silence(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    uint32_t n = 0;
    for (uint32_t at = 0; at < 2000; at++)
        if (at / 50 % 2 == 0) {
            listener_put_at(&listener, n, at, at * PTIME);
            n++;
        }
    listener_until(&listener, 1950 * PTIME + 30 * MS);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, n);
    assert_int_equal(totals.concealed, 0);
    assert_int_equal(totals.concealments, 0);
    assert_int_equal(totals.discarded, 0);
    assert_true(listener.silences >= 19 * 46);
    listener_free(&listener);
}

static void loss_at_a_pause_is_concealment_and_the_rest_is_silence(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    uint32_t n = 0;
    for (uint32_t at = 0; at < 200; at++)
        if (at / 50 % 2 == 0) {
            /* The last of the first talkspurt, the first two and the fourth of the second. */
            if (n < 49 || (n > 51 && n != 53))
                listener_put_at(&listener, n, at, at * PTIME);
            n++;
        }
    listener_until(&listener, 200 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, 96);
    assert_int_equal(totals.concealed, 4);
    listener_free(&listener);
}

static void packets_without_audio_are_not_missing(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    for (uint32_t n = 0; n < 200; n++)
        if (n >= 50 && n < 60) {
            struct rtp_packet event = {.sequence = (uint16_t)(listener.first_sequence + n)};
            listener_until(&listener, n * PTIME);
            playout_other(listener.playout, &event);
        } else {
            listener_put(&listener, n, n * PTIME);
        }
    listener_until(&listener, 202 * PTIME);
    struct playout_totals totals = listener_totals(&listener);
    assert_int_equal(totals.played, 190);
    assert_int_equal(totals.concealed, 0);
    listener_free(&listener);
}

static void the_packet_time_of_the_sender_is_learned(void **state)
{
    (void)state;
    static const uint32_t steps[] = {80, 240, 320, 480};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct listener listener = listener_new(&(struct playout_config){.nominal_ns = 200 * MS});
        for (uint32_t n = 0; n < 400; n++) {
            struct rtp_packet packet = {.sequence = (uint16_t)n, .timestamp = n * steps[i]};
            int64_t at = (int64_t)n * steps[i] * MS / 8;
            listener_until(&listener, at);
            if (n % 10 != 5)
                playout_put(listener.playout, &packet, at);
        }
        listener_until(&listener, 400 * (int64_t)steps[i] * MS / 8 + 300 * MS);
        struct playout_totals totals = listener_totals(&listener);
        assert_int_equal(totals.played, 360);
        assert_int_equal(totals.concealed, 40);
        assert_int_equal(totals.discarded + totals.dropped, 0);
        listener_free(&listener);
    }
}

static void no_payload_is_needed(void **state)
{
    (void)state;
    struct listener listener = fixed_new();
    struct playout_event event;
    for (uint32_t n = 0; n < 10; n++) {
        struct rtp_packet packet = {.sequence = (uint16_t)n, .timestamp = n * STEP};
        playout_put(listener.playout, &packet, n * PTIME);
    }
    assert_int_equal(playout_get(listener.playout, PTIME * 10, &event), PLAYOUT_PACKET);
    assert_null(event.payload);
    assert_int_equal(event.length, 0);
    assert_int_equal(listener_totals(&listener).waiting, 9);
    listener_free(&listener);
}

SPECIFICATION(cmocka_unit_test(nothing_is_told_before_anything_has_come),
              cmocka_unit_test(every_packet_is_played_nominal_after_it_came),
              cmocka_unit_test(a_faster_packet_before_the_first_is_heard_sets_the_time),
              cmocka_unit_test(loss_is_concealed),
              cmocka_unit_test(a_late_packet_is_discarded_and_concealed),
              cmocka_unit_test(an_empty_buffer_is_concealment_when_the_packet_was_only_late),
              cmocka_unit_test(a_burst_of_loss_that_empties_the_buffer_is_concealed_in_full),
              cmocka_unit_test(reordering_within_the_delay_is_heard),
              cmocka_unit_test(duplicates_are_ignored),
              cmocka_unit_test(pauses_of_the_sender_are_silence),
              cmocka_unit_test(loss_at_a_pause_is_concealment_and_the_rest_is_silence),
              cmocka_unit_test(packets_without_audio_are_not_missing),
              cmocka_unit_test(the_packet_time_of_the_sender_is_learned),
              cmocka_unit_test(no_payload_is_needed))
