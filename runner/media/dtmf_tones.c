/* Digits as tones: spandsp makes and hears them at 8000 Hz. */
#include <math.h>
#include <samplerate.h>
#include <spandsp.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/dtmf.h"

#define RATE 8000
#define PER_MS (RATE / 1000)
#define LEVEL_DBM0 (-10)
/* The detector judges blocks of so many samples, and believes what two in a row tell: so it is
 * behind, at the beginning and at the end of a digit alike. */
#define BLOCK 102
#define BEHIND (2 * BLOCK)
#define NS_PER_SAMPLE (1000000000 / RATE)
/* Samples that are resampled at a time, before and after. */
#define CHUNK 480

int16_t *dtmf_render(const char *digits, uint32_t tone_ms, uint32_t gap_ms, uint32_t rate,
                     size_t *count)
{
    size_t length = strlen(digits) * ((size_t)tone_ms + gap_ms) * PER_MS;
    int16_t *made = mem_array(length, sizeof *made);
    dtmf_tx_state_t *generator = dtmf_tx_init(NULL);

    if (!generator)
        abort();
    dtmf_tx_set_level(generator, LEVEL_DBM0, 0);
    dtmf_tx_set_timing(generator, (int)tone_ms, (int)gap_ms);
    dtmf_tx_put(generator, digits, -1);
    for (size_t at = 0; at < length;) {
        int more = dtmf_tx(generator, made + at, (int)(length - at));
        if (more <= 0)
            break;
        at += (size_t)more;
    }
    dtmf_tx_free(generator);
    *count = length * (rate / RATE);
    if (rate == RATE)
        return made;
    float *from = mem_array(length, sizeof *from), *to = mem_array(*count, sizeof *to);
    int16_t *samples = mem_array(*count, sizeof *samples);
    src_short_to_float_array(made, from, (int)length);
    SRC_DATA data = {.data_in = from,
                     .data_out = to,
                     .input_frames = (long)length,
                     .output_frames = (long)*count,
                     .src_ratio = (double)rate / RATE};
    src_simple(&data, SRC_SINC_FASTEST, 1);
    src_float_to_short_array(to, samples, (int)*count);
    free(from);
    free(to);
    free(made);
    return samples;
}

/* ---- hearing -------------------------------------------------------------------------------- */

struct dtmf_ear {
    uint32_t factor; /* samples that come for each one at 8000 Hz */
    SRC_STATE *resampler;
    dtmf_rx_state_t *detector;
    uint64_t position; /* samples at 8000 Hz that the detector has had */
    int64_t at_ns;     /* when the sample at `block` is heard */
    uint64_t block;
    /* Of the digit that is heard; 0: none. */
    char digit;
    int64_t start_ns;
    uint64_t start;
    /* What has just ended; 0: nothing. */
    struct dtmf_heard over;
};

static void changed(void *arg, int code, int level, int delay)
{
    struct dtmf_ear *ear = arg;

    (void)level;
    (void)delay;
    if (ear->digit && code != ear->digit)
        ear->over = (struct dtmf_heard){.digit = ear->digit,
                                        .start_ns = ear->start_ns,
                                        .duration_ns =
                                            (int64_t)(ear->position - ear->start) * NS_PER_SAMPLE};
    if (code && code != ear->digit) {
        ear->start = ear->position;
        ear->start_ns =
            ear->at_ns + ((int64_t)(ear->position - ear->block) - BEHIND) * NS_PER_SAMPLE;
    }
    ear->digit = (char)code;
}

struct dtmf_ear *dtmf_ear_new(uint32_t rate)
{
    struct dtmf_ear *ear = mem_alloc(sizeof *ear);
    int error = 0;

    ear->factor = rate / RATE;
    ear->detector = dtmf_rx_init(NULL, NULL, NULL);
    if (ear->factor > 1)
        ear->resampler = src_new(SRC_SINC_FASTEST, 1, &error);
    if (!ear->detector || error)
        abort();
    dtmf_rx_set_realtime_callback(ear->detector, changed, ear);
    return ear;
}

void dtmf_ear_free(struct dtmf_ear *ear)
{
    if (!ear)
        return;
    if (ear->resampler)
        src_delete(ear->resampler);
    dtmf_rx_free(ear->detector);
    free(ear);
}

/* In steps of a block, so that the position is right when the detector tells. */
static void detect(struct dtmf_ear *ear, const int16_t *samples, size_t count)
{
    while (count) {
        size_t step = BLOCK - ear->position % BLOCK;
        if (step > count)
            step = count;
        ear->position += step;
        dtmf_rx(ear->detector, samples, (int)step);
        samples += step;
        count -= step;
    }
}

static void resample(struct dtmf_ear *ear, const int16_t *samples, size_t count)
{
    float from[CHUNK], to[CHUNK];
    int16_t made[CHUNK];

    while (count) {
        size_t some = count < CHUNK ? count : CHUNK;
        SRC_DATA data = {.data_in = from,
                         .data_out = to,
                         .input_frames = (long)some,
                         .output_frames = CHUNK,
                         .src_ratio = 1.0 / ear->factor};
        src_short_to_float_array(samples, from, (int)some);
        if (src_process(ear->resampler, &data) != 0)
            return;
        src_float_to_short_array(to, made, (int)data.output_frames_gen);
        detect(ear, made, (size_t)data.output_frames_gen);
        samples += some;
        count -= some;
    }
}

bool dtmf_ear_hear(struct dtmf_ear *ear, const int16_t *samples, size_t count, int64_t at_ns,
                   struct dtmf_heard *heard)
{
    static const int16_t silence[CHUNK];

    ear->at_ns = at_ns;
    ear->block = ear->position;
    ear->over.digit = 0;
    while (count) {
        size_t some = samples ? count : count < CHUNK ? count : CHUNK;
        const int16_t *from = samples ? samples : silence;
        if (ear->resampler)
            resample(ear, from, some);
        else
            detect(ear, from, some);
        count -= some;
    }
    if (!ear->over.digit)
        return false;
    *heard = ear->over;
    return true;
}
