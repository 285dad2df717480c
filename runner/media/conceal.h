/*
 * conceal: packet loss concealment for codecs that have none of their own, in the manner of G.711
 * Appendix I: the last pitch period is repeated, and fades out. Private to media.
 */
#ifndef MEDIA_CONCEAL_H
#define MEDIA_CONCEAL_H

#include <stddef.h>
#include <stdint.h>

struct conceal;
/* rate: of samples, 8000 or 16000. */
struct conceal *conceal_new(uint32_t rate);
void conceal_free(struct conceal *conceal);
/* Samples that were decoded; after a gap their beginning is blended with what filled it. */
void conceal_heard(struct conceal *conceal, int16_t *samples, size_t count);
/* Samples for a gap; returns count. */
size_t conceal_fill(struct conceal *conceal, int16_t *samples, size_t count);

#endif
