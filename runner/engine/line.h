/*
 * line: one running stream of the media thread with its two sockets: where its packets go, and
 * which of those that come are the peer's. Private to the pacer, on its thread.
 */
#ifndef CMTEST_ENGINE_LINE_H
#define CMTEST_ENGINE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/impairment.h"
#include "cmtest/keying.h"
#include "cmtest/recorder.h"
#include "cmtest/sdp.h"
#include "cmtest/stream.h"
#include "meter.h"

/* What protecting may add fits behind a packet. */
#define LINE_PACKET_MAX (STREAM_PACKET_MAX + SUITE_TRAILER_MAX)

/* Where what arrives on a socket comes from. */
struct origin {
    int64_t at_ns;    /* its last packet */
    bool said;        /* it is where the peer wants its packets */
    socklen_t length; /* 0: nothing came yet that can be the peer's */
    struct sockaddr_storage address;
};

/* What every packet touches stands first, LINE_HOT bytes: thousands of lines do not fit in a cache,
 * and line_fetch() fetches it. */
#define LINE_HOT 192
struct line {
    struct line *next; /* in its slot */
    uint32_t endpoint;
    int rtp_fd, rtcp_fd; /* the latter -1 once both take one port */
    bool may_send, may_receive, quiet, closing;
    bool early;               /* not answered yet: neither side owes media */
    bool reachable;           /* rtp and rtcp are known */
    bool connected;           /* its RTP socket is, to rtp: the kernel drops what others send */
    bool sole;                /* nothing waits in it that came from others before */
    bool filtered;            /* it was connected at some time of this second */
    bool mux;                 /* RTCP takes the RTP socket; the other one is not read, and closed */
    bool failed;              /* there will be no keys, which was told */
    bool changed[2];          /* by direction: not the same all this second */
    bool unwatched;           /* its RTCP socket, until the next look at it */
    bool shaken;              /* keys come by handshakes */
    bool paused;              /* it is not served each packet time: nothing may flow */
    uint8_t slot;             /* of the wheel */
    uint8_t payload_types[3]; /* that the peer may send; 0 beside the first: none */
    socklen_t address_length;
    struct stream *stream;
    struct meter *meters;           /* of its RTP, by direction; NULL */
    struct keying_state *keying;    /* NULL: plain RTP */
    struct impairment *impaired[2]; /* by direction: what its RTP goes through; NULL: nothing */
    struct impairment *reports[2]; /* what its RTCP goes through: the delays alone; NULL: nothing */
    int64_t period_ns, due_ns, second_ns, rtcp_poll_ns;
    uint64_t datagrams;       /* that were read since they were counted */
    struct origin origins[2]; /* by socket: RTP, RTCP */

    struct sockaddr_storage rtp;  /* where the peer wants its packets, ... */
    struct sockaddr_storage rtcp; /* ... and its reports */
    uint32_t dropped[2];          /* by socket: what the kernel has told */
    struct recorder *recorder;    /* of what it hears; NULL */
    struct session_media *agreed; /* what keying was made of; NULL: there was none */
    struct keying_totals past;    /* of states before it */
    struct keying_totals told;    /* until the last second */
    int64_t shake_began_ns;       /* of the first handshake, and when it gave keys: EVENT_NONE */
    int64_t shake_ended_ns;
    int64_t shake_ns; /* when a handshake has something to send */
    int64_t idle_ns;  /* paused: its turn before that */
};
_Static_assert(offsetof(struct line, origins) + offsetof(struct origin, address) <= LINE_HOT, "");

/* What the turns of those behind this one in its slot will touch comes into the cache while this
 * one waits for the kernel. */
void line_fetch(const struct line *line);

/* Where the peer wants its packets. An unspecified address (old hold), or a stream that was taken
 * away, changes nothing. */
void line_aim(struct line *line, const struct session_media *media);
bool line_same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b,
                       socklen_t length);

/* ---- line_arrive.c: from the socket to the stream ---- */

struct datagram {
    uint8_t *bytes; /* which decrypting changes */
    size_t length;
    const struct sockaddr_storage *from; /* NULL: from where the peer said, to which alone the
                                            socket is connected */
    socklen_t from_length;
};

/* One datagram of the RTP or the RTCP (control) socket. What a stranger sends changes no figure of
 * the peer's: only what comes from where the peer wants its own packets counts, or, as long as
 * nothing came from there, from wherever the first packet came that could be the peer's (who is
 * behind a NAT, or sends from another port than it receives on); after a second of silence from
 * anywhere else again. SRTP that can be decrypted is the peer's, wherever it comes from. */
void line_arrived(struct line *line, bool control, const struct datagram *datagram, int64_t arrival,
                  int64_t now);
/* Reads what waits in a socket. now: clock_now(); offset: clock_from_realtime(0), of about now.
 * all: until there is nothing; else, of RTP, until a packet of the peer is younger than one and a
 * half packet times: the rest, if there is any, is read with the next one, and asking for it each
 * time would cost as much as the packet. */
void line_drain(struct line *line, bool control, bool all, int64_t now, int64_t offset);
/* Once a second. With many lines the RTP socket is connected to a peer that is heard from where it
 * said: the kernel then has the route at hand, and strangers' packets never come as far as here, so
 * nobody counts them. One that has fallen silent may be heard from anywhere again. */
void line_narrow(struct line *line, bool many, int64_t now);
/* Makes SRTP of an RTP packet where keys were agreed. bytes has room for LINE_PACKET_MAX. false:
 * the keys do not allow it. */
bool line_protect(struct line *line, uint8_t *bytes, size_t *length);
/* Takes keys, or begins a handshake; goes on with the present ones when nothing changed. */
void line_secure(struct line *line, const struct session_media *media, int64_t now);
/* Media may be sent and be understood. */
bool line_ready(const struct line *line);
/* A handshake that is due goes on. Why there will never be keys, told once; else NULL. */
const char *line_shake(struct line *line, int64_t now);
/* Closes the second of the stream, with what the line adds to it. */
void line_second(struct line *line, int64_t now, struct event_second seconds[2]);
void line_add_totals(const struct line *line, struct stream_totals *totals);
void line_send_rtcp(struct line *line, int64_t now, bool bye);
/* A packet that arrived on the RTP port, at the end of all that is done to it on its way. */
void line_deliver(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival);
/* An RTP packet to the peer, from the end of all that is done to it. false: it did not go, errno.
 */
bool line_transmit(struct line *line, const uint8_t *bytes, size_t length, int64_t now);
/* The same for RTCP. */
bool line_transmit_report(struct line *line, const uint8_t *bytes, size_t length);

/* ---- line_record.c: what the endpoint heard ---- */

/* Before its stream is made, whose config then records. */
void line_record(struct line *line, const char *folder, const char *group, uint32_t index,
                 struct recorder_budget *budget, struct stream_config *config);
/* What became of it so far; false: nothing was heard, or is recorded. */
bool line_recorded(const struct line *line, struct event_recording *recording);
/* Behind its stream. */
void line_unrecord(struct line *line);

/* ---- line_impair.c: between the stream and the socket ---- */

/* From now on; by direction, NULL: nothing. seed: of those that begin with it. */
void line_impair(struct line *line, const struct impairment_config *const configs[2],
                 uint64_t seed);
void line_unimpair(struct line *line);
/* The grid's time of its next turn: the packet time's, or that of an impaired packet. */
int64_t line_due(const struct line *line);
/* Of a line with impaired[DIRECTION_SEND]: the next packet that leaves now, and when it was due. */
size_t line_take(struct line *line, int64_t now, uint8_t *bytes, int64_t *due_ns);
/* Whether an RTCP packet to the peer waits, as long as its RTP does: round trips are those of the
 * audio. Nothing that waits when the call ends arrives. */
bool line_delay_report(struct line *line, const uint8_t *bytes, size_t length, int64_t now);
/* Sends those that have waited. */
void line_send_reports(struct line *line, int64_t now);
/* Whether a datagram that arrived goes through the impairment. */
bool line_hold_report(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival);
bool line_hold(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival);
/* Delivers what has got through the impairment by now, at the times that it is due. */
void line_settle(struct line *line, int64_t now);
void line_truth(const struct line *line, struct event_impairment out[2]);

#endif
