/*
 * source: where the audio of a stream comes from; and frames: that audio encoded once per (source,
 * codec, ptime) and shared read-only by all streams.
 * One row per source under runner/media/sources/.
 */
#ifndef CMTEST_SOURCE_H
#define CMTEST_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"

struct source {
    const char *name; /* "tone" */
    const char *help;
    /* Samples of one loop at rate Hz into the arena; *count their number, a whole number of 20 ms
     * frames. The loop has no click where it joins. */
    const int16_t *(*render)(struct arena *arena, uint32_t rate, size_t *count);
};

extern const struct source *const sources[];
const struct source *source_find(const char *name);

/* One encoded loop. Frame i is frame_bytes long at bytes + i * frame_bytes. Immutable. */
struct frames {
    const struct codec *codec;
    uint32_t ptime_ms;
    uint32_t timestamp_step; /* RTP timestamp units per frame */
    uint32_t frame_bytes;
    uint32_t count;
    const uint8_t *bytes;
};

/* Renders and encodes; lives as long as the arena. */
const struct frames *frames_new(struct arena *arena, const struct source *source,
                                const struct codec *codec, uint32_t ptime_ms);

#endif
