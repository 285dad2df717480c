/*
 * hearing: what a listener would have heard of a stream: its playout buffer, and, when it is
 * decoded, the decoder and the levels. Private to the stream.
 */
#ifndef MEDIA_HEARING_H
#define MEDIA_HEARING_H

#include "cmtest/codec.h"
#include "cmtest/dtmf.h"
#include "cmtest/event.h"
#include "cmtest/level.h"
#include "cmtest/playout.h"
#include "cmtest/recorder.h"
#include "cmtest/rtp.h"
#include "playout_private.h"
#include "sound.h"

/* Digits that wait to be taken; more are let go. */
#define HEARING_DIGITS 4

/* Of a stream that is decoded. */
struct listener {
    struct codec_decoder *decoder;
    /* When the codec changed, what waits is still of the former one: up to this packet. */
    struct codec_decoder *decoder_before;
    const struct codec *codec_before;
    bool since_known;
    uint16_t since;
    unsigned heard_count;
    struct dtmf_ear *ear; /* for digits in the audio */
    struct dtmf_heard heard[HEARING_DIGITS];
    struct recorder *recorder; /* of what is decoded; borrowed; NULL */
    int64_t recorded_ns;       /* playout time of the end of what was recorded; 0: nothing yet */
    struct level_floor floor;
    struct sound sound; /* what is heard, in turns */
    /* Of this second: */
    struct level level;
    double decoded_ms;
    uint32_t errors;
};

/* What every packet touches stands first. */
struct hearing {
    const struct codec *codec;
    struct listener *listener;     /* NULL: not decoded */
    uint32_t duration, per_second; /* of the last payload of this second, and of what; 0: none */
    uint32_t step;                 /* timestamp units of a packet */
    struct playout playout;

    struct playout_config config;
    struct playout_totals before; /* when this second began; of this playout */
    uint64_t discarded_before;    /* by playouts before this one */
};

/* config: clock_rate and packet_step are set by codec and ptime. */
void hearing_open(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms,
                  const struct playout_config *config, bool decoded, struct recorder *recorder);
void hearing_close(struct hearing *hearing);
/* Another codec. With another clock rate the buffer begins anew. */
void hearing_change(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms);
/* true: it will not be heard: too late, or there is no room for it. */
bool hearing_packet(struct hearing *hearing, const struct rtp_packet *packet, int64_t arrival_ns);
void hearing_other(struct hearing *hearing, const struct rtp_packet *packet, int64_t arrival_ns);
/* Plays everything until now. */
void hearing_run(struct hearing *hearing, int64_t now_ns);
/* The next digit that was heard in the audio. */
bool hearing_digit(struct hearing *hearing, struct dtmf_heard *digit);
double hearing_delay_ms(const struct hearing *hearing);
/* Into the second, and begins the next. heard: something was received ever. */
void hearing_second(struct hearing *hearing, bool heard, struct event_second *second);

#endif
