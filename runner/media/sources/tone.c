/* A steady sine. */
#include <math.h>
#include "cmtest/source.h"

/* A sine of full scale has so much, by the A-law table of G.711. */
#define FULL_SCALE_DBM0 3.14

/* How often the loop fits into a second: it holds whole periods of any whole frequency, and whole
 * frames of 20 ms, so it joins without a click. */
static uint32_t loops_per_second(uint32_t frequency_hz)
{
    static const uint32_t possible[] = {10, 5, 2, 1};
    size_t i = 0;

    while (frequency_hz % possible[i] != 0)
        i++;
    return possible[i];
}

static int16_t *render(const struct audio *audio, uint32_t rate, size_t *count, struct text *why)
{
    uint32_t frequency_hz = audio->frequency_hz ? audio->frequency_hz : SOURCE_FREQUENCY_HZ;
    double amplitude = 32767 * pow(10, (audio->level_dbm0 - FULL_SCALE_DBM0) / 20);

    if (!audio_fits(frequency_hz, rate)) {
        text_printf(why, "a tone of %u Hz does not fit into %u samples per second",
                    (unsigned)frequency_hz, (unsigned)rate);
        return NULL;
    }
    *count = rate / loops_per_second(frequency_hz);
    int16_t *out = mem_array(*count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        double angle = 2 * M_PI * fmod((double)frequency_hz * (double)i / rate, 1);
        out[i] = (int16_t)lrint(fmin(amplitude, 32767) * sin(angle));
    }
    return out;
}

const struct source source_tone = {
    .name = "tone",
    .help = "a steady tone, 440 Hz at -15 dBm0 unless told otherwise",
    .render = render,
};
