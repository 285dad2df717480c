/* Which of the datagrams that arrive are the peer's, and what they are. */
#include "cmtest/loop.h"
#include "line.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Reads of one socket per turn; a flood must not starve the others. */
#define READS 64
/* A source that has been silent for so long may have moved. */
#define SOURCE_LOST_NS NS_PER_S

/* ---- whose it is -------------------------------------------------------------------------- */

static bool is_said(const struct line *line, bool control, const struct datagram *datagram)
{
    return !datagram->from || line_same_address(datagram->from, control ? &line->rtcp : &line->rtp,
                                                line->address_length);
}

enum whose {
    WHOSE_PEER,
    WHOSE_ANYONE, /* the peer's if it makes sense */
    WHOSE_STRANGER,
};

static enum whose whose(const struct line *line, bool control, const struct datagram *datagram,
                        int64_t now)
{
    const struct origin *origin = &line->origins[control];
    if (is_said(line, control, datagram))
        return WHOSE_PEER;
    if (origin->said)
        return WHOSE_STRANGER;
    if (!origin->length || now - origin->at_ns >= SOURCE_LOST_NS)
        return WHOSE_ANYONE;
    return line_same_address(datagram->from, &origin->address, origin->length) ? WHOSE_PEER
                                                                               : WHOSE_STRANGER;
}

static void adopt(struct line *line, bool control, const struct datagram *datagram, int64_t now)
{
    struct origin *origin = &line->origins[control];
    origin->at_ns = now;
    if (!datagram->from)
        return; /* and it was said, or the socket would not be connected */
    memcpy(&origin->address, datagram->from, datagram->from_length);
    origin->length = datagram->from_length;
    origin->said = is_said(line, control, datagram);
}

/* The first datagram of an address that nobody told of must be what was agreed on: a stranger may
 * be quicker than the peer. */
static bool makes_sense(const struct line *line, bool rtcp, const uint8_t *bytes, size_t length)
{
    struct rtcp_report report;
    struct rtp_packet packet;
    if (rtcp)
        return rtcp_parse(bytes, length, &report);
    if (packet_kind(bytes, length) != PACKET_RTP || !rtp_parse(bytes, length, &packet))
        return false;
    uint8_t type = packet.payload_type;
    return type == line->payload_types[0] ||
           (type && (type == line->payload_types[1] || type == line->payload_types[2]));
}

/* ---- what it is --------------------------------------------------------------------------- */

/* What cannot be decrypted says nothing about the peer unless it comes from there: its failure is
 * taken out of the sum again. */
static bool decrypt(struct line *line, bool rtcp, enum whose from, uint8_t *bytes, size_t *length,
                    int64_t now)
{
    struct keying_totals before = *keying_totals(line->keying);
    if (keying_unprotect(line->keying, rtcp, bytes, length, now) == KEYING_OK)
        return true;
    if (from != WHOSE_PEER) {
        const struct keying_totals *after = keying_totals(line->keying);
        line->past.early -= after->early - before.early;
        line->past.auth_failed -= after->auth_failed - before.auth_failed;
        line->past.replayed -= after->replayed - before.replayed;
        line->past.malformed -= after->malformed - before.malformed;
        stream_stranger(line->stream);
    }
    return false;
}

/* The first handshake gave keys by this packet. */
static void note_shaken(struct line *line, int64_t arrival)
{
    if (line->shake_ended_ns == EVENT_NONE && keying_ready(line->keying))
        line->shake_ended_ns = arrival > line->shake_began_ns ? arrival : line->shake_began_ns;
}

static void take_dtls(struct line *line, bool control, enum whose from,
                      const struct datagram *datagram, int64_t arrival, int64_t now)
{
    if (from == WHOSE_STRANGER) {
        stream_stranger(line->stream);
        return;
    }
    keying_input(line->keying, control, datagram->bytes, datagram->length, now);
    note_shaken(line, arrival);
    line->shake_ns = now;
    if (from == WHOSE_PEER)
        adopt(line, control, datagram, now);
}

void line_deliver(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival)
{
    if (line->meters && packet_kind(bytes, length) == PACKET_RTP)
        meter_count(&line->meters[DIRECTION_RECEIVE], arrival);
    stream_receive(line->stream, bytes, length, arrival);
}

void line_arrived(struct line *line, bool control, const struct datagram *datagram, int64_t arrival,
                  int64_t now)
{
    enum whose from = whose(line, control, datagram, now);
    enum packet_kind kind = packet_kind(datagram->bytes, datagram->length);
    size_t length = datagram->length;
    bool rtcp = control || (line->mux && kind == PACKET_RTCP);
    if (line->keying && kind == PACKET_DTLS) {
        take_dtls(line, control, from, datagram, arrival, now);
        return;
    }
    if (line->keying) {
        if (!decrypt(line, rtcp, from, datagram->bytes, &length, now))
            return;
    } else if (from == WHOSE_STRANGER ||
               (from == WHOSE_ANYONE && !makes_sense(line, rtcp, datagram->bytes, length))) {
        stream_stranger(line->stream);
        return;
    }
    /* One who decrypts beside where the peer said is no reason to pass over the latter. */
    if (from != WHOSE_STRANGER)
        adopt(line, control, datagram, now);
    if (rtcp && line_hold_report(line, datagram->bytes, length, arrival))
        return;
    if (rtcp)
        stream_rtcp_receive(line->stream, datagram->bytes, length, arrival, clock_utc(arrival));
    else if (!line_hold(line, datagram->bytes, length, arrival))
        line_deliver(line, datagram->bytes, length, arrival);
}

/* ---- the socket --------------------------------------------------------------------------- */

static int64_t arrival_of(struct msghdr *message, int64_t now, int64_t realtime_offset)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
            return (int64_t)stamp.tv_sec * NS_PER_S + stamp.tv_nsec + realtime_offset;
        }
    }
    return now;
}

/* Whether the next packet of the peer is still to come, as far as this one tells. One that comes
 * just behind our turns is a packet time old at the next, sometimes less, sometimes more. */
static bool is_newest(const struct line *line, const struct datagram *datagram, int64_t arrival,
                      int64_t now)
{
    return arrival > now - line->period_ns - line->period_ns / 2 && line->origins[0].said &&
           is_said(line, false, datagram);
}

void line_drain(struct line *line, bool control, bool all, int64_t now, int64_t offset)
{
    int fd = control ? line->rtcp_fd : line->rtp_fd;
    uint8_t bytes[LINE_PACKET_MAX];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } ancillary;
    bool sole = !control && line->sole;
    all |= line->connected && !line->sole;
    for (int i = 0; i < READS; i++) {
        struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
        struct sockaddr_storage from;
        from.ss_family = AF_UNSPEC;
        struct msghdr message = {.msg_name = sole ? NULL : &from,
                                 .msg_namelen = sole ? 0 : sizeof from,
                                 .msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = &ancillary,
                                 .msg_controllen = sizeof ancillary};
        ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT);
        if (got < 0 && errno == ECONNREFUSED) /* of what was sent before, and told once */
            continue;
        if (got < 0) {
            line->sole = line->sole || (!control && line->connected && errno == EAGAIN);
            break;
        }
        line->datagrams++;
        int64_t arrival = arrival_of(&message, now, offset);
        /* What was cut is nothing that can be read, whatever its beginning looks like. */
        size_t length = message.msg_flags & MSG_TRUNC ? 0 : (size_t)got;
        struct datagram datagram = {bytes, length, sole ? NULL : &from, message.msg_namelen};
        line_arrived(line, control, &datagram, arrival, now);
        if (!all && is_newest(line, &datagram, arrival, now))
            break;
    }
    if (!control)
        line_settle(line, now);
}
