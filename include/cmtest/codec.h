/*
 * codec: what SDP, the streams, frames and the E-model must know of a codec. One row per codec
 * under runner/media/codecs/, listed in its table.def; a new codec is a new file and a new line
 * there. Rows are const and may be read by any thread; an encoder or decoder belongs to one.
 *
 * Samples are 16-bit linear, mono, at sample_rate. RTP timestamps are at clock_rate, which is not
 * the same for G.722 (RFC 3551 4.5.2).
 */
#ifndef CMTEST_CODEC_H
#define CMTEST_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/emodel.h"
#include "cmtest/text.h"

/* No frame is longer: what encode() needs room for. It leaves room for headers and SRTP in a
 * packet of 1500 bytes. */
#define CODEC_FRAME_MAX 1400
/* No packet holds more samples: 120 ms at 48 kHz. */
#define CODEC_SAMPLES_MAX 5760
#define CODEC_FMTP_MAX 256
#define CODEC_PTIME_MIN_MS 10
#define CODEC_PTIME_MAX_MS 120

enum codec_kind {
    CODEC_AUDIO,  /* carries speech: it has encode and decode */
    CODEC_EVENTS, /* digits, beside a codec with the same clock (RFC 4733) */
    CODEC_NOISE   /* the level of background noise, beside a codec with the same clock (RFC 3389) */
};

/* What can be said of a codec: by a spec about us, and by fmtp about what its sender wants to
 * receive. Zero everywhere is "as usual". */
struct codec_params {
    uint32_t ptime_ms; /* that is sent, or asked for; 0: as usual */
    uint32_t bitrate;  /* that is sent, bit/s; 0: as usual. Not in fmtp */
    /* RFC 7587 6.1; 0 or false: not said, which is its default. */
    uint32_t max_bitrate;       /* maxaveragebitrate, bit/s */
    uint32_t max_playback_rate; /* Hz */
    uint32_t max_capture_rate;  /* sprop-maxcapturerate, Hz */
    bool fec, dtx, stereo, capture_stereo, cbr;
    uint32_t events;  /* RFC 4733: bit n is event n, of 0..31 */
    const char *fmtp; /* written in place of what follows from the above; borrowed; NULL */
};

/* Planning values for the E-model. */
struct codec_quality {
    enum emodel_scale scale;
    double ie, bpl;
    bool provisional; /* no recommendation publishes them */
    const char *from; /* who does, for people */
};

struct codec {
    const char *name;     /* in a spec: "pcma" */
    const char *encoding; /* in SDP (RFC 3551, RFC 8866): "PCMA" */
    const char *help;     /* one line */
    enum codec_kind kind;
    int payload_type;      /* static one of RFC 3551, or -1: dynamic */
    uint32_t clock_rate;   /* of RTP timestamps, Hz; 0: that of the codec that it stands beside */
    unsigned channels;     /* that rtpmap tells; 0: one, and it does not */
    uint32_t sample_rate;  /* of the audio, Hz */
    uint32_t bit_rate;     /* usual one, bit/s; 0: no audio */
    uint32_t bit_rate_min; /* both 0: there is nothing to choose */
    uint32_t bit_rate_max; /* bit/s */
    uint32_t ptime_ms;     /* usual packet time */
    const uint8_t *ptimes; /* the possible ones, ms, rising, ended by 0; NULL: any of 10..120 */
    struct codec_quality quality;   /* a receiver that puts silence where a packet is missing */
    struct codec_quality concealed; /* one that conceals */
    struct codec_params usual;      /* that a spec begins with */

    /* fmtp, without "a=fmtp:<number> ". write: nothing when there is nothing to say. read: text of
     * the network; what is unknown, malformed or out of bounds is skipped. NULL: it has none. */
    void (*fmtp_write)(const struct codec_params *params, struct text *out);
    void (*fmtp_read)(const char *fmtp, struct codec_params *params);
    /* What is sent to a peer that said `peer`, by us who said `own`, into *send (which has the
     * packet time). NULL: nothing depends on that. */
    void (*agree)(const struct codec_params *own, const struct codec_params *peer,
                  struct codec_params *send);

    /* CODEC_AUDIO; see codec_encode() and so on. State is opened by params, and NULL when *_open
     * is. */
    void *(*encoder_open)(const struct codec_params *params);
    size_t (*encode)(void *state, const int16_t *samples, size_t count, uint8_t *out,
                     size_t capacity);
    void (*encoder_close)(void *state);
    void *(*decoder_open)(void);
    size_t (*decode)(void *state, const uint8_t *bytes, size_t length, int16_t *samples,
                     size_t capacity);
    size_t (*conceal)(void *state, const uint8_t *next, size_t next_length, int16_t *samples,
                      size_t count);
    void (*decoder_close)(void *state);
    /* Of a payload, in units of clock_rate, without decoding it; 0: it is malformed. */
    uint32_t (*duration)(const uint8_t *bytes, size_t length);

    /* Known answer of a new encoder with usual params, when the standard fixes every bit: encode
     * (vector_in) == vector_out. tests/media runs it for every row; those without one are judged by
     * what decoding gives back. */
    const int16_t *vector_in;
    const uint8_t *vector_out;
    size_t vector_samples, vector_bytes;
};

/* A codec under a number of RTP. */
struct codec_format {
    const struct codec *codec;
    uint8_t payload_type;
};
/* That a peer may send beside the one in use. */
#define CODEC_OTHERS_MAX 8

/* NULL-terminated, in the order of table.def. */
extern const struct codec *const codecs[];

/* By spec name, exact lower case; NULL when there is none. */
const struct codec *codec_find(const char *name);

/* The longest possible packet time that is not above ms, else the shortest; 0: the usual one. */
uint32_t codec_ptime(const struct codec *codec, uint32_t ms);
/* The longest possible one. */
uint32_t codec_ptime_max(const struct codec *codec);
/* What is sent in packets of (about) ptime_ms to a peer with that fmtp (NULL: it sent none). Of
 * what a peer can say only a bounded number of different results come: bit rates are rounded. */
void codec_agree(const struct codec *codec, const struct codec_params *own, const char *fmtp,
                 uint32_t ptime_ms, struct codec_params *send);
/* Whether both make the same frames. */
bool codec_same(const struct codec_params *a, const struct codec_params *b);

/* ---- encoders and decoders, of CODEC_AUDIO ------------------------------------------------ */

struct codec_encoder;
struct codec_encoder *codec_encoder_new(const struct codec *codec,
                                        const struct codec_params *params);
void codec_encoder_free(struct codec_encoder *encoder);
/* One packet time of samples (Opus: exactly a possible one). out has CODEC_FRAME_MAX bytes. Returns
 * the length; 0: nothing is to be sent at this time (DTX). */
size_t codec_encode(struct codec_encoder *encoder, const int16_t *samples, size_t count,
                    uint8_t *out);

struct codec_decoder;
struct codec_decoder *codec_decoder_new(const struct codec *codec);
void codec_decoder_free(struct codec_decoder *decoder);
/* A payload of the network. samples has room for CODEC_SAMPLES_MAX. Returns their number; 0: it is
 * not a payload of this codec. */
size_t codec_decode(struct codec_decoder *decoder, const uint8_t *bytes, size_t length,
                    int16_t *samples);
/* What is heard in place of a missing packet of count samples (at most CODEC_SAMPLES_MAX). next:
 * the payload behind it, when it is there, which may tell more (Opus FEC); else NULL. To be
 * decoded afterwards all the same. */
void codec_conceal(struct codec_decoder *decoder, const uint8_t *next, size_t next_length,
                   int16_t *samples, size_t count);

#endif
