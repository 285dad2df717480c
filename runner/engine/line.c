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

bool line_transmit(struct line *line, const uint8_t *bytes, size_t length)
{
    return sendto(line->rtp_fd, bytes, length, MSG_DONTWAIT, (struct sockaddr *)&line->rtp,
                  line->address_length) >= 0;
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
        if (control)
            stream_rtcp_receive(line->stream, bytes, (size_t)got, arrival, clock_utc(arrival));
        else if (is_peer(line, &from, message.msg_namelen, now) &&
                 !line_hold(line, bytes, (size_t)got, arrival))
            line_deliver(line, bytes, (size_t)got, arrival);
    }
    if (!control)
        line_settle(line, now);
}

void line_send_rtcp(struct line *line, int64_t now, bool bye)
{
    uint8_t bytes[STREAM_PACKET_MAX];
    size_t length = stream_rtcp_send(line->stream, now, clock_utc(now), bye, bytes);
    if (length && line->reachable)
        (void)!sendto(line->rtcp_fd, bytes, length, MSG_DONTWAIT, (struct sockaddr *)&line->rtcp,
                      line->address_length);
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
