/* Offer and answer (RFC 3264): our own text, and what the peer's means. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/sdp.h"
#include "session_format.h"
#include "session_parse.h"
#include "session_said.h"
#include "session_security.h"

/* Every reason is a whole sentence without a dot, as it goes behind "488: ". */
#define NO_AUDIO "the peer's SDP has no audio stream"
static const char no_codec[] = "the peer's SDP has no audio codec in common with this endpoint";

static bool is_ipv6(const char *address)
{
    return strchr(address, ':') != NULL;
}

/* A decimal number with nothing behind it but, when rest is given, a space and more. */
static bool read_number(const char *text, unsigned long max, unsigned long *number,
                        const char **rest)
{
    char *end;

    if (!text || *text < '0' || *text > '9')
        return false;
    errno = 0;
    *number = strtoul(text, &end, 10);
    if (errno != 0 || *number > max)
        return false;
    if (rest) {
        *rest = end;
        return *end == '\0' || *end == ' ';
    }
    return *end == '\0';
}

static void write_session(const struct session_local *local, const sdp_time_t *when,
                          struct text *out)
{
    const char *type = is_ipv6(local->address) ? "IP6" : "IP4";

    text_printf(out, "v=0\r\no=- %llu %llu IN %s %s\r\ns=-\r\nc=IN %s %s\r\n",
                (unsigned long long)local->id, (unsigned long long)local->version, type,
                local->address, type, local->address);
    /* RFC 3264 6: the answer repeats the times of the offer. */
    text_printf(out, "t=%lu %lu\r\n", when ? when->t_start : 0, when ? when->t_stop : 0);
}

static void write_media_end(const struct session_local *local, const char *direction,
                            struct text *out)
{
    if (local->rtcp_port != local->rtp_port + 1)
        text_printf(out, "a=rtcp:%u\r\n", (unsigned)local->rtcp_port);
    text_printf(out, "a=%s\r\n", direction);
}

static const char *direction_name(bool may_send, bool may_receive)
{
    if (may_send)
        return may_receive ? "sendrecv" : "sendonly";
    return may_receive ? "recvonly" : "inactive";
}

static bool wants_to_send(const struct session_local *local)
{
    return local->direction == SESSION_SENDRECV || local->direction == SESSION_SENDONLY;
}

static bool wants_to_receive(const struct session_local *local)
{
    return local->direction == SESSION_SENDRECV || local->direction == SESSION_RECVONLY;
}

/* Of the codec that we like best. */
static uint32_t offered_ptime(const struct session_local *local)
{
    for (size_t i = 0; i < local->codec_count; i++)
        if (local->codecs[i]->kind == CODEC_AUDIO)
            return codec_ptime(local->codecs[i], local->params[i].ptime_ms);
    return CODEC_PTIME_MIN_MS;
}

static void write_offered(const struct session_local *local, struct text *out)
{
    struct format formats[FORMATS_MAX];
    size_t count = format_list(local, formats);

    text_printf(out, "m=audio %u %s", (unsigned)local->rtp_port,
                session_profile_name(security_profile(local)));
    format_write_numbers(formats, count, out);
    format_write(formats, count, offered_ptime(local), out);
    security_offer(local, out);
    if (local->extended_reports)
        text_add(out, "a=rtcp-xr:rcvr-rtt=all voip-metrics\r\n");
    write_media_end(local, direction_name(wants_to_send(local), wants_to_receive(local)), out);
}

void session_offer(const struct session_local *local, struct text *out)
{
    unsigned slot = said_slot(local->said);
    unsigned count = said_count(local->said);

    write_session(local, NULL, out);
    for (unsigned i = 0; i < count || i <= slot; i++) {
        size_t length;
        const char *line = i == slot ? NULL : said_line(local->said, i, &length);
        if (!line) {
            write_offered(local, out);
            continue;
        }
        text_add_bytes(out, line, length);
        text_add(out, "\r\n");
    }
}

/* Copies a numeric address and port. */
static const char *set_address(struct sockaddr_storage *to, const char *address, unsigned long port,
                               bool ipv6)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};

    memset(to, 0, sizeof *to);
    if (ipv6) {
        if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
            return "the address in the peer's SDP is not a numeric IPv6 address";
        if (IN6_IS_ADDR_MULTICAST(&v6.sin6_addr))
            return "the address in the peer's SDP is a multicast address";
        memcpy(to, &v6, sizeof v6);
        return NULL;
    }
    if (inet_pton(AF_INET, address, &v4.sin_addr) != 1)
        return "the address in the peer's SDP is not a numeric IPv4 address";
    if (IN_MULTICAST(ntohl(v4.sin_addr.s_addr)))
        return "the address in the peer's SDP is a multicast address";
    memcpy(to, &v4, sizeof v4);
    return NULL;
}

bool session_is_unspecified(const struct sockaddr_storage *address)
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;

    if (address->ss_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        return IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
    }
    memcpy(&v4, address, sizeof v4);
    return v4.sin_addr.s_addr == htonl(INADDR_ANY);
}

/* RFC 3605: "port" or "port IN IP4 address". */
static const char *read_rtcp(const sdp_media_t *m, const char *address, bool ipv6,
                             struct session_media *media)
{
    const sdp_attribute_t *rtcp = sdp_attribute_find(m->m_attributes, "rtcp");
    const char *const malformed = "the a=rtcp line of the peer's SDP is malformed";
    unsigned long port = m->m_port + 1;
    const char *rest;
    char own[64];

    if (media->mux) {
        media->rtcp = media->rtp;
        return NULL;
    }
    if (rtcp) {
        if (!read_number(rtcp->a_value, UINT16_MAX, &port, &rest) || port == 0)
            return malformed;
        if (*rest != '\0') {
            const char *prefix = ipv6 ? " IN IP6 " : " IN IP4 ";
            if (strncasecmp(rest, prefix, strlen(prefix)) != 0)
                return malformed;
            text_copy(own, sizeof own, rest + strlen(prefix));
            own[strcspn(own, " ")] = '\0';
            address = own;
        }
    } else if (port > UINT16_MAX) {
        return "port 65535 in the peer's SDP leaves no port for RTCP";
    }
    return set_address(&media->rtcp, address, port, ipv6);
}

static const char *read_addresses(const struct session_local *local, const sdp_media_t *m,
                                  struct session_media *media)
{
    const sdp_connection_t *connection = sdp_media_connections(m);
    bool ipv6 = is_ipv6(local->address);

    if (!connection || !connection->c_address)
        return "the peer's SDP has no c= line for its audio stream";
    if (connection->c_nettype != sdp_net_in || connection->c_addrtype == sdp_addr_x)
        return "the c= line of the peer's SDP is neither IN IP4 nor IN IP6";
    if ((connection->c_addrtype == sdp_addr_ip6) != ipv6) {
        return ipv6 ? "the peer's SDP has an IPv4 address, but this endpoint uses IPv6"
                    : "the peer's SDP has an IPv6 address, but this endpoint uses IPv4";
    }
    const char *why = set_address(&media->rtp, connection->c_address, m->m_port, ipv6);
    if (!why)
        why = read_rtcp(m, connection->c_address, ipv6, media);
    media->address_length = ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    return why;
}

/* What the m-line means for us, in the answer to our offer or in an offer, or why it cannot be
 * used. */
static const char *read_media(const struct session_local *local, const sdp_media_t *m,
                              enum session_profile profile, bool answered,
                              struct session_media *media)
{
    memset(media, 0, sizeof *media);
    if (m->m_port == 0)
        return "the peer refused the audio stream (port 0)";
    if (m->m_port > UINT16_MAX)
        return "the port of the peer's audio stream is not a UDP port";
    if (profile == SESSION_OTHER)
        return "the peer's audio stream is neither RTP (RTP/AVP, RTP/AVPF) nor SRTP";
    if (!format_choose(local, m, media))
        return no_codec;
    if (answered)
        format_others(local, m, media);
    const char *why = security_choose(local, m, profile, answered, media);
    if (!why)
        why = read_addresses(local, m, media);
    if (why)
        return why;
    /* The mode is the peer's: what it sends we receive. */
    media->may_receive = (m->m_mode & sdp_sendonly) && wants_to_receive(local);
    media->may_send =
        (m->m_mode & sdp_recvonly) && wants_to_send(local) && !session_is_unspecified(&media->rtp);
    return NULL;
}

/* RFC 3264 6: a refused stream keeps its line, with port 0; its formats do not matter. */
static void write_refused(const sdp_media_t *m, enum session_profile profile, struct text *out)
{
    const char *name = session_profile_name(profile);

    if (!name)
        name = m->m_proto_name ? m->m_proto_name : session_profile_name(SESSION_AVP);
    text_printf(out, "m=%s 0 %s", m->m_type_name ? m->m_type_name : "audio", name);
    if (m->m_rtpmaps)
        text_printf(out, " %u", (unsigned)m->m_rtpmaps->rm_pt);
    else
        text_printf(out, " %s", m->m_format && m->m_format->l_text ? m->m_format->l_text : "0");
    text_add(out, "\r\n");
}

/* What we ask for: our own wish, else what the peer asked for. */
static uint32_t own_ptime(const struct session_local *local, const struct session_media *media)
{
    for (size_t i = 0; i < local->codec_count; i++)
        if (local->codecs[i] == media->codec && local->params[i].ptime_ms)
            return codec_ptime(media->codec, local->params[i].ptime_ms);
    return media->ptime_ms;
}

/* A description of the peer's, as it was read. */
struct heard {
    const sdp_session_t *session;
    struct session_profiles profiles;
};

/* RFC 3611 5.2: what two sides do together is answered only when it was offered. A peer that did
 * not ask at all may not know the attribute, and gets none. */
static void write_reports_answer(const struct session_local *local, sdp_attribute_t *attributes,
                                 struct text *out)
{
    const sdp_attribute_t *asked = sdp_attribute_find(attributes, "rtcp-xr");

    if (!local->extended_reports || !asked)
        return;
    bool together = asked->a_value && strstr(asked->a_value, "rcvr-rtt");
    text_printf(out, "a=rtcp-xr:%svoip-metrics\r\n", together ? "rcvr-rtt=all " : "");
}

static void write_answer(const struct session_local *local, const struct heard *offer,
                         const sdp_media_t *chosen, const struct session_media *media,
                         struct text *out)
{
    struct format formats[FORMATS_MAX];
    size_t index = 0;

    write_session(local, offer->session->sdp_time, out);
    for (const sdp_media_t *m = offer->session->sdp_media; m; m = m->m_next, index++) {
        if (!chosen || m != chosen) {
            write_refused(m, offer->profiles.rows[index], out);
            continue;
        }
        size_t count = format_answer(local, media, formats);
        text_printf(out, "m=audio %u %s", (unsigned)local->rtp_port,
                    session_profile_name(media->profile));
        format_write_numbers(formats, count, out);
        format_write(formats, count, own_ptime(local, media), out);
        security_answer(local, media, out);
        write_reports_answer(local, m->m_attributes, out);
        write_media_end(local, direction_name(media->may_send, media->may_receive), out);
    }
}

/* The one in use goes before all others. */
static const sdp_media_t *choose_stream(const struct session_local *local,
                                        const struct heard *offer, struct session_media *media,
                                        const char **why)
{
    const enum session_profile *profiles = offer->profiles.rows;
    unsigned slot = local->said ? said_slot(local->said) : 0, index = 0;

    for (const sdp_media_t *m = offer->session->sdp_media; m; m = m->m_next, index++)
        if (index == slot && m->m_type == sdp_media_audio &&
            !read_media(local, m, profiles[index], false, media))
            return m;
    *why = NULL;
    index = 0;
    for (const sdp_media_t *m = offer->session->sdp_media; m; m = m->m_next, index++) {
        if (m->m_type != sdp_media_audio)
            continue;
        const char *unusable = read_media(local, m, profiles[index], false, media);
        if (!unusable)
            return m;
        if (!*why)
            *why = unusable;
    }
    return NULL;
}

/* Nothing is left of the stream that there was (RFC 3264 8.2). */
static bool is_taken_away(const struct session_local *local, const sdp_session_t *offer)
{
    if (!local->said || !offer->sdp_media)
        return false;
    for (const sdp_media_t *m = offer->sdp_media; m; m = m->m_next)
        if (m->m_type == sdp_media_audio && m->m_port != 0)
            return false;
    return true;
}

const char *session_answer(const struct session_local *local, const char *offer, size_t length,
                           struct text *out, struct session_media *media)
{
    sdp_parser_t *parser;
    struct heard heard;
    const char *why = session_parse(offer, length, &parser, &heard.profiles);

    if (why)
        return why;
    heard.session = sdp_session(parser);
    const sdp_media_t *chosen = choose_stream(local, &heard, media, &why);
    if (chosen) {
        why = NULL;
        /* RFC 3264 6.1: the answer has the offer's numbers. */
        media->receive_payload_type = media->payload_type;
        media->receive_events_payload_type = media->events_payload_type;
        media->receive_noise_payload_type = media->noise_payload_type;
        write_answer(local, &heard, chosen, media, out);
    } else if (is_taken_away(local, heard.session)) {
        why = NULL;
        memset(media, 0, sizeof *media);
        write_answer(local, &heard, NULL, media, out);
    } else if (!why) {
        why = NO_AUDIO;
    }
    sdp_parser_free(parser);
    return why;
}

const char *session_accept(const struct session_local *local, const char *answer, size_t length,
                           struct session_media *media)
{
    sdp_parser_t *parser;
    struct session_profiles profiles;
    const char *why = session_parse(answer, length, &parser, &profiles);
    unsigned slot = said_slot(local->said), offered = said_count(local->said), count = 0;
    const sdp_media_t *ours = NULL;

    if (why)
        return why;
    for (const sdp_media_t *m = sdp_session(parser)->sdp_media; m; m = m->m_next)
        if (count++ == slot)
            ours = m;
    if (!ours || ours->m_type != sdp_media_audio)
        why = NO_AUDIO;
    else if (count > (offered ? offered : 1))
        why = "the peer's answer has more m= lines than the offer";
    else
        why = read_media(local, ours, profiles.rows[slot], true, media);
    sdp_parser_free(parser);
    return why;
}

bool session_no_codec(const char *why)
{
    return why == no_codec;
}
