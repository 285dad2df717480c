/* Digits as tones in the audio: made by spandsp, heard by spandsp, through real codecs. */
#include "support/specification.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/dtmf.h"
#include "cmtest/stream.h"

#define MS INT64_C(1000000)
#define EPOCH (INT64_C(5000) * MS)
/* As the header promises. */
#define NEAR_NS (4 * MS)

static void assert_heard(const struct dtmf_heard *heard, char digit, int64_t start_ns,
                         int64_t duration_ns)
{
    assert_int_equal(heard->digit, digit);
    if (llabs(heard->start_ns - start_ns) > NEAR_NS)
        fail_msg("%c began %.1f ms beside", digit, (double)(heard->start_ns - start_ns) / 1e6);
    if (llabs(heard->duration_ns - duration_ns) > NEAR_NS)
        fail_msg("%c lasted %.1f ms, not %.1f ms", digit, (double)heard->duration_ns / 1e6,
                 (double)duration_ns / 1e6);
}

static void check_rate(uint32_t rate, uint32_t tone_ms, uint32_t gap_ms)
{
    static const char digits[] = "0123456789*#ABCD";
    struct dtmf_timing timing = {.tone_ms = tone_ms, .gap_ms = gap_ms};
    size_t count, step = rate / 100, found = 0;
    int16_t *samples = dtmf_render(digits, &timing, rate, &count);
    struct dtmf_ear *ear = dtmf_ear_new(rate);
    struct dtmf_heard heard;

    assert_int_equal(count, 16 * (tone_ms + gap_ms) * (rate / 1000));
    for (size_t at = 0; at < count + 5 * step; at += step) {
        int64_t now = EPOCH + (int64_t)(at / step) * 10 * MS;
        size_t some = at >= count ? step : count - at < step ? count - at : step;
        if (!dtmf_ear_hear(ear, at < count ? samples + at : NULL, some, now, &heard))
            continue;
        assert_heard(&heard, digits[found], EPOCH + (int64_t)found * (tone_ms + gap_ms) * MS,
                     tone_ms * MS);
        found++;
    }
    assert_int_equal(found, 16);
    dtmf_ear_free(ear);
    free(samples);
}

static void all_sixteen_digits_are_heard_with_their_times_at_every_rate(void **state)
{
    (void)state;
    check_rate(8000, 100, 100);
    check_rate(8000, 50, 50);
    check_rate(16000, 70, 60);
    check_rate(48000, 100, 40);
}

static void each_of_both_tones_has_minus_10_dbm0(void **state)
{
    (void)state;
    size_t count;
    double power = 0;
    int16_t *samples = dtmf_render("5", &(struct dtmf_timing){.tone_ms = 1000}, 8000, &count);

    for (size_t i = 0; i < count; i++)
        power += (double)samples[i] * samples[i] / (double)count;
    double dbm0 = 3.14 + 10 * log10(power / (32768.0 * 32768 / 2));
    assert_true(fabs(dbm0 - (-10 + 3.01)) < 0.3);
    free(samples);
}

static void neither_silence_nor_a_steady_tone_is_a_digit(void **state)
{
    (void)state;
    struct dtmf_ear *ear = dtmf_ear_new(8000);
    struct dtmf_heard heard;
    int16_t samples[160];

    for (int block = 0; block < 100; block++) {
        for (int i = 0; i < 160; i++)
            samples[i] = (int16_t)(8000 * sin(2 * M_PI * 770 * (block * 160 + i) / 8000.0));
        assert_false(dtmf_ear_hear(ear, block < 50 ? samples : NULL, 160, block * 20 * MS, &heard));
    }
    dtmf_ear_free(ear);
}

/* ---- through streams ---- */

static struct stream *open_stream(const struct codec *codec, const struct codec_params *params,
                                  const struct frames *frames, uint64_t seed)
{
    struct stream_config config = {.codec = codec,
                                   .frames = frames,
                                   .payload_type = 96,
                                   .receive_payload_type = 96,
                                   .ptime_ms = params->ptime_ms,
                                   .cname = "c0ffee",
                                   .rtcp_interval_ns = 1000 * MS,
                                   .decode = DECODE_FULL,
                                   .playout = {.fixed = true, .nominal_ms = 60},
                                   .seed = seed};
    return stream_new(&config, EPOCH);
}

static void check_codec(const char *name, uint32_t ptime_ms)
{
    static const char digits[] = "42#A";
    const struct codec *codec = codec_find(name);
    struct arena *arena = arena_new();
    struct codec_params params = {.ptime_ms = ptime_ms};
    const struct frames *audio = frames_new(arena, &audio_usual, codec, &params, NULL);
    struct dtmf_timing timing = {.tone_ms = 100, .gap_ms = 60};
    dtmf_timing_lead(&timing, codec);
    size_t count, sent = 0, heard = 0;
    int16_t *samples = dtmf_render(digits, &timing, codec->sample_rate, &count);
    const struct frames *tones = frames_of_samples(arena, samples, count, codec, &params);
    struct stream *from = open_stream(codec, &params, audio, 1);
    struct stream *to = open_stream(codec, &params, audio, 2);
    struct event_second seconds[2];
    struct stream_digit digit;
    uint8_t out[STREAM_PACKET_MAX];
    int64_t first_ns = 0;

    for (uint32_t i = 0; i < 2000 / ptime_ms; i++) {
        int64_t now = EPOCH + (int64_t)i * ptime_ms * MS;
        if (i == 300 / ptime_ms) {
            assert_true(stream_tones(from, tones, "42#a", &timing));
            first_ns = now + timing.lead_ms * MS;
        }
        size_t length = stream_send(from, out);
        assert_true(length > 0);
        stream_receive(to, out, length, now);
        while (stream_digit(from, now, &digit)) {
            assert_int_equal(digit.direction, DIRECTION_SEND);
            assert_int_equal(digit.method, DIGIT_INBAND);
            assert_int_equal(digit.digit, digits[sent]);
            assert_int_equal(now - digit.ago_ns, first_ns + (int64_t)sent++ * 160 * MS);
        }
        while (stream_digit(to, now, &digit)) {
            assert_int_equal(digit.direction, DIRECTION_RECEIVE);
            assert_int_equal(digit.method, DIGIT_INBAND);
            if (fabs(digit.duration_ms - 100) > 4)
                fail_msg("%s: %c lasted %.1f ms", name, digit.digit, digit.duration_ms);
            assert_int_equal(digit.digit, digits[heard++]);
        }
    }
    assert_int_equal(sent, 4);
    assert_int_equal(heard, 4);
    stream_second(to, EPOCH + 2000 * MS, seconds);
    double value = 0;
    assert_true(second_get(&seconds[DIRECTION_RECEIVE], READING_TONE_DIGITS, &value));
    assert_int_equal((int)value, 4);
    stream_second(from, EPOCH + 2000 * MS, seconds);
    assert_true(second_get(&seconds[DIRECTION_SEND], READING_TONE_DIGITS, &value));
    assert_int_equal((int)value, 4);
    stream_free(from);
    stream_free(to);
    free(samples);
    arena_free(arena);
}

static void digits_in_the_audio_pass_every_codec(void **state)
{
    (void)state;
    check_codec("pcma", 20);
    check_codec("pcmu", 30);
    check_codec("g722", 20);
    check_codec("opus", 20);
    check_codec("opus", 60);
}

static void digits_of_another_codec_end_with_the_change(void **state)
{
    (void)state;
    const struct codec *codec = codec_find("pcma");
    struct arena *arena = arena_new();
    struct codec_params params = {.ptime_ms = 20};
    const struct frames *audio = frames_new(arena, &audio_usual, codec, &params, NULL);
    struct dtmf_timing timing = {.tone_ms = 100, .gap_ms = 60};
    size_t count;
    int16_t *samples = dtmf_render("1", &timing, 8000, &count);
    const struct frames *tones = frames_of_samples(arena, samples, count, codec, &params);
    struct stream *stream = open_stream(codec, &params, audio, 1);
    struct stream_digit digit;
    uint8_t out[STREAM_PACKET_MAX];

    assert_true(stream_tones(stream, tones, "1", &timing));
    struct stream_config config = {
        .codec = codec_find("pcmu"),
        .frames = frames_new(arena, &audio_usual, codec_find("pcmu"), &params, NULL),
        .payload_type = 0,
        .ptime_ms = 20};
    stream_update(stream, &config);
    assert_false(stream_tones(stream, tones, "1", &timing));
    for (int i = 0; i < 20; i++) {
        stream_send(stream, out);
        assert_false(stream_digit(stream, EPOCH, &digit));
    }
    stream_free(stream);
    free(samples);
    arena_free(arena);
}

static void digits_that_wait_are_not_sent_by_another_clock(void **state)
{
    (void)state;
    const struct codec *codec = codec_find("pcma"), *other = codec_find("opus");
    struct arena *arena = arena_new();
    struct codec_params params = {.ptime_ms = 20};
    struct stream_config config = {.codec = codec,
                                   .frames = frames_new(arena, &audio_usual, codec, &params, NULL),
                                   .payload_type = 8,
                                   .send_events_payload_type = 101,
                                   .ptime_ms = 20,
                                   .cname = "c0ffee",
                                   .rtcp_interval_ns = 1000 * MS};
    struct stream *stream = stream_new(&config, EPOCH);
    struct rtp_packet packet;
    uint8_t out[STREAM_PACKET_MAX];

    assert_true(stream_dtmf(stream, '1', 100, 60));
    assert_true(rtp_parse(out, stream_send(stream, out), &packet));
    assert_int_equal(packet.payload_type, 101);
    config.codec = other;
    config.frames = frames_new(arena, &audio_usual, other, &params, NULL);
    stream_update(stream, &config);
    for (int i = 0; i < 10; i++) {
        assert_true(rtp_parse(out, stream_send(stream, out), &packet));
        assert_int_equal(packet.payload_type, 8);
    }
    stream_free(stream);
    arena_free(arena);
}

SPECIFICATION(cmocka_unit_test(digits_that_wait_are_not_sent_by_another_clock),
              cmocka_unit_test(all_sixteen_digits_are_heard_with_their_times_at_every_rate),
              cmocka_unit_test(each_of_both_tones_has_minus_10_dbm0),
              cmocka_unit_test(neither_silence_nor_a_steady_tone_is_a_digit),
              cmocka_unit_test(digits_in_the_audio_pass_every_codec),
              cmocka_unit_test(digits_of_another_codec_end_with_the_change))
