/*
 * peer_view: what the peer's RTCP says of our sending: loss and jitter since the last second was
 * closed, and the round trip. Private to media; embedded in a stream. Reports are hostile.
 */
#ifndef MEDIA_PEER_VIEW_H
#define MEDIA_PEER_VIEW_H

#include "cmtest/rtcp.h"

#define PEER_VIEW_SENT 8

struct peer_view {
    uint32_t ssrc; /* ours */
    bool begun;    /* the two below are of the report before */
    uint32_t reporter;
    uint32_t highest; /* sequence number that the peer has; before the first report ours - 1 */
    int32_t cumulative;
    /* Middle NTP of our last sender reports: a report that names another one measures nothing. */
    uint32_t sent[PEER_VIEW_SENT];
    uint32_t sent_count;
    bool rtt_known;
    double rtt_ms;
    bool rtt_xr_known; /* by DLRR */
    double rtt_xr_ms;
    /* The newest report block and VoIP metrics about us. */
    bool block_known, voip_known;
    struct rtcp_report_block block;
    struct rtcp_voip voip;
    /* Since the last peer_view_next(): */
    bool reported;
    int64_t lost;
    uint64_t expected;
    uint32_t jitter; /* timestamp units */
};

void peer_view_init(struct peer_view *view, uint32_t ssrc, uint16_t first_sequence);
/* What stands in its XR blocks. */
void peer_view_extended(struct peer_view *view, const struct rtcp_report *report, uint32_t arrival);
/* We sent a sender report, or a reference time, with this NTP time (its middle 32 bits). */
void peer_view_sent(struct peer_view *view, uint32_t middle);
/* A report arrived at NTP time `arrival` (middle 32 bits). */
void peer_view_report(struct peer_view *view, const struct rtcp_report *report, uint32_t arrival);
/* The next second begins. */
void peer_view_next(struct peer_view *view);

#endif
