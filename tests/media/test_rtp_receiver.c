#include "support/specification.h"
#include <math.h>
#include "cmtest/rtp.h"
#include "media/near.h"

#define CLOCK 8000
#define MS 1000000

static void receive(struct rtp_receiver *receiver, uint32_t ssrc, unsigned sequence,
                    int64_t arrival_ns)
{
    struct rtp_packet packet = {.sequence = (uint16_t)sequence,
                                .timestamp = sequence * 160,
                                .ssrc = ssrc,
                                .payload_length = 160};

    rtp_receiver_packet(receiver, &packet, arrival_ns);
}

static struct rtp_receiver started(unsigned sequence, unsigned count)
{
    struct rtp_receiver receiver;

    rtp_receiver_init(&receiver, CLOCK);
    for (unsigned i = 0; i < count; i++)
        receive(&receiver, 1, sequence + i, i * 20 * MS);
    return receiver;
}

static void nothing_received_is_nothing_expected(void **state)
{
    struct rtp_receiver receiver = started(0, 0);

    (void)state;
    assert_int_equal(rtp_receiver_expected(&receiver), 0);
    assert_int_equal(rtp_receiver_lost(&receiver), 0);
    assert_int_equal(rtp_receiver_fraction(&receiver), 0);
    assert_near(rtp_receiver_jitter_ms(&receiver), 0, 0);
}

static void the_first_packet_counts(void **state)
{
    struct rtp_receiver receiver = started(4711, 1);

    (void)state;
    assert_int_equal(rtp_receiver_expected(&receiver), 1);
    assert_int_equal(rtp_receiver_received(&receiver), 1);
    assert_int_equal(rtp_receiver_lost(&receiver), 0);
    assert_int_equal(receiver.received_bytes, 160);
}

static void sequence_number_wraps(void **state)
{
    struct rtp_receiver receiver = started(65530, 20);

    (void)state;
    assert_int_equal(rtp_receiver_expected(&receiver), 20);
    assert_int_equal(rtp_receiver_lost(&receiver), 0);
    assert_int_equal(rtp_receiver_highest(&receiver), 65536 + 13);
}

static void sequence_number_wraps_with_loss_across_it(void **state)
{
    struct rtp_receiver receiver = started(65530, 3);

    (void)state;
    receive(&receiver, 1, 5, 60 * MS);
    assert_int_equal(rtp_receiver_expected(&receiver), 12);
    assert_int_equal(rtp_receiver_lost(&receiver), 8);
}

static void many_wraps_keep_counting(void **state)
{
    struct rtp_receiver receiver;
    uint64_t count = 0;

    (void)state;
    rtp_receiver_init(&receiver, CLOCK);
    /* Steps just inside the dropout limit get beyond 2^32 in little time. */
    for (uint64_t at = 0; at < UINT64_C(5000000000); at += 2999) {
        receive(&receiver, 1, (unsigned)(at % 65536), 0);
        count++;
    }
    assert_int_equal(rtp_receiver_received(&receiver), count);
    assert_int_equal(rtp_receiver_expected(&receiver), (count - 1) * 2999 + 1);
    assert_true(rtp_receiver_lost(&receiver) > 0);
}

static void a_gap_is_loss(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 115, 300 * MS);
    assert_int_equal(rtp_receiver_lost(&receiver), 5);
}

static void a_late_packet_is_no_loss_and_counts_as_reordered(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 111, 220 * MS);
    assert_int_equal(rtp_receiver_lost(&receiver), 1);
    receive(&receiver, 1, 110, 221 * MS);
    assert_int_equal(rtp_receiver_lost(&receiver), 0);
    assert_int_equal(receiver.reordered, 1);
    assert_int_equal(receiver.duplicates, 0);
}

static void duplicates_make_loss_negative_and_are_counted(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 109, 181 * MS);
    receive(&receiver, 1, 105, 182 * MS);
    assert_int_equal(rtp_receiver_lost(&receiver), -2);
    assert_int_equal(receiver.duplicates, 2);
    assert_int_equal(receiver.reordered, 0);
}

static void a_late_packet_that_comes_twice_is_a_duplicate(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 170, 0);
    receive(&receiver, 1, 120, 0);
    receive(&receiver, 1, 120, 0);
    assert_int_equal(receiver.reordered, 1);
    assert_int_equal(receiver.duplicates, 1);
}

static void what_was_seen_is_forgotten_beyond_256_packets_and_after_a_restart(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 400, 0);
    /* The same place in the window as 104. */
    receive(&receiver, 1, 104 + 256, 0);
    assert_int_equal(receiver.reordered, 1);
    receive(&receiver, 1, 40100, 0);
    receive(&receiver, 1, 40101, 0);
    receive(&receiver, 1, 40080, 0); /* the same place as 400 */
    assert_int_equal(40080 % 256, 400 % 256);
    assert_int_equal(receiver.reordered, 2);
    assert_int_equal(receiver.duplicates, 0);
}

static void a_single_stray_packet_changes_nothing(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 30000, 200 * MS);
    receive(&receiver, 1, 110, 220 * MS);
    assert_int_equal(rtp_receiver_received(&receiver), 11);
    assert_int_equal(rtp_receiver_expected(&receiver), 11);
    assert_int_equal(receiver.ssrc_changes, 0);
}

static void two_packets_after_a_big_jump_restart_and_totals_go_on(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 112, 240 * MS);
    receive(&receiver, 1, 30000, 260 * MS);
    receive(&receiver, 1, 30001, 280 * MS);
    receive(&receiver, 1, 30002, 300 * MS);
    assert_int_equal(rtp_receiver_expected(&receiver), 13 + 2);
    assert_int_equal(rtp_receiver_received(&receiver), 11 + 2);
    assert_int_equal(rtp_receiver_lost(&receiver), 2);
    assert_int_equal(rtp_receiver_source_lost(&receiver), 2);
    assert_int_equal(rtp_receiver_highest(&receiver), 30002);
}

static void dropout_and_misorder_limits_are_those_of_rfc3550(void **state)
{
    (void)state;
    struct rtp_receiver near = started(1000, 1), far = near, late = near, old = near;
    receive(&near, 1, 1000 + 2999, 0);
    assert_int_equal(rtp_receiver_expected(&near), 3000);
    receive(&far, 1, 1000 + 3000, 0);
    assert_int_equal(rtp_receiver_expected(&far), 1);
    receive(&late, 1, 1000 - 99, 0);
    assert_int_equal(late.reordered, 1);
    receive(&old, 1, 1000 - 100, 0);
    assert_int_equal(old.reordered, 0);
    assert_int_equal(rtp_receiver_received(&old), 1);
}

static void two_packets_of_a_new_ssrc_restart_and_both_count(void **state)
{
    struct rtp_receiver receiver = started(100, 10);

    (void)state;
    receive(&receiver, 1, 110 + 4, 300 * MS);
    receive(&receiver, 2, 50000, 320 * MS);
    receive(&receiver, 2, 50002, 360 * MS);
    assert_int_equal(receiver.ssrc_changes, 1);
    assert_int_equal(rtp_receiver_expected(&receiver), 15 + 3);
    assert_int_equal(rtp_receiver_lost(&receiver), 4 + 1);
    assert_int_equal(rtp_receiver_source_lost(&receiver), 1);
    assert_int_equal(receiver.first_ns, 0);
    assert_int_equal(receiver.last_ns, 360 * MS);
}

static void one_packet_of_another_ssrc_changes_nothing(void **state)
{
    struct rtp_receiver receiver = started(100, 10), before = receiver;

    (void)state;
    receive(&receiver, 2, 50000, 190 * MS);
    receive(&receiver, 1, 110, 200 * MS);
    receive(&receiver, 2, 50001, 210 * MS); /* not in a row */
    receive(&receiver, 3, 50002, 211 * MS); /* not of the same */
    receive(&receiver, 3, 50002, 212 * MS); /* a copy proves nothing */
    receive(&receiver, 3, 9, 213 * MS);     /* nor does what is far off */
    receive(&receiver, 1, 111, 220 * MS);
    assert_int_equal(receiver.ssrc, 1);
    assert_int_equal(receiver.ssrc_changes, 0);
    assert_int_equal(receiver.ssrc_strays, 5);
    assert_int_equal(rtp_receiver_received(&receiver), 12);
    assert_int_equal(rtp_receiver_expected(&receiver), 12);
    assert_true(receiver.jitter == before.jitter);
}

static void fraction_lost_has_the_values_of_rfc3550(void **state)
{
    static const struct {
        unsigned expected, received;
        uint8_t fraction;
    } vectors[] = {{50, 49, 5}, {250, 240, 10}, {4, 3, 64}, {50, 51, 0}, {100, 0, 255}, {0, 0, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct rtp_receiver receiver = started(0, 1);
        rtp_receiver_fraction(&receiver);
        receiver.max_seq = (uint16_t)(receiver.max_seq + vectors[i].expected);
        receiver.received += vectors[i].received;
        assert_int_equal(rtp_receiver_fraction(&receiver), vectors[i].fraction);
        assert_int_equal(rtp_receiver_fraction(&receiver), 0);
    }
}

/* 50 packets of 20 ms; packet i arrives at i * spacing_ms + late_ms(i). */
static void check_jitter(double spacing_ms, double (*late_ms)(unsigned), double ms, uint32_t field)
{
    struct rtp_receiver receiver;
    const uint32_t near_wrap = UINT32_MAX - 3000;

    rtp_receiver_init(&receiver, CLOCK);
    for (unsigned i = 0; i < 50; i++) {
        struct rtp_packet packet = {.sequence = (uint16_t)i, .timestamp = near_wrap + i * 160};
        rtp_receiver_packet(&receiver, &packet, llrint((i * spacing_ms + late_ms(i)) * MS));
    }
    assert_near(rtp_receiver_jitter_ms(&receiver), ms, 1e-6);
    assert_int_equal((uint32_t)receiver.jitter, field);
}

static double never(unsigned i)
{
    (void)i;
    return 0;
}

static double every_second(unsigned i)
{
    return i % 2 * 5;
}

static double fifth(unsigned i)
{
    return i == 5 ? 40 : 0;
}

static double stairs(unsigned i)
{
    return i % 4;
}

static void jitter_has_the_values_of_rfc3550_across_a_timestamp_wrap(void **state)
{
    (void)state;
    check_jitter(20, never, 0, 0);
    check_jitter(20, every_second, 4.788377, 38);
    check_jitter(20, fifth, 0.301958, 2);
    check_jitter(21, never, 0.957675, 7);
    check_jitter(20, stairs, 1.449479, 11);
}

static void jitter_starts_anew_with_a_new_ssrc(void **state)
{
    struct rtp_receiver receiver = started(0, 2);

    (void)state;
    receive(&receiver, 1, 2, 90 * MS);
    assert_true(rtp_receiver_jitter_ms(&receiver) > 1);
    receive(&receiver, 2, 40000, 100 * MS);
    receive(&receiver, 2, 40001, 120 * MS);
    assert_near(rtp_receiver_jitter_ms(&receiver), 0, 1e-9);
}

SPECIFICATION(cmocka_unit_test(nothing_received_is_nothing_expected),
              cmocka_unit_test(the_first_packet_counts), cmocka_unit_test(sequence_number_wraps),
              cmocka_unit_test(sequence_number_wraps_with_loss_across_it),
              cmocka_unit_test(many_wraps_keep_counting), cmocka_unit_test(a_gap_is_loss),
              cmocka_unit_test(a_late_packet_is_no_loss_and_counts_as_reordered),
              cmocka_unit_test(duplicates_make_loss_negative_and_are_counted),
              cmocka_unit_test(a_late_packet_that_comes_twice_is_a_duplicate),
              cmocka_unit_test(what_was_seen_is_forgotten_beyond_256_packets_and_after_a_restart),
              cmocka_unit_test(a_single_stray_packet_changes_nothing),
              cmocka_unit_test(two_packets_after_a_big_jump_restart_and_totals_go_on),
              cmocka_unit_test(dropout_and_misorder_limits_are_those_of_rfc3550),
              cmocka_unit_test(two_packets_of_a_new_ssrc_restart_and_both_count),
              cmocka_unit_test(one_packet_of_another_ssrc_changes_nothing),
              cmocka_unit_test(fraction_lost_has_the_values_of_rfc3550),
              cmocka_unit_test(jitter_has_the_values_of_rfc3550_across_a_timestamp_wrap),
              cmocka_unit_test(jitter_starts_anew_with_a_new_ssrc))
