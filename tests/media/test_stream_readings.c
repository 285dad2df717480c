/* Each reading of a second, from packets whose times and numbers are known. */
#include <string.h>
#include "support/second.h"
#include "support/specification.h"
#include "cmtest/rtcp.h"
#include "media/near.h"
#include "media/pair.h"

/* A stream that is spoken to, packet by packet. */
struct scene {
    struct arena *arena;
    struct stream_config config;
    struct stream *stream;
    struct event_second seconds[2];
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    uint8_t payload[160];
};

static void begin(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->arena = arena_new();
    scene->config = config_of(scene->arena, 7);
    scene->config.decode = DECODE_FULL;
    scene->config.events_payload_type = 101;
    scene->config.send_events_payload_type = 101;
    scene->config.noise_payload_type = 13;
    scene->config.extended_reports = true;
    scene->stream = stream_new(&scene->config, EPOCH);
    scene->sequence = 1000;
    scene->timestamp = 5000;
    scene->ssrc = 0xabcdef01;
    memset(scene->payload, 0xd5, sizeof scene->payload);
}

static void end(struct scene *scene)
{
    stream_free(scene->stream);
    arena_free(scene->arena);
}

static void give(struct scene *scene, uint8_t type, bool marker, int64_t at_ms)
{
    struct rtp_packet packet = {.marker = marker,
                                .payload_type = type,
                                .sequence = scene->sequence,
                                .timestamp = scene->timestamp,
                                .ssrc = scene->ssrc,
                                .payload = scene->payload,
                                .payload_length = sizeof scene->payload};
    uint8_t out[STREAM_PACKET_MAX];
    size_t length = rtp_write(&packet, out, sizeof out);

    stream_receive(scene->stream, out, length, EPOCH + at_ms * MS);
}

static void next(struct scene *scene)
{
    scene->sequence++;
    scene->timestamp += 160;
}

static void audio(struct scene *scene, int64_t at_ms)
{
    give(scene, 8, false, at_ms);
    next(scene);
}

static const struct event_second *close_at(struct scene *scene, int64_t at_ms)
{
    stream_second(scene->stream, EPOCH + at_ms * MS, scene->seconds);
    return &scene->seconds[1];
}

static void rates_count_bits_with_and_without_headers(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    for (int i = 0; i < 50; i++)
        audio(&scene, i * 20);
    const struct event_second *second = close_at(&scene, 1000);
    assert_near(VALUE(second, PACKET_RATE), 50, 0.000051);
    assert_near(VALUE(second, BIT_RATE), 64000, 0.000051);
    assert_near(VALUE(second, WIRE_BYTES), 50 * 200, 0.000051);
    assert_near(VALUE(second, WIRE_BIT_RATE), 80000, 0.000051);
    assert_near(VALUE(second, UNIQUE), 50, 0);
    assert_near(VALUE(second, PACKETS_TOTAL), 50, 0);
    assert_near(VALUE(second, LOSS_TOTAL), 0, 0);
    end(&scene);
}

static void copies_late_comers_and_gaps_are_counted_apart(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    audio(&scene, 0);
    give(&scene, 8, false, 20);
    give(&scene, 8, false, 21);
    scene.sequence += 4;
    scene.timestamp += 4 * 160;
    give(&scene, 8, false, 80);
    scene.sequence -= 2;
    scene.timestamp -= 2 * 160;
    give(&scene, 8, false, 82);
    const struct event_second *second = close_at(&scene, 1000);
    assert_near(VALUE(second, DUPLICATES), 1, 0);
    assert_near(VALUE(second, REORDERED), 1, 0);
    assert_near(VALUE(second, REORDER_RATIO), 20, 0.000051);
    assert_near(VALUE(second, REORDER_EXTENT), 2, 0);
    assert_near(VALUE(second, LONGEST_GAP), 3, 0);
    assert_near(VALUE(second, UNIQUE), 4, 0);
    second = close_at(&scene, 2000);
    assert_near(VALUE(second, DUPLICATES), 0, 0);
    assert_near(VALUE(second, LONGEST_GAP), 0, 0);
    assert_near(VALUE(second, REORDER_EXTENT), 0, 0);
    end(&scene);
}

static void new_beginnings_are_told_by_what_began_anew(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    for (int i = 0; i < 10; i++)
        audio(&scene, i * 20);
    scene.sequence += 20000;
    audio(&scene, 200);
    audio(&scene, 220);
    scene.ssrc++;
    audio(&scene, 240);
    audio(&scene, 260);
    scene.timestamp += 100000;
    audio(&scene, 280);
    give(&scene, 55, false, 300);
    scene.ssrc++;
    audio(&scene, 320);
    scene.ssrc--;
    audio(&scene, 340);
    stream_receive(scene.stream, (const uint8_t *)"no", 2, EPOCH);
    stream_stranger(scene.stream);
    const struct event_second *second = close_at(&scene, 1000);
    assert_near(VALUE(second, SEQUENCE_JUMPS), 1, 0);
    assert_near(VALUE(second, SEQUENCE_RESETS), 1, 0);
    assert_near(VALUE(second, SSRC_SWITCHES), 1, 0);
    assert_near(VALUE(second, TIMESTAMP_JUMPS), 1, 0);
    assert_near(VALUE(second, WRONG_TYPE), 1, 0);
    assert_near(VALUE(second, MALFORMED), 1, 0);
    assert_near(VALUE(second, SSRC_STRAYS), 1, 0);
    assert_near(VALUE(second, STRANGERS), 1, 0);
    end(&scene);
}

static void spacing_and_delay_variation_follow_the_arrivals(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    /* Every second packet is 5 ms late: spaces of 25 and 15 ms. */
    for (int i = 0; i < 50; i++)
        audio(&scene, i * 20 + (i % 2 ? 5 : 0));
    const struct event_second *second = close_at(&scene, 1010);
    assert_near(VALUE(second, SPACING_MIN), 15, 0.00051);
    assert_near(VALUE(second, SPACING_MAX), 25, 0.00051);
    assert_near(VALUE(second, SPACING_MEAN), 985. / 49, 0.00051);
    assert_near(VALUE(second, SPACING_P95), 25, 0.5);
    assert_near(VALUE(second, PDV_MEAN), 2.5, 0.00051);
    assert_near(VALUE(second, PDV_MAX), 5, 0.00051);
    assert_near(VALUE(second, PDV_P99), 5, 0.1);
    assert_near(VALUE(second, JITTER_MAX), 5, 0.00051);
    assert_near(VALUE(second, JITTER), 4.788377, 0.00051);
    end(&scene);
}

/* P3 of the vectors: 40x1, 0110100, 40x1, 0, 20x1. */
static void bursts_and_gaps_are_those_of_the_pattern(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    for (int i = 0; i < 108; i++) {
        static const char pattern[] = "0110100";
        bool lost = (i >= 40 && i < 47 && pattern[i - 40] == '0') || i == 87;
        if (!lost)
            give(&scene, 8, false, i * 20);
        next(&scene);
    }
    const struct event_second *second = close_at(&scene, 2160);
    assert_near(VALUE(second, BURSTS), 1, 0);
    assert_near(VALUE(second, BURST_DENSITY), 57.142857, 0.000051);
    assert_near(VALUE(second, BURST_DURATION), 140, 0.00051);
    assert_near(VALUE(second, GAP_DENSITY), 0.990099, 0.000051);
    assert_near(VALUE(second, GAP_DURATION), 1010, 0.00051);
    assert_near(VALUE(second, BURST_RATIO), 1.192130, 0.000051);
    end(&scene);
}

static void what_comes_too_late_to_be_heard_is_missing_from_the_score(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    stream_free(scene.stream);
    scene.config.playout = (struct stream_playout){true, 40, 40, 40};
    scene.stream = stream_new(&scene.config, EPOCH);
    int64_t late_at = -1;
    for (int i = 0; i < 50; i++) {
        if (i == 25) { /* 100 ms behind its time, and behind four others */
            late_at = i * 20 + 100;
            next(&scene);
            continue;
        }
        audio(&scene, i * 20);
        if (i * 20 == late_at) {
            uint16_t sequence = scene.sequence;
            uint32_t timestamp = scene.timestamp;
            scene.sequence = 1025;
            scene.timestamp = 5000 + 25 * 160;
            give(&scene, 8, false, late_at + 1);
            scene.sequence = sequence;
            scene.timestamp = timestamp;
        }
    }
    const struct event_second *second = close_at(&scene, 1100);
    assert_near(VALUE(second, LOST), 0, 0);
    assert_near(VALUE(second, PACKET_LOSS), 0, 0);
    assert_near(VALUE(second, LATE), 1, 0);
    assert_near(VALUE(second, LATE_RATE), 2, 0.000051);
    assert_near(VALUE(second, MISSING_RATE), 2, 0.000051);
    assert_near(VALUE(second, PLAYED), 49, 0);
    /* 2% of a receiver that conceals: point S09 of the E-model's reference. */
    assert_near(VALUE(second, R_FACTOR), 86.1889, 0.000051);
    assert_near(VALUE(second, R_CALL), 86.1889, 0.000051);
    assert_near(VALUE(second, PLAYOUT_DELAY), 40, 3);
    end(&scene);
}

static void decoded_audio_has_levels_and_what_is_not_decoded_has_none(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    for (int i = 0; i < 50; i++) /* 0xd5: silence of A-law */
        audio(&scene, i * 20);
    const struct event_second *second = close_at(&scene, 1000);
    assert_true(VALUE(second, LEVEL_RMS) < -60);
    assert_near(VALUE(second, SILENCE_RATIO), 100, 0);
    assert_near(VALUE(second, DECODER_ERRORS), 0, 0);
    assert_in_range((int)VALUE(second, DECODED_TIME), 900, 1000);
    assert_near(VALUE(second, PACKET_DURATION), 20, 0.00051);
    stream_free(scene.stream);
    scene.config.decode = DECODE_SAMPLED;
    scene.config.decode_one_in = 10;
    scene.config.number = 7;
    scene.stream = stream_new(&scene.config, EPOCH);
    for (int i = 0; i < 50; i++)
        audio(&scene, i * 20);
    second = close_at(&scene, 1000);
    assert_false(KNOWS(second, LEVEL_RMS));
    assert_false(KNOWS(second, DECODED_TIME));
    assert_false(KNOWS(second, DECODER_ERRORS));
    assert_true(KNOWS(second, PLAYOUT_DELAY));
    end(&scene);
}

static void the_tone_of_the_peer_is_heard_at_its_level(void **state)
{
    struct pair pair;

    (void)state;
    pair_begin(&pair, 0, 10);
    struct stream_config config = config_of(pair.arena, 101);
    config.decode = DECODE_FULL;
    stream_free(pair.ends[1]);
    pair.ends[1] = stream_new(&config, EPOCH);
    for (unsigned i = 0; i < 250; i++)
        step(&pair, true);
    const struct event_second *second = &pair.seconds[1][3][1];
    assert_near(VALUE(second, CONCEALED), 5, 0);
    assert_near(VALUE(second, CONCEALMENTS), 5, 0);
    assert_near(VALUE(second, CONCEALED_TIME), 100, 0.000051);
    assert_true(VALUE(second, LEVEL_RMS) > -40 && VALUE(second, LEVEL_RMS) < 0);
    assert_near(VALUE(second, SILENCE_RATIO), 0, 0);
    pair_end(&pair);
}

static void reports_tell_the_drift_of_the_senders_clock(void **state)
{
    struct scene scene;
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    begin(&scene);
    audio(&scene, 0);
    for (int64_t i = 0; i < 20; i++) { /* 8000.8 units a second: 100 ppm fast */
        struct rtcp_report report = {.ssrc = scene.ssrc,
                                     .is_sender = true,
                                     .ntp = rtcp_ntp(UTC_OFFSET + i * SECOND),
                                     .rtp_timestamp = (uint32_t)(i * 80008 / 10),
                                     .packets = 50,
                                     .octets = 8000};
        size_t length = rtcp_write(&report, "peer", out, sizeof out);
        stream_rtcp_receive(scene.stream, out, length, EPOCH + i * SECOND, UTC_OFFSET);
    }
    const struct event_second *second = close_at(&scene, 1000);
    assert_near(VALUE(second, CLOCK_DRIFT), 100, 3);
    assert_near(VALUE(second, CLOCK_SKEW), 100, 3);
    assert_near(VALUE(second, SENDER_PACKETS), 50, 0);
    assert_near(VALUE(second, SENDER_BYTES), 8000, 0);
    assert_near(VALUE(second, SENDER_REPORTS), 20, 0);
    assert_near(VALUE(second, RTCP_INTERVAL), 1000, 0.000051);
    end(&scene);
}

static void the_peers_extended_reports_are_readings_of_their_own(void **state)
{
    struct pair pair;

    (void)state;
    pair_begin(&pair, 30 * MS, 10);
    for (unsigned i = 0; i < 2; i++) {
        struct stream_config config = config_of(pair.arena, 100 + i);
        config.extended_reports = true;
        stream_free(pair.ends[i]);
        pair.ends[i] = stream_new(&config, EPOCH);
    }
    for (unsigned i = 0; i < 500; i++)
        step(&pair, true);
    const struct event_second *sent = &pair.seconds[0][9][0], *heard = &pair.seconds[0][9][1];
    assert_near(VALUE(sent, PEER_LOSS_RATE), 10, 1);
    assert_near(VALUE(sent, PEER_DISCARD_RATE), 0, 0);
    assert_near(VALUE(sent, PEER_RTT), 60, 1);
    assert_true(VALUE(sent, PEER_MOS_LQ) < 2.5);
    assert_true(VALUE(sent, PEER_R) < 60);
    assert_true(KNOWS(sent, PEER_BUFFER));
    assert_near(VALUE(&pair.seconds[1][9][0], PEER_BURST_DENSITY), 0, 0);
    assert_false(KNOWS(sent, PEER_SIGNAL)); /* it does not decode */
    assert_false(KNOWS(sent, PEER_RERL));
    assert_near(VALUE(heard, RTT_XR), 60, 0.05);
    assert_true(KNOWS(sent, RTCP_BYTES));
    pair_end(&pair);
}

static void feedback_of_the_peer_is_counted_by_kind(void **state)
{
    static const uint8_t compound[] = {
        0x80, 201, 0, 1, 1, 2, 3, 4,                                     /* RR */
        0x81, 205, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 0, 3,             /* NACK of 3 */
        0x81, 206, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8,                         /* PLI */
        0x82, 206, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, /* two SLIs */
        0x84, 206, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8, 1, 0, 0, 0, /* FIR */
    };
    struct scene scene;

    (void)state;
    begin(&scene);
    stream_rtcp_receive(scene.stream, compound, sizeof compound, EPOCH, UTC_OFFSET);
    const struct event_second *second = close_at(&scene, 1000);
    assert_near(VALUE(second, NACKS), 3, 0);
    assert_near(VALUE(second, PLIS), 1, 0);
    assert_near(VALUE(second, SLIS), 2, 0);
    assert_near(VALUE(second, FIRS), 1, 0);
    assert_near(VALUE(second, RECEIVER_REPORTS), 1, 0);
    assert_near(VALUE(second, MALFORMED), 0, 0);
    end(&scene);
}

static void digits_are_heard_with_their_durations_at_the_other_end(void **state)
{
    struct scene ends[2];
    struct stream_digit digit;
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    begin(&ends[0]);
    begin(&ends[1]);
    assert_true(stream_dtmf(ends[0].stream, '5', 100, 60));
    assert_true(stream_dtmf(ends[0].stream, '#', 200, 60));
    assert_false(stream_dtmf(ends[0].stream, 'x', 100, 60));
    for (int i = 0; i < 50; i++) {
        size_t length = stream_send(ends[0].stream, out);
        if (length)
            stream_receive(ends[1].stream, out, length, EPOCH + i * 20 * MS);
    }
    const struct event_second *second = close_at(&ends[1], 1000);
    assert_near(VALUE(second, DIGITS), 2, 0);
    assert_near(VALUE(second, DIGITS_UNENDED), 0, 0);
    assert_near(VALUE(second, DIGIT_DURATION), 200, 0.00051);
    assert_near(VALUE(second, PACKET_LOSS), 0, 0);
    assert_near(VALUE(second, CONCEALED), 0, 0);
    close_at(&ends[0], 1000);
    assert_near(VALUE(&ends[0].seconds[0], DIGITS), 2, 0);
    assert_true(VALUE(&ends[0].seconds[0], EVENT_PACKETS) == VALUE(second, EVENT_PACKETS));
    assert_true(stream_digit(ends[1].stream, EPOCH + SECOND, &digit));
    assert_int_equal(digit.digit, '5');
    assert_near(digit.duration_ms, 100, 1e-9);
    assert_true(digit.ended);
    assert_true(stream_digit(ends[1].stream, EPOCH + SECOND, &digit));
    assert_int_equal(digit.digit, '#');
    assert_false(stream_digit(ends[1].stream, EPOCH + SECOND, &digit));
    end(&ends[0]);
    end(&ends[1]);
}

/* Both ends with all that they have; one speaks DTMF, and a report brings what we never write. */
static void every_reading_of_the_table_is_produced(void **state)
{
    uint64_t known[READING_WORDS] = {0};
    struct pair pair;
    uint8_t out[STREAM_PACKET_MAX];

    (void)state;
    pair_begin(&pair, 30 * MS, 7);
    for (unsigned i = 0; i < 2; i++) {
        struct stream_config config = config_of(pair.arena, 100 + i);
        config.extended_reports = true;
        config.decode = DECODE_FULL;
        config.events_payload_type = config.send_events_payload_type = 101;
        config.noise_payload_type = 13;
        stream_free(pair.ends[i]);
        pair.ends[i] = stream_new(&config, EPOCH);
    }
    assert_true(stream_dtmf(pair.ends[0], '1', 100, 100));
    uint32_t ours = 0;
    for (unsigned i = 0; i < 500; i++) {
        step(&pair, true);
        struct rtp_packet packet;
        if (pair.queued[1] && !pair.queue[1][0].rtcp &&
            rtp_parse(pair.queue[1][0].bytes, pair.queue[1][0].length, &packet))
            ours = packet.ssrc;
        if (i != 400)
            continue;
        /* Echo loss and the external R are of telephones and gateways. */
        struct rtcp_report report = {.ssrc = 1, .voip_known = true};
        report.voip = (struct rtcp_voip){.ssrc = ours, .external_r_factor = 90};
        size_t length = rtcp_write(&report, "gateway", out, sizeof out);
        stream_rtcp_receive(pair.ends[0], out, length, pair.now_ns, pair.now_ns + UTC_OFFSET);
        struct event_second seconds[2];
        stream_second(pair.ends[0], pair.now_ns, seconds);
        for (unsigned d = 0; d < 2; d++)
            for (unsigned w = 0; w < READING_WORDS; w++)
                known[w] |= seconds[d].known[w];
    }
    for (unsigned i = 0; i < 2; i++)
        for (unsigned s = 0; s < pair.closed; s++)
            for (unsigned d = 0; d < 2; d++)
                for (unsigned w = 0; w < READING_WORDS; w++)
                    known[w] |= pair.seconds[i][s][d].known[w];
    /* Those of encryption are added by who has the keys (tests/engine/test_pacer_security.c). */
    for (unsigned i = READING_SRTP_FAILED; i <= READING_DTLS_REHANDSHAKES; i++)
        known[i / 64] |= UINT64_C(1) << i % 64;
    /* Background is what lies between speech; the tone has no pauses. */
    struct scene silence;
    begin(&silence);
    for (int i = 0; i < 50; i++)
        audio(&silence, i * 20);
    const struct event_second *heard = close_at(&silence, 1000);
    for (unsigned w = 0; w < READING_WORDS; w++)
        known[w] |= heard->known[w];
    end(&silence);
    for (unsigned r = 0; r < READING_COUNT; r++)
        if (!(known[r / 64] >> r % 64 & 1))
            fail_msg("nothing produces %s", reading_name((enum reading)r));
    pair_end(&pair);
}

SPECIFICATION(cmocka_unit_test(rates_count_bits_with_and_without_headers),
              cmocka_unit_test(copies_late_comers_and_gaps_are_counted_apart),
              cmocka_unit_test(new_beginnings_are_told_by_what_began_anew),
              cmocka_unit_test(spacing_and_delay_variation_follow_the_arrivals),
              cmocka_unit_test(bursts_and_gaps_are_those_of_the_pattern),
              cmocka_unit_test(what_comes_too_late_to_be_heard_is_missing_from_the_score),
              cmocka_unit_test(decoded_audio_has_levels_and_what_is_not_decoded_has_none),
              cmocka_unit_test(the_tone_of_the_peer_is_heard_at_its_level),
              cmocka_unit_test(reports_tell_the_drift_of_the_senders_clock),
              cmocka_unit_test(the_peers_extended_reports_are_readings_of_their_own),
              cmocka_unit_test(feedback_of_the_peer_is_counted_by_kind),
              cmocka_unit_test(digits_are_heard_with_their_durations_at_the_other_end),
              cmocka_unit_test(every_reading_of_the_table_is_produced))
