/* XR and feedback within compound RTCP packets. */
#include <string.h>
#include "support/specification.h"
#include "cmtest/rtcp.h"
#include "cmtest/stream.h"
#include "media/mutate.h"
#include "media/pair.h"

static struct rtcp_report sample(void)
{
    struct rtcp_report report = {
        .ssrc = 0x11223344,
        .reference_known = true,
        .reference = 0xb44db705c0000000,
        .dlrr_count = 1,
        .dlrr = {{0x55667788, 0xb7052000, 0x00054000}},
        .voip_known = true,
        .voip = {.ssrc = 0x55667788,
                 .loss_rate = 25,
                 .discard_rate = 3,
                 .burst_density = 160,
                 .gap_density = 2,
                 .burst_ms = 60,
                 .gap_ms = 820,
                 .round_trip_ms = 120,
                 .end_system_ms = 80,
                 .signal_level = -18,
                 .noise_level = -60,
                 .echo_return_loss = RTCP_UNAVAILABLE,
                 .gmin = 16,
                 .r_factor = 80,
                 .external_r_factor = RTCP_UNAVAILABLE,
                 .mos_lq = 40,
                 .mos_cq = 39,
                 .receiver = 0xf0,
                 .buffer_nominal_ms = 60,
                 .buffer_maximum_ms = 300,
                 .buffer_limit_ms = 301},
    };
    return report;
}

static void a_written_extended_report_has_the_bytes_of_rfc3611(void **state)
{
    static const uint8_t expected[] = {
        0x80, 0xcf, 0x00, 0x11, 0x11, 0x22, 0x33, 0x44, /* XR, 18 words */
        0x04, 0x00, 0x00, 0x02, 0xb4, 0x4d, 0xb7, 0x05, /* reference time */
        0xc0, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x03, /* DLRR */
        0x55, 0x66, 0x77, 0x88, 0xb7, 0x05, 0x20, 0x00, /* SSRC, LRR */
        0x00, 0x05, 0x40, 0x00, 0x07, 0x00, 0x00, 0x08, /* delay; VoIP metrics */
        0x55, 0x66, 0x77, 0x88, 0x19, 0x03, 0xa0, 0x02, /* loss, discards, densities */
        0x00, 0x3c, 0x03, 0x34, 0x00, 0x78, 0x00, 0x50, /* durations, delays */
        0xee, 0xc4, 0x7f, 0x10, 0x50, 0x7f, 0x28, 0x27, /* levels, Gmin, R, MOS */
        0xf0, 0x00, 0x00, 0x3c, 0x01, 0x2c, 0x01, 0x2d, /* playout buffer */
    };
    struct rtcp_report report = sample();
    uint8_t out[256];

    (void)state;
    size_t length = rtcp_write(&report, "a", out, sizeof out);
    assert_true(length > sizeof expected);
    assert_memory_equal(out + length - sizeof expected, expected, sizeof expected);
}

static void a_written_extended_report_reads_the_same(void **state)
{
    struct rtcp_report report = sample(), back;
    uint8_t out[256];

    (void)state;
    report.bye = true;
    size_t length = rtcp_write(&report, "a", out, sizeof out);
    assert_true(rtcp_parse(out, length, &back));
    assert_true(back.bye);
    assert_true(back.reference_known && back.voip_known);
    assert_int_equal(back.extended_reports, 1);
    assert_int_equal(back.reference, report.reference);
    assert_int_equal(back.dlrr_count, 1);
    assert_memory_equal(&back.dlrr[0], &report.dlrr[0], sizeof back.dlrr[0]);
    assert_int_equal(back.voip.signal_level, -18);
    assert_int_equal(back.voip.buffer_limit_ms, 301);
    assert_int_equal(back.voip.mos_cq, 39);
}

static void
blocks_of_another_length_are_skipped_and_longer_than_their_packet_malformed(void **state)
{
    uint8_t bytes[] = {0x80, 201, 0, 1, 1, 2, 3, 4, 0x80, 207, 0, 3,
                       1,    2,   3, 4, 4, 0, 0, 1, 9,    9,   9, 9};
    struct rtcp_report report;

    (void)state;
    assert_true(rtcp_parse(bytes, sizeof bytes, &report));
    assert_false(report.reference_known);
    assert_int_equal(report.extended_reports, 1);
    bytes[19] = 2;
    assert_false(rtcp_parse(bytes, sizeof bytes, &report));
}

static void mutated_extended_reports_harm_no_stream(void **state)
{
    struct rtcp_report report = sample();
    struct arena *arena = arena_new();
    struct stream_config config = config_of(arena, 1);
    struct stream *stream = stream_new(&config, EPOCH);
    struct event_second seconds[2];
    struct random random;
    uint8_t valid[256];

    (void)state;
    report.is_sender = true;
    size_t size = rtcp_write(&report, "a", valid, sizeof valid);
    random_init(&random, 3611);
    for (int i = 0; i < MUTATIONS; i++) {
        size_t length;
        uint8_t *bytes = mutate(&random, valid, size, &length);
        stream_rtcp_receive(stream, bytes, length, EPOCH + i * MS, UTC_OFFSET + i * MS);
        free(bytes);
        if (i % 100 == 0)
            stream_second(stream, EPOCH + i * MS, seconds);
    }
    stream_free(stream);
    arena_free(arena);
}

/* As above, of RTP: the whole way through order, playout, decoder and digits. */
static void mutated_packets_harm_no_stream(void **state)
{
    struct arena *arena = arena_new();
    struct stream_config config = config_of(arena, 1);
    config.decode = DECODE_FULL;
    config.events_payload_type = 101;
    config.noise_payload_type = 13;
    struct stream *stream = stream_new(&config, EPOCH), *sender = stream_new(&config, EPOCH);
    struct event_second seconds[2];
    struct random random;
    uint8_t valid[STREAM_PACKET_MAX];

    (void)state;
    random_init(&random, 3550);
    for (int i = 0; i < MUTATIONS; i++) {
        size_t length, size = stream_send(sender, valid);
        valid[1] = i % 7 == 0 ? 101 : valid[1];
        uint8_t *bytes = mutate(&random, valid, size, &length);
        stream_receive(stream, bytes, length, EPOCH + i * 20 * MS);
        stream_receive(stream, valid, size, EPOCH + i * 20 * MS);
        free(bytes);
        if (i % 50 == 0)
            stream_second(stream, EPOCH + i * 20 * MS, seconds);
    }
    stream_free(stream);
    stream_free(sender);
    arena_free(arena);
}

SPECIFICATION(
    cmocka_unit_test(a_written_extended_report_has_the_bytes_of_rfc3611),
    cmocka_unit_test(a_written_extended_report_reads_the_same),
    cmocka_unit_test(blocks_of_another_length_are_skipped_and_longer_than_their_packet_malformed),
    cmocka_unit_test(mutated_extended_reports_harm_no_stream),
    cmocka_unit_test(mutated_packets_harm_no_stream))
