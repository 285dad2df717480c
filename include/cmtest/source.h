/*
 * source: where the audio of a stream comes from; and frames: that audio encoded once per (audio,
 * codec, parameters) and shared read-only by all streams.
 * One row per source under runner/media/sources/.
 */
#ifndef CMTEST_SOURCE_H
#define CMTEST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"
#include "cmtest/text.h"

#define SOURCE_FREQUENCY_HZ 440
#define SOURCE_LEVEL_DBM0 (-15)
/* The loudest sine that G.711 can carry. */
#define SOURCE_LEVEL_MAX_DBM0 3
/* Longer files are refused: their frames are kept in memory. */
#define SOURCE_SECONDS_MAX 600

struct source;

/* What an endpoint sends: a row with its settings. */
struct audio {
    const struct source *source;
    uint32_t frequency_hz; /* of a tone: 50 to 0.45 of the sample rate; 0: as usual */
    int32_t level_dbm0;    /* of a tone; a sine of full scale has 3.14 dBm0 at any rate */
    const char *path;      /* of a file */
};

struct source {
    const char *name; /* "tone" */
    const char *help;
    /* Whether render() will have something, as far as a short look can tell; false: *why as there.
     * NULL: always. */
    bool (*check)(const struct audio *audio, struct text *why);
    /* Samples of one loop at rate Hz, the caller's (free()); *count their number, a whole number of
     * 20 ms frames and not 0. NULL: *why has a sentence without a dot. No render: what is received
     * is sent back, and there are no frames. */
    int16_t *(*render)(const struct audio *audio, uint32_t rate, size_t *count, struct text *why);
};

extern const struct source *const sources[];
/* Rows that others name. */
extern const struct source source_tone, source_file;
const struct source *source_find(const char *name);

/* A tone as usual. */
extern const struct audio audio_usual;
bool audio_same(const struct audio *a, const struct audio *b);
/* Whether a tone of that frequency can be sent at that sample rate. */
bool audio_fits(uint32_t frequency_hz, uint32_t rate);

/* One encoded loop. Immutable. */
struct frames {
    const struct codec *codec;
    struct codec_params params;
    uint32_t timestamp_step; /* RTP timestamp units per frame */
    uint32_t count;
    /* Frame i is at bytes + offsets[i], and ends where the next one begins; there are count + 1.
     * An empty one is a time at which nothing is sent (DTX). */
    const uint32_t *offsets;
    const uint8_t *bytes;
};

/* Renders and encodes; lives as long as the arena. params as codec_agree() left them, with a packet
 * time. NULL: the source cannot be had, and *why has a sentence without a dot. Encoders that
 * remember what was before begin the loop in the state in which they end it. */
const struct frames *frames_new(struct arena *arena, const struct audio *audio,
                                const struct codec *codec, const struct codec_params *params,
                                struct text *why);
/* Of count samples (not 0) at the codec's sample rate, once; silence fills the last frame. */
const struct frames *frames_of_samples(struct arena *arena, const int16_t *samples, size_t count,
                                       const struct codec *codec,
                                       const struct codec_params *params);

#endif
