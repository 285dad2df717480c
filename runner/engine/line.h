/*
 * line: one running stream of the media thread with its two sockets: where its packets go, and
 * which of those that come are the peer's. Private to the pacer, on its thread.
 */
#ifndef CMTEST_ENGINE_LINE_H
#define CMTEST_ENGINE_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/impairment.h"
#include "cmtest/sdp.h"
#include "cmtest/stream.h"

struct line {
    struct line *next; /* in its slot */
    uint32_t endpoint;
    int rtp_fd, rtcp_fd;
    struct stream *stream;
    struct sockaddr_storage rtp, rtcp; /* where the peer wants them */
    socklen_t address_length;
    struct sockaddr_storage source; /* where its RTP comes from */
    socklen_t source_length;        /* 0: none came yet */
    int64_t source_ns;              /* its last packet */
    int64_t period_ns, due_ns, second_ns, rtcp_poll_ns;
    bool may_send, may_receive, quiet, closing;
    bool early;                     /* not answered yet: neither side owes media */
    bool reachable;                 /* rtp and rtcp are known */
    bool changed[2];                /* by direction: not the same all this second */
    struct impairment *impaired[2]; /* by direction: what its RTP goes through; NULL: nothing */
};

/* Where the peer wants its packets. An unspecified address (old hold), or a stream that was taken
 * away, changes nothing. */
void line_aim(struct line *line, const struct session_media *media);
/* Reads what waits in a socket. now: clock_now(); offset: clock_from_realtime(0), of about now. */
void line_drain(struct line *line, bool control, int64_t now, int64_t offset);
void line_send_rtcp(struct line *line, int64_t now, bool bye);
/* A packet that arrived on the RTP port, at the end of all that is done to it on its way. */
void line_deliver(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival);
/* An RTP packet to the peer, from the end of all that is done to it. false: it did not go. */
bool line_transmit(struct line *line, const uint8_t *bytes, size_t length);

/* ---- line_impair.c: between the stream and the socket ---- */

/* From now on; by direction, NULL: nothing. seed: of those that begin with it. */
void line_impair(struct line *line, const struct impairment_config *const configs[2],
                 uint64_t seed);
void line_unimpair(struct line *line);
/* The grid's time of its next turn: the packet time's, or that of an impaired packet. */
int64_t line_due(const struct line *line);
/* Of a line with impaired[DIRECTION_SEND]: the next packet that leaves now, and when it was due. */
size_t line_take(struct line *line, int64_t now, uint8_t *bytes, int64_t *due_ns);
/* Whether a datagram that arrived is RTP and goes through the impairment. */
bool line_hold(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival);
/* Delivers what has got through the impairment by now, at the times that it is due. */
void line_settle(struct line *line, int64_t now);
void line_truth(const struct line *line, struct event_impairment out[2]);

#endif
