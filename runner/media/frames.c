#include <stdlib.h>
#include <string.h>
#include "cmtest/source.h"

/* Enough to make a 100 ms loop fit any whole ptime up to 200 ms. */
#define LOOPS_MAX 200
/* A short loop is repeated up to so long to be a whole number of frames. */
#define REPEATED_SECONDS 20
/* With memory, a loop is at least so long: DTX of Opus repeats after 400 ms. */
#define REMEMBERED_SECONDS 2

/* The loop of a source need not be a whole number of our frames: it is repeated until it is. When
 * that would take too long, the rest is cut off. */
static size_t frame_count(size_t loop, size_t per_frame, uint32_t rate, bool remembers)
{
    size_t least = remembers ? (size_t)rate * REMEMBERED_SECONDS : 0;
    size_t most = (size_t)rate * REPEATED_SECONDS;

    for (size_t loops = 1; loops <= LOOPS_MAX && (loops == 1 || loops * loop <= most); loops++) {
        if (loops * loop % per_frame == 0 && loops * loop >= least)
            return loops * loop / per_frame;
    }
    return loop < per_frame ? 1 : loop / per_frame;
}

/* What is being encoded. */
struct work {
    struct codec_encoder *encoder;
    const int16_t *audio;
    size_t loop, per_frame;
    int16_t *frame;
    uint8_t *bytes;
    size_t length, capacity;
};

static size_t encode(struct work *work, size_t at, uint8_t *out)
{
    for (size_t k = 0; k < work->per_frame; k++)
        work->frame[k] = work->audio[(at + k) % work->loop];
    return codec_encode(work->encoder, work->frame, work->per_frame, out);
}

/* The state that the end of the loop leaves, from its last second. */
static void warm_up(struct work *work, size_t count, uint32_t rate)
{
    uint8_t out[CODEC_FRAME_MAX];
    size_t frames = rate / work->per_frame;

    for (size_t i = count > frames ? count - frames : 0; i < count; i++)
        encode(work, i * work->per_frame, out);
}

static void encode_all(struct work *work, struct frames *frames, uint32_t *offsets)
{
    for (uint32_t i = 0; i < frames->count; i++) {
        if (work->capacity - work->length < CODEC_FRAME_MAX) {
            work->capacity = 2 * work->capacity + CODEC_FRAME_MAX;
            work->bytes = mem_grow(work->bytes, work->capacity, 1);
        }
        work->length += encode(work, i * work->per_frame, work->bytes + work->length);
        offsets[i + 1] = (uint32_t)work->length;
    }
}

/* count frames of the work's audio. */
static const struct frames *make(struct arena *arena, struct work *work, size_t count,
                                 const struct codec *codec, const struct codec_params *params)
{
    struct frames *frames = arena_alloc(arena, sizeof *frames);
    frames->codec = codec;
    frames->params = *params;
    frames->params.fmtp = NULL;
    frames->timestamp_step = (uint32_t)((uint64_t)codec->clock_rate * params->ptime_ms / 1000);
    frames->count = (uint32_t)count;
    uint32_t *offsets = arena_array(arena, frames->count + 1, sizeof *offsets);
    work->frame = mem_array(work->per_frame, sizeof *work->frame);
    work->encoder = codec_encoder_new(codec, params);
    if (codec->encoder_open)
        warm_up(work, frames->count, codec->sample_rate);
    encode_all(work, frames, offsets);
    frames->offsets = offsets;
    if (work->length > 0)
        frames->bytes = memcpy(arena_alloc(arena, work->length), work->bytes, work->length);
    codec_encoder_free(work->encoder);
    free(work->bytes);
    free(work->frame);
    return frames;
}

const struct frames *frames_new(struct arena *arena, const struct audio *audio,
                                const struct codec *codec, const struct codec_params *params,
                                struct text *why)
{
    uint32_t rate = codec->sample_rate;
    struct work work = {.per_frame = (size_t)rate * params->ptime_ms / 1000};
    int16_t *samples = audio->source->render(audio, rate, &work.loop, why);

    if (!samples)
        return NULL;
    work.audio = samples;
    size_t count = frame_count(work.loop, work.per_frame, rate, codec->encoder_open != NULL);
    const struct frames *frames = make(arena, &work, count, codec, params);
    free(samples);
    return frames;
}

const struct frames *frames_of_samples(struct arena *arena, const int16_t *samples, size_t count,
                                       const struct codec *codec, const struct codec_params *params)
{
    struct work work = {.per_frame = (size_t)codec->sample_rate * params->ptime_ms / 1000};
    size_t whole = (count + work.per_frame - 1) / work.per_frame;
    int16_t *padded = mem_array(whole * work.per_frame, sizeof *padded);

    memcpy(padded, samples, count * sizeof *samples);
    work.audio = padded;
    work.loop = whole * work.per_frame;
    const struct frames *frames = make(arena, &work, whole, codec, params);
    free(padded);
    return frames;
}
