#include "support/specification.h"
#include <math.h>
#include <string.h>
#include "cmtest/emodel.h"
#include "media/mutate.h"
#include "media/near.h"
#include "media/pair.h"

static struct rtp_packet sent(struct stream *stream)
{
    static uint8_t out[STREAM_PACKET_MAX];
    struct rtp_packet packet;

    assert_true(rtp_parse(out, stream_send(stream, out), &packet));
    return packet;
}

static void packets_follow_each_other_by_one_frame(void **state)
{
    struct pair pair;

    (void)state;
    pair_begin(&pair, 0, 0);
    struct stream_config config = config_of(pair.arena, 1);
    struct rtp_packet first = sent(pair.ends[0]);
    assert_true(first.marker);
    assert_int_equal(first.payload_type, 8);
    assert_memory_equal(first.payload, config.frames->bytes, 160);
    for (unsigned i = 1; i < 12; i++) {
        struct rtp_packet next = sent(pair.ends[0]);
        assert_false(next.marker);
        assert_int_equal(next.ssrc, first.ssrc);
        assert_int_equal(next.sequence, (uint16_t)(first.sequence + i));
        assert_int_equal(next.timestamp, (uint32_t)(first.timestamp + 160 * i));
        assert_int_equal(next.payload_length, 160);
        assert_memory_equal(next.payload, config.frames->bytes + i % config.frames->count * 160,
                            160);
    }
    pair_end(&pair);
}

static void skipped_time_moves_the_timestamp_and_not_the_sequence(void **state)
{
    struct pair pair;

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet first = sent(pair.ends[0]);
    stream_skip(pair.ends[0], 3);
    struct rtp_packet next = sent(pair.ends[0]);
    assert_true(next.marker);
    assert_int_equal(next.sequence, (uint16_t)(first.sequence + 1));
    assert_int_equal(next.timestamp, (uint32_t)(first.timestamp + 4 * 160));
    pair_end(&pair);
}

static void an_unsent_packet_is_not_counted_but_its_number_is_used(void **state)
{
    struct pair pair;
    struct stream_totals totals;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet first = sent(pair.ends[0]);
    sent(pair.ends[0]);
    stream_unsent(pair.ends[0]);
    assert_int_equal(sent(pair.ends[0]).sequence, (uint16_t)(first.sequence + 2));
    stream_totals(pair.ends[0], &totals);
    assert_int_equal(totals.packets_sent, 2);
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    assert_int_equal(COUNT(&seconds[0], PACKETS), 2);
    assert_int_equal(COUNT(&seconds[0], BYTES), 320);
    pair_end(&pair);
}

static void the_seed_decides_ssrc_sequence_and_timestamp(void **state)
{
    struct pair one, two;

    (void)state;
    pair_begin(&one, 0, 0);
    pair_begin(&two, 0, 0);
    struct rtp_packet a = sent(one.ends[0]), b = sent(two.ends[0]), c = sent(two.ends[1]);
    assert_int_equal(a.ssrc, b.ssrc);
    assert_int_equal(a.sequence, b.sequence);
    assert_int_equal(a.timestamp, b.timestamp);
    assert_int_not_equal(a.ssrc, c.ssrc);
    assert_int_equal(stream_rtcp_due(one.ends[0]), stream_rtcp_due(two.ends[0]));
    assert_int_not_equal(stream_rtcp_due(one.ends[0]), stream_rtcp_due(one.ends[1]));
    pair_end(&one);
    pair_end(&two);
}

static void malformed_datagrams_are_counted_and_nothing_else(void **state)
{
    struct pair pair;
    struct stream_totals totals;
    struct event_second seconds[2];
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    pair_begin(&pair, 0, 0);
    stream_receive(pair.ends[1], (const uint8_t *)"hello", 5, EPOCH);
    stream_receive(pair.ends[1], out, 0, EPOCH);
    stream_rtcp_receive(pair.ends[1], (const uint8_t *)"hello", 5, EPOCH, EPOCH);
    struct rtp_packet packet = sent(pair.ends[0]);
    packet.payload_type = 13;
    stream_receive(pair.ends[1], out, rtp_write(&packet, out, sizeof out), EPOCH);
    stream_totals(pair.ends[1], &totals);
    assert_int_equal(totals.malformed, 3);
    assert_int_equal(totals.wrong_payload_type, 1);
    assert_int_equal(totals.packets_received, 0);
    assert_int_equal(totals.packets_expected, 0);
    assert_true(totals.first_packet_ns == EVENT_NONE);
    stream_second(pair.ends[1], EPOCH + SECOND, seconds);
    assert_int_equal(COUNT(&seconds[1], PACKETS), 0);
    assert_int_equal(told(&seconds[1]), 0);
    pair_end(&pair);
}

/* Hanging up is between two packets, and a late thread is behind the next one. */
static void both_stamps_of_a_sender_report_tell_the_same_time(void **state)
{
    struct pair pair;
    struct rtcp_report report;
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    pair_begin(&pair, 0, 0);
    for (int ms = -15; ms <= 15; ms += 5) {
        int64_t now_ns = EPOCH + 20 * MS + ms * MS;
        struct rtp_packet packet = sent(pair.ends[0]);
        size_t length =
            stream_rtcp_send(pair.ends[0], now_ns, now_ns + UTC_OFFSET, EPOCH + 20 * MS, true, out);
        assert_true(rtcp_parse(out, length, &report));
        assert_int_equal(report.ntp, rtcp_ntp(now_ns + UTC_OFFSET));
        assert_int_equal((int32_t)(report.rtp_timestamp - packet.timestamp), 160 + ms * 8);
    }
    pair_end(&pair);
}

static void the_first_report_is_due_after_half_an_interval(void **state)
{
    struct pair pair;
    uint8_t out[STREAM_PACKET_MAX];
    int64_t earliest = INT64_MAX, latest = 0;

    (void)state;
    pair_begin(&pair, 0, 0);
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct stream_config config = config_of(pair.arena, seed);
        struct stream *stream = stream_new(&config, EPOCH);
        int64_t wait = stream_rtcp_due(stream) - EPOCH;
        assert_in_range(wait, 250 * MS, 750 * MS);
        stream_rtcp_send(stream, EPOCH + SECOND, UTC_OFFSET, EPOCH + SECOND, false, out);
        wait = stream_rtcp_due(stream) - EPOCH - SECOND;
        assert_in_range(wait, 500 * MS, 1500 * MS);
        earliest = wait < earliest ? wait : earliest;
        latest = wait > latest ? wait : latest;
        stream_free(stream);
    }
    assert_true(earliest < 600 * MS && latest > 1400 * MS);
    pair_end(&pair);
}

static struct rtcp_report report_of(struct stream *stream, int64_t now_ns, bool bye)
{
    struct rtcp_report report;
    uint8_t out[STREAM_PACKET_MAX];

    assert_true(rtcp_parse(
        out, stream_rtcp_send(stream, now_ns, now_ns + UTC_OFFSET, now_ns, bye, out), &report));
    return report;
}

static void who_has_sent_since_the_last_report_sends_a_sender_report(void **state)
{
    struct pair pair;

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtcp_report report = report_of(pair.ends[0], EPOCH, false);
    assert_false(report.is_sender);
    assert_int_equal(report.block_count, 0);
    struct rtp_packet packet = sent(pair.ends[0]);
    sent(pair.ends[0]);
    report = report_of(pair.ends[0], EPOCH + 40 * MS, false);
    assert_true(report.is_sender);
    assert_false(report.bye);
    assert_int_equal(report.ssrc, packet.ssrc);
    assert_int_equal(report.packets, 2);
    assert_int_equal(report.octets, 320);
    assert_int_equal(report.rtp_timestamp, (uint32_t)(packet.timestamp + 320));
    assert_int_equal(report.ntp, rtcp_ntp(EPOCH + 40 * MS + UTC_OFFSET));
    report = report_of(pair.ends[0], EPOCH + SECOND, true);
    assert_false(report.is_sender);
    assert_true(report.bye);
    pair_end(&pair);
}

static void a_report_block_tells_what_was_received(void **state)
{
    struct pair pair;
    uint8_t out[STREAM_PACKET_MAX];
    struct rtp_packet first;

    (void)state;
    pair_begin(&pair, 0, 0);
    for (unsigned i = 0; i < 20; i++) {
        size_t length = stream_send(pair.ends[0], out);
        if (i == 0)
            assert_true(rtp_parse(out, length, &first));
        if (i % 4 != 2)
            stream_receive(pair.ends[1], out, length, EPOCH + i * 20 * MS);
    }
    uint32_t start = first.sequence;
    struct rtcp_report report = report_of(pair.ends[1], EPOCH + SECOND, false);
    assert_int_equal(report.block_count, 1);
    assert_int_equal(report.blocks[0].ssrc, first.ssrc);
    assert_int_equal(report.blocks[0].fraction_lost, 64);
    assert_int_equal(report.blocks[0].cumulative_lost, 5);
    assert_int_equal(report.blocks[0].highest_sequence, start + 19);
    assert_int_equal(report.blocks[0].lsr, 0);
    assert_int_equal(report.blocks[0].dlsr, 0);
    struct rtcp_report ours = report_of(pair.ends[0], EPOCH + SECOND, false);
    size_t length = rtcp_write(&ours, "x", out, sizeof out);
    stream_rtcp_receive(pair.ends[1], out, length, EPOCH + SECOND, EPOCH + SECOND + UTC_OFFSET);
    report = report_of(pair.ends[1], EPOCH + SECOND + 500 * MS, false);
    assert_int_equal(report.blocks[0].fraction_lost, 0);
    assert_int_equal(report.blocks[0].lsr, (uint32_t)(ours.ntp >> 16));
    assert_int_equal(report.blocks[0].dlsr, 32768);
    pair_end(&pair);
}

/* A receiver report of somebody about the stream. */
static void report_of_peer(struct stream *stream, uint32_t reporter, uint32_t ssrc,
                           struct rtcp_report_block block)
{
    struct rtcp_report report = {.ssrc = reporter, .block_count = 1, .blocks = {block}};
    uint8_t out[STREAM_PACKET_MAX];

    report.blocks[0].ssrc = ssrc;
    size_t length = rtcp_write(&report, "peer", out, sizeof out);
    stream_rtcp_receive(stream, out, length, EPOCH + SECOND, EPOCH + SECOND + UTC_OFFSET);
}

static void reports_that_make_things_up_measure_nothing(void **state)
{
    struct pair pair;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet packet = sent(pair.ends[0]);
    uint32_t base = packet.sequence;
    /* About somebody else; a sender report that we never sent; a sequence number far away. */
    report_of_peer(pair.ends[0], 77, packet.ssrc + 1, (struct rtcp_report_block){.jitter = 8});
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    assert_int_equal(told(&seconds[0]), 0);
    report_of_peer(pair.ends[0], 77, packet.ssrc,
                   (struct rtcp_report_block){.highest_sequence = base, .lsr = 12345, .dlsr = 1});
    stream_second(pair.ends[0], EPOCH + 2 * SECOND, seconds);
    assert_int_equal(told(&seconds[0]), TOLD_LOSS | TOLD_JITTER | TOLD_MOS);
    report_of_peer(pair.ends[0], 77, packet.ssrc,
                   (struct rtcp_report_block){.highest_sequence = base + 0x100000});
    stream_second(pair.ends[0], EPOCH + 3 * SECOND, seconds);
    assert_int_equal(told(&seconds[0]), TOLD_JITTER);
    pair_end(&pair);
}

static void peers_jitter_is_given_in_milliseconds(void **state)
{
    struct pair pair;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet packet = sent(pair.ends[0]);
    report_of_peer(pair.ends[0], 77, packet.ssrc,
                   (struct rtcp_report_block){.highest_sequence = packet.sequence, .jitter = 38});
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    assert_near(VALUE(&seconds[0], JITTER), 4.75, 1e-9);
    assert_int_equal(COUNT(&seconds[0], EXPECTED), 1);
    pair_end(&pair);
}

static void another_reporter_begins_anew(void **state)
{
    struct pair pair;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet packet = sent(pair.ends[0]);
    struct rtcp_report_block block = {.highest_sequence = packet.sequence + 9u,
                                      .cumulative_lost = 4};
    report_of_peer(pair.ends[0], 77, packet.ssrc, block);
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    assert_int_equal(COUNT(&seconds[0], EXPECTED), 10);
    assert_int_equal(COUNT(&seconds[0], LOST), 4);
    block.highest_sequence += 50;
    block.cumulative_lost = 0;
    report_of_peer(pair.ends[0], 78, packet.ssrc, block);
    stream_second(pair.ends[0], EPOCH + 2 * SECOND, seconds);
    assert_int_equal(told(&seconds[0]), TOLD_JITTER);
    block.highest_sequence += 50;
    block.cumulative_lost = 1;
    report_of_peer(pair.ends[0], 78, packet.ssrc, block);
    stream_second(pair.ends[0], EPOCH + 3 * SECOND, seconds);
    assert_int_equal(COUNT(&seconds[0], EXPECTED), 50);
    assert_int_equal(COUNT(&seconds[0], LOST), 1);
    pair_end(&pair);
}

static void late_packets_that_a_report_tells_alone_wait_for_the_next(void **state)
{
    struct pair pair;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet packet = sent(pair.ends[0]);
    struct rtcp_report_block block = {.highest_sequence = packet.sequence + 9u,
                                      .cumulative_lost = 4};
    report_of_peer(pair.ends[0], 77, packet.ssrc, block);
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    block.cumulative_lost = 1;
    report_of_peer(pair.ends[0], 77, packet.ssrc, block);
    stream_second(pair.ends[0], EPOCH + 2 * SECOND, seconds);
    assert_int_equal(told(&seconds[0]), TOLD_JITTER);
    block.highest_sequence += 10;
    report_of_peer(pair.ends[0], 77, packet.ssrc, block);
    stream_second(pair.ends[0], EPOCH + 3 * SECOND, seconds);
    assert_int_equal(COUNT(&seconds[0], EXPECTED), 10);
    assert_int_equal(COUNT(&seconds[0], LOST), -3);
    assert_near(VALUE(&seconds[0], PACKET_LOSS), 0, 0);
    pair_end(&pair);
}

static void jitter_is_known_from_the_second_packet_on(void **state)
{
    struct pair pair;
    struct event_second seconds[2];
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    pair_begin(&pair, 0, 0);
    stream_receive(pair.ends[1], out, stream_send(pair.ends[0], out), EPOCH);
    stream_second(pair.ends[1], EPOCH + SECOND, seconds);
    assert_int_equal(told(&seconds[1]), TOLD_LOSS | TOLD_MOS);
    stream_receive(pair.ends[1], out, stream_send(pair.ends[0], out), EPOCH + 36 * MS);
    stream_second(pair.ends[1], EPOCH + 2 * SECOND, seconds);
    assert_int_equal(told(&seconds[1]), TOLD_LOSS | TOLD_JITTER | TOLD_MOS);
    assert_near(VALUE(&seconds[1], JITTER), 1, 1e-9);
    pair_end(&pair);
}

static void conversational_quality_counts_twice_the_jitter(void **state)
{
    struct pair pair;
    struct event_second seconds[2];

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet packet = sent(pair.ends[0]);
    struct rtcp_report ours = report_of(pair.ends[0], EPOCH, false);
    /* One second after the sender report, 960 ms of it spent at the peer; jitter of 800 / 8 ms. */
    struct rtcp_report_block block = {.highest_sequence = packet.sequence,
                                      .jitter = 800,
                                      .lsr = (uint32_t)(ours.ntp >> 16),
                                      .dlsr = 65536 * 96 / 100};
    report_of_peer(pair.ends[0], 77, packet.ssrc, block);
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    assert_true(KNOWS(&seconds[0], MOS_CQ));
    assert_near(VALUE(&seconds[0], RTT), 40, 0.05);
    assert_near(VALUE(&seconds[0], R_FACTOR_CQ), 93.2 - emodel_idd(20 + 20 + 2 * 100), 0.05);
    pair_end(&pair);
}

static void a_block_is_about_the_present_source_and_its_sender_report(void **state)
{
    struct pair pair;
    uint8_t out[STREAM_PACKET_MAX];
    struct rtp_packet packet = {.payload_type = 8, .ssrc = 5, .sequence = 10};

    (void)state;
    pair_begin(&pair, 0, 0);
    stream_receive(pair.ends[0], out, rtp_write(&packet, out, sizeof out), EPOCH);
    packet.sequence = 15;
    stream_receive(pair.ends[0], out, rtp_write(&packet, out, sizeof out), EPOCH);
    struct rtcp_report peer = {.ssrc = 5, .is_sender = true, .ntp = rtcp_ntp(UTC_OFFSET)};
    stream_rtcp_receive(pair.ends[0], out, rtcp_write(&peer, "x", out, sizeof out), EPOCH,
                        UTC_OFFSET);
    struct rtcp_report report = report_of(pair.ends[0], EPOCH, false);
    assert_int_equal(report.blocks[0].cumulative_lost, 4);
    assert_int_not_equal(report.blocks[0].lsr, 0);
    packet.ssrc = 6;
    for (int i = 0; i < 2; i++, packet.sequence++)
        stream_receive(pair.ends[0], out, rtp_write(&packet, out, sizeof out), EPOCH);
    report = report_of(pair.ends[0], EPOCH, false);
    assert_int_equal(report.blocks[0].ssrc, 6);
    assert_int_equal(report.blocks[0].cumulative_lost, 0);
    assert_int_equal(report.blocks[0].lsr, 0);
    pair_end(&pair);
}

static void mutated_datagrams_of_a_call_keep_all_figures_finite(void **state)
{
    struct pair pair;
    struct random random;
    struct event_second seconds[2];
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    random_init(&random, 4);
    pair_begin(&pair, 0, 0);
    for (unsigned i = 0; i < MUTATIONS; i++) {
        int64_t now = EPOCH + i * 20 * MS;
        bool rtcp = i % 2;
        size_t size, length;
        if (rtcp)
            size = stream_rtcp_send(pair.ends[0], now, now + UTC_OFFSET, now, false, out);
        else
            size = stream_send(pair.ends[0], out);
        uint8_t *bytes = mutate(&random, out, size, &length);
        if (rtcp)
            stream_rtcp_receive(pair.ends[1], bytes, length, now, now + UTC_OFFSET);
        else
            stream_receive(pair.ends[1], bytes, length, now);
        free(bytes);
        if (i % 50 != 0)
            continue;
        stream_second(pair.ends[1], now, seconds);
        for (unsigned d = 0; d < 2; d++) {
            assert_true(VALUE(&seconds[d], PACKET_LOSS) >= 0 &&
                        VALUE(&seconds[d], PACKET_LOSS) <= 100);
            assert_true(isfinite(VALUE(&seconds[d], JITTER)) && VALUE(&seconds[d], JITTER) >= 0);
            assert_true(isfinite(VALUE(&seconds[d], R_FACTOR)) &&
                        isfinite(VALUE(&seconds[d], R_FACTOR_CQ)));
            if (KNOWS(&seconds[d], MOS))
                assert_true(VALUE(&seconds[d], MOS) >= 1 && VALUE(&seconds[d], MOS) <= 4.5);
        }
        stream_rtcp_send(pair.ends[1], now, now + UTC_OFFSET, now, false, out);
    }
    pair_end(&pair);
}

static void another_codec_of_the_same_clock_goes_on_as_the_same_source(void **state)
{
    struct pair pair;
    struct event_second seconds[2];
    struct stream_totals totals;

    (void)state;
    pair_begin(&pair, 0, 0);
    for (unsigned i = 0; i < 10; i++)
        step(&pair, true);
    struct rtp_packet before = sent(pair.ends[0]);
    struct stream_config config = config_of(pair.arena, 1);
    config.payload_type = config.receive_payload_type = 96;
    stream_update(pair.ends[0], &config);
    struct rtp_packet after = sent(pair.ends[0]);
    assert_int_equal(after.payload_type, 96);
    assert_int_equal(after.ssrc, before.ssrc);
    assert_int_equal(after.sequence, (uint16_t)(before.sequence + 1));
    assert_int_equal(after.timestamp, before.timestamp + 160);
    /* What is still on its way with the old number counts. */
    uint8_t out[STREAM_PACKET_MAX];
    deliver(&pair, 0);
    size_t length = stream_send(pair.ends[1], out);
    stream_receive(pair.ends[0], out, length, EPOCH + 220 * MS);
    stream_second(pair.ends[0], EPOCH + SECOND, seconds);
    stream_totals(pair.ends[0], &totals);
    assert_int_equal(totals.wrong_payload_type, 0);
    assert_int_equal(totals.packets_lost, 0);
    assert_int_equal(totals.packets_received, 11);
    pair_end(&pair);
}

static void another_clock_is_another_source_of_the_same_totals(void **state)
{
    struct pair pair;
    struct stream_totals totals;
    static struct codec wide;

    (void)state;
    pair_begin(&pair, 0, 0);
    struct rtp_packet before = sent(pair.ends[0]);
    struct stream_config config = config_of(pair.arena, 1);
    wide = codec_pcma;
    wide.clock_rate = 16000;
    config.codec = &wide;
    stream_update(pair.ends[0], &config);
    struct rtp_packet after = sent(pair.ends[0]);
    assert_int_not_equal(after.ssrc, before.ssrc);
    assert_true(after.marker);
    stream_totals(pair.ends[0], &totals);
    assert_int_equal(totals.packets_sent, 2);
    pair_end(&pair);
}

SPECIFICATION(cmocka_unit_test(another_codec_of_the_same_clock_goes_on_as_the_same_source),
              cmocka_unit_test(another_clock_is_another_source_of_the_same_totals),
              cmocka_unit_test(packets_follow_each_other_by_one_frame),
              cmocka_unit_test(skipped_time_moves_the_timestamp_and_not_the_sequence),
              cmocka_unit_test(an_unsent_packet_is_not_counted_but_its_number_is_used),
              cmocka_unit_test(the_seed_decides_ssrc_sequence_and_timestamp),
              cmocka_unit_test(malformed_datagrams_are_counted_and_nothing_else),
              cmocka_unit_test(the_first_report_is_due_after_half_an_interval),
              cmocka_unit_test(both_stamps_of_a_sender_report_tell_the_same_time),
              cmocka_unit_test(who_has_sent_since_the_last_report_sends_a_sender_report),
              cmocka_unit_test(a_report_block_tells_what_was_received),
              cmocka_unit_test(reports_that_make_things_up_measure_nothing),
              cmocka_unit_test(peers_jitter_is_given_in_milliseconds),
              cmocka_unit_test(another_reporter_begins_anew),
              cmocka_unit_test(late_packets_that_a_report_tells_alone_wait_for_the_next),
              cmocka_unit_test(jitter_is_known_from_the_second_packet_on),
              cmocka_unit_test(conversational_quality_counts_twice_the_jitter),
              cmocka_unit_test(a_block_is_about_the_present_source_and_its_sender_report),
              cmocka_unit_test(mutated_datagrams_of_a_call_keep_all_figures_finite))
