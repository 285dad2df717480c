/*
 * rtcp: compound RTCP packets (RFC 3550 section 6): SR, RR, SDES, BYE, XR (RFC 3611), and the
 * feedback of RFC 4585 and 5104, which is counted. Bytes in, bytes out.
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

/* What a receiver of XR's reference time tells its sender: round trips without sender reports. */
struct rtcp_dlrr {
    uint32_t ssrc; /* whose reference time */
    uint32_t lrr;  /* middle 32 bits of it */
    uint32_t dlrr; /* 1/65536 s since it was received */
};

#define RTCP_UNAVAILABLE 127 /* of levels, echo loss, R and MOS */

/* The VoIP metrics block (RFC 3611 4.7), in its own units. */
struct rtcp_voip {
    uint32_t ssrc;                                               /* of whose stream */
    uint8_t loss_rate, discard_rate, burst_density, gap_density; /* 1/256 */
    uint16_t burst_ms, gap_ms, round_trip_ms, end_system_ms;
    int8_t signal_level, noise_level; /* dBm0 */
    uint8_t echo_return_loss, gmin;
    uint8_t r_factor, external_r_factor;
    uint8_t mos_lq, mos_cq; /* times 10 */
    uint8_t receiver;       /* PLC, kind of playout buffer, rate */
    uint16_t buffer_nominal_ms, buffer_maximum_ms, buffer_limit_ms;
};

#define RTCP_DLRR_MAX 4

struct rtcp_report {
    uint32_t ssrc;
    bool is_sender; /* SR: the next four are valid */
    uint64_t ntp;
    uint32_t rtp_timestamp, packets, octets;
    size_t block_count;
    struct rtcp_report_block blocks[31];
    bool bye;
    /* XR; written when one of them is there. */
    bool reference_known, voip_known;
    uint64_t reference; /* NTP */
    size_t dlrr_count;
    struct rtcp_dlrr dlrr[RTCP_DLRR_MAX];
    struct rtcp_voip voip; /* the last one, when several are told */
    /* Only read: packets of the compound, and what was asked for in them. */
    uint32_t sender_reports, receiver_reports, extended_reports;
    uint32_t nacks, plis, slis, firs; /* packets to be repeated; indications; slices; requests */
};

/* NTP timestamp (32.32, since 1900) of UTC ns since 1970. */
uint64_t rtcp_ntp(int64_t utc_ns);

/* SR (or RR when !is_sender), SDES CNAME, XR, and BYE when report->bye. Returns the length, 0 when
 * capacity is too small. */
size_t rtcp_write(const struct rtcp_report *report, const char *cname, uint8_t *out,
                  size_t capacity);

/* Reads a compound packet: the first SR/RR's sender data and all report blocks (31 kept). Unknown
 * packet types and XR blocks are skipped, and so are known ones of another length than theirs.
 * false when malformed anywhere (RFC 3550 A.2); report is then unusable.
 */
bool rtcp_parse(const uint8_t *bytes, size_t length, struct rtcp_report *report);

/* Round trip from a report block that arrived at NTP middle-32 `arrival`: A - LSR - DLSR in ms
 * (RFC 3550 6.4.1); negative when lsr is 0 (nothing to measure); a negative difference is 0. */
double rtcp_rtt_ms(uint32_t arrival, uint32_t lsr, uint32_t dlsr);

#endif
