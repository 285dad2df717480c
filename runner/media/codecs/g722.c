/* G.722 at 64 kbit/s. */
#include <spandsp.h>
#include <stdlib.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"
#include "conceal.h"

extern const struct codec codec_g722;

#define BIT_RATE 64000
/* Of samples, in a byte. */
#define SAMPLES_PER_BYTE 2

struct decoder {
    g722_decode_state_t *decode;
    struct conceal *conceal;
};

static void *encoder_open(const struct codec_params *params)
{
    (void)params;
    g722_encode_state_t *state = g722_encode_init(NULL, BIT_RATE, 0);
    if (!state)
        abort();
    return state;
}

static void encoder_close(void *state)
{
    g722_encode_free(state);
}

static size_t encode(void *state, const int16_t *samples, size_t count, uint8_t *out,
                     size_t capacity)
{
    if (capacity < count / SAMPLES_PER_BYTE)
        return 0;
    return (size_t)g722_encode(state, out, samples, (int)(count - count % SAMPLES_PER_BYTE));
}

static void *decoder_open(void)
{
    struct decoder *decoder = mem_alloc(sizeof *decoder);

    decoder->decode = g722_decode_init(NULL, BIT_RATE, 0);
    if (!decoder->decode)
        abort();
    decoder->conceal = conceal_new(16000);
    return decoder;
}

static void decoder_close(void *state)
{
    struct decoder *decoder = state;

    g722_decode_free(decoder->decode);
    conceal_free(decoder->conceal);
    free(decoder);
}

static size_t decode(void *state, const uint8_t *bytes, size_t length, int16_t *samples,
                     size_t capacity)
{
    struct decoder *decoder = state;

    if (capacity / SAMPLES_PER_BYTE < length || length == 0)
        return 0;
    size_t count = (size_t)g722_decode(decoder->decode, samples, bytes, (int)length);
    conceal_heard(decoder->conceal, samples, count);
    return count;
}

static size_t conceal(void *state, const uint8_t *next, size_t next_length, int16_t *samples,
                      size_t count)
{
    struct decoder *decoder = state;

    (void)next;
    (void)next_length;
    return conceal_fill(decoder->conceal, samples, count);
}

/* RFC 3551 4.5.2: the clock counts 8000 a second by a historic mistake, as many as there are
 * bytes. */
static uint32_t duration(const uint8_t *bytes, size_t length)
{
    (void)bytes;
    return (uint32_t)length;
}

/* 2 ms of 1 kHz and 2 ms of 8 kHz bursts; the codes of spandsp, which passes the vectors of the
 * ITU. */
static const int16_t vector_in[] = {
    0,      3061,   5657,   7391,   8000,  7391,   5657,  3061,   0,     -3061,  -5657,
    -7391,  -8000,  -7391,  -5657,  -3061, 0,      3061,  5657,   7391,  8000,   7391,
    5657,   3061,   0,      -3061,  -5657, -7391,  -8000, -7391,  -5657, -3061,  0,
    0,      0,      0,      0,      0,     0,      0,     -12000, 12000, -12000, 12000,
    -12000, 12000,  -12000, 12000,  0,     0,      0,     0,      0,     0,      0,
    0,      -12000, 12000,  -12000, 12000, -12000, 12000, -12000, 12000};
static const uint8_t vector_out[] = {
    0xfa, 0x94, 0x25, 0x88, 0x21, 0x91, 0xa0, 0xa0, 0x60, 0xaf, 0xc8, 0xc6, 0xd1, 0xde, 0xf0, 0xeb,
    0xee, 0x7b, 0x94, 0x10, 0x93, 0x3e, 0x3c, 0x9c, 0x3f, 0x94, 0xbc, 0xbc, 0x9e, 0xaf, 0x3f, 0x9f};

/* Ie of G.113 Appendix IV is for the wide band scale; for loss it has nothing, so Bpl is that of
 * the nearest codec with one, AMR-WB at 12.65 kbit/s, whose Ie is the same. */
#define QUALITY                                                              \
    {                                                                        \
        .scale = EMODEL_WIDE, .ie = 13, .bpl = 4.3, .provisional = true,     \
        .from = "Ie: G.113 Appendix IV; Bpl: that of AMR-WB at 12.65 kbit/s" \
    }

const struct codec codec_g722 = {
    .name = "g722",
    .encoding = "G722",
    .help = "G.722, 64 kbit/s, wide band",
    .payload_type = 9,
    .clock_rate = 8000,
    .sample_rate = 16000,
    .bit_rate = BIT_RATE,
    .ptime_ms = 20,
    .quality = QUALITY,
    .concealed = QUALITY,
    .encoder_open = encoder_open,
    .encode = encode,
    .encoder_close = encoder_close,
    .decoder_open = decoder_open,
    .decode = decode,
    .conceal = conceal,
    .decoder_close = decoder_close,
    .duration = duration,
    .vector_in = vector_in,
    .vector_out = vector_out,
    .vector_samples = sizeof vector_in / sizeof vector_in[0],
    .vector_bytes = sizeof vector_out,
};
