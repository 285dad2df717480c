#include "cmtest/source.h"

/* Enough to make a 100 ms loop fit any whole ptime up to 200 ms. */
#define LOOPS_MAX 200

/* The loop of a source need not be a whole number of our frames: it is repeated until it is. When
 * that would take too long, the rest is cut off. */
static size_t frame_count(size_t loop, size_t per_frame)
{
    for (size_t loops = 1; loops <= LOOPS_MAX; loops++) {
        if (loops * loop % per_frame == 0)
            return loops * loop / per_frame;
    }
    return loop < per_frame ? 1 : loop / per_frame;
}

const struct frames *frames_new(struct arena *arena, const struct source *source,
                                const struct codec *codec, uint32_t ptime_ms)
{
    size_t loop;
    const int16_t *audio = source->render(arena, codec->sample_rate, &loop);
    size_t per_frame = (size_t)codec->sample_rate * ptime_ms / 1000;
    size_t count = frame_count(loop, per_frame);
    int16_t *frame = arena_array(arena, per_frame, sizeof *frame);
    struct frames *frames = arena_alloc(arena, sizeof *frames);
    /* No codec here makes more bytes than its samples have. */
    size_t capacity = per_frame * sizeof *frame;
    uint8_t *bytes = arena_array(arena, count, capacity);
    size_t frame_bytes = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < per_frame; k++)
            frame[k] = audio[(i * per_frame + k) % loop];
        frame_bytes = codec->encode(frame, per_frame, bytes + i * frame_bytes, capacity);
    }
    frames->codec = codec;
    frames->ptime_ms = ptime_ms;
    frames->timestamp_step = (uint32_t)((uint64_t)codec->clock_rate * ptime_ms / 1000);
    frames->frame_bytes = (uint32_t)frame_bytes;
    frames->count = (uint32_t)count;
    frames->bytes = bytes;
    return frames;
}
