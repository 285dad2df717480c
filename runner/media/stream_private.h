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

struct sender {
    uint32_t ssrc;
    uint16_t sequence;  /* of the next packet */
    uint32_t timestamp; /* of the next packet */
    uint64_t frame;     /* of the next packet, counted without end */
    bool talkspurt;     /* the next packet is the first after silence */
    bool last_marked, last_event;
    size_t last; /* payload bytes of the packet that was made last */
    uint64_t packets, bytes, markers, events;
    uint64_t packets_reported;             /* when the last RTCP report left */
    uint64_t packets_before, bytes_before; /* of former SSRCs, which no report is about */
    struct dtmf_sender dtmf;
    uint64_t digits; /* sent to their end */
};

/* RTCP of one direction. */
struct rtcp_counts {
    uint64_t packets, bytes, sender_reports, receiver_reports, blocks, extended;
    uint64_t nacks, plis, slis, firs;
    int64_t last_ns, interval_ns; /* packets 1, 2 and more */
};

/* Totals when the current second began. */
struct second_start {
    int64_t at_ns;
    uint64_t sent_packets, sent_bytes, sent_markers, sent_events, sent_digits;
    uint64_t received_packets, received_bytes, duplicates, reordered, resets, jumps;
    uint64_t timestamp_jumps, ssrc_changes, wrong_payload_type, malformed, markers, noise, events;
    uint64_t digits, unended, dtmf_malformed, late, wire_bytes;
    uint64_t expected; /* these four also stay behind while nothing is expected */
    int64_t lost;
    uint64_t late_judged;
    uint64_t ssrc_strays, strangers;
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

struct stream {
    struct stream_config config;
    char cname[CNAME_BYTES];
    struct random random;
    struct sender sender;
    struct rtp_receiver receiver;
    struct order order;
    uint64_t restarts; /* of the receiver, that order and arrivals know of */
    struct arrivals arrivals;
    struct clocks clocks;
    struct hearing hearing;
    struct peer_view peer;
    struct last_report last_report, last_reference;
    struct dtmf_receiver dtmf;
    struct second_start start;
    uint32_t second;
    int64_t rtcp_due_ns;
    int payload_type_before; /* of the peer, before the media changed; -1 */
    struct echo *echo;       /* NULL: frames are sent */
    uint64_t malformed, wrong_payload_type, markers, noise, events;
    uint64_t unheard;    /* packets that came, and that the playout buffer discarded */
    uint64_t wire_bytes; /* RTP received, with its headers */
    uint64_t digits, digits_unended;
    double digit_ms;   /* of the last one that was received in this second; 0: none */
    int64_t told_lost; /* of what the peer told, whole stream */
    uint64_t told_expected;
    uint64_t strangers; /* datagrams from elsewhere than the peer */
    bool signal_known, noise_known; /* of the last second that was decoded */
    double signal_dbov, noise_dbov;
    struct rtcp_counts rtcp[2]; /* by direction */
    bool sender_report;         /* one came: */
    uint32_t sender_packets, sender_octets;
    struct stream_digit heard[DIGITS_MAX];
    unsigned digit_first, digit_count;
};

/* RFC 3550 6.2: 0.5 to 1.5 of the interval. */
int64_t stream_randomised(struct stream *stream, int64_t interval_ns);
/* A digit that was received is over. */
void stream_digit_ended(struct stream *stream, const struct dtmf_received *digit);
/* VoIP metrics of what is received, for XR. */
void stream_voip(const struct stream *stream, struct rtcp_voip *voip);
/* What the codec alone makes of quality, at the listener of this direction. */
struct emodel_input stream_quality(const struct stream *stream, enum event_direction direction);
double stream_loss_percent(int64_t lost, uint64_t expected);

#endif
