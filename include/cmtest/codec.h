/*
 * codec: what SDP, the streams and the E-model must know of a codec. One row per codec under
 * runner/media/codecs/, listed in its table.def; a new codec is a new file and a new line there.
 * Rows are const and may be read by any thread.
 */
#ifndef CMTEST_CODEC_H
#define CMTEST_CODEC_H

#include <stddef.h>
#include <stdint.h>

struct codec {
    const char *name;     /* in a spec: "pcma" */
    const char *encoding; /* in SDP (RFC 3551, RFC 8866): "PCMA" */
    const char *help;     /* one line */
    int payload_type;     /* static one of RFC 3551, or -1: dynamic */
    uint32_t clock_rate;  /* of RTP timestamps, Hz */
    unsigned channels;    /* that rtpmap tells; 0: one, and it does not */
    uint32_t sample_rate; /* of the audio that encode() takes, Hz */
    uint32_t bit_rate;    /* to plan with, of one without encode() */
    uint32_t ptime_ms;    /* default packet time */
    /* G.113 planning values for the E-model, narrow band scale (standards.md 1.8). */
    double ie, bpl;
    /* Encodes samples (16-bit linear, mono, count of them) and returns bytes written to out, at
     * most capacity; 0 when capacity is too small. Pure. NULL: known, but not to be run yet. */
    size_t (*encode)(const int16_t *samples, size_t count, uint8_t *out, size_t capacity);
    size_t (*decode)(const uint8_t *bytes, size_t length, int16_t *samples, size_t capacity);
    /* Known answer: encode(vector_in) == vector_out. tests/tables runs it for every row. */
    const int16_t *vector_in;
    const uint8_t *vector_out;
    size_t vector_samples, vector_bytes;
};

/* NULL-terminated, in the order of table.def. */
extern const struct codec *const codecs[];

/* By spec name, exact lower case; NULL when there is none. */
const struct codec *codec_find(const char *name);

#endif
