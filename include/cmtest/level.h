/*
 * level: how loud decoded audio is: over everything, in speech, between speech; silence and
 * clipping. dBov (0: a full-scale square wave; a full-scale sine is -3.01). Linear samples of 16
 * bit, mono. No allocation.
 */
#ifndef CMTEST_LEVEL_H
#define CMTEST_LEVEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Over one interval; zeroed to begin another. */
struct level {
    double energy, signal_energy, noise_energy; /* sums of squares */
    uint64_t samples, signal_samples, noise_samples;
    uint64_t clipped; /* at LEVEL_CLIP or beyond it, either sign */
    uint64_t silent;  /* samples in blocks below LEVEL_SILENCE_DBOV */
    int32_t peak;
};

/* Kept over intervals: the level that tells speech from background; zeroed to begin. It falls
 * quickly to the energy of a quieter block, rises slowly (0.02 dB per block), and stays between -70
 * and -40 dBov, so that a steady tone does not become its own background. */
struct level_floor {
    double energy; /* per sample */
    bool known;
};

#define LEVEL_SILENCE_DBOV (-50.0)
#define LEVEL_MIN_DBOV (-127.0)
#define LEVEL_CLIP 32124 /* the loudest code of mu-law; that of A-law is 32256 */

/* One block: 10 ms or more. It counts as signal when it is 10 dB over the floor, else as noise.
 * false: it is silence, below LEVEL_SILENCE_DBOV. */
bool level_add(struct level *level, struct level_floor *floor, const int16_t *samples,
               size_t count);
/* LEVEL_MIN_DBOV when there is nothing. */
double level_rms(const struct level *level);
double level_signal(const struct level *level);
double level_noise(const struct level *level);
double level_peak(const struct level *level); /* a full-scale sample: 0 */

/* The strongest frequency between 50 Hz and half the rate, and its level in dBov, of the first
 * LEVEL_TONE_SAMPLES: the peak of a windowed spectrum, and the amplitude at that frequency. Within
 * 1% and 1 dB for a tone of 4 periods or more. false: no tone stands out (it has less than half of
 * the energy), or fewer than 64 samples. */
#define LEVEL_TONE_SAMPLES 2048
bool level_tone(const int16_t *samples, size_t count, uint32_t rate, double *hertz, double *dbov);

#endif
