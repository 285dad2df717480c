#include "support/specification.h"
#include <math.h>
#include "cmtest/emodel.h"
#include "media/near.h"
#include "media/pair.h"

static void ten_seconds_carry_500_packets_each_way_without_loss(void **state)
{
    struct pair pair;
    struct stream_totals totals;

    (void)state;
    pair_run(&pair, 30 * MS, 0);
    for (unsigned i = 0; i < 2; i++) {
        stream_totals(pair.ends[i], &totals);
        assert_int_equal(totals.packets_sent, 500);
        assert_int_equal(totals.packets_received, 500);
        assert_int_equal(totals.packets_expected, 500);
        assert_int_equal(totals.packets_lost, 0);
        assert_int_equal(totals.malformed, 0);
        assert_int_equal(totals.wrong_payload_type, 0);
        assert_int_equal(totals.first_packet_ns, EPOCH + 30 * MS);
    }
    pair_end(&pair);
}

static void seconds_add_up_to_the_totals(void **state)
{
    (void)state;
    for (unsigned lose_every = 0; lose_every <= 10; lose_every += 5) {
        struct pair pair;
        struct stream_totals totals;
        pair_run(&pair, 30 * MS, lose_every);
        for (unsigned i = 0; i < 2; i++) {
            int64_t packets[2] = {0}, bytes[2] = {0}, expected = 0, lost = 0;
            for (unsigned s = 0; s < pair.closed; s++) {
                const struct event_second *second = pair.seconds[i][s];
                for (unsigned d = 0; d < 2; d++) {
                    assert_int_equal(second[d].direction, d);
                    assert_int_equal(second[d].second, s);
                    assert_int_equal(second[d].length_ms, 1000);
                    packets[d] += COUNT(&second[d], PACKETS);
                    bytes[d] += COUNT(&second[d], BYTES);
                }
                expected += COUNT(&second[1], EXPECTED);
                lost += COUNT(&second[1], LOST);
            }
            stream_totals(pair.ends[i], &totals);
            assert_int_equal(packets[0], totals.packets_sent);
            assert_int_equal(packets[1], totals.packets_received);
            assert_int_equal(bytes[0], 160 * packets[0]);
            assert_int_equal(bytes[1], 160 * packets[1]);
            assert_int_equal(expected, totals.packets_expected);
            assert_int_equal(lost, totals.packets_lost);
        }
        pair_end(&pair);
    }
}

static void round_trip_is_the_delay_of_the_link_both_ways(void **state)
{
    struct pair pair;

    (void)state;
    pair_run(&pair, 30 * MS, 0);
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned s = 3; s < pair.closed; s++) {
            for (unsigned d = 0; d < 2; d++) {
                assert_true(KNOWS(&pair.seconds[i][s][d], RTT));
                /* DLSR and the middle of NTP count in 1/65536 s. */
                assert_near(VALUE(&pair.seconds[i][s][d], RTT), 60, 0.05);
            }
        }
    }
    pair_end(&pair);
}

static void round_trip_and_conversational_quality_are_absent_until_measured(void **state)
{
    struct pair pair;

    (void)state;
    pair_run(&pair, 600 * MS, 0);
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned d = 0; d < 2; d++) {
            assert_int_equal(told(&pair.seconds[i][0][d]) & (TOLD_RTT | TOLD_MOS_CQ), 0);
            assert_true(KNOWS(&pair.seconds[i][5][d], RTT));
            assert_near(VALUE(&pair.seconds[i][5][d], RTT), 1200, 0.05);
        }
        assert_true(KNOWS(&pair.seconds[i][0][1], MOS));
    }
    pair_end(&pair);
}

static void a_perfect_second_has_the_r_of_the_codec(void **state)
{
    struct pair pair;

    (void)state;
    pair_run(&pair, 30 * MS, 0);
    const struct event_second *second = &pair.seconds[1][5][1];
    assert_int_equal(told(second), TOLD_LOSS | TOLD_JITTER | TOLD_RTT | TOLD_MOS | TOLD_MOS_CQ);
    assert_int_equal(COUNT(second, PACKETS), 50);
    assert_int_equal(COUNT(second, BYTES), 8000);
    assert_int_equal(COUNT(second, EXPECTED), 50);
    assert_int_equal(COUNT(second, LOST), 0);
    assert_near(VALUE(second, PACKET_LOSS), 0, 0);
    assert_near(VALUE(second, JITTER), 0, 0.00051);
    assert_near(VALUE(second, R_FACTOR), 93.2, 0.000051);
    assert_near(VALUE(second, MOS), 4.409286, 0.000051);
    /* 30 + 20 ms: too short to be heard. */
    assert_near(VALUE(second, R_FACTOR_CQ), 93.2, 0.000051);
    pair_end(&pair);
}

static void conversational_quality_counts_the_way_from_mouth_to_ear(void **state)
{
    struct pair pair;

    (void)state;
    pair_run(&pair, 180 * MS, 0);
    const struct event_second *second = &pair.seconds[1][5][1];
    double buffer = VALUE(second, PLAYOUT_DELAY);
    assert_true(KNOWS(second, MOS_CQ));
    assert_in_range((int)buffer, 20, 100);
    assert_near(VALUE(second, ONE_WAY), 180 + 20 + buffer, 0.05);
    assert_near(VALUE(second, R_FACTOR), 93.2, 0.000051);
    assert_near(VALUE(second, R_FACTOR_CQ), 93.2 - emodel_idd(200 + buffer), 0.01);
    assert_near(VALUE(second, IDD), emodel_idd(200 + buffer), 0.01);
    assert_near(VALUE(second, MOS_CQ), emodel_mos(EMODEL_NARROW, VALUE(second, R_FACTOR_CQ)),
                0.0001);
    pair_end(&pair);
}

static void every_tenth_packet_lost_is_ten_percent_and_a_lower_mos(void **state)
{
    struct pair pair;
    struct stream_totals totals;

    (void)state;
    pair_run(&pair, 0, 10);
    for (unsigned s = 1; s < 10; s++) {
        const struct event_second *second = &pair.seconds[1][s][1];
        assert_int_equal(COUNT(second, EXPECTED), 50);
        assert_int_equal(COUNT(second, LOST), 5);
        assert_near(VALUE(second, PACKET_LOSS), 10, 0.000051);
        assert_near(VALUE(second, R_FACTOR), 93.2 - emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 10, 1),
                    0.000051);
        assert_true(VALUE(second, MOS) < 2);
        assert_near(VALUE(&pair.seconds[0][s][1], PACKET_LOSS), 0, 0);
        assert_near(VALUE(&pair.seconds[0][s][1], MOS), 4.409286, 0.000051);
    }
    stream_totals(pair.ends[1], &totals);
    /* The last of all is lost too, but nothing after it tells. */
    assert_int_equal(totals.packets_expected, 499);
    assert_int_equal(totals.packets_lost, 49);
    pair_end(&pair);
}

static void loss_of_what_we_send_comes_from_the_reports_of_the_peer(void **state)
{
    struct pair pair;
    int64_t expected = 0, lost = 0;
    unsigned known = 0;

    (void)state;
    pair_run(&pair, 0, 10);
    for (unsigned s = 0; s < pair.closed; s++) {
        const struct event_second *second = &pair.seconds[0][s][0];
        assert_int_equal(KNOWS(second, PACKET_LOSS), KNOWS(second, MOS));
        if (!(KNOWS(second, PACKET_LOSS)))
            continue;
        known++;
        expected += COUNT(second, EXPECTED);
        lost += COUNT(second, LOST);
        assert_true(VALUE(second, PACKET_LOSS) > 7 && VALUE(second, PACKET_LOSS) < 13);
        assert_true(VALUE(second, MOS) < 2.3);
        assert_true(KNOWS(second, JITTER));
    }
    assert_true(known >= 6);
    assert_in_range(expected, 400, 500);
    assert_in_range(lost, expected / 10 - 1, expected / 10);
    pair_end(&pair);
}

static void without_a_report_the_send_direction_is_not_known(void **state)
{
    struct pair pair;
    unsigned silent = 0;

    (void)state;
    /* Reports every 4 s on average leave seconds without one. */
    pair_begin(&pair, 0, 0);
    for (unsigned i = 0; i < 2; i++) {
        struct stream_config config = config_of(pair.arena, 100 + i);
        config.rtcp_interval_ns = 4 * SECOND;
        stream_free(pair.ends[i]);
        pair.ends[i] = stream_new(&config, EPOCH);
    }
    for (unsigned i = 0; i < 500; i++)
        step(&pair, true);
    for (unsigned s = 0; s < pair.closed; s++) {
        const struct event_second *second = &pair.seconds[0][s][0];
        assert_int_equal(COUNT(second, PACKETS), 50);
        if (KNOWS(second, PACKET_LOSS))
            continue;
        silent++;
        assert_int_equal(told(second) & ~(unsigned)TOLD_RTT, 0);
    }
    assert_in_range(silent, 4, 9);
    pair_end(&pair);
}

static void a_second_without_a_packet_knows_neither_loss_nor_mos(void **state)
{
    struct pair pair;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    assert_int_equal(told(&seconds[0]), 0);
    assert_int_equal(told(&seconds[1]), 0);
    assert_int_equal(COUNT(&seconds[1], PACKETS), 0);
    pair_end(&pair);
}

static void a_blackout_is_lost_when_packets_come_again(void **state)
{
    struct pair pair;
    struct event_second seconds[2];
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    pair_begin(&pair, 0, 0);
    for (unsigned i = 0; i < 150; i++) {
        size_t length = stream_send(pair.ends[0], out);
        if (i < 50 || i >= 100)
            stream_receive(pair.ends[1], out, length, EPOCH + i * 20 * MS);
        if (i % 50 != 49)
            continue;
        stream_second(pair.ends[1], EPOCH + (i + 1) * 20 * MS, seconds);
        assert_int_equal(seconds[1].second, i / 50);
        if (i == 99) {
            assert_int_equal(told(&seconds[1]), 0);
        } else {
            assert_int_equal(COUNT(&seconds[1], EXPECTED), i == 49 ? 50 : 100);
            assert_int_equal(COUNT(&seconds[1], LOST), i == 49 ? 0 : 50);
            assert_near(VALUE(&seconds[1], PACKET_LOSS), i == 49 ? 0 : 50, 0.000051);
        }
    }
    pair_end(&pair);
}

static void duplicates_never_make_a_negative_percentage(void **state)
{
    struct pair pair;
    struct event_second seconds[2];
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    pair_begin(&pair, 0, 0);
    for (unsigned i = 0; i < 50; i++) {
        size_t length = stream_send(pair.ends[0], out);
        stream_receive(pair.ends[1], out, length, EPOCH + i * 20 * MS);
        stream_receive(pair.ends[1], out, length, EPOCH + i * 20 * MS);
    }
    stream_second(pair.ends[1], EPOCH + SECOND, seconds);
    assert_int_equal(COUNT(&seconds[1], PACKETS), 100);
    assert_int_equal(COUNT(&seconds[1], LOST), -50);
    assert_near(VALUE(&seconds[1], PACKET_LOSS), 0, 0);
    assert_near(VALUE(&seconds[1], R_FACTOR), 93.2, 0.000051);
    pair_end(&pair);
}

static void a_burst_that_arrives_at_once_counts_whole(void **state)
{
    struct pair pair;
    struct stream_totals totals;
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    pair_begin(&pair, 0, 0);
    for (unsigned i = 0; i < 500; i++)
        stream_receive(pair.ends[1], out, stream_send(pair.ends[0], out), EPOCH);
    stream_totals(pair.ends[1], &totals);
    assert_int_equal(totals.packets_received, 500);
    assert_int_equal(totals.packets_lost, 0);
    pair_end(&pair);
}

static void the_last_second_may_be_shorter(void **state)
{
    struct pair pair;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    assert_int_equal(seconds[0].length_ms, 1000);
    stream_second(pair.ends[0], EPOCH + SECOND + 419 * MS + MS / 2, seconds);
    assert_int_equal(seconds[0].second, 1);
    assert_int_equal(seconds[0].length_ms, 420);
    stream_second(pair.ends[0], EPOCH, seconds);
    assert_int_equal(seconds[0].length_ms, 0);
    pair_end(&pair);
}

SPECIFICATION(cmocka_unit_test(ten_seconds_carry_500_packets_each_way_without_loss),
              cmocka_unit_test(seconds_add_up_to_the_totals),
              cmocka_unit_test(round_trip_is_the_delay_of_the_link_both_ways),
              cmocka_unit_test(round_trip_and_conversational_quality_are_absent_until_measured),
              cmocka_unit_test(a_perfect_second_has_the_r_of_the_codec),
              cmocka_unit_test(conversational_quality_counts_the_way_from_mouth_to_ear),
              cmocka_unit_test(every_tenth_packet_lost_is_ten_percent_and_a_lower_mos),
              cmocka_unit_test(loss_of_what_we_send_comes_from_the_reports_of_the_peer),
              cmocka_unit_test(without_a_report_the_send_direction_is_not_known),
              cmocka_unit_test(a_second_without_a_packet_knows_neither_loss_nor_mos),
              cmocka_unit_test(a_blackout_is_lost_when_packets_come_again),
              cmocka_unit_test(duplicates_never_make_a_negative_percentage),
              cmocka_unit_test(a_burst_that_arrives_at_once_counts_whole),
              cmocka_unit_test(the_last_second_may_be_shorter))
