/* G.711 mu-law (ITU-T G.711 tables 2a and 2b). */
#include "cmtest/codec.h"
#include "g711.h"

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

#define CODE(byte) (~(byte)&0xff)
#define MAGNITUDE(code) (((((code)&15) << 1 | BIAS) << ((code) >> 4 & 7)) - BIAS)
#define EXPAND(byte) (4 * (CODE(byte) & 0x80 ? -1 : 1) * MAGNITUDE(CODE(byte)))
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
