#include "support/specification.h"
#include <string.h>
#include "cmtest/rtcp.h"
#include "media/mutate.h"
#include "media/near.h"

#define CNAME "a7f3c2"

static struct rtcp_report sample(void)
{
    struct rtcp_report report = {
        .ssrc = 0x11223344,
        .is_sender = true,
        .ntp = 0xb44db705c0000000,
        .rtp_timestamp = 4711,
        .packets = 1000,
        .octets = 160000,
        .block_count = 1,
        .blocks = {{.ssrc = 0x55667788,
                    .fraction_lost = 12,
                    .cumulative_lost = -3,
                    .highest_sequence = 0x00010005,
                    .jitter = 38,
                    .lsr = 0xb7052000,
                    .dlsr = 0x00054000}},
        .bye = true,
    };
    return report;
}

static void a_written_sender_report_has_the_bytes_of_rfc3550(void **state)
{
    static const uint8_t expected[] = {
        0x81, 0xc8, 0x00, 0x0c, 0x11, 0x22, 0x33, 0x44, /* SR, one block, 13 words */
        0xb4, 0x4d, 0xb7, 0x05, 0xc0, 0x00, 0x00, 0x00, /* NTP */
        0x00, 0x00, 0x12, 0x67, 0x00, 0x00, 0x03, 0xe8, /* RTP time, packets */
        0x00, 0x02, 0x71, 0x00, 0x55, 0x66, 0x77, 0x88, /* octets, block SSRC */
        0x0c, 0xff, 0xff, 0xfd, 0x00, 0x01, 0x00, 0x05, /* fraction, lost, highest */
        0x00, 0x00, 0x00, 0x26, 0xb7, 0x05, 0x20, 0x00, /* jitter, LSR */
        0x00, 0x05, 0x40, 0x00,                         /* DLSR */
        0x81, 0xca, 0x00, 0x04, 0x11, 0x22, 0x33, 0x44, /* SDES, five words */
        0x01, 0x06, 'a',  '7',  'f',  '3',  'c',  '2',  /* CNAME */
        0x00, 0x00, 0x00, 0x00,                         /* end of the chunk */
        0x81, 0xcb, 0x00, 0x01, 0x11, 0x22, 0x33, 0x44, /* BYE */
    };
    struct rtcp_report report = sample();
    uint8_t out[128];

    (void)state;
    assert_int_equal(rtcp_write(&report, CNAME, out, sizeof out), sizeof expected);
    assert_memory_equal(out, expected, sizeof expected);
}

static void a_written_report_reads_the_same(void **state)
{
    struct rtcp_report report = sample(), back;
    uint8_t out[1500];

    (void)state;
    for (int sender = 0; sender < 2; sender++) {
        for (size_t blocks = 0; blocks <= 31; blocks++) {
            report = sample();
            report.is_sender = sender;
            report.bye = blocks % 2;
            report.block_count = blocks;
            for (size_t i = 0; i < blocks; i++)
                report.blocks[i] = (struct rtcp_report_block){
                    (uint32_t)i, (uint8_t)i, (int32_t)i - 15, 1, 2, 3, 4};
            size_t length = rtcp_write(&report, CNAME, out, sizeof out);
            assert_int_equal(length % 4, 0);
            assert_true(length > 0 && rtcp_parse(out, length, &back));
            assert_int_equal(back.ssrc, report.ssrc);
            assert_int_equal(back.is_sender, sender);
            assert_int_equal(back.ntp, sender ? report.ntp : 0);
            assert_int_equal(back.packets, sender ? report.packets : 0);
            assert_int_equal(back.octets, sender ? report.octets : 0);
            assert_int_equal(back.rtp_timestamp, sender ? report.rtp_timestamp : 0);
            assert_int_equal(back.bye, report.bye);
            assert_int_equal(back.block_count, blocks);
            assert_memory_equal(back.blocks, report.blocks, blocks * sizeof report.blocks[0]);
        }
    }
}

static void too_small_a_buffer_is_left_alone(void **state)
{
    struct rtcp_report report = sample();
    uint8_t out[128];

    (void)state;
    size_t length = rtcp_write(&report, CNAME, out, sizeof out);
    memset(out, 0xaa, sizeof out);
    for (size_t capacity = 0; capacity < length; capacity++)
        assert_int_equal(rtcp_write(&report, CNAME, out, capacity), 0);
    assert_int_equal(out[0], 0xaa);
}

static void the_cname_ends_with_zeros_at_a_word_boundary(void **state)
{
    struct rtcp_report report = {.ssrc = 1}, back;
    char cname[301];
    uint8_t out[512];

    (void)state;
    memset(cname, 'x', sizeof cname);
    for (size_t length = 0; length <= 300; length++) {
        cname[length] = '\0';
        size_t size = rtcp_write(&report, cname, out, sizeof out);
        cname[length] = 'x';
        size_t kept = length > 255 ? 255 : length;
        assert_int_equal(size % 4, 0);
        assert_int_equal(out[8 + 9], kept);
        assert_int_equal(out[8 + 10 + kept], 0);
        assert_true(rtcp_parse(out, size, &back));
    }
}

static void cumulative_loss_is_clamped_to_24_bits(void **state)
{
    static const int32_t values[][2] = {{-1, -1},
                                        {8388607, 8388607},
                                        {8388608, 8388607},
                                        {INT32_MAX, 8388607},
                                        {-8388608, -8388608},
                                        {INT32_MIN, -8388608}};
    struct rtcp_report report = sample(), back;
    uint8_t out[128];

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        report.blocks[0].cumulative_lost = values[i][0];
        assert_true(rtcp_parse(out, rtcp_write(&report, CNAME, out, sizeof out), &back));
        assert_int_equal(back.blocks[0].cumulative_lost, values[i][1]);
        assert_int_equal(back.blocks[0].fraction_lost, 12);
    }
}

static void round_trip_is_that_of_rfc3550_figure_2(void **state)
{
    (void)state;
    assert_near(rtcp_rtt_ms(0xb7108000, 0xb7052000, 0x00054000), 6125, 0);
}

static void round_trip_without_a_sender_report_is_not_measured(void **state)
{
    (void)state;
    assert_true(rtcp_rtt_ms(0xb7108000, 0, 0) < 0);
}

static void a_negative_round_trip_is_zero_and_a_wrap_is_none(void **state)
{
    (void)state;
    assert_near(rtcp_rtt_ms(0x00010000, 0x00010000, 1), 0, 0);
    assert_near(rtcp_rtt_ms(0x00000100, 0xffff0100, 0x8000), 500, 0);
}

static void ntp_counts_from_1900_in_32_32(void **state)
{
    (void)state;
    assert_int_equal(rtcp_ntp(0), UINT64_C(2208988800) << 32);
    assert_int_equal(rtcp_ntp(1500000000), UINT64_C(2208988801) << 32 | 0x80000000);
    assert_int_equal(rtcp_ntp(-250000000), UINT64_C(2208988799) << 32 | 0xc0000000);
    /* 2036-02-07: the seconds wrap into the next era. */
    assert_int_equal(rtcp_ntp(INT64_C(2085978496) * 1000000000), 0);
}

/* A compound of bytes that stands alone: RR without blocks, then `rest`. */
static bool parse_after_rr(const uint8_t *rest, size_t length, struct rtcp_report *report)
{
    uint8_t bytes[256] = {0x80, 201, 0, 1, 0, 0, 0, 9};

    memcpy(bytes + 8, rest, length);
    return rtcp_parse(bytes, 8 + length, report);
}

static void a_compound_begins_with_a_report(void **state)
{
    static const uint8_t sdes[] = {0x80, 202, 0, 0}, bye[] = {0x80, 203, 0, 0};
    struct rtcp_report report;

    (void)state;
    assert_false(rtcp_parse(sdes, sizeof sdes, &report));
    assert_false(rtcp_parse(bye, sizeof bye, &report));
    assert_false(rtcp_parse(sdes, 0, &report));
    assert_true(parse_after_rr(sdes, sizeof sdes, &report));
    assert_int_equal(report.ssrc, 9);
    assert_false(report.bye);
    assert_true(parse_after_rr(bye, sizeof bye, &report));
    assert_true(report.bye);
}

static void unknown_packet_types_are_skipped(void **state)
{
    static const uint8_t xr_and_bye[] = {0x80, 207, 0, 1, 1, 2, 3, 4, 0x81, 203, 0, 1, 0, 0, 0, 9};
    struct rtcp_report report;

    (void)state;
    assert_true(parse_after_rr(xr_and_bye, sizeof xr_and_bye, &report));
    assert_true(report.bye);
}

static void lengths_that_lie_are_malformed(void **state)
{
    static const uint8_t longer[] = {0x80, 202, 0, 1}, zero_words[] = {0x80, 202, 0},
                         bye_of_two[] = {0x82, 203, 0, 1, 0, 0, 0, 9},
                         version_one[] = {0x40, 202, 0, 0},
                         sender_cut[] = {0x80, 200, 0, 1, 0, 0, 0, 9};
    uint8_t block_missing[] = {0x81, 201, 0, 1, 0, 0, 0, 9};
    struct rtcp_report report;

    (void)state;
    assert_false(parse_after_rr(longer, sizeof longer, &report));
    assert_false(parse_after_rr(zero_words, sizeof zero_words, &report));
    assert_false(parse_after_rr(bye_of_two, sizeof bye_of_two, &report));
    assert_false(parse_after_rr(version_one, sizeof version_one, &report));
    assert_false(rtcp_parse(sender_cut, sizeof sender_cut, &report));
    assert_false(rtcp_parse(block_missing, sizeof block_missing, &report));
}

static void only_the_last_packet_may_be_padded(void **state)
{
    static const uint8_t last[] = {0xa0, 207, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4},
                         middle[] = {0xa0, 207, 0, 1, 0, 0, 0, 4, 0x80, 207, 0, 0},
                         none[] = {0xa0, 207, 0, 1, 0, 0, 0, 0},
                         odd[] = {0xa0, 207, 0, 1, 0, 0, 0, 3},
                         too_much[] = {0xa0, 207, 0, 1, 0, 0, 0, 8},
                         bye[] = {0xa1, 203, 0, 1, 0, 0, 0, 4};
    uint8_t first[] = {0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4};
    struct rtcp_report report;

    (void)state;
    assert_true(parse_after_rr(last, sizeof last, &report));
    assert_false(parse_after_rr(middle, sizeof middle, &report));
    assert_false(parse_after_rr(none, sizeof none, &report));
    assert_false(parse_after_rr(odd, sizeof odd, &report));
    assert_false(parse_after_rr(too_much, sizeof too_much, &report));
    assert_false(parse_after_rr(bye, sizeof bye, &report));
    assert_false(rtcp_parse(first, sizeof first, &report));
}

static void blocks_of_several_reports_are_gathered_up_to_31(void **state)
{
    uint8_t bytes[2 * (8 + 20 * 24)] = {0};
    struct rtcp_report report;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        uint8_t *rr = bytes + i * (8 + 20 * 24);
        rr[0] = 0x80 | 20;
        rr[1] = 201;
        rr[3] = 1 + 20 * 6;
        rr[7] = (uint8_t)(7 + i);
        for (size_t k = 0; k < 20; k++)
            rr[8 + 24 * k + 3] = (uint8_t)(20 * i + k);
    }
    assert_true(rtcp_parse(bytes, sizeof bytes, &report));
    assert_int_equal(report.ssrc, 7);
    assert_int_equal(report.block_count, 31);
    for (size_t k = 0; k < 31; k++)
        assert_int_equal(report.blocks[k].ssrc, k);
}

static void mutated_packets_are_read_inside_their_bounds(void **state)
{
    struct rtcp_report report = sample(), back;
    struct random random;
    uint8_t valid[128];
    unsigned accepted = 0;

    (void)state;
    random_init(&random, 2);
    size_t size = rtcp_write(&report, CNAME, valid, sizeof valid);
    for (unsigned i = 0; i < MUTATIONS; i++) {
        size_t length;
        uint8_t *bytes = mutate(&random, valid, size, &length);
        if (rtcp_parse(bytes, length, &back)) {
            assert_in_range(back.block_count, 0, 31);
            accepted++;
        }
        free(bytes);
    }
    assert_in_range(accepted, MUTATIONS / 50, MUTATIONS - MUTATIONS / 50);
}

SPECIFICATION(cmocka_unit_test(a_written_sender_report_has_the_bytes_of_rfc3550),
              cmocka_unit_test(a_written_report_reads_the_same),
              cmocka_unit_test(too_small_a_buffer_is_left_alone),
              cmocka_unit_test(the_cname_ends_with_zeros_at_a_word_boundary),
              cmocka_unit_test(cumulative_loss_is_clamped_to_24_bits),
              cmocka_unit_test(round_trip_is_that_of_rfc3550_figure_2),
              cmocka_unit_test(round_trip_without_a_sender_report_is_not_measured),
              cmocka_unit_test(a_negative_round_trip_is_zero_and_a_wrap_is_none),
              cmocka_unit_test(ntp_counts_from_1900_in_32_32),
              cmocka_unit_test(a_compound_begins_with_a_report),
              cmocka_unit_test(unknown_packet_types_are_skipped),
              cmocka_unit_test(lengths_that_lie_are_malformed),
              cmocka_unit_test(only_the_last_packet_may_be_padded),
              cmocka_unit_test(blocks_of_several_reports_are_gathered_up_to_31),
              cmocka_unit_test(mutated_packets_are_read_inside_their_bounds))
