/* Streams that send less than a packet at every time, or what they receive; and what comes beside
 * speech. */
#include "support/specification.h"
#include <string.h>
#include "media/pair.h"

extern const struct codec codec_opus, codec_g722;
extern const struct source source_silence;

static struct stream *open_stream(struct arena *arena, const struct audio *audio,
                                  const struct codec *codec, struct codec_params params)
{
    struct text why = {0};
    struct stream_config config = {
        .codec = codec,
        .frames = audio ? frames_new(arena, audio, codec, &params, &why) : NULL,
        .payload_type = 96,
        .receive_payload_type = 96,
        .events_payload_type = 101,
        .noise_payload_type = 13,
        .ptime_ms = params.ptime_ms,
        .cname = "c0ffee",
        .rtcp_interval_ns = SECOND,
        .seed = 7,
    };
    return stream_new(&config, EPOCH);
}

/* false: nothing was sent. */
static bool send_one(struct stream *stream, struct rtp_packet *packet)
{
    static uint8_t out[STREAM_PACKET_MAX];
    size_t length = stream_send(stream, out);

    if (length)
        assert_true(rtp_parse(out, length, packet));
    return length > 0;
}

static void hand(struct stream *stream, uint8_t type, uint16_t sequence, uint32_t timestamp,
                 const char *payload, int64_t at_ns)
{
    uint8_t out[STREAM_PACKET_MAX];
    struct rtp_packet packet = {.payload_type = type,
                                .sequence = sequence,
                                .timestamp = timestamp,
                                .ssrc = 1,
                                .payload = (const uint8_t *)payload,
                                .payload_length = strlen(payload)};

    stream_receive(stream, out, rtp_write(&packet, out, sizeof out), EPOCH + at_ns);
}

static void dtx_leaves_times_out_and_marks_what_follows(void **state)
{
    struct arena *arena = arena_new();
    struct audio silence = {.source = &source_silence};
    struct stream *stream = open_stream(arena, &silence, &codec_opus,
                                        (struct codec_params){.ptime_ms = 20, .dtx = true});
    struct rtp_packet packet, before;
    struct stream_totals totals;
    uint32_t tick_before = 0, sent = 0;

    (void)state;
    for (uint32_t tick = 0; tick < 200; tick++) {
        if (!send_one(stream, &packet))
            continue;
        if (sent++ > 0) {
            assert_int_equal((uint16_t)(packet.sequence - before.sequence), 1);
            assert_int_equal(packet.timestamp - before.timestamp, 960 * (tick - tick_before));
            assert_int_equal(packet.marker, tick - tick_before > 1);
        }
        before = packet;
        tick_before = tick;
    }
    assert_in_range(sent, 4, 40);
    stream_totals(stream, &totals);
    assert_int_equal(totals.packets_sent, sent);
    stream_free(stream);
    arena_free(arena);
}

static void timestamps_of_g722_count_8000_a_second(void **state)
{
    struct arena *arena = arena_new();
    struct stream *stream =
        open_stream(arena, &audio_usual, &codec_g722, (struct codec_params){.ptime_ms = 20});
    struct rtp_packet first, second;

    (void)state;
    assert_true(send_one(stream, &first) && send_one(stream, &second));
    assert_int_equal(second.timestamp - first.timestamp, 160);
    assert_int_equal(second.payload_length, 160);
    stream_free(stream);
    arena_free(arena);
}

static void an_echo_sends_what_came_under_its_own_numbers(void **state)
{
    struct stream *stream =
        open_stream(NULL, NULL, &codec_opus, (struct codec_params){.ptime_ms = 20});
    struct rtp_packet first, second;

    (void)state;
    assert_false(send_one(stream, &first));
    hand(stream, 96, 5, 5000, "one", 0);
    hand(stream, 96, 6, 5960, "three", 20 * MS);
    hand(stream, 101, 7, 5960, "digit", 40 * MS);
    hand(stream, 55, 8, 5960, "stranger", 60 * MS);
    assert_true(send_one(stream, &first));
    assert_memory_equal(first.payload, "one", 3);
    assert_int_equal(first.payload_length, 3);
    assert_true(first.ssrc != 1 && first.marker);
    assert_true(send_one(stream, &second));
    assert_memory_equal(second.payload, "three", 5);
    assert_int_equal((uint16_t)(second.sequence - first.sequence), 1);
    assert_int_equal(second.timestamp - first.timestamp, 960);
    assert_false(send_one(stream, &first));
    stream_free(stream);
}

static void an_echo_keeps_the_newest_and_no_more_than_a_few(void **state)
{
    struct stream *stream =
        open_stream(NULL, NULL, &codec_opus, (struct codec_params){.ptime_ms = 20});
    struct rtp_packet packet;
    unsigned sent = 0;

    (void)state;
    for (uint16_t i = 0; i < 100; i++)
        hand(stream, 96, i, i * 960u, i < 99 ? "old" : "newest", i * MS);
    while (send_one(stream, &packet))
        sent++;
    assert_int_equal(sent, 8);
    stream_free(stream);
}

static void events_and_noise_count_but_do_not_disturb_jitter(void **state)
{
    struct stream *stream =
        open_stream(NULL, NULL, &codec_g722, (struct codec_params){.ptime_ms = 20});
    struct event_second seconds[2];
    struct stream_totals totals;

    (void)state;
    for (uint16_t i = 0; i < 50; i++) {
        bool event = i >= 20 && i < 30;
        hand(stream,
             event     ? 101
             : i == 30 ? 13
                       : 96,
             i, event ? 20 * 160u : i * 160u, "abcd", i * 20 * MS);
    }
    stream_second(stream, EPOCH + SECOND, seconds);
    assert_int_equal(COUNT(&seconds[1], PACKETS), 50);
    assert_int_equal(COUNT(&seconds[1], LOST), 0);
    assert_true(VALUE(&seconds[1], JITTER) < 0.001);
    stream_totals(stream, &totals);
    assert_int_equal(totals.wrong_payload_type, 0);
    stream_free(stream);
}

SPECIFICATION(cmocka_unit_test(dtx_leaves_times_out_and_marks_what_follows),
              cmocka_unit_test(timestamps_of_g722_count_8000_a_second),
              cmocka_unit_test(an_echo_sends_what_came_under_its_own_numbers),
              cmocka_unit_test(an_echo_keeps_the_newest_and_no_more_than_a_few),
              cmocka_unit_test(events_and_noise_count_but_do_not_disturb_jitter))
