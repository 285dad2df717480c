#include "line.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

bool line_same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b,
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

void line_fetch(const struct line *line)
{
    const struct line *first = line->next, *second = first ? first->next : NULL;
    if (first)
        stream_fetch(first->stream, true);
    if (first && first->keying)
        keying_fetch(first->keying, true);
    if (!second)
        return;
    if (second->keying)
        keying_fetch(second->keying, false);
    stream_fetch(second->stream, false);
    __builtin_prefetch(second->meters, 1);
    const char *third = (const char *)second->next;
    for (size_t at = 0; third && at < LINE_HOT; at += 64)
        __builtin_prefetch(third + at, 1);
}

static bool send_datagram(const struct line *line, bool control, const uint8_t *bytes,
                          size_t length)
{
    int fd = control ? line->rtcp_fd : line->rtp_fd;
    const struct sockaddr_storage *to = control ? &line->rtcp : &line->rtp;
    if (control || !line->connected)
        return sendto(fd, bytes, length, MSG_DONTWAIT, (const struct sockaddr *)to,
                      line->address_length) >= 0;
    /* What is refused is an earlier datagram, and the kernel says so instead of sending this one.
     */
    return send(fd, bytes, length, MSG_DONTWAIT) >= 0 ||
           (errno == ECONNREFUSED && send(fd, bytes, length, MSG_DONTWAIT) >= 0);
}

/* ---- one peer, one route ------------------------------------------------------------------- */

/* A source that has been silent for so long may have moved. */
#define SOURCE_LOST_NS NS_PER_S

static void disconnect(struct line *line)
{
    struct sockaddr_storage none = {.ss_family = AF_UNSPEC};
    if (line->connected)
        (void)connect(line->rtp_fd, (const struct sockaddr *)&none, sizeof none);
    line->connected = line->sole = false;
}

void line_narrow(struct line *line, bool many, int64_t now)
{
    const struct origin *origin = &line->origins[0];
    bool heard = origin->said && now - origin->at_ns < SOURCE_LOST_NS;
    if (!heard)
        disconnect(line);
    else if (many && line->reachable && !line->connected)
        line->connected =
            connect(line->rtp_fd, (const struct sockaddr *)&line->rtp, line->address_length) == 0;
    line->filtered |= line->connected;
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

bool line_transmit(struct line *line, const uint8_t *bytes, size_t length, int64_t now)
{
    bool gone = send_datagram(line, false, bytes, length);
    if (gone && line->meters)
        meter_count(&line->meters[DIRECTION_SEND], now);
    return gone;
}

bool line_transmit_report(struct line *line, const uint8_t *bytes, size_t length)
{
    return send_datagram(line, !line->mux, bytes, length);
}

void line_send_rtcp(struct line *line, int64_t now, bool bye)
{
    uint8_t bytes[LINE_PACKET_MAX];
    if (!line_ready(line))
        return;
    size_t length = stream_rtcp_send(line->stream, now, clock_utc(now), line->due_ns, bye, bytes);
    if (length && line->reachable && protect(line, true, bytes, &length) &&
        !line_delay_report(line, bytes, length, now))
        (void)line_transmit_report(line, bytes, length);
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
    if (line->keying && session_same_keying(line->agreed, media))
        return;
    bool rekeyed = line->keying && line->agreed->keying.row == keying->row &&
                   keying_rekey(line->keying, &keying->local, &keying->remote, now);
    if (secured && !line->agreed)
        line->agreed = mem_alloc(sizeof *line->agreed);
    if (line->agreed)
        *line->agreed = *media;
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
    if (line->shaken && now >= line->shake_ns && line->reachable) {
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
    if (!line_same_address(&line->rtp, &media->rtp, line->address_length)) {
        line->origins[0] = (struct origin){0};
        disconnect(line);
    }
    if (!line_same_address(&line->rtcp, &media->rtcp, line->address_length))
        line->origins[1] = (struct origin){0};
    line->payload_types[0] = media->receive_payload_type;
    line->payload_types[1] = media->receive_events_payload_type;
    line->payload_types[2] = media->receive_noise_payload_type;
    line->rtp = media->rtp;
    line->rtcp = media->rtcp;
    line->address_length = media->address_length;
    line->reachable = true;
}
