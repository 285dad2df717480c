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
/* What each code stands for by a law, which is a macro of a constant. */
#define G711_4(LAW, at) LAW((at) + 0), LAW((at) + 1), LAW((at) + 2), LAW((at) + 3)
#define G711_16(LAW, at) \
    G711_4(LAW, at), G711_4(LAW, (at) + 4), G711_4(LAW, (at) + 8), G711_4(LAW, (at) + 12)
#define G711_64(LAW, at) \
    G711_16(LAW, at), G711_16(LAW, (at) + 16), G711_16(LAW, (at) + 32), G711_16(LAW, (at) + 48)
#define G711_TABLE(LAW)                                                         \
    {                                                                           \
        G711_64(LAW, 0), G711_64(LAW, 64), G711_64(LAW, 128), G711_64(LAW, 192) \
    }
size_t g711_decode(const int16_t expanded[256], void *state, const uint8_t *bytes, size_t length,
                   int16_t *samples, size_t capacity);
/* In the manner of G.711 Appendix I. */
size_t g711_conceal(void *state, const uint8_t *next, size_t next_length, int16_t *samples,
                    size_t count);
uint32_t g711_duration(const uint8_t *bytes, size_t length);

#endif
