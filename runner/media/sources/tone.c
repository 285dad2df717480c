/* 440 Hz at about -15 dBm0. */
#include <math.h>
#include "cmtest/source.h"

extern const struct source source_tone;

#define TONE_HZ 440
#define AMPLITUDE 4000

/* 100 ms hold 44 whole periods and 5 whole frames, so the loop joins without a click. */
#define LOOPS_PER_SECOND 10

static const int16_t *render(struct arena *arena, uint32_t rate, size_t *count)
{
    size_t samples = rate / LOOPS_PER_SECOND;
    int16_t *out = arena_array(arena, samples, sizeof *out);

    for (size_t i = 0; i < samples; i++) {
        double angle = 2 * M_PI * TONE_HZ * (double)i / rate;
        out[i] = (int16_t)lrint(AMPLITUDE * sin(angle));
    }
    *count = samples;
    return out;
}

const struct source source_tone = {
    .name = "tone",
    .help = "a steady 440 Hz tone",
    .render = render,
};
