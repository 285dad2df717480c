/* Digits as tones: spandsp makes and hears them at 8000 Hz. */
#include <math.h>
#include <samplerate.h>
#include <spandsp.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"
#include "cmtest/dtmf.h"

#define RATE 8000
#define PER_MS (RATE / 1000)
#define LEVEL_DBM0 (-10)
/* The detector judges blocks of so many samples, and believes what two in a row tell: so it is
 * behind, at the beginning and at the end of a digit alike. */
#define BLOCK 102
#define BEHIND (2 * BLOCK)
/* Where in these blocks a digit begins and ends is told by the energy of windows of 4 ms, longer
 * than two tones take to beat. */
#define WINDOW_MS 4
#define ENERGIES 128 /* ms that are kept */
#define NS_PER_SAMPLE (1000000000 / RATE)
/* So long a decoder that had other audio takes to agree with the encoder again (G.722, Opus). */
#define LEAD_MS 100
/* Samples that go to the detector at a time. */
#define CHUNK 160
/* Of the filter in front of it (Hogenauer 1981): a mean over a sample at 8000 Hz, so many times. It
 * takes 1.8 dB from the highest tone, and 37 dB from what would be mistaken for it. */
#define MEANS 3

int16_t *dtmf_render(const char *digits, const struct dtmf_timing *timing, uint32_t rate,
                     size_t *count)
{
    size_t lead = (size_t)timing->lead_ms * PER_MS;
    size_t length = lead + strlen(digits) * ((size_t)timing->tone_ms + timing->gap_ms) * PER_MS;
    int16_t *made = mem_array(length, sizeof *made);
    dtmf_tx_state_t *generator = dtmf_tx_init(NULL);

    if (!generator)
        abort();
    dtmf_tx_set_level(generator, LEVEL_DBM0, 0);
    dtmf_tx_set_timing(generator, (int)timing->tone_ms, (int)timing->gap_ms);
    dtmf_tx_put(generator, digits, -1);
    for (size_t at = lead; at < length;) {
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

void dtmf_timing_lead(struct dtmf_timing *timing, const struct codec *codec)
{
    timing->lead_ms = codec->encoder_open ? LEAD_MS : 0;
}

struct dtmf_ear {
    uint32_t factor;                    /* samples that come for each one at 8000 Hz */
    uint32_t phase;                     /* samples that came for the next one */
    uint64_t sum[MEANS], before[MEANS]; /* modulo 2^64, as differences come out right */
    dtmf_rx_state_t *detector;
    uint64_t position; /* samples at 8000 Hz that the detector has had */
    int64_t at_ns;     /* when the sample at `block` is heard */
    uint64_t block;
    uint64_t fed;            /* samples that came; the resampler holds some of them back */
    double energy[ENERGIES]; /* by ms */
    /* Of the digit that is heard; 0: none. */
    char digit;
    double loud; /* energy of a window of it */
    int64_t start_ns;
    uint64_t start; /* ms */
    /* What has just ended; 0: nothing. */
    struct dtmf_heard over;
};

static double window(const struct dtmf_ear *ear, uint64_t ms)
{
    double sum = 0;

    for (uint64_t i = ms; i < ms + WINDOW_MS; i++)
        sum += ear->energy[i % ENERGIES];
    return sum;
}

static bool is_loud(const struct dtmf_ear *ear, uint64_t ms)
{
    return window(ear, ms) > ear->loud / 2;
}

/* The detector has had two blocks of a digit. */
static void begin(struct dtmf_ear *ear, char digit)
{
    uint64_t sure = (ear->position - BEHIND) / PER_MS + 1, now = ear->position / PER_MS;
    uint64_t from = sure > BEHIND / PER_MS ? sure - BEHIND / PER_MS : 0;

    ear->loud = 0;
    for (uint64_t ms = sure; ms < now; ms++)
        ear->loud += ear->energy[ms % ENERGIES] * WINDOW_MS / (double)(now - sure);
    while (sure > from && is_loud(ear, sure - 1))
        sure--;
    ear->digit = digit;
    ear->start = sure + WINDOW_MS / 2;
    ear->start_ns =
        ear->at_ns + ((int64_t)ear->start * PER_MS - (int64_t)ear->block) * NS_PER_SAMPLE;
}

/* It has had two blocks without it. */
static void end(struct dtmf_ear *ear)
{
    uint64_t now = ear->position / PER_MS - WINDOW_MS;
    uint64_t last = (ear->position - BEHIND) / PER_MS - WINDOW_MS;

    while (last > ear->start && !is_loud(ear, last))
        last--;
    while (last < now && is_loud(ear, last + 1))
        last++;
    ear->over = (struct dtmf_heard){.digit = ear->digit,
                                    .start_ns = ear->start_ns,
                                    .duration_ns = (int64_t)(last + WINDOW_MS / 2 - ear->start) *
                                                   PER_MS * NS_PER_SAMPLE};
    ear->digit = 0;
}

static void changed(void *arg, int code, int level, int delay)
{
    struct dtmf_ear *ear = arg;

    (void)level;
    (void)delay;
    if (ear->digit)
        end(ear);
    if (code)
        begin(ear, (char)code);
}

struct dtmf_ear *dtmf_ear_new(uint32_t rate)
{
    struct dtmf_ear *ear = mem_alloc(sizeof *ear);

    ear->factor = rate / RATE;
    ear->detector = dtmf_rx_init(NULL, NULL, NULL);
    if (!ear->detector)
        abort();
    dtmf_rx_set_realtime_callback(ear->detector, changed, ear);
    return ear;
}

void dtmf_ear_free(struct dtmf_ear *ear)
{
    if (!ear)
        return;
    dtmf_rx_free(ear->detector);
    free(ear);
}

static void weigh(struct dtmf_ear *ear, const int16_t *samples, size_t count)
{
    for (size_t i = 0; i < count;) {
        uint64_t at = ear->position + i;
        double *energy = &ear->energy[at / PER_MS % ENERGIES];
        size_t end = i + PER_MS - at % PER_MS;
        int64_t sum = 0;
        if (at % PER_MS == 0)
            *energy = 0;
        for (; i < end && i < count; i++)
            sum += (int64_t)samples[i] * samples[i];
        *energy += (double)sum;
    }
}

/* In steps of a block, so that the position is right when the detector tells. */
static void detect(struct dtmf_ear *ear, const int16_t *samples, size_t count)
{
    while (count) {
        size_t step = BLOCK - ear->position % BLOCK;
        if (step > count)
            step = count;
        weigh(ear, samples, step);
        ear->position += step;
        dtmf_rx(ear->detector, samples, (int)step);
        samples += step;
        count -= step;
    }
}

/* true: there is a sample for the detector. */
static bool thin_out(struct dtmf_ear *ear, int16_t sample, int16_t *made)
{
    uint64_t value = (uint64_t)(int64_t)sample;

    for (int i = 0; i < MEANS; i++)
        value = ear->sum[i] += value;
    if (++ear->phase < ear->factor)
        return false;
    ear->phase = 0;
    for (int i = 0; i < MEANS; i++) {
        uint64_t difference = value - ear->before[i];
        ear->before[i] = value;
        value = difference;
    }
    int64_t factor = ear->factor;
    *made = (int16_t)((int64_t)value / (factor * factor * factor));
    return true;
}

bool dtmf_ear_hear(struct dtmf_ear *ear, const int16_t *samples, size_t count, int64_t at_ns,
                   struct dtmf_heard *heard)
{
    int16_t made[CHUNK];
    size_t filled = 0;

    ear->at_ns = at_ns;
    ear->block = ear->position;
    ear->over.digit = 0;
    if (ear->factor == 1 && samples)
        detect(ear, samples, count);
    for (size_t i = 0; i < count && !(ear->factor == 1 && samples); i++) {
        filled += thin_out(ear, samples ? samples[i] : 0, &made[filled]);
        if (filled == CHUNK || i + 1 == count) {
            detect(ear, made, filled);
            filled = 0;
        }
    }
    if (!ear->over.digit)
        return false;
    *heard = ear->over;
    return true;
}
