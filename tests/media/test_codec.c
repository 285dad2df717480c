/* What every row of the table of codecs must do. */
#include "support/specification.h"
#include <string.h>
#include "cmtest/codec.h"
#include "cmtest/source.h"
#include "media/tone.h"

#define PTIME 20

/* Of each codec with audio in turn; NULL after the last. */
static const struct codec *next_audio(size_t *i)
{
    while (codecs[*i] && codecs[*i]->kind != CODEC_AUDIO)
        ++*i;
    return codecs[*i] ? codecs[(*i)++] : NULL;
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
    unsigned answers = 0;

    (void)state;
    for (size_t i = 0; codecs[i]; i++) {
        const struct codec *codec = codecs[i];
        uint8_t out[CODEC_FRAME_MAX];
        if (!codec->vector_in)
            continue;
        struct codec_encoder *encoder = codec_encoder_new(codec, &codec->usual);
        size_t length = codec_encode(encoder, codec->vector_in, codec->vector_samples, out);
        assert_int_equal(length, codec->vector_bytes);
        assert_memory_equal(out, codec->vector_out, length);
        codec_encoder_free(encoder);
        answers++;
    }
    assert_int_equal(answers, 3);
}

static void every_row_says_what_planning_needs(void **state)
{
    (void)state;
    for (size_t i = 0; codecs[i]; i++) {
        const struct codec *codec = codecs[i];
        assert_true(codec->help && codec->ptime_ms && codec->sample_rate);
        assert_true(codec->payload_type < 128);
        if (codec->kind != CODEC_AUDIO)
            continue;
        assert_true(codec->clock_rate && codec->bit_rate && codec->duration);
        assert_true(codec->encode && codec->decode && codec->conceal);
        assert_true(codec->quality.bpl > 0 && codec->quality.from && codec->concealed.from);
        assert_true(codec->concealed.bpl >= codec->quality.bpl);
        assert_int_equal(codec_ptime(codec, 0), codec->ptime_ms);
        assert_int_equal(codec_ptime(codec, codec->ptime_ms), codec->ptime_ms);
    }
}

static void g711_with_concealment_has_the_bpl_of_appendix_i(void **state)
{
    (void)state;
    assert_true(fabs(codec_find("pcmu")->quality.bpl - 4.3) < 1e-9);
    assert_true(fabs(codec_find("pcma")->concealed.bpl - 25.1) < 1e-9);
    assert_false(codec_find("pcma")->concealed.provisional);
    assert_true(codec_find("opus")->quality.provisional);
    assert_int_equal(codec_find("opus")->quality.scale, EMODEL_FULL);
    assert_int_equal(codec_find("g722")->quality.scale, EMODEL_WIDE);
}

static void packet_times_are_those_that_the_codec_has(void **state)
{
    const struct codec *opus = codec_find("opus"), *g722 = codec_find("g722");

    (void)state;
    assert_int_equal(codec_ptime(opus, 30), 20);
    assert_int_equal(codec_ptime(opus, 5), 10);
    assert_int_equal(codec_ptime(opus, 120), 60);
    assert_int_equal(codec_ptime_max(opus), 60);
    assert_int_equal(codec_ptime(g722, 30), 30);
    assert_int_equal(codec_ptime(g722, 500), 120);
    assert_int_equal(codec_ptime_max(g722), 120);
}

static const struct frames *frames_of(struct arena *arena, const struct codec *codec,
                                      const struct audio *audio, struct codec_params params)
{
    struct text why = {0};
    const struct frames *frames = frames_new(arena, audio, codec, &params, &why);

    if (!frames)
        fail_msg("%s", text_get(&why));
    return frames;
}

/* Decodes what is sent in a second, after half a second in which the codec settles. */
static struct heard hear(const struct frames *frames, double nominal)
{
    static int16_t audio[48000 + CODEC_SAMPLES_MAX];
    int16_t samples[CODEC_SAMPLES_MAX];
    const struct codec *codec = frames->codec;
    struct codec_decoder *decoder = codec_decoder_new(codec);
    size_t settle = codec->sample_rate / 2, want = codec->sample_rate, have = 0;

    for (uint32_t i = 0; have < want; i++) {
        uint32_t at = i % frames->count;
        const uint8_t *bytes = frames->bytes + frames->offsets[at];
        size_t length = frames->offsets[at + 1] - frames->offsets[at];
        assert_int_equal(codec->duration(bytes, length), frames->timestamp_step);
        size_t count = codec_decode(decoder, bytes, length, samples);
        assert_int_equal(count, codec->sample_rate * frames->params.ptime_ms / 1000);
        if (i * count < settle)
            continue;
        memcpy(audio + have, samples, count * sizeof *samples);
        have += count;
    }
    codec_decoder_free(decoder);
    return heard_in(audio, want, codec->sample_rate, nominal);
}

static void a_tone_comes_out_as_it_went_in(void **state)
{
    struct arena *arena = arena_new();
    const uint32_t frequencies[] = {440, 1004, 3000};
    const struct codec *codec;

    (void)state;
    for (size_t i = 0; (codec = next_audio(&i));) {
        for (size_t k = 0; k < 3; k++) {
            struct audio audio = audio_usual;
            audio.frequency_hz = frequencies[k];
            struct heard heard =
                hear(frames_of(arena, codec, &audio, (struct codec_params){.ptime_ms = PTIME}),
                     frequencies[k]);
            if (fabs(heard.frequency_hz / frequencies[k] - 1) > 0.01 ||
                fabs(heard.level_dbm0 - audio.level_dbm0) > 1 || heard.purity < 0.98)
                fail_msg("%s, %u Hz: %f Hz, %f dBm0, purity %f", codec->name, frequencies[k],
                         heard.frequency_hz, heard.level_dbm0, heard.purity);
        }
    }
    arena_free(arena);
}

static void every_packet_time_carries_the_tone(void **state)
{
    struct arena *arena = arena_new();
    const struct codec *codec;

    (void)state;
    for (size_t i = 0; (codec = next_audio(&i));) {
        for (uint32_t ms = 10; ms <= 60; ms += 10) {
            if (codec_ptime(codec, ms) != ms)
                continue;
            struct heard heard = hear(
                frames_of(arena, codec, &audio_usual, (struct codec_params){.ptime_ms = ms}), 440);
            assert_true(fabs(heard.frequency_hz - 440) < 4.4);
            assert_true(fabs(heard.level_dbm0 - SOURCE_LEVEL_DBM0) < 1);
            assert_true(heard.purity > 0.98);
        }
    }
    arena_free(arena);
}

static void g722_counts_8000_a_second_for_16000_samples(void **state)
{
    struct arena *arena = arena_new();
    const struct frames *frames = frames_of(arena, codec_find("g722"), &audio_usual,
                                            (struct codec_params){.ptime_ms = PTIME});

    (void)state;
    assert_int_equal(frames->timestamp_step, 160);
    assert_int_equal(frames->offsets[1], 160);
    arena_free(arena);
}

static double power_of(const int16_t *samples, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (double)samples[i] * samples[i] / (double)count;
    return sum;
}

static void a_missing_packet_is_filled_and_long_gaps_fade(void **state)
{
    struct arena *arena = arena_new();
    int16_t samples[CODEC_SAMPLES_MAX];
    const struct codec *codec;

    (void)state;
    for (size_t i = 0; (codec = next_audio(&i));) {
        const struct frames *frames =
            frames_of(arena, codec, &audio_usual, (struct codec_params){.ptime_ms = PTIME});
        struct codec_decoder *decoder = codec_decoder_new(codec);
        size_t count = codec->sample_rate * PTIME / 1000;
        double power = 0;
        for (uint32_t k = 0; k < 50; k++) {
            uint32_t at = k % frames->count;
            assert_int_equal(codec_decode(decoder, frames->bytes + frames->offsets[at],
                                          frames->offsets[at + 1] - frames->offsets[at], samples),
                             count);
            power = power_of(samples, count);
        }
        codec_conceal(decoder, NULL, 0, samples, count);
        assert_true(power_of(samples, count) > power / 4);
        for (unsigned k = 0; k < 50; k++)
            codec_conceal(decoder, NULL, 0, samples, count);
        if (power_of(samples, count) > power / 50)
            fail_msg("%s: %f of %f", codec->name, power_of(samples, count), power);
        codec_decoder_free(decoder);
    }
    arena_free(arena);
}

static void a_decoder_that_heard_nothing_yet_conceals_with_silence(void **state)
{
    int16_t samples[CODEC_SAMPLES_MAX];
    const struct codec *codec;

    (void)state;
    for (size_t i = 0; (codec = next_audio(&i));) {
        struct codec_decoder *decoder = codec_decoder_new(codec);
        memset(samples, 0x55, sizeof samples);
        codec_conceal(decoder, NULL, 0, samples, SIZE_MAX);
        assert_true(power_of(samples, CODEC_SAMPLES_MAX) < 100);
        codec_decoder_free(decoder);
    }
}

static void whatever_arrives_is_decoded_or_refused(void **state)
{
    const struct codec *codec;
    uint8_t bytes[CODEC_FRAME_MAX + 8192];
    int16_t samples[CODEC_SAMPLES_MAX];
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; (codec = next_audio(&i));) {
        struct codec_decoder *decoder = codec_decoder_new(codec);
        assert_int_equal(codec_decode(decoder, bytes, 0, samples), 0);
        assert_int_equal(codec->duration(bytes, 0), 0);
        for (unsigned round = 0; round < 2000; round++) {
            for (size_t k = 0; k < 64; k++)
                bytes[k] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
            size_t length = round % 7 ? seed >> 26 : round;
            assert_true(codec_decode(decoder, bytes, length, samples) <= CODEC_SAMPLES_MAX);
            codec->duration(bytes, length);
            codec_conceal(decoder, bytes, length, samples, round % 961);
        }
        memset(bytes, 0, sizeof bytes);
        assert_int_equal(codec_decode(decoder, bytes, sizeof bytes, samples), 0);
        codec_decoder_free(decoder);
    }
}

SPECIFICATION(cmocka_unit_test(codecs_are_found_by_their_spec_name),
              cmocka_unit_test(every_codec_gives_its_known_answer),
              cmocka_unit_test(every_row_says_what_planning_needs),
              cmocka_unit_test(g711_with_concealment_has_the_bpl_of_appendix_i),
              cmocka_unit_test(packet_times_are_those_that_the_codec_has),
              cmocka_unit_test(a_tone_comes_out_as_it_went_in),
              cmocka_unit_test(every_packet_time_carries_the_tone),
              cmocka_unit_test(g722_counts_8000_a_second_for_16000_samples),
              cmocka_unit_test(a_missing_packet_is_filled_and_long_gaps_fade),
              cmocka_unit_test(a_decoder_that_heard_nothing_yet_conceals_with_silence),
              cmocka_unit_test(whatever_arrives_is_decoded_or_refused))
