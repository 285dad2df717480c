/*
 * tone: what a listener makes of samples that should hold one steady tone.
 */
#ifndef TESTS_MEDIA_TONE_H
#define TESTS_MEDIA_TONE_H

#include <complex.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

struct heard {
    double frequency_hz;
    double level_dbm0; /* of all that is there */
    double purity;     /* the share of the power that is the tone, 0..1 */
};

/* The spectral line at frequency; its magnitude is the amplitude. */
static inline double complex line_at(const int16_t *samples, size_t count, size_t from, double rate,
                                     double frequency)
{
    double complex sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += samples[from + i] * cexp(-2 * M_PI * I * frequency * (double)(from + i) / rate);
    return 2 * sum / (double)count;
}

/* From the turn of phase between the halves; nominal: within a few Hz. */
static inline struct heard heard_in(const int16_t *samples, size_t count, double rate,
                                    double nominal)
{
    struct heard heard = {.frequency_hz = nominal};
    size_t half = count / 2;
    double power = 0;

    for (int i = 0; i < 3; i++) {
        double complex first = line_at(samples, half, 0, rate, heard.frequency_hz);
        double complex second = line_at(samples, half, half, rate, heard.frequency_hz);
        heard.frequency_hz += carg(second / first) / (2 * M_PI) * rate / (double)half;
    }
    for (size_t i = 0; i < count; i++)
        power += (double)samples[i] * samples[i] / (double)count;
    double amplitude = cabs(line_at(samples, count, 0, rate, heard.frequency_hz));
    heard.level_dbm0 = 3.14 + 10 * log10(power / (32768.0 * 32768 / 2));
    heard.purity = amplitude * amplitude / 2 / power;
    return heard;
}

#endif
