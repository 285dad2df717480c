/* G.711 A-law (ITU-T G.711 tables 1a and 1b). */
#include "cmtest/codec.h"
#include "g711.h"

extern const struct codec codec_pcma;

/* Every second bit of a code is inverted on the line. */
#define LINE_MASK 0x55

static uint8_t compress(int16_t sample)
{
    /* One's complement keeps both halves symmetrical and -32768 in range. */
    unsigned magnitude = (unsigned)(sample < 0 ? ~sample : sample) >> 4;
    unsigned segment = 0;

    /* Segments 0 and 1 have the same step. */
    while (magnitude >> segment > 31)
        segment++;
    unsigned step = magnitude >> segment;
    unsigned code = step < 16 ? step : (segment + 1) << 4 | (step & 15);
    unsigned sign = sample < 0 ? 0 : 0x80;
    return (uint8_t)((sign | code) ^ LINE_MASK);
}

#define SEGMENT(code) ((code) >> 4 & 7)
#define MAGNITUDE(code) \
    (SEGMENT(code) ? (((code)&15) << 1 | 33) << SEGMENT(code) >> 1 : ((code)&15) << 1 | 1)
#define EXPAND(byte) (8 * (((byte) ^ LINE_MASK) & 0x80 ? 1 : -1) * (MAGNITUDE((byte) ^ LINE_MASK)))
static const int16_t expanded[256] = G711_TABLE(EXPAND);

static size_t encode(void *state, const int16_t *samples, size_t count, uint8_t *out,
                     size_t capacity)
{
    (void)state;
    return g711_encode(compress, samples, count, out, capacity);
}

static size_t decode(void *state, const uint8_t *bytes, size_t length, int16_t *samples,
                     size_t capacity)
{
    return g711_decode(expanded, state, bytes, length, samples, capacity);
}

/* One period of 1 kHz at 0 dBm0, whose codes G.711 prints (table 5), and the ends of the scale. */
static const int16_t vector_in[] = {-8735, -21089, -21089, -8735, 8735,  21089,
                                    21089, 8735,   0,      -1,    32767, -32768};
static const uint8_t vector_out[] = {0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1,
                                     0xa1, 0xb4, 0xd5, 0x55, 0xaa, 0x2a};

const struct codec codec_pcma = {
    .name = "pcma",
    .encoding = "PCMA",
    .help = "G.711 A-law, 64 kbit/s, narrow band",
    .payload_type = 8,
    .clock_rate = 8000,
    .sample_rate = 8000,
    .bit_rate = 64000,
    .ptime_ms = 20,
    .quality = G711_QUALITY,
    .concealed = G711_CONCEALED,
    .encode = encode,
    .decoder_open = g711_decoder_open,
    .decode = decode,
    .conceal = g711_conceal,
    .decoder_close = g711_decoder_close,
    .duration = g711_duration,
    .vector_in = vector_in,
    .vector_out = vector_out,
    .vector_samples = sizeof vector_in / sizeof vector_in[0],
    .vector_bytes = sizeof vector_out,
};
