/*
 * g711: what the two laws of G.711 share: loops over their samples, and concealment. Private to the
 * rows pcmu and pcma.
 */
#ifndef MEDIA_G711_H
#define MEDIA_G711_H

#include <stddef.h>
#include <stdint.h>
#include "conceal.h"

/* Values of G.113 Appendix I, tables I.1 and I.4: packets of 10 ms, random loss. */
#define G711_QUALITY                                                           \
    {                                                                          \
        .scale = EMODEL_NARROW, .ie = 0, .bpl = 4.3, .from = "G.113 table I.4" \
    }
#define G711_CONCEALED                                   \
    {                                                    \
        .scale = EMODEL_NARROW, .ie = 0, .bpl = 25.1,    \
        .from = "G.113 table I.4, with G.711 Appendix I" \
    }

size_t g711_encode(uint8_t (*compress)(int16_t sample), const int16_t *samples, size_t count,
                   uint8_t *out, size_t capacity);

void *g711_decoder_open(void);
void g711_decoder_close(void *state);
/* In the caller, so that its law stands in the loop. */
static inline size_t g711_decode(int16_t (*expand)(uint8_t byte), void *state, const uint8_t *bytes,
                                 size_t length, int16_t *samples, size_t capacity)
{
    if (capacity < length)
        return 0;
    for (size_t i = 0; i < length; i++)
        samples[i] = expand(bytes[i]);
    conceal_heard(state, samples, length);
    return length;
}
/* In the manner of G.711 Appendix I. */
size_t g711_conceal(void *state, const uint8_t *next, size_t next_length, int16_t *samples,
                    size_t count);
uint32_t g711_duration(const uint8_t *bytes, size_t length);

#endif
