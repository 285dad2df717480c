#include "support/specification.h"
#include <math.h>
#include <string.h>
#include "cmtest/rtp.h"
#include "media/mutate.h"

#define CLOCK 8000

static const uint8_t plain[] = {0x80, 0x88, 0x12, 0x34, 0x00, 0x01, 0x02,
                                0x03, 0xde, 0xad, 0xbe, 0xef, 0xd5, 0x55};

/* CSRC, extension of one word, payload of two bytes, padding of two. */
static const uint8_t full[] = {0xb1, 0x08, 0xff, 0xff, 0x00, 0x00, 0x00, 0xa0, 0x00, 0x00,
                               0x00, 0x01, 0x11, 0x11, 0x11, 0x11, 0xbe, 0xde, 0x00, 0x01,
                               0x10, 0x22, 0x00, 0x00, 0xd5, 0x55, 0x00, 0x02};

static void header_fields_are_read(void **state)
{
    struct rtp_packet packet;

    (void)state;
    assert_true(rtp_parse(plain, sizeof plain, &packet));
    assert_true(packet.marker);
    assert_int_equal(packet.payload_type, 8);
    assert_int_equal(packet.sequence, 0x1234);
    assert_int_equal(packet.timestamp, 0x00010203);
    assert_int_equal(packet.ssrc, 0xdeadbeef);
    assert_ptr_equal(packet.payload, plain + 12);
    assert_int_equal(packet.payload_length, 2);
}

static void payload_is_without_csrcs_extension_and_padding(void **state)
{
    struct rtp_packet packet;

    (void)state;
    assert_true(rtp_parse(full, sizeof full, &packet));
    assert_false(packet.marker);
    assert_ptr_equal(packet.payload, full + 24);
    assert_int_equal(packet.payload_length, 2);
}

static void every_shorter_packet_is_refused_or_stays_inside(void **state)
{
    struct rtp_packet packet;

    (void)state;
    for (size_t length = 0; length < 24; length++)
        assert_false(rtp_parse(full, length, &packet));
    assert_false(rtp_parse(plain, 11, &packet));
    assert_true(rtp_parse(plain, 12, &packet));
    assert_int_equal(packet.payload_length, 0);
}

static void padding_must_fit_the_payload(void **state)
{
    struct rtp_packet packet;
    uint8_t bytes[sizeof full];

    (void)state;
    memcpy(bytes, full, sizeof full);
    bytes[sizeof full - 1] = 4;
    assert_true(rtp_parse(bytes, sizeof bytes, &packet));
    assert_int_equal(packet.payload_length, 0);
    bytes[sizeof full - 1] = 5;
    assert_false(rtp_parse(bytes, sizeof bytes, &packet));
    bytes[sizeof full - 1] = 0;
    assert_false(rtp_parse(bytes, sizeof bytes, &packet));
    bytes[sizeof full - 1] = 255;
    assert_false(rtp_parse(bytes, sizeof bytes, &packet));
}

static void other_versions_are_not_rtp(void **state)
{
    struct rtp_packet packet;
    uint8_t bytes[sizeof plain];

    (void)state;
    memcpy(bytes, plain, sizeof plain);
    for (unsigned version = 0; version < 4; version++) {
        bytes[0] = (uint8_t)(version << 6);
        assert_int_equal(rtp_parse(bytes, sizeof bytes, &packet), version == 2);
    }
}

static void a_written_packet_reads_the_same(void **state)
{
    const uint8_t payload[] = {1, 2, 3};
    struct rtp_packet packet = {true, 0, 65535, 0xffffffff, 7, payload, sizeof payload}, back;
    uint8_t out[15];

    (void)state;
    assert_int_equal(rtp_write(&packet, out, sizeof out), 15);
    assert_true(rtp_parse(out, 15, &back));
    assert_true(back.marker);
    assert_int_equal(back.payload_type, 0);
    assert_int_equal(back.sequence, 65535);
    assert_int_equal(back.timestamp, 0xffffffff);
    assert_int_equal(back.ssrc, 7);
    assert_int_equal(back.payload_length, 3);
    assert_memory_equal(back.payload, payload, 3);
    assert_int_equal(rtp_write(&packet, out, 14), 0);
    assert_int_equal(rtp_write(&packet, out, 0), 0);
}

static void mutated_packets_are_read_inside_their_bounds(void **state)
{
    struct rtp_receiver receiver;
    struct random random;
    uint64_t valid = 0;

    (void)state;
    random_init(&random, 1);
    rtp_receiver_init(&receiver, CLOCK);
    for (unsigned i = 0; i < MUTATIONS; i++) {
        struct rtp_packet packet;
        size_t length;
        uint8_t *bytes = i % 2 ? mutate(&random, full, sizeof full, &length)
                               : mutate(&random, plain, sizeof plain, &length);
        if (rtp_parse(bytes, length, &packet)) {
            assert_true(packet.payload >= bytes);
            assert_true(packet.payload + packet.payload_length <= bytes + length);
            rtp_receiver_packet(&receiver, &packet, (int64_t)(random_next(&random) >> 2));
            valid++;
        }
        free(bytes);
    }
    assert_in_range(valid, MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
    assert_true(rtp_receiver_received(&receiver) <= valid);
    assert_true(isfinite(rtp_receiver_jitter_ms(&receiver)));
}

SPECIFICATION(cmocka_unit_test(header_fields_are_read),
              cmocka_unit_test(payload_is_without_csrcs_extension_and_padding),
              cmocka_unit_test(every_shorter_packet_is_refused_or_stays_inside),
              cmocka_unit_test(padding_must_fit_the_payload),
              cmocka_unit_test(other_versions_are_not_rtp),
              cmocka_unit_test(a_written_packet_reads_the_same),
              cmocka_unit_test(mutated_packets_are_read_inside_their_bounds))
