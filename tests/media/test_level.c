#include <string.h>
#include "support/specification.h"
#include "cmtest/codec.h"
#include "cmtest/level.h"
#include "cmtest/random.h"
#include "media/near.h"

#define RATE 8000
#define BLOCK 160
#define LONG 48000

static int16_t audio[LONG];

static int16_t clamp(double value)
{
    return (int16_t)lrint(fmin(fmax(value, -32768), 32767));
}

/* A sine of this level in dBov: full scale is -3.01. */
static void sine(double hertz, double dbov, uint32_t rate, size_t count)
{
    double amplitude = 32768 * sqrt(2) * pow(10, dbov / 20);
    for (size_t i = 0; i < count; i++)
        audio[i] = clamp(amplitude * sin(2 * M_PI * hertz * (double)i / rate + .3));
}

/* Gaussian (Box and Muller). */
static void add_noise(double dbov, size_t count, uint64_t seed)
{
    struct random random;
    random_init(&random, seed);
    for (size_t i = 0; i < count; i++) {
        double u = 1 - random_unit(&random), v = random_unit(&random);
        audio[i] =
            clamp(audio[i] + 32768 * pow(10, dbov / 20) * sqrt(-2 * log(u)) * cos(2 * M_PI * v));
    }
}

static struct level heard(struct level_floor *floor, size_t count)
{
    struct level level = {0};
    for (size_t at = 0; at + BLOCK <= count; at += BLOCK)
        level_add(&level, floor, audio + at, BLOCK);
    return level;
}

static void a_sine_has_its_level(void **state)
{
    (void)state;
    for (double dbov = -3.01; dbov > -58; dbov -= 3) {
        struct level_floor floor = {0};
        sine(440, dbov, RATE, RATE);
        struct level level = heard(&floor, RATE);
        assert_near(level_rms(&level), dbov, .1);
        assert_near(level_peak(&level), dbov + 3.01, .1);
        assert_int_equal(level.samples, RATE);
        assert_int_equal(level.silent, dbov < -50 ? RATE : 0);
    }
}

static void a_full_scale_square_is_0_dbov_and_clips(void **state)
{
    (void)state;
    struct level_floor floor = {0};
    for (size_t i = 0; i < RATE; i++)
        audio[i] = i / 4 % 2 ? 32767 : -32768;
    struct level level = heard(&floor, RATE);
    assert_near(level_rms(&level), 0, .1);
    assert_near(level_peak(&level), 0, 1e-9);
    assert_int_equal(level.clipped, RATE);
    for (size_t i = 0; i < RATE; i++)
        audio[i] = i % 2 ? 3277 : -3277;
    level = heard(&floor, RATE);
    assert_near(level_rms(&level), -20, .1);
    assert_int_equal(level.clipped, 0);
}

static void silence_has_the_lowest_level_and_so_has_nothing(void **state)
{
    (void)state;
    struct level_floor floor = {0};
    struct level level = {0};
    assert_near(level_rms(&level), LEVEL_MIN_DBOV, 0);
    assert_near(level_peak(&level), LEVEL_MIN_DBOV, 0);
    level_add(&level, &floor, audio, 0);
    assert_int_equal(level.samples, 0);
    memset(audio, 0, sizeof audio);
    level = heard(&floor, RATE);
    assert_near(level_rms(&level), LEVEL_MIN_DBOV, 0);
    assert_near(level_signal(&level), LEVEL_MIN_DBOV, 0);
    assert_int_equal(level.silent, RATE);
    assert_int_equal(level.signal_samples, 0);
}

static void noise_has_its_level_and_is_no_signal(void **state)
{
    (void)state;
    for (double dbov = -65; dbov <= -35; dbov += 5) {
        struct level_floor floor = {0};
        memset(audio, 0, sizeof audio);
        add_noise(dbov, LONG, 3);
        struct level level = heard(&floor, LONG);
        assert_near(level_rms(&level), dbov, .1);
        assert_near(level_noise(&level), dbov, .1);
        assert_int_equal(level.signal_samples, 0);
    }
}

static void clipped_samples_are_counted_also_behind_g711(void **state)
{
    (void)state;
    struct level level = {0};
    struct level_floor floor = {0};
    int16_t samples[BLOCK] = {32767, -32768, -32767, 32124, -32124, 32123, -32123, 1};
    level_add(&level, &floor, samples, BLOCK);
    assert_int_equal(level.clipped, 5);
    static const char *const names[] = {"pcmu", "pcma"};
    for (size_t i = 0; i < 2; i++) {
        const struct codec *codec = codec_find(names[i]);
        uint8_t bytes[BLOCK];
        level = (struct level){0};
        int16_t loud[BLOCK] = {32767, -32768, 32767, 20000, -20000};
        void *decoder = codec->decoder_open();
        codec->encode(NULL, loud, BLOCK, bytes, sizeof bytes);
        codec->decode(decoder, bytes, sizeof bytes, loud, BLOCK);
        codec->decoder_close(decoder);
        level_add(&level, &floor, loud, BLOCK);
        assert_int_equal(level.clipped, 3);
    }
}

/* Talkspurts of 1.2 s and pauses of 0.8 s, over noise that is always there. */
static void speech_and_noise_are_told_apart(void **state)
{
    (void)state;
    static const double noises[] = {-65, -55, -45};
    for (size_t n = 0; n < 3; n++) {
        struct level_floor floor = {0};
        struct level sum = {0};
        for (int round = 0; round < 10; round++) {
            sine(300, -20, RATE, 2 * RATE);
            memset(audio + 9600, 0, 6400 * sizeof audio[0]);
            /* Syllables: 4 Hz, never wholly silent. */
            for (size_t i = 0; i < 9600; i++)
                audio[i] = clamp(audio[i] * (.7 + .3 * sin(2 * M_PI * 4 * (double)i / RATE)));
            add_noise(noises[n], 2 * RATE, (uint64_t)round);
            struct level level = heard(&floor, 2 * RATE);
            if (round == 0) /* the first talkspurt is heard before any background */
                continue;
            sum.signal_energy += level.signal_energy;
            sum.signal_samples += level.signal_samples;
            sum.noise_energy += level.noise_energy;
            sum.noise_samples += level.noise_samples;
        }
        double speech = -20 + 10 * log10(.49 + .045);
        assert_near(level_noise(&sum), noises[n], .5);
        assert_near(level_signal(&sum), speech, .5);
        assert_near((double)sum.signal_samples / (9. * 16000), .6, .01);
    }
}

static void the_background_is_found_when_loud_audio_came_first(void **state)
{
    (void)state;
    struct level_floor floor = {0};
    sine(300, -20, RATE, RATE);
    heard(&floor, RATE);
    memset(audio, 0, sizeof audio);
    add_noise(-68, RATE / 2, 1);
    heard(&floor, RATE / 2);
    sine(300, -45, RATE, RATE);
    struct level level = heard(&floor, RATE);
    assert_int_equal(level.signal_samples, RATE);
}

static void a_steady_tone_stays_signal(void **state)
{
    (void)state;
    struct level_floor floor = {0};
    sine(1000, -25, RATE, RATE);
    for (int second = 0; second < 120; second++) {
        struct level level = heard(&floor, RATE);
        assert_int_equal(level.signal_samples, RATE);
        assert_near(level_signal(&level), -25, .1);
    }
}

/* ---- tones ---- */

static void check_tone(double hertz, double dbov, uint32_t rate, size_t count)
{
    double measured, level;
    assert_true(level_tone(audio, count, rate, &measured, &level));
    assert_near(measured, hertz, .01 * hertz);
    assert_near(level, dbov, 1);
}

static const uint32_t rates[] = {8000, 16000, 48000};

static void a_tone_is_measured_within_1_percent_and_1_db(void **state)
{
    (void)state;
    for (size_t r = 0; r < 3; r++)
        for (double hertz = 300; hertz <= 3400; hertz += 50) {
            double dbov = -3.01 - fmod(hertz, 41);
            sine(hertz, dbov, rates[r], rates[r]);
            check_tone(hertz, dbov, rates[r], rates[r]);
            check_tone(hertz, dbov, rates[r], rates[r] / 50);
            check_tone(hertz, dbov, rates[r], rates[r] / 25);
        }
    sine(60, -20, 8000, 8000);
    check_tone(60, -20, 8000, 8000);
    sine(7000, -20, 16000, 8000);
    check_tone(7000, -20, 16000, 8000);
}

static void a_tone_is_measured_behind_g711(void **state)
{
    (void)state;
    static const char *const names[] = {"pcmu", "pcma"};
    static uint8_t bytes[RATE];
    for (size_t i = 0; i < 2; i++) {
        const struct codec *codec = codec_find(names[i]);
        for (double hertz = 300; hertz <= 3400; hertz += 77)
            for (double dbov = -6; dbov > -46; dbov -= 13) {
                sine(hertz, dbov, RATE, RATE);
                void *decoder = codec->decoder_open();
                assert_int_equal(codec->encode(NULL, audio, RATE, bytes, sizeof bytes), RATE);
                assert_int_equal(codec->decode(decoder, bytes, RATE, audio, RATE), RATE);
                codec->decoder_close(decoder);
                check_tone(hertz, dbov, RATE, RATE);
                check_tone(hertz, dbov, RATE, 800);
            }
    }
}

static void a_tone_stands_out_of_noise_and_an_offset(void **state)
{
    (void)state;
    sine(1004, -20, RATE, RATE);
    add_noise(-26, RATE, 9);
    check_tone(1004, -20, RATE, RATE);
    sine(1004, -20, RATE, RATE);
    for (size_t i = 0; i < RATE; i++)
        audio[i] = clamp(audio[i] + 5000);
    check_tone(1004, -20, RATE, RATE);
}

static void what_is_no_tone_is_none(void **state)
{
    (void)state;
    double hertz, dbov;
    memset(audio, 0, sizeof audio);
    assert_false(level_tone(audio, RATE, RATE, &hertz, &dbov));
    assert_false(level_tone(audio, 0, RATE, &hertz, &dbov));
    for (size_t i = 0; i < RATE; i++)
        audio[i] = 20000;
    assert_false(level_tone(audio, RATE, RATE, &hertz, &dbov));
    for (uint64_t seed = 0; seed < 20; seed++) {
        memset(audio, 0, sizeof audio);
        add_noise(-20, RATE, seed);
        assert_false(level_tone(audio, RATE, RATE, &hertz, &dbov));
        assert_false(level_tone(audio, 160, RATE, &hertz, &dbov));
    }
    for (size_t i = 0; i < RATE; i++) /* three equal tones */
        audio[i] = clamp(5000 * (sin((double)i * .5) + sin((double)i * .9) + sin((double)i * 2)));
    assert_false(level_tone(audio, RATE, RATE, &hertz, &dbov));
    sine(1000, -10, RATE, RATE);
    assert_false(level_tone(audio, 63, RATE, &hertz, &dbov));
    assert_false(level_tone(audio, RATE, 0, &hertz, &dbov));
    sine(20, -10, RATE, RATE);
    assert_false(level_tone(audio, RATE, RATE, &hertz, &dbov));
}

SPECIFICATION(cmocka_unit_test(a_sine_has_its_level),
              cmocka_unit_test(a_full_scale_square_is_0_dbov_and_clips),
              cmocka_unit_test(silence_has_the_lowest_level_and_so_has_nothing),
              cmocka_unit_test(noise_has_its_level_and_is_no_signal),
              cmocka_unit_test(clipped_samples_are_counted_also_behind_g711),
              cmocka_unit_test(speech_and_noise_are_told_apart),
              cmocka_unit_test(the_background_is_found_when_loud_audio_came_first),
              cmocka_unit_test(a_steady_tone_stays_signal),
              cmocka_unit_test(a_tone_is_measured_within_1_percent_and_1_db),
              cmocka_unit_test(a_tone_is_measured_behind_g711),
              cmocka_unit_test(a_tone_stands_out_of_noise_and_an_offset),
              cmocka_unit_test(what_is_no_tone_is_none))
