/*
 * dtmf: digits in RTP as named events (RFC 4733), both directions, and in the body of a SIP INFO.
 * Bytes in, bytes out, no clock: time is counted in RTP timestamp units. The 16 digits are 0-9 * #
 * A-D, events 0 to 15.
 */
#ifndef CMTEST_DTMF_H
#define CMTEST_DTMF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DTMF_PAYLOAD_BYTES 4
#define DTMF_ENDS 3 /* packets that end an event (RFC 4733 2.5.1.4) */
#define DTMF_QUEUE 64

/* '0'..'9', '*', '#', 'A'..'D' and lower case; -1: not a digit. */
int dtmf_event(char digit);
char dtmf_digit(int event); /* '?' when not 0..15 */

/* ---- sending ---- */

struct dtmf_sender {
    unsigned first, count; /* of queue; the one under way is the first */
    uint8_t volume;        /* -dBm0, 0..63 */
    /* Of the event under way. */
    bool active;
    uint32_t timestamp; /* the start of its present segment */
    uint32_t past;      /* units in earlier segments */
    unsigned ends;      /* end packets sent */
    bool quiet;         /* in the gap behind an event, until: */
    uint32_t quiet_until;
    struct dtmf_tone {
        uint8_t event;
        uint32_t duration, gap; /* timestamp units; the gap follows */
    } queue[DTMF_QUEUE];
};

/* A packet to send in place of (or beside) audio. */
struct dtmf_packet {
    uint8_t payload[DTMF_PAYLOAD_BYTES];
    uint32_t timestamp; /* constant over an event's (segment's) packets */
    bool marker;        /* its first packet */
};

void dtmf_sender_init(struct dtmf_sender *sender, uint8_t volume);
/* false: the queue is full, no such event, or no duration. duration, gap: timestamp units.
 * Durations above 0xFFFF are sent in segments (2.5.1.3). A gap shorter than the last end packets
 * take is as long as they take; at most 2^30 units. */
bool dtmf_send(struct dtmf_sender *sender, int event, uint32_t duration, uint32_t gap);
/* At the packet time that begins at timestamp and lasts step: true and a packet when an event has
 * one to send now (audio is not sent at this time). It tells the duration up to the end of this
 * packet time; the last one of the tone is the first end packet, and the other two go out one per
 * call, in the gap. To be called at every packet time: gaps are measured by it. */
bool dtmf_next(struct dtmf_sender *sender, uint32_t timestamp, uint32_t step,
               struct dtmf_packet *packet);
/* Nothing to send; a gap may not be over. */
bool dtmf_idle(const struct dtmf_sender *sender);

/* ---- receiving ---- */

/* One event that was received to its end. */
struct dtmf_received {
    uint8_t event, volume; /* event: any; dtmf_digit() knows the digits */
    uint32_t duration;     /* timestamp units, segments added up */
    uint32_t packets;
    unsigned ends;     /* end packets, at most DTMF_ENDS; 0: it ended without one */
    bool marked;       /* its first packet had the marker */
    bool started_late; /* its first packet was lost: no marker, and the shortest duration seen is
                          longer than durations grow from packet to packet */
    int64_t start_ns;  /* arrival of its first packet */
};

struct dtmf_receiver {
    bool known;  /* there was an event: its identity is below */
    bool active; /* and it is not over */
    struct dtmf_received now;
    uint32_t ssrc, timestamp;  /* the timestamp of the newest segment */
    uint32_t past;             /* units in earlier segments */
    uint16_t told;             /* the longest duration of the segment */
    uint16_t shortest, growth; /* of durations of the first segment; growth 0: not known */
    int64_t last_ns;
    uint64_t malformed, late; /* late: of a segment or event before the newest */
};

void dtmf_receiver_init(struct dtmf_receiver *receiver);
/* A packet with the telephone-event payload type; copies (see rtp_receiver) are best kept out, for
 * they count. true: *ended is an event that is over now: with its third end packet, or because this
 * is a packet of another one. What comes of an event that is over gives nothing. At most one event
 * ends per packet. Reports behind the first in a packet are not looked at. */
bool dtmf_receive(struct dtmf_receiver *receiver, const uint8_t *payload, size_t length,
                  uint32_t timestamp, uint32_t ssrc, bool marker, int64_t arrival_ns,
                  struct dtmf_received *ended);
/* Ends what has had no packet for 3 packet times (interval_ns each): so ends an event whose end
 * packets were lost in part, or whose sender repeats none. */
bool dtmf_expire(struct dtmf_receiver *receiver, int64_t now_ns, int64_t interval_ns,
                 struct dtmf_received *ended);

/* ---- in the audio (ITU-T Q.23, Q.24) ---- */

struct dtmf_timing {
    uint32_t lead_ms; /* silence in front */
    uint32_t tone_ms, gap_ms;
};

/* The silence in front that digits need where they are put into other audio of that codec. */
struct codec;
void dtmf_timing_lead(struct dtmf_timing *timing, const struct codec *codec);

/* The two tones of each digit, each at -10 dBm0, and silence behind it: the caller's (free()),
 * *count samples at rate Hz, a multiple of 8000. digits: some of 0-9 * # A-D. */
int16_t *dtmf_render(const char *digits, const struct dtmf_timing *timing, uint32_t rate,
                     size_t *count);

struct dtmf_ear;
/* Audio of rate Hz, a multiple of 8000. */
struct dtmf_ear *dtmf_ear_new(uint32_t rate);
void dtmf_ear_free(struct dtmf_ear *ear);

/* A digit that was heard to its end: when it began and how long it was, both within 4 ms where
 * it is quiet around it, else within 26 ms. */
struct dtmf_heard {
    char digit;
    int64_t start_ns, duration_ns;
};

/* The next samples, heard at at_ns; samples NULL: silence. true: a digit has ended. Of at most
 * 20 ms at a time, so that no more than one ends. */
bool dtmf_ear_hear(struct dtmf_ear *ear, const int16_t *samples, size_t count, int64_t at_ns,
                   struct dtmf_heard *heard);

/* ---- in a SIP INFO ---- */

#define DTMF_INFO_MAX 64

/* The body of an INFO with one digit, of type application/dtmf-relay, NUL-terminated. */
void dtmf_info_write(char digit, uint32_t duration_ms, char out[DTMF_INFO_MAX]);
/* A body of that type, or of application/dtmf (the digit alone): bytes of the network. type: in
 * lower case, without parameters. false: it is of another type, or has no digit. *duration_ms: -1
 * when none is told, or a foolish one. Digits may also be given as numbers, 10 (*) to 15 (D). */
bool dtmf_info_read(const char *type, const char *body, size_t length, char *digit,
                    int32_t *duration_ms);

#endif
