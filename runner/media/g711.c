#include "g711.h"
#include "conceal.h"

size_t g711_encode(uint8_t (*compress)(int16_t sample), const int16_t *samples, size_t count,
                   uint8_t *out, size_t capacity)
{
    if (capacity < count)
        return 0;
    for (size_t i = 0; i < count; i++)
        out[i] = compress(samples[i]);
    return count;
}

size_t g711_decode(const int16_t expanded[256], void *state, const uint8_t *bytes, size_t length,
                   int16_t *samples, size_t capacity)
{
    if (capacity < length)
        return 0;
    for (size_t i = 0; i < length; i++)
        samples[i] = expanded[bytes[i]];
    conceal_heard(state, samples, length);
    return length;
}

void *g711_decoder_open(void)
{
    return conceal_new(8000);
}

void g711_decoder_close(void *state)
{
    conceal_free(state);
}

size_t g711_conceal(void *state, const uint8_t *next, size_t next_length, int16_t *samples,
                    size_t count)
{
    (void)next;
    (void)next_length;
    return conceal_fill(state, samples, count);
}

uint32_t g711_duration(const uint8_t *bytes, size_t length)
{
    (void)bytes;
    return (uint32_t)length;
}
