/* G.711 mu-law (ITU-T G.711 tables 2a and 2b). */
#include "cmtest/codec.h"

extern const struct codec codec_pcmu;

/* The segments of the law are aligned to powers of two once this is added to the 14-bit magnitude.
 */
#define BIAS 33
#define CLIP 0x1fff

static uint8_t compress(int16_t sample)
{
    /* One's complement keeps both halves symmetrical and -32768 in range. */
    unsigned magnitude = (unsigned)(sample < 0 ? ~sample : sample) >> 2;
    unsigned segment = 0;

    magnitude += BIAS;
    if (magnitude > CLIP)
        magnitude = CLIP;
    while (magnitude >> (segment + 6))
        segment++;
    unsigned step = (magnitude >> (segment + 1)) & 15;
    unsigned sign = sample < 0 ? 0x80 : 0;
    return (uint8_t) ~(sign | segment << 4 | step);
}

static int16_t expand(uint8_t byte)
{
    unsigned code = ~(unsigned)byte & 0xff;
    int segment = (int)(code >> 4 & 7);
    int magnitude = (((int)(code & 15) << 1 | BIAS) << segment) - BIAS;

    return (int16_t)((code & 0x80 ? -magnitude : magnitude) * 4);
}

static size_t encode(const int16_t *samples, size_t count, uint8_t *out, size_t capacity)
{
    if (capacity < count)
        return 0;
    for (size_t i = 0; i < count; i++)
        out[i] = compress(samples[i]);
    return count;
}

static size_t decode(const uint8_t *bytes, size_t length, int16_t *samples, size_t capacity)
{
    if (capacity < length)
        return 0;
    for (size_t i = 0; i < length; i++)
        samples[i] = expand(bytes[i]);
    return length;
}

/* One period of 1 kHz at 0 dBm0, whose codes G.711 prints (table 6), and the ends of the scale. */
static const int16_t vector_in[] = {-8670, -20931, -20931, -8670, 8670,  20931,
                                    20931, 8670,   0,      -1,    32767, -32768};
static const uint8_t vector_out[] = {0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b,
                                     0x8b, 0x9e, 0xff, 0x7f, 0x80, 0x00};

const struct codec codec_pcmu = {
    .name = "pcmu",
    .encoding = "PCMU",
    .help = "G.711 mu-law, 64 kbit/s, narrow band",
    .payload_type = 0,
    .clock_rate = 8000,
    .sample_rate = 8000,
    .ptime_ms = 20,
    .ie = 0,
    .bpl = 4.3,
    .encode = encode,
    .decode = decode,
    .vector_in = vector_in,
    .vector_out = vector_out,
    .vector_samples = sizeof vector_in / sizeof vector_in[0],
    .vector_bytes = sizeof vector_out,
};
