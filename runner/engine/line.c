#include "line.h"
#include "cmtest/loop.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Reads of one socket per turn; a flood must not starve the others. */
#define READS 64
/* A source that has been silent for so long may have moved. */
#define SOURCE_LOST_NS NS_PER_S

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

static bool same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b,
                         socklen_t length)
{
    const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;
    const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;
    if (a->ss_family != b->ss_family || length == 0)
        return false;
    if (a->ss_family == AF_INET)
        return a4->sin_port == b4->sin_port && a4->sin_addr.s_addr == b4->sin_addr.s_addr;
    return a6->sin6_port == b6->sin6_port &&
           memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof a6->sin6_addr) == 0;
}

/* RTP counts from where the peer said, or else from wherever it first came (a peer may send from
 * another port than it receives on). What a stranger sends into a call changes no figure. */
static bool is_peer(struct line *line, const struct sockaddr_storage *from, socklen_t length,
                    int64_t now)
{
    bool said = same_address(from, &line->rtp, length);
    bool known = line->source_length && same_address(from, &line->source, length);
    if (!said && !known && line->source_length && now - line->source_ns < SOURCE_LOST_NS)
        return false;
    if (!known) {
        line->source = *from;
        line->source_length = length;
    }
    line->source_ns = now;
    return true;
}

void line_deliver(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival)
{
    stream_receive(line->stream, bytes, length, arrival);
}

struct datagram {
    uint8_t *bytes;
    size_t length;
    const struct sockaddr_storage *from;
    socklen_t from_length;
};

/* The first handshake gave keys by this packet. */
static void note_shaken(struct line *line, int64_t arrival)
{
    if (line->shake_ended_ns == EVENT_NONE && keying_ready(line->keying))
        line->shake_ended_ns = arrival > line->shake_began_ns ? arrival : line->shake_began_ns;
}

/* Who sends what can be decrypted is the peer, wherever it comes from; what cannot be says nothing
 * about its sender. */
static void take(struct line *line, bool control, const struct datagram *datagram, int64_t arrival,
                 int64_t now)
{
    enum packet_kind kind = packet_kind(datagram->bytes, datagram->length);
    size_t length = datagram->length;
    bool rtcp = control || (line->mux && kind == PACKET_RTCP);
    if (line->keying && kind == PACKET_DTLS) {
        keying_input(line->keying, control, datagram->bytes, length, now);
        note_shaken(line, arrival);
        line->shake_ns = now;
        return;
    }
    if (line->keying &&
        keying_unprotect(line->keying, rtcp, datagram->bytes, &length, now) != KEYING_OK)
        return;
    if (rtcp)
        stream_rtcp_receive(line->stream, datagram->bytes, length, arrival, clock_utc(arrival));
    else if (is_peer(line, datagram->from, datagram->from_length, now) &&
             !line_hold(line, datagram->bytes, length, arrival))
        line_deliver(line, datagram->bytes, length, arrival);
}

void line_drain(struct line *line, bool control, int64_t now, int64_t offset)
{
    int fd = control ? line->rtcp_fd : line->rtp_fd;
    uint8_t bytes[STREAM_PACKET_MAX + 1];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } ancillary;
    for (int i = 0; i < READS; i++) {
        struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
        struct sockaddr_storage from;
        struct msghdr message = {.msg_name = &from,
                                 .msg_namelen = sizeof from,
                                 .msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = &ancillary,
                                 .msg_controllen = sizeof ancillary};
        ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT);
        if (got < 0)
            break;
        int64_t arrival = arrival_of(&message, now, offset);
        take(line, control, &(struct datagram){bytes, (size_t)got, &from, message.msg_namelen},
             arrival, now);
    }
    if (!control)
        line_settle(line, now);
}

static bool send_datagram(const struct line *line, bool control, const uint8_t *bytes,
                          size_t length)
{
    return sendto(control ? line->rtcp_fd : line->rtp_fd, bytes, length, MSG_DONTWAIT,
                  (const struct sockaddr *)(control ? &line->rtcp : &line->rtp),
                  line->address_length) >= 0;
}

static bool protect(struct line *line, bool control, uint8_t *bytes, size_t *length)
{
    return !line->keying ||
           keying_protect(line->keying, control, bytes, length, LINE_PACKET_MAX) == KEYING_OK;
}

bool line_protect(struct line *line, uint8_t *bytes, size_t *length)
{
    return protect(line, false, bytes, length);
}

bool line_transmit(struct line *line, const uint8_t *bytes, size_t length)
{
    return send_datagram(line, false, bytes, length);
}

void line_send_rtcp(struct line *line, int64_t now, bool bye)
{
    uint8_t bytes[LINE_PACKET_MAX];
    if (!line_ready(line))
        return;
    size_t length = stream_rtcp_send(line->stream, now, clock_utc(now), bye, bytes);
    if (length && line->reachable && protect(line, true, bytes, &length))
        (void)send_datagram(line, !line->mux, bytes, length);
}

/* ---- keys --------------------------------------------------------------------------------- */

static void add(struct keying_totals *sum, const struct keying_totals *part)
{
    sum->suite = part->suite ? part->suite : sum->suite;
    sum->sent += part->sent;
    sum->received += part->received;
    sum->send_refused += part->send_refused;
    sum->early += part->early;
    sum->auth_failed += part->auth_failed;
    sum->replayed += part->replayed;
    sum->malformed += part->malformed;
    sum->late_key += part->late_key;
    sum->handshakes += part->handshakes;
    sum->rehandshakes += part->rehandshakes;
    sum->rekeyings += part->rekeyings;
}

void line_add_totals(const struct line *line, struct stream_totals *totals)
{
    totals->security = line->past;
    totals->handshake_ns = line->shaken && line->shake_ended_ns != EVENT_NONE
                               ? line->shake_ended_ns - line->shake_began_ns
                               : EVENT_NONE;
    if (line->keying)
        add(&totals->security, keying_totals(line->keying));
}

void line_secure(struct line *line, const struct session_media *media, int64_t now)
{
    const struct keying_config *keying = &media->keying;
    bool secured = keying->row && keying->row->secured;
    if (!media->codec)
        return;
    line->mux = media->mux;
    if (line->keying && session_same_keying(&line->agreed, media))
        return;
    bool rekeyed = line->keying && line->agreed.keying.row == keying->row &&
                   keying_rekey(line->keying, &keying->local, &keying->remote, now);
    line->agreed = *media;
    if (rekeyed)
        return;
    if (line->keying)
        add(&line->past, keying_totals(line->keying));
    keying_free(line->keying);
    line->keying = secured ? keying_new(keying, now) : NULL;
    line->shake_ns = secured && keying->row->handshakes ? now : KEYING_NEVER;
    line->failed = false;
    if (!line->keying || !keying->row->handshakes || line->shaken)
        return;
    line->shaken = true;
    line->shake_began_ns = now;
    line->shake_ended_ns = EVENT_NONE;
}

bool line_ready(const struct line *line)
{
    return !line->keying || keying_ready(line->keying);
}

const char *line_shake(struct line *line, int64_t now)
{
    uint8_t bytes[KEYING_DATAGRAM_MAX];
    unsigned channel;
    if (!line->keying || line->failed)
        return NULL;
    if (now >= line->shake_ns && line->reachable) {
        size_t length;
        while ((length = keying_output(line->keying, &channel, bytes, sizeof bytes, now)) > 0)
            (void)send_datagram(line, channel == 1, bytes, length);
        line->shake_ns = keying_due(line->keying, now);
    }
    line->failed = keying_error(line->keying) != NULL;
    return keying_error(line->keying);
}

void line_aim(struct line *line, const struct session_media *media)
{
    if (!media->codec || session_is_unspecified(&media->rtp))
        return;
    /* Who sends from elsewhere may now begin to. */
    if (!same_address(&line->rtp, &media->rtp, line->address_length))
        line->source_length = 0;
    line->rtp = media->rtp;
    line->rtcp = media->rtcp;
    line->address_length = media->address_length;
    line->reachable = true;
}
