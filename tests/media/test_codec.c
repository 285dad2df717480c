#include "support/specification.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/codec.h"
#include "cmtest/source.h"

extern const struct codec codec_pcmu, codec_pcma;

static const struct codec *const g711[] = {&codec_pcmu, &codec_pcma};

static int16_t decode_one(const struct codec *codec, uint8_t byte)
{
    int16_t sample = 0;

    assert_int_equal(codec->decode(&byte, 1, &sample, 1), 1);
    return sample;
}

static uint8_t encode_one(const struct codec *codec, int16_t sample)
{
    uint8_t byte = 0;

    assert_int_equal(codec->encode(&sample, 1, &byte, 1), 1);
    return byte;
}

static void codecs_are_found_by_their_spec_name(void **state)
{
    (void)state;
    for (size_t i = 0; codecs[i]; i++)
        assert_ptr_equal(codec_find(codecs[i]->name), codecs[i]);
    assert_string_equal(codec_find("pcma")->encoding, "PCMA");
    assert_int_equal(codec_find("pcma")->payload_type, 8);
    assert_int_equal(codec_find("pcmu")->payload_type, 0);
    assert_null(codec_find("PCMA"));
    assert_null(codec_find("pcm"));
    assert_null(codec_find(""));
}

static void every_codec_gives_its_known_answer(void **state)
{
    (void)state;
    for (size_t i = 0; codecs[i]; i++) {
        const struct codec *codec = codecs[i];
        uint8_t out[256];
        if (!codec->encode)
            continue;
        assert_true(codec->vector_samples > 0 && codec->vector_bytes <= sizeof out);
        size_t length = codec->encode(codec->vector_in, codec->vector_samples, out, sizeof out);
        assert_int_equal(length, codec->vector_bytes);
        assert_memory_equal(out, codec->vector_out, length);
    }
}

static void too_small_a_buffer_is_refused(void **state)
{
    const int16_t samples[4] = {1, 2, 3, 4};
    const uint8_t bytes[4] = {1, 2, 3, 4};
    uint8_t out[3];
    int16_t linear[3];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(g711[i]->encode(samples, 4, out, sizeof out), 0);
        assert_int_equal(g711[i]->decode(bytes, 4, linear, 3), 0);
    }
}

static void every_alaw_code_survives_decode_and_encode(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 256; code++)
        assert_int_equal(encode_one(g711[1], decode_one(g711[1], (uint8_t)code)), code);
}

static void every_mulaw_code_survives_but_minus_zero(void **state)
{
    (void)state;
    /* mu-law has two codes of the value 0; a linear sample has one. */
    for (unsigned code = 0; code < 256; code++) {
        unsigned expected = code == 0x7f ? 0xff : code;
        assert_int_equal(encode_one(g711[0], decode_one(g711[0], (uint8_t)code)), expected);
    }
}

static void values_are_those_of_the_recommendation(void **state)
{
    (void)state;
    /* G.711 tables 1a and 2a print 12 and 14 bit values: times 16/2 and times 4 in 16 bits. */
    assert_int_equal(decode_one(g711[1], 0xd5), 8);
    assert_int_equal(decode_one(g711[1], 0x55), -8);
    assert_int_equal(decode_one(g711[1], 0xaa), 4032 * 8);
    assert_int_equal(decode_one(g711[1], 0x2a), -4032 * 8);
    assert_int_equal(decode_one(g711[0], 0xff), 0);
    assert_int_equal(decode_one(g711[0], 0x80), 8031 * 4);
    assert_int_equal(decode_one(g711[0], 0x00), -8031 * 4);
    assert_int_equal(decode_one(g711[0], 0xfe), 2 * 4);
}

/* The decision values of G.711 tables 1 and 2 in their own units, laid out step by step: 128
 * intervals, of which number n has character signal n. */
static void lay_out(int bounds[129], int first, int step, int intervals)
{
    bounds[0] = 0;
    for (int n = 1; n <= 128; n++) {
        bounds[n] = bounds[n - 1] + (n == 1 ? first : step);
        if (n >= intervals && n % 16 == 0)
            step *= 2;
    }
}

static unsigned interval_of(const int bounds[129], int magnitude)
{
    unsigned n = 0;

    while (n < 127 && magnitude >= bounds[n + 1])
        n++;
    return n;
}

static void every_sample_gets_the_code_of_its_decision_interval(void **state)
{
    int alaw[129], mulaw[129];

    (void)state;
    lay_out(alaw, 2, 2, 32);
    lay_out(mulaw, 1, 2, 16);
    assert_int_equal(alaw[128], 4096);
    assert_int_equal(mulaw[128], 8159);
    for (int sample = INT16_MIN; sample <= INT16_MAX; sample++) {
        /* One's complement mirrors the halves: there are as many negative samples as others. */
        int magnitude = sample < 0 ? ~sample : sample;
        unsigned sign = sample < 0 ? 0 : 0x80;
        assert_int_equal(encode_one(&codec_pcma, (int16_t)sample),
                         (sign | interval_of(alaw, magnitude >> 3)) ^ 0x55);
        assert_int_equal(encode_one(&codec_pcmu, (int16_t)sample),
                         sign | (0x7f - interval_of(mulaw, magnitude >> 2)));
    }
}

static void decoding_an_encoded_sample_stays_in_its_interval(void **state)
{
    (void)state;
    /* Half a step is at most 1/32 of the sample, or 8 where the laws are linear. Above 32124
     * mu-law clips. */
    for (size_t i = 0; i < 2; i++) {
        for (int sample = -32124; sample <= 32124; sample++) {
            int distance = abs(sample - decode_one(g711[i], encode_one(g711[i], (int16_t)sample)));
            assert_in_range(distance, 0, 8 + abs(sample) / 31);
        }
    }
}

static void louder_samples_never_get_quieter_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int previous = INT32_MIN;
        for (int sample = INT16_MIN; sample <= INT16_MAX; sample++) {
            int decoded = decode_one(g711[i], encode_one(g711[i], (int16_t)sample));
            assert_true(decoded >= previous);
            previous = decoded;
        }
    }
}

static void tone_is_a_whole_number_of_frames_and_periods(void **state)
{
    struct arena *arena = arena_new();
    const uint32_t rates[] = {8000, 16000, 48000};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t count = 0;
        const int16_t *samples = source_find("tone")->render(arena, rates[i], &count);
        assert_int_equal(count % (rates[i] / 50), 0);
        int step = 0;
        for (size_t k = 1; k < count; k++) {
            int now = abs(samples[k] - samples[k - 1]);
            step = now > step ? now : step;
        }
        /* Where the loop joins it moves on as it does elsewhere, in the same direction. */
        assert_in_range(abs(samples[0] - samples[count - 1]), 1, step + 1);
        assert_true(samples[1] > samples[0] && samples[0] > samples[count - 1]);
    }
    arena_free(arena);
}

static void tone_is_between_minus_20_and_minus_10_dbm0(void **state)
{
    struct arena *arena = arena_new();
    size_t count = 0;
    const int16_t *samples = source_find("tone")->render(arena, 8000, &count);
    double power = 0;

    (void)state;
    for (size_t i = 0; i < count; i++)
        power += (double)samples[i] * samples[i] / (double)count;
    /* A sine as loud as A-law can carry has +3.14 dBm0. */
    double dbm0 = 3.14 + 10 * log10(power / (32768.0 * 32768 / 2));
    assert_true(dbm0 > -20 && dbm0 < -10);
    arena_free(arena);
}

static void sources_are_found_by_their_name(void **state)
{
    (void)state;
    assert_string_equal(source_find("tone")->name, "tone");
    assert_null(source_find("tune"));
}

static void check_frames(const struct codec *codec, uint32_t ptime_ms)
{
    struct arena *arena = arena_new();
    const struct source *tone = source_find("tone");
    const struct frames *frames = frames_new(arena, tone, codec, ptime_ms);
    size_t loop = 0;
    const int16_t *samples = tone->render(arena, codec->sample_rate, &loop);

    assert_ptr_equal(frames->codec, codec);
    assert_int_equal(frames->ptime_ms, ptime_ms);
    assert_int_equal(frames->timestamp_step, 8 * ptime_ms);
    assert_int_equal(frames->frame_bytes, 8 * ptime_ms);
    /* From the last frame back to the first the audio must join. */
    assert_int_equal(frames->count * frames->frame_bytes % loop, 0);
    for (size_t i = 0; i < (size_t)frames->count * frames->frame_bytes; i++)
        assert_int_equal(frames->bytes[i], encode_one(codec, samples[i % loop]));
    arena_free(arena);
}

static void frames_hold_the_whole_loop_encoded_once(void **state)
{
    (void)state;
    check_frames(g711[0], 20);
    check_frames(g711[1], 20);
}

static void frames_of_any_packet_time_join_without_a_click(void **state)
{
    (void)state;
    for (uint32_t ptime_ms = 10; ptime_ms <= 120; ptime_ms++)
        check_frames(g711[1], ptime_ms);
}

SPECIFICATION(cmocka_unit_test(codecs_are_found_by_their_spec_name),
              cmocka_unit_test(every_codec_gives_its_known_answer),
              cmocka_unit_test(too_small_a_buffer_is_refused),
              cmocka_unit_test(every_alaw_code_survives_decode_and_encode),
              cmocka_unit_test(every_mulaw_code_survives_but_minus_zero),
              cmocka_unit_test(values_are_those_of_the_recommendation),
              cmocka_unit_test(every_sample_gets_the_code_of_its_decision_interval),
              cmocka_unit_test(decoding_an_encoded_sample_stays_in_its_interval),
              cmocka_unit_test(louder_samples_never_get_quieter_values),
              cmocka_unit_test(tone_is_a_whole_number_of_frames_and_periods),
              cmocka_unit_test(tone_is_between_minus_20_and_minus_10_dbm0),
              cmocka_unit_test(sources_are_found_by_their_name),
              cmocka_unit_test(frames_hold_the_whole_loop_encoded_once),
              cmocka_unit_test(frames_of_any_packet_time_join_without_a_click))
