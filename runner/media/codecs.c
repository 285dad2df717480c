#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"
#include "cmtest/table.h"

#define ROW(id) extern const struct codec codec_##id;
#include "codecs/table.def"
#undef ROW
#define ROW(id) &codec_##id,
const struct codec *const codecs[] = {
#include "codecs/table.def"
    NULL};
#undef ROW

struct codec_encoder {
    const struct codec *codec;
    void *state;
};

struct codec_decoder {
    const struct codec *codec;
    void *state;
};

const struct codec *codec_find(const char *name)
{
    for (size_t i = 0; codecs[i]; i++) {
        if (strcmp(codecs[i]->name, name) == 0)
            return codecs[i];
    }
    return NULL;
}

uint32_t codec_ptime(const struct codec *codec, uint32_t ms)
{
    if (ms == 0)
        return codec->ptime_ms;
    if (!codec->ptimes)
        return ms < CODEC_PTIME_MIN_MS   ? CODEC_PTIME_MIN_MS
               : ms > CODEC_PTIME_MAX_MS ? CODEC_PTIME_MAX_MS
                                         : ms;
    uint32_t best = codec->ptimes[0];
    for (const uint8_t *each = codec->ptimes; *each && *each <= ms; each++)
        best = *each;
    return best;
}

uint32_t codec_ptime_max(const struct codec *codec)
{
    return codec_ptime(codec, CODEC_PTIME_MAX_MS);
}

void codec_agree(const struct codec *codec, const struct codec_params *own, const char *fmtp,
                 uint32_t ptime_ms, struct codec_params *send)
{
    struct codec_params peer = {0};

    memset(send, 0, sizeof *send);
    send->ptime_ms = codec_ptime(codec, ptime_ms);
    if (!codec->agree)
        return;
    if (fmtp && codec->fmtp_read)
        codec->fmtp_read(fmtp, &peer);
    codec->agree(own, &peer, send);
}

bool codec_same(const struct codec_params *a, const struct codec_params *b)
{
    return a->ptime_ms == b->ptime_ms && a->bitrate == b->bitrate &&
           a->max_bitrate == b->max_bitrate && a->max_playback_rate == b->max_playback_rate &&
           a->max_capture_rate == b->max_capture_rate && a->fec == b->fec && a->dtx == b->dtx &&
           a->stereo == b->stereo && a->capture_stereo == b->capture_stereo && a->cbr == b->cbr &&
           a->events == b->events;
}

struct codec_encoder *codec_encoder_new(const struct codec *codec,
                                        const struct codec_params *params)
{
    struct codec_encoder *encoder = mem_alloc(sizeof *encoder);

    encoder->codec = codec;
    encoder->state = codec->encoder_open ? codec->encoder_open(params) : NULL;
    return encoder;
}

void codec_encoder_free(struct codec_encoder *encoder)
{
    if (encoder && encoder->codec->encoder_close)
        encoder->codec->encoder_close(encoder->state);
    free(encoder);
}

size_t codec_encode(struct codec_encoder *encoder, const int16_t *samples, size_t count,
                    uint8_t *out)
{
    return encoder->codec->encode(encoder->state, samples, count, out, CODEC_FRAME_MAX);
}

struct codec_decoder *codec_decoder_new(const struct codec *codec)
{
    struct codec_decoder *decoder = mem_alloc(sizeof *decoder);

    decoder->codec = codec;
    decoder->state = codec->decoder_open ? codec->decoder_open() : NULL;
    return decoder;
}

void codec_decoder_free(struct codec_decoder *decoder)
{
    if (decoder && decoder->codec->decoder_close)
        decoder->codec->decoder_close(decoder->state);
    free(decoder);
}

size_t codec_decode(struct codec_decoder *decoder, const uint8_t *bytes, size_t length,
                    int16_t *samples)
{
    return decoder->codec->decode(decoder->state, bytes, length, samples, CODEC_SAMPLES_MAX);
}

void codec_conceal(struct codec_decoder *decoder, const uint8_t *next, size_t next_length,
                   int16_t *samples, size_t count)
{
    size_t done = 0;

    if (count > CODEC_SAMPLES_MAX)
        count = CODEC_SAMPLES_MAX;
    if (decoder->codec->conceal)
        done = decoder->codec->conceal(decoder->state, next, next_length, samples, count);
    if (done < count)
        memset(samples + done, 0, (count - done) * sizeof *samples);
}
