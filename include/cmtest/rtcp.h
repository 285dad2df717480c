/*
 * rtcp: compound RTCP packets (RFC 3550 section 6): SR, RR, SDES, BYE. Bytes in, bytes out.
 */
#ifndef CMTEST_RTCP_H
#define CMTEST_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rtcp_report_block {
    uint32_t ssrc;
    uint8_t fraction_lost;
    int32_t cumulative_lost; /* 24 bit signed on the wire, clamped */
    uint32_t highest_sequence;
    uint32_t jitter; /* timestamp units */
    uint32_t lsr;    /* middle 32 bits of the NTP time of the last SR, 0: none */
    uint32_t dlsr;   /* 1/65536 s since it was received */
};

struct rtcp_report {
    uint32_t ssrc;
    bool is_sender; /* SR: the next four are valid */
    uint64_t ntp;
    uint32_t rtp_timestamp, packets, octets;
    size_t block_count;
    struct rtcp_report_block blocks[31];
    bool bye;
};

/* NTP timestamp (32.32, since 1900) of UTC ns since 1970. */
uint64_t rtcp_ntp(int64_t utc_ns);

/* SR (or RR when !is_sender), SDES CNAME, and BYE when report->bye. Returns the length, 0 when
 * capacity is too small. */
size_t rtcp_write(const struct rtcp_report *report, const char *cname, uint8_t *out,
                  size_t capacity);

/* Reads a compound packet: the first SR/RR's sender data and all report blocks (31 kept). Unknown
 * packet types are skipped. false when malformed anywhere (RFC 3550 A.2); report is then unusable.
 */
bool rtcp_parse(const uint8_t *bytes, size_t length, struct rtcp_report *report);

/* Round trip from a report block that arrived at NTP middle-32 `arrival`: A - LSR - DLSR in ms
 * (RFC 3550 6.4.1); negative when lsr is 0 (nothing to measure); a negative difference is 0. */
double rtcp_rtt_ms(uint32_t arrival, uint32_t lsr, uint32_t dlsr);

#endif
