/*
 * pcap: packets as nobody captured them: SIP messages with the IPv4 or IPv6 and UDP or TCP headers
 * that they must have had, in the classic format, nanoseconds, LINKTYPE_RAW (101). Needs no right
 * to capture, and shows inside of TLS. Private to runner/report.
 */
#ifndef REPORT_PCAP_H
#define REPORT_PCAP_H

#include "cmtest/result.h"
#include "cmtest/text.h"

#define PCAP_FLOWS_MAX 16

/* A connection, by its two ends as "address:port"; next is the sequence number of what each end
 * will say next. */
struct pcap_flow {
    char ends[2][64];
    uint32_t next[2];
};

struct pcap {
    struct text *out;
    struct pcap_flow flows[PCAP_FLOWS_MAX]; /* the oldest gives way */
    size_t flow_count;
    uint16_t packets; /* for the identification of IPv4 */
};

/* Writes the file's header. */
void pcap_begin(struct pcap *pcap, struct text *out);
/* false, and nothing written: its addresses are none, or it does not fit into a datagram. */
bool pcap_add(struct pcap *pcap, const struct result_message *message);

#endif
