/* Zero samples: what a phone sends whose user says nothing. */
#include "cmtest/source.h"

extern const struct source source_silence;

/* 100 ms: five whole frames. */
#define LOOPS_PER_SECOND 10

static int16_t *render(const struct audio *audio, uint32_t rate, size_t *count, struct text *why)
{
    (void)audio;
    (void)why;
    *count = rate / LOOPS_PER_SECOND;
    return mem_array(*count, sizeof(int16_t));
}

const struct source source_silence = {
    .name = "silence",
    .help = "nothing but zero samples",
    .render = render,
};
