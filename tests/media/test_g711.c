/* The two laws of G.711 against the tables of the recommendation. */
#include "support/specification.h"
#include <stdlib.h>
#include "cmtest/codec.h"

extern const struct codec codec_pcmu, codec_pcma;

static const struct codec *const g711[] = {&codec_pcmu, &codec_pcma};

static int16_t decode_one(const struct codec *codec, uint8_t byte)
{
    struct codec_decoder *decoder = codec_decoder_new(codec);
    int16_t samples[CODEC_SAMPLES_MAX];

    assert_int_equal(codec_decode(decoder, &byte, 1, samples), 1);
    codec_decoder_free(decoder);
    return samples[0];
}

static uint8_t encode_one(const struct codec *codec, int16_t sample)
{
    uint8_t byte = 0;

    assert_int_equal(codec->encode(NULL, &sample, 1, &byte, 1), 1);
    return byte;
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

SPECIFICATION(cmocka_unit_test(every_alaw_code_survives_decode_and_encode),
              cmocka_unit_test(every_mulaw_code_survives_but_minus_zero),
              cmocka_unit_test(values_are_those_of_the_recommendation),
              cmocka_unit_test(every_sample_gets_the_code_of_its_decision_interval),
              cmocka_unit_test(decoding_an_encoded_sample_stays_in_its_interval),
              cmocka_unit_test(louder_samples_never_get_quieter_values))
