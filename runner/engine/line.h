/*
 * line: one running stream of the media thread with its two sockets: where its packets go, and
 * which of those that come are the peer's. Private to the pacer, on its thread.
 */
#ifndef CMTEST_ENGINE_LINE_H
#define CMTEST_ENGINE_LINE_H

#include <stdbool.h>
#include <stdint.h>
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
    bool early;      /* not answered yet: neither side owes media */
    bool reachable;  /* rtp and rtcp are known */
    bool changed[2]; /* by direction: not the same all this second */
};

/* Where the peer wants its packets. An unspecified address (old hold), or a stream that was taken
 * away, changes nothing. */
void line_aim(struct line *line, const struct session_media *media);
/* Reads what waits in a socket. now: clock_now(); offset: clock_from_realtime(0), of about now. */
void line_drain(struct line *line, bool control, int64_t now, int64_t offset);
void line_send_rtcp(struct line *line, int64_t now, bool bye);

#endif
