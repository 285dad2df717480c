/* Opus: its parameters both ways, DTX, FEC, and packet times without decoding. */
#include "support/specification.h"
#include <string.h>
#include "cmtest/codec.h"
#include "cmtest/source.h"
#include "media/tone.h"

extern const struct codec codec_opus;
extern const struct source source_silence;

static const char *written(const struct codec_params *params, struct text *out)
{
    text_clear(out);
    codec_opus.fmtp_write(params, out);
    return text_get(out);
}

static struct codec_params read_fmtp(const char *fmtp)
{
    struct codec_params params = {0};

    codec_opus.fmtp_read(fmtp, &params);
    return params;
}

static struct codec_params agreed(const struct codec_params *own, const char *fmtp)
{
    struct codec_params send;

    codec_agree(&codec_opus, own, fmtp, 20, &send);
    return send;
}

static void parameters_survive_writing_and_reading(void **state)
{
    const char *all = "maxplaybackrate=16000;sprop-maxcapturerate=24000;maxaveragebitrate=20000;"
                      "stereo=1;sprop-stereo=1;cbr=1;useinbandfec=1;usedtx=1";
    struct codec_params params = read_fmtp(all);
    struct text out = {0};

    (void)state;
    assert_int_equal(params.max_playback_rate, 16000);
    assert_int_equal(params.max_capture_rate, 24000);
    assert_int_equal(params.max_bitrate, 20000);
    assert_true(params.stereo && params.capture_stereo && params.cbr && params.fec && params.dtx);
    assert_string_equal(written(&params, &out), all);
    assert_string_equal(written(&codec_opus.usual, &out), "useinbandfec=1");
    assert_string_equal(written(&(struct codec_params){0}, &out), "");
    text_fini(&out);
}

static void spaces_cases_and_strangers_in_fmtp_do_not_matter(void **state)
{
    struct codec_params params =
        read_fmtp("  minptime=10 ; UseInbandFec = 1;;x;=;usedtx=1 ;stereo=7; cbr=;ptime=20");

    (void)state;
    assert_true(params.fec && params.dtx);
    assert_false(params.stereo || params.cbr);
}

static void values_out_of_bounds_are_as_if_not_said(void **state)
{
    char long_one[8192] = "";
    struct codec_params none = {0};
    struct codec_params params =
        read_fmtp("maxaveragebitrate=99999999999999999999;maxplaybackrate=0;cbr=-1;"
                  "sprop-maxcapturerate=4294967297;maxaveragebitrate=5999;usedtx=2;stereo=1x");

    (void)state;
    assert_true(codec_same(&params, &none));
    memset(long_one, 'a', sizeof long_one - 1);
    params = read_fmtp(long_one);
    assert_true(codec_same(&params, &none));
    memset(long_one, ';', sizeof long_one - 1);
    params = read_fmtp(long_one);
    assert_true(codec_same(&params, &none));
}

static void what_the_peer_wants_decides_what_is_sent(void **state)
{
    struct codec_params own = {.bitrate = 64000, .capture_stereo = true};
    struct codec_params send =
        agreed(&own, "maxaveragebitrate=25123;useinbandfec=1;usedtx=1;cbr=1;stereo=1");

    (void)state;
    assert_int_equal(send.bitrate, 24000);
    assert_true(send.fec && send.dtx && send.cbr && send.stereo);
    assert_int_equal(send.ptime_ms, 20);
    send = agreed(&own, NULL);
    assert_int_equal(send.bitrate, 64000);
    assert_false(send.fec || send.dtx || send.cbr || send.stereo);
    own.capture_stereo = false;
    assert_false(agreed(&own, "stereo=1").stereo);
    own.max_capture_rate = 16000;
    assert_int_equal(agreed(&own, "maxplaybackrate=48000").max_playback_rate, 16000);
    assert_int_equal(agreed(&own, "maxplaybackrate=8001").max_playback_rate, 8000);
}

static size_t bytes_of(struct arena *arena, const struct audio *audio, struct codec_params params,
                       uint32_t *absent, uint32_t *count)
{
    struct text why = {0};
    const struct frames *frames = frames_new(arena, audio, &codec_opus, &params, &why);

    *absent = 0;
    *count = frames->count;
    for (uint32_t i = 0; i < frames->count; i++)
        *absent += frames->offsets[i + 1] == frames->offsets[i];
    return frames->offsets[frames->count];
}

static void dtx_of_silence_sends_a_packet_now_and_then(void **state)
{
    struct arena *arena = arena_new();
    struct audio silence = {.source = &source_silence};
    uint32_t absent, count;

    (void)state;
    bytes_of(arena, &silence, (struct codec_params){.ptime_ms = 20, .dtx = true}, &absent, &count);
    assert_in_range(absent, count * 9 / 10, count - 2);
    bytes_of(arena, &silence, (struct codec_params){.ptime_ms = 20}, &absent, &count);
    assert_int_equal(absent, 0);
    bytes_of(arena, &audio_usual, (struct codec_params){.ptime_ms = 20, .dtx = true}, &absent,
             &count);
    assert_int_equal(absent, 0);
    arena_free(arena);
}

static void the_bit_rate_is_the_one_that_was_asked_for(void **state)
{
    struct arena *arena = arena_new();
    const uint32_t rates[] = {8000, 16000, 32000, 64000};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (uint32_t ptime = 20; ptime <= 60; ptime += 20) {
            uint32_t absent, count;
            struct codec_params params = {.ptime_ms = ptime, .bitrate = rates[i], .cbr = true};
            size_t bytes = bytes_of(arena, &audio_usual, params, &absent, &count);
            double rate = 8000.0 * (double)bytes / (count * ptime);
            assert_true(fabs(rate / rates[i] - 1) < 0.03);
        }
    }
    arena_free(arena);
}

/* Syllables of 200 ms, 200 ms apart. */
static void speak(int16_t *samples, uint32_t frame)
{
    for (uint32_t i = 0; i < 960; i++) {
        double at = (frame * 960 + i) / 48000.0, sum = 0;
        for (int harmonic = 1; harmonic <= 20; harmonic++)
            sum += sin(2 * M_PI * 150 * harmonic * at) / harmonic;
        samples[i] = frame / 10 % 2 ? (int16_t)lrint(6000 * sum) : 0;
    }
}

static double power_of(const int16_t *samples)
{
    double power = 0;

    for (size_t i = 0; i < 960; i++)
        power += samples[i] * (double)samples[i] / 960;
    return power;
}

/* The power of what is heard in place of the second frame of a syllable. */
static double fill(bool fec)
{
    struct codec_params params = {
        .ptime_ms = 20, .bitrate = 24000, .fec = true, .max_playback_rate = 16000};
    struct codec_encoder *encoder = codec_encoder_new(&codec_opus, &params);
    struct codec_decoder *decoder = codec_decoder_new(&codec_opus);
    int16_t samples[960], heard[CODEC_SAMPLES_MAX];
    uint8_t out[CODEC_FRAME_MAX];
    size_t length = 0;

    for (uint32_t frame = 0; frame < 73; frame++) {
        speak(samples, frame);
        length = codec_encode(encoder, samples, 960, out);
        if (frame < 71)
            codec_decode(decoder, out, length, heard);
    }
    codec_conceal(decoder, fec ? out : NULL, length, heard, 960);
    codec_encoder_free(encoder);
    codec_decoder_free(decoder);
    return power_of(heard);
}

static void a_lost_packet_is_in_the_next_one_with_fec(void **state)
{
    int16_t samples[960];

    (void)state;
    speak(samples, 71);
    double said = power_of(samples), with = fill(true), without = fill(false);
    if (fabs(log10(with / said)) > 0.2 || fabs(log10(with / said)) > fabs(log10(without / said)))
        fail_msg("said %f, with FEC %f, without %f", said, with, without);
}

static void stereo_packets_are_heard_as_one_channel(void **state)
{
    struct arena *arena = arena_new();
    struct codec_params params = {.ptime_ms = 20, .stereo = true, .bitrate = 64000};
    struct text why = {0};
    const struct frames *frames = frames_new(arena, &audio_usual, &codec_opus, &params, &why);
    struct codec_decoder *decoder = codec_decoder_new(&codec_opus);
    static int16_t samples[48000];

    (void)state;
    assert_int_equal(frames->bytes[0] & 4, 4);
    for (uint32_t i = 0; i < 100; i++) {
        static int16_t out[CODEC_SAMPLES_MAX];
        size_t count = codec_decode(decoder, frames->bytes + frames->offsets[i],
                                    frames->offsets[i + 1] - frames->offsets[i], out);
        assert_int_equal(count, 960);
        if (i >= 50)
            memcpy(samples + (i - 50) * 960, out, sizeof *out * 960);
    }
    struct heard heard = heard_in(samples, 48000, 48000, 440);
    assert_true(fabs(heard.level_dbm0 - SOURCE_LEVEL_DBM0) < 1);
    codec_decoder_free(decoder);
    arena_free(arena);
}

static void durations_come_from_the_toc(void **state)
{
    /* RFC 6716 table 2 and figure 1: config, then frames; in units of 48 kHz. */
    const struct {
        uint8_t bytes[2];
        size_t length;
        uint32_t duration;
    } cases[] = {
        {{0 << 3}, 1, 480},          {{1 << 3}, 1, 960},
        {{3 << 3}, 1, 2880},         {{11 << 3}, 1, 2880},
        {{12 << 3}, 1, 480},         {{15 << 3}, 1, 960},
        {{16 << 3}, 1, 120},         {{31 << 3}, 1, 960},
        {{31 << 3 | 1}, 9, 1920},    {{3 << 3 | 2}, 9, 5760},
        {{31 << 3 | 3, 6}, 9, 5760}, {{31 << 3 | 3, 7}, 9, 0},
        {{3 << 3 | 3, 3}, 9, 0},     {{0 << 3 | 3}, 1, 0},
        {{0 << 3 | 3, 0x80}, 2, 0},  {{16 << 3 | 3, 0xc0 | 48}, 9, 5760},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(codec_opus.duration(cases[i].bytes, cases[i].length), cases[i].duration);
}

static void loops_join_in_the_state_that_the_encoder_was_in(void **state)
{
    struct arena *arena = arena_new();
    struct codec_params params = {.ptime_ms = 20};
    struct text why = {0};
    const struct frames *frames = frames_new(arena, &audio_usual, &codec_opus, &params, &why);

    (void)state;
    assert_true(frames->count >= 100);
    /* A new encoder begins with frames of another size. */
    size_t first = frames->offsets[1], middle = frames->offsets[51] - frames->offsets[50];
    assert_in_range(first, middle * 2 / 3, middle * 3 / 2);
    arena_free(arena);
}

SPECIFICATION(cmocka_unit_test(parameters_survive_writing_and_reading),
              cmocka_unit_test(spaces_cases_and_strangers_in_fmtp_do_not_matter),
              cmocka_unit_test(values_out_of_bounds_are_as_if_not_said),
              cmocka_unit_test(what_the_peer_wants_decides_what_is_sent),
              cmocka_unit_test(dtx_of_silence_sends_a_packet_now_and_then),
              cmocka_unit_test(the_bit_rate_is_the_one_that_was_asked_for),
              cmocka_unit_test(a_lost_packet_is_in_the_next_one_with_fec),
              cmocka_unit_test(stereo_packets_are_heard_as_one_channel),
              cmocka_unit_test(durations_come_from_the_toc),
              cmocka_unit_test(loops_join_in_the_state_that_the_encoder_was_in))
