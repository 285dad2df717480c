#include "cmtest/level.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FULL_SCALE 32768.0
#define SIGNAL_OVER_FLOOR 10.0 /* times the energy: 10 dB */
#define FLOOR_RISE 1.005
#define FLOOR_FALL 0.5
#define FLOOR_LOW_DBOV (-70.0)
#define FLOOR_HIGH_DBOV (-40.0)

/* Energy per sample. */
static double energy_of(double dbov)
{
    return FULL_SCALE * FULL_SCALE * pow(10, dbov / 10);
}

static double dbov_of(double energy)
{
    if (!(energy > 0))
        return LEVEL_MIN_DBOV;
    return fmax(10 * log10(energy / (FULL_SCALE * FULL_SCALE)), LEVEL_MIN_DBOV);
}

static void adapt(struct level_floor *floor, double energy)
{
    if (!floor->known)
        floor->energy = energy;
    else if (energy < floor->energy)
        floor->energy += FLOOR_FALL * (energy - floor->energy);
    else
        floor->energy = fmin(FLOOR_RISE * floor->energy, energy);
    floor->energy =
        fmin(fmax(floor->energy, energy_of(FLOOR_LOW_DBOV)), energy_of(FLOOR_HIGH_DBOV));
    floor->known = true;
}

static uint32_t clipped(const int16_t *samples, size_t count)
{
    uint32_t clipped = 0;

    for (size_t i = 0; i < count; i++)
        clipped += abs(samples[i]) >= LEVEL_CLIP;
    return clipped;
}

bool level_add(struct level *level, struct level_floor *floor, const int16_t *samples, size_t count)
{
    int64_t squares = 0;
    int32_t largest = 0;
    if (!count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int32_t square = samples[i] * samples[i];
        squares += square;
        largest = square > largest ? square : largest;
    }
    int32_t peak = (int32_t)sqrt(largest);
    if (peak >= LEVEL_CLIP)
        level->clipped += clipped(samples, count);
    if (peak > level->peak)
        level->peak = peak;
    double sum = (double)squares;
    double energy = sum / (double)count;
    adapt(floor, energy);
    level->energy += sum;
    level->samples += count;
    if (energy >= SIGNAL_OVER_FLOOR * floor->energy) {
        level->signal_energy += sum;
        level->signal_samples += count;
    } else {
        level->noise_energy += sum;
        level->noise_samples += count;
    }
    bool silent = energy < energy_of(LEVEL_SILENCE_DBOV);
    level->silent += silent ? count : 0;
    return !silent;
}

static double mean(double energy, uint64_t samples)
{
    return samples ? dbov_of(energy / (double)samples) : LEVEL_MIN_DBOV;
}

double level_rms(const struct level *level)
{
    return mean(level->energy, level->samples);
}

double level_signal(const struct level *level)
{
    return mean(level->signal_energy, level->signal_samples);
}

double level_noise(const struct level *level)
{
    return mean(level->noise_energy, level->noise_samples);
}

double level_peak(const struct level *level)
{
    return dbov_of((double)level->peak * level->peak);
}

/* ---- the strongest tone ---- */

#define SIZE LEVEL_TONE_SAMPLES /* a power of 2 */
#define TONE_SAMPLES_MIN 64
#define TONE_LOW_HZ 50.0
#define TONE_PERIODS_MIN 2.0 /* in the window: below, the peak is that of the window */
#define TONE_ENERGY_MIN 1.0  /* per sample: rounding of silence is no tone */
#define TONE_SHARE_MIN 0.5

struct spectrum {
    double re[SIZE], im[SIZE];
    double window_sum, energy; /* energy per sample, as the window weighs it */
    size_t count;
};

static void swap(double *a, double *b)
{
    double other = *a;
    *a = *b;
    *b = other;
}

/* In place, radix 2 (Cooley and Tukey 1965). */
static void transform(struct spectrum *s)
{
    for (size_t i = 1, j = 0; i < SIZE; i++) {
        size_t bit = SIZE / 2;
        for (; j & bit; bit /= 2)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            swap(&s->re[i], &s->re[j]);
            swap(&s->im[i], &s->im[j]);
        }
    }
    for (size_t span = 1; span < SIZE; span *= 2) {
        for (size_t k = 0; k < span; k++) {
            double turn = -M_PI * (double)k / (double)span, c = cos(turn), d = sin(turn);
            for (size_t i = k; i < SIZE; i += 2 * span) {
                double re = c * s->re[i + span] - d * s->im[i + span];
                double im = c * s->im[i + span] + d * s->re[i + span];
                s->re[i + span] = s->re[i] - re;
                s->im[i + span] = s->im[i] - im;
                s->re[i] += re;
                s->im[i] += im;
            }
        }
    }
}

/* The windowed samples, without their mean, in re. */
static void weigh(struct spectrum *s, const int16_t *samples, size_t count)
{
    double mean_sample = 0, weights = 0;
    memset(s, 0, sizeof *s);
    s->count = count < SIZE ? count : SIZE;
    for (size_t i = 0; i < s->count; i++)
        mean_sample += samples[i];
    mean_sample /= (double)s->count;
    for (size_t i = 0; i < s->count; i++) {
        double hann = .5 - .5 * cos(2 * M_PI * ((double)i + .5) / (double)s->count);
        s->re[i] = hann * (samples[i] - mean_sample);
        s->window_sum += hann;
        weights += hann * hann;
        s->energy += s->re[i] * s->re[i];
    }
    s->energy /= weights;
}

static double power(const struct spectrum *s, size_t bin)
{
    return s->re[bin] * s->re[bin] + s->im[bin] * s->im[bin];
}

/* Where a parabola through the logarithms of three bins has its top, in bins. */
static double top(const struct spectrum *s, size_t bin)
{
    double left = log(power(s, bin - 1) + 1e-9), here = log(power(s, bin) + 1e-9);
    double right = log(power(s, bin + 1) + 1e-9), bend = left - 2 * here + right;
    double off = bend < 0 ? .5 * (left - right) / bend : 0;
    return (double)bin + fmin(fmax(off, -.5), .5);
}

bool level_tone(const int16_t *samples, size_t count, uint32_t rate, double *hertz, double *dbov)
{
    struct spectrum s;
    if (count < TONE_SAMPLES_MIN || !rate)
        return false;
    weigh(&s, samples, count);
    if (s.energy < TONE_ENERGY_MIN)
        return false;
    transform(&s);
    double low = fmax(TONE_LOW_HZ * SIZE / rate, TONE_PERIODS_MIN * SIZE / (double)s.count);
    size_t best = 0;
    for (size_t bin = (size_t)ceil(low); bin < SIZE / 2; bin++)
        if (bin > 0 && (!best || power(&s, bin) > power(&s, best)))
            best = bin;
    if (!best)
        return false;
    double at = top(&s, best), re = 0, im = 0;
    weigh(&s, samples, count);
    for (size_t i = 0; i < s.count; i++) {
        double turn = 2 * M_PI * at * (double)i / SIZE;
        re += s.re[i] * cos(turn);
        im += s.re[i] * sin(turn);
    }
    /* A sine of amplitude a has |X| = a/2 times the sum of the window, and energy a*a/2. */
    double energy = 2 * (re * re + im * im) / (s.window_sum * s.window_sum);
    if (energy < TONE_SHARE_MIN * s.energy)
        return false;
    *hertz = at * rate / SIZE;
    *dbov = dbov_of(energy);
    return true;
}
