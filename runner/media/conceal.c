#include "conceal.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

/* In samples per 1000 Hz of the rate, so in milliseconds. Voices have 66 to 200 Hz. */
#define PITCH_MIN_MS 5
#define PITCH_MAX_MS 15
#define COMPARED_MS 20
#define HISTORY_MS (PITCH_MAX_MS + COMPARED_MS)
/* G.711 Appendix I: unchanged for 10 ms, gone after 60. */
#define HOLD_MS 10
#define GONE_MS 60

#define PER_MS_MAX 16

struct conceal {
    size_t per_ms;
    size_t filled;                            /* samples of the gap so far */
    size_t pitch;                             /* of cycle */
    int16_t history[HISTORY_MS * PER_MS_MAX]; /* the last ones heard */
    int16_t cycle[PITCH_MAX_MS * PER_MS_MAX];
};

struct conceal *conceal_new(uint32_t rate)
{
    struct conceal *conceal = mem_alloc(sizeof *conceal);

    conceal->per_ms = rate / 1000 < PER_MS_MAX ? rate / 1000 : PER_MS_MAX;
    return conceal;
}

void conceal_free(struct conceal *conceal)
{
    free(conceal);
}

/* How alike the end of the history is to what was there one lag earlier. */
static double likeness(const int16_t *end, size_t compared, size_t lag)
{
    double product = 0, energy = 1;

    for (size_t i = 1; i <= compared; i++) {
        double now = end[-(ptrdiff_t)i], then = end[-(ptrdiff_t)(i + lag)];
        product += now * then;
        energy += then * then;
    }
    return product / sqrt(energy);
}

static void find_pitch(struct conceal *conceal)
{
    const int16_t *end = conceal->history + HISTORY_MS * conceal->per_ms;
    double best = -INFINITY;

    for (size_t lag = PITCH_MIN_MS * conceal->per_ms; lag <= PITCH_MAX_MS * conceal->per_ms;
         lag++) {
        double like = likeness(end, COMPARED_MS * conceal->per_ms, lag);
        if (like > best) {
            best = like;
            conceal->pitch = lag;
        }
    }
}

/* The last pitch period, whose last quarter goes over into what was before its beginning, so that
 * it joins when it is repeated. */
static void make_cycle(struct conceal *conceal)
{
    size_t pitch = conceal->pitch, quarter = pitch / 4;
    const int16_t *from = conceal->history + HISTORY_MS * conceal->per_ms - pitch;

    memcpy(conceal->cycle, from, pitch * sizeof *from);
    for (size_t i = 0; i < quarter; i++) {
        double share = (double)(i + 1) / (double)(quarter + 1);
        double now = from[pitch - quarter + i], before = from[(ptrdiff_t)i - (ptrdiff_t)quarter];
        conceal->cycle[pitch - quarter + i] = (int16_t)lrint((1 - share) * now + share * before);
    }
}

/* The next sample of the gap. */
static int16_t synthesise(struct conceal *conceal)
{
    double ms = (double)conceal->filled / (double)conceal->per_ms;
    double gain = ms <= HOLD_MS ? 1 : ms >= GONE_MS ? 0 : (GONE_MS - ms) / (GONE_MS - HOLD_MS);

    return (int16_t)lrint(gain * conceal->cycle[conceal->filled++ % conceal->pitch]);
}

static void remember(struct conceal *conceal, const int16_t *samples, size_t count)
{
    size_t length = HISTORY_MS * conceal->per_ms;

    if (count >= length) {
        memcpy(conceal->history, samples + count - length, length * sizeof *samples);
        return;
    }
    memmove(conceal->history, conceal->history + count, (length - count) * sizeof *samples);
    memcpy(conceal->history + length - count, samples, count * sizeof *samples);
}

void conceal_heard(struct conceal *conceal, int16_t *samples, size_t count)
{
    size_t blended = conceal->filled ? conceal->pitch / 4 : 0;

    for (size_t i = 0; i < blended && i < count; i++) {
        double share = (double)(i + 1) / (double)(blended + 1);
        samples[i] = (int16_t)lrint((1 - share) * synthesise(conceal) + share * samples[i]);
    }
    conceal->filled = 0;
    remember(conceal, samples, count);
}

size_t conceal_fill(struct conceal *conceal, int16_t *samples, size_t count)
{
    if (!conceal->filled) {
        find_pitch(conceal);
        make_cycle(conceal);
    }
    for (size_t i = 0; i < count; i++)
        samples[i] = synthesise(conceal);
    return count;
}
