#include "pcap.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define LINKTYPE_RAW 101
#define SNAP_LENGTH 262144
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define TTL 64
#define WINDOW 65535
/* Of one packet behind the IP header; a stream goes on in the next. */
#define PAYLOAD_MAX 65507
#define SEGMENT_MAX 65000

/* ---- bytes ------------------------------------------------------------------------------ */

/* A packet in the making; IPv6 has the longest headers: 40 and 20. */
struct packet {
    unsigned char bytes[60 + PAYLOAD_MAX];
    size_t length;
};

static void put8(struct packet *packet, unsigned value)
{
    packet->bytes[packet->length++] = (unsigned char)value;
}

static void put16(struct packet *packet, unsigned value)
{
    put8(packet, value >> 8 & 0xff);
    put8(packet, value & 0xff);
}

static void put32(struct packet *packet, uint32_t value)
{
    put16(packet, value >> 16);
    put16(packet, value & 0xffff);
}

static void put_bytes(struct packet *packet, const void *bytes, size_t length)
{
    memcpy(packet->bytes + packet->length, bytes, length);
    packet->length += length;
}

/* Little-endian whatever this machine is, so that the same result gives the same bytes. */
static void put_word(struct text *out, uint32_t value)
{
    char bytes[4] = {(char)(value & 0xff), (char)(value >> 8 & 0xff), (char)(value >> 16 & 0xff),
                     (char)(value >> 24)};
    text_add_bytes(out, bytes, sizeof(bytes));
}

/* RFC 1071; sum goes on from an earlier part of even length. */
static uint32_t sum_up(uint32_t sum, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    return sum;
}

static unsigned fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

static void set16(struct packet *packet, size_t at, unsigned value)
{
    packet->bytes[at] = (unsigned char)(value >> 8);
    packet->bytes[at + 1] = (unsigned char)value;
}

/* ---- addresses -------------------------------------------------------------------------- */

struct end {
    int family;
    unsigned char address[16];
    size_t size;
    unsigned port;
};

/* "192.0.2.1:5060", "[2001:db8::1]:5060" */
static bool parse_end(const char *string, struct end *end)
{
    char host[64];
    const char *colon = strrchr(string, ':');
    bool bracketed = string[0] == '[';
    if (!colon || (size_t)(colon - string) >= sizeof(host))
        return false;
    text_copy(host, (size_t)(colon - string) + 1, string);
    end->family = bracketed ? AF_INET6 : AF_INET;
    end->size = bracketed ? 16 : 4;
    if (bracketed)
        host[strcspn(host, "]%")] = '\0';
    long port = strtol(colon + 1, NULL, 10);
    if (port < 0 || port > 65535 || inet_pton(end->family, host + bracketed, end->address) != 1)
        return false;
    end->port = (unsigned)port;
    return true;
}

/* ---- headers ---------------------------------------------------------------------------- */

struct route {
    struct end from, to;
    int64_t at_ns;
    unsigned protocol;
};

static void put_ipv4(struct packet *packet, const struct route *route, size_t payload,
                     uint16_t number)
{
    put8(packet, 0x45);
    put8(packet, 0);
    put16(packet, (unsigned)(20 + payload));
    put16(packet, number);
    put16(packet, 0);
    put8(packet, TTL);
    put8(packet, route->protocol);
    put16(packet, 0);
    put_bytes(packet, route->from.address, 4);
    put_bytes(packet, route->to.address, 4);
    set16(packet, 10, fold(sum_up(0, packet->bytes, 20)));
}

static void put_ipv6(struct packet *packet, const struct route *route, size_t payload)
{
    put32(packet, UINT32_C(0x60000000));
    put16(packet, (unsigned)payload);
    put8(packet, route->protocol);
    put8(packet, TTL);
    put_bytes(packet, route->from.address, 16);
    put_bytes(packet, route->to.address, 16);
}

static void put_record(struct pcap *pcap, const struct packet *packet, int64_t at_ns)
{
    static const int64_t second = INT64_C(1000000000);
    uint64_t at = at_ns > 0 ? (uint64_t)at_ns : 0;
    put_word(pcap->out, (uint32_t)(at / (uint64_t)second));
    put_word(pcap->out, (uint32_t)(at % (uint64_t)second));
    put_word(pcap->out, (uint32_t)packet->length);
    put_word(pcap->out, (uint32_t)packet->length);
    text_add_bytes(pcap->out, (const char *)packet->bytes, packet->length);
}

/* The transport's header of so many bytes stands at the front of segment; its checksum is at. */
static void put_packet(struct pcap *pcap, const struct route *route, struct packet *segment,
                       size_t at)
{
    struct packet packet;
    packet.length = 0;
    uint32_t sum = sum_up(0, route->from.address, route->from.size);
    sum = sum_up(sum, route->to.address, route->to.size);
    sum += route->protocol + (uint32_t)segment->length;
    unsigned checksum = fold(sum_up(sum, segment->bytes, segment->length));
    /* 0 means none in UDP. */
    set16(segment, at, checksum || route->protocol == PROTOCOL_TCP ? checksum : 0xffff);
    pcap->packets++;
    if (route->from.family == AF_INET)
        put_ipv4(&packet, route, segment->length, pcap->packets);
    else
        put_ipv6(&packet, route, segment->length);
    put_bytes(&packet, segment->bytes, segment->length);
    put_record(pcap, &packet, route->at_ns);
}

static void put_datagram(struct pcap *pcap, const struct route *route, const char *bytes,
                         size_t length)
{
    struct packet segment;
    segment.length = 0;
    put16(&segment, route->from.port);
    put16(&segment, route->to.port);
    put16(&segment, (unsigned)(8 + length));
    put16(&segment, 0);
    put_bytes(&segment, bytes, length);
    put_packet(pcap, route, &segment, 6);
}

/* ---- streams ---------------------------------------------------------------------------- */

static struct pcap_flow *find_flow(struct pcap *pcap, const struct result_message *message)
{
    for (size_t i = 0; i < pcap->flow_count; i++) {
        struct pcap_flow *flow = &pcap->flows[i];
        for (int end = 0; end < 2; end++)
            if (strcmp(flow->ends[end], message->local) == 0 &&
                strcmp(flow->ends[!end], message->remote) == 0)
                return flow;
    }
    if (pcap->flow_count == PCAP_FLOWS_MAX) {
        memmove(pcap->flows, pcap->flows + 1, (PCAP_FLOWS_MAX - 1) * sizeof(pcap->flows[0]));
        pcap->flow_count--;
    }
    struct pcap_flow *flow = &pcap->flows[pcap->flow_count++];
    *flow = (struct pcap_flow){.next = {1, 1}};
    text_copy(flow->ends[0], sizeof(flow->ends[0]), message->local);
    text_copy(flow->ends[1], sizeof(flow->ends[1]), message->remote);
    return flow;
}

static void put_stream(struct pcap *pcap, const struct route *route,
                       const struct result_message *message)
{
    struct pcap_flow *flow = find_flow(pcap, message);
    bool local = strcmp(flow->ends[0], message->local) == 0;
    int from = local == message->sent ? 0 : 1;
    for (size_t done = 0; done < message->length;) {
        struct packet segment;
        segment.length = 0;
        size_t length = message->length - done;
        length = length < SEGMENT_MAX ? length : SEGMENT_MAX;
        put16(&segment, route->from.port);
        put16(&segment, route->to.port);
        put32(&segment, flow->next[from]);
        put32(&segment, flow->next[!from]);
        put16(&segment, 5 << 12 | 0x18); /* five words of header; PSH, ACK */
        put16(&segment, WINDOW);
        put32(&segment, 0);
        put_bytes(&segment, message->bytes + done, length);
        put_packet(pcap, route, &segment, 16);
        flow->next[from] += (uint32_t)length;
        done += length;
    }
}

void pcap_begin(struct pcap *pcap, struct text *out)
{
    *pcap = (struct pcap){.out = out};
    put_word(out, UINT32_C(0xa1b23c4d)); /* nanoseconds */
    put_word(out, 2 | 4 << 16);          /* version 2.4 */
    put_word(out, 0);
    put_word(out, 0);
    put_word(out, SNAP_LENGTH);
    put_word(out, LINKTYPE_RAW);
}

bool pcap_add(struct pcap *pcap, const struct result_message *message)
{
    struct route route = {.at_ns = message->at_ns, .protocol = PROTOCOL_TCP};
    if (strcmp(message->transport, "udp") == 0)
        route.protocol = PROTOCOL_UDP;
    if (!parse_end(message->local, message->sent ? &route.from : &route.to) ||
        !parse_end(message->remote, message->sent ? &route.to : &route.from) ||
        route.from.family != route.to.family)
        return false;
    if (route.protocol == PROTOCOL_TCP)
        put_stream(pcap, &route, message);
    else if (message->length <= PAYLOAD_MAX)
        put_datagram(pcap, &route, message->bytes, message->length);
    else
        return false;
    return true;
}
