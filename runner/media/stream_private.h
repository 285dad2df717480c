/*
 * stream_private: the inside of a stream, which stream.c moves and stream_second.c reads. Private
 * to the stream.
 */
#ifndef MEDIA_STREAM_PRIVATE_H
#define MEDIA_STREAM_PRIVATE_H

#include "cmtest/dtmf.h"
#include "cmtest/stream.h"
#include "arrivals.h"
#include "clocks.h"
#include "echo.h"
#include "hearing.h"
#include "order.h"
#include "peer_view.h"

#define CNAME_BYTES 64
#define DIGITS_MAX 32
#define CHANGES_MAX 8

/* Digits in the audio that are sent, or wait. */
struct tones {
    struct tones *next;
    const struct frames *frames;
    uint32_t frame; /* the next one */
    char digits[STREAM_TONES_MAX + 1];
    unsigned told;
    struct dtmf_timing timing;
};

/* What every packet touches stands last, before what it touches of the stream. */
struct sender {
    uint64_t end;                          /* of a source that ends: so many packet times behind
                                              its origin ... */
    const struct frames *then;             /* ... these follow */
    uint64_t packets_reported;             /* when the last RTCP report left */
    uint64_t packets_before, bytes_before; /* of former SSRCs, which no report is about */
    uint64_t digit_frame;                  /* that the digit under way began with */
    uint32_t markers, events;
    uint32_t digits, tone_digits; /* sent to their end */

    uint32_t ssrc;
    uint16_t sequence; /* of the next packet */
    uint16_t last;     /* payload bytes of the packet that was made last */
    bool ends;         /* the source does */
    bool talkspurt;    /* the next packet is the first after silence */
    bool last_marked, last_event;
    uint32_t timestamp;       /* of the next packet */
    uint64_t frame;           /* of the next packet, counted without end */
    uint64_t origin;          /* the one that the source began with */
    struct tones *tones;      /* the first is under way */
    struct dtmf_sender *dtmf; /* NULL: no digit was ever sent by it */
    uint64_t packets, bytes;
};

/* RTCP of one direction. */
struct rtcp_counts {
    uint32_t packets, bytes, sender_reports, receiver_reports, blocks, extended;
    uint32_t nacks, plis, slis, firs;
    int64_t last_ns, interval_ns; /* packets 1, 2 and more */
};

/* Totals when the current second began: their lower bits, which tell what came since then. */
struct second_start {
    int64_t at_ns;
    uint32_t sent_packets, sent_bytes, sent_markers, sent_events, sent_digits;
    uint32_t received_packets, received_bytes, duplicates, reordered, resets, jumps;
    uint32_t timestamp_jumps, ssrc_changes, wrong_payload_type, malformed, markers, noise, events;
    uint32_t digits, unended, dtmf_malformed, wire_bytes;
    uint32_t heard_digits, sent_tones;
    uint32_t ssrc_strays, strangers;
    uint64_t expected; /* these four also stay behind while nothing is expected */
    int64_t lost;
    uint64_t missing, unheard;
    struct rtcp_counts rtcp[2];
};

/* The last sender report or reference time of the peer, for LSR and DLSR. */
struct last_report {
    bool known;
    uint32_t ssrc;
    uint32_t middle; /* of its NTP time */
    int64_t arrival_ns;
};

/* A packet of the codec in use that came, as far as figures are made of it. */
struct note {
    uint32_t after_ns; /* the first one of those that wait */
    uint32_t timestamp;
    uint16_t sequence, length; /* of its payload */
    bool marker;
    uint8_t begins[2]; /* its payload, as far as struct codec's duration() reads it */
};
_Static_assert(sizeof(struct note) == 16, "every stream has NOTES of them");

#define NOTES 16
/* That wait to be counted, in the order of arrival: stream_notes.c. */
struct notes {
    int64_t first_ns;
    uint32_t ssrc;
    uint8_t count;
};

/* Thousands of streams do not fit in a cache: what every packet touches lies together, in the
 * STREAM_HOT bytes from the end of sender to the beginning of config, and stream_fetch() names it.
 */
#define STREAM_HOT 128
struct stream {
    struct sender sender;
    int64_t flowing_ns; /* arrival of the peer's last packet */
    bool flows;         /* they come */
    bool is_read;       /* payloads are needed: it is decoded, or sent back */
    uint8_t change_count;
    uint8_t digit_count;
    uint32_t step; /* timestamp units of a packet that is sent */
    int64_t rtcp_due_ns;
    struct dtmf_receiver *dtmf; /* NULL: no event came ever */
    struct notes notes;
    struct stream_config config;
    struct note noted[NOTES];

    struct rtp_receiver receiver;
    struct hearing hearing;
    struct order order;
    struct echo *echo;   /* NULL: frames are sent */
    uint64_t restarts;   /* of the receiver, that order and arrivals know of */
    uint64_t wire_bytes; /* RTP received, with its headers */
    uint64_t unheard;    /* packets that came, and that the playout buffer discarded */
    uint64_t markers, noise, events;
    int payload_type_before; /* of the peer, before the media changed; -1 */
    unsigned digit_first;
    struct arrivals arrivals;

    char cname[CNAME_BYTES];
    struct random random;
    struct clocks clocks;
    struct peer_view peer;
    struct last_report last_report, last_reference;
    struct second_start start;
    uint32_t second;
    uint64_t malformed, wrong_payload_type;
    uint64_t digits, digits_unended, digits_heard; /* heard: in the audio */
    double digit_ms;   /* of the last one that was received in this second; 0: none */
    int64_t told_lost; /* of what the peer told, whole stream */
    uint64_t told_expected;
    uint64_t strangers;             /* datagrams from elsewhere than the peer */
    bool signal_known, noise_known; /* of the last second that was decoded */
    double signal_dbov, noise_dbov;
    struct rtcp_counts rtcp[2]; /* by direction */
    bool sender_report;         /* one came: */
    uint32_t sender_packets, sender_octets;
    struct stream_digit *heard; /* DIGITS_MAX; NULL: there was none */
    struct {
        enum stream_change change;
        int64_t at_ns;
    } changes[CHANGES_MAX]; /* that nobody took; the newest are kept */
};

_Static_assert(offsetof(struct stream, sender.ssrc) % 64 == 0, "where a line of the cache begins");
_Static_assert(offsetof(struct stream, config.ptime_ms) <=
                   offsetof(struct stream, sender.ssrc) + STREAM_HOT,
               "frames and payload types are of what every packet touches");

/* A packet that was received. */
void stream_take(struct stream *stream, const struct rtp_packet *packet, size_t length,
                 int64_t arrival_ns);
/* stream_notes.c: whether it waits; else it is to be taken now, behind those that wait. */
bool stream_note(struct stream *stream, const struct rtp_packet *packet, size_t length,
                 int64_t arrival_ns);
/* Takes those that wait: before anything of what was received is looked at or changed. */
void stream_count_notes(struct stream *stream);
/* RFC 3550 6.2: 0.5 to 1.5 of the interval. */
int64_t stream_randomised(struct stream *stream, int64_t interval_ns);
/* A packet of another format that the peer may send is one of the present format from now on; but
 * not when it was overtaken by the change: then true. */
bool stream_follow(struct stream *stream, const struct rtp_packet *packet);
/* What is received from now on has this clock: times of before cannot be compared with it. */
void stream_set_clock(struct stream *stream, uint32_t clock_rate);
/* stream_play.c: another source, at the place that it had come to; what is played once goes on when
 * it is the same one. */
void stream_set_frames(struct stream *stream, const struct frames *frames);
/* When the source was sent once to its end, the next one begins. */
void stream_end_play(struct stream *stream);
/* A packet of the peer arrived: stream_change.c. */
void stream_flowed(struct stream *stream, int64_t arrival_ns);
/* Digits: stream_digits.c. */
/* The next packet is an event in place of audio. false: there is none to send now. */
bool stream_next_event(struct stream *stream, struct rtp_packet *packet, struct dtmf_packet *event);
/* The next payload is of tones; length 0: nothing is sent at this time (DTX). */
bool stream_next_tones(struct stream *stream, struct rtp_packet *packet);
/* Ends those that do not fit the media any more; all: in any case. */
void stream_drop_tones(struct stream *stream, bool all);
/* And events that wait. */
void stream_drop_events(struct stream *stream);
/* Those that are over by now, of all methods, wait to be taken. */
void stream_gather_digits(struct stream *stream, int64_t now_ns);
/* A digit that was received is over. */
void stream_digit_ended(struct stream *stream, const struct dtmf_received *digit);
/* VoIP metrics of what is received, for XR. */
void stream_voip(const struct stream *stream, struct rtcp_voip *voip);
/* What the codec alone makes of quality, at the listener of this direction. */
struct emodel_input stream_quality(const struct stream *stream, enum event_direction direction);
double stream_loss_percent(int64_t lost, uint64_t expected);

#endif
