#include <string.h>
#include "peer_view.h"

/* More between two reports is no interval: somebody began anew, or makes it up. Over ten minutes
 * of 20 ms packets. */
#define INTERVAL_MAX 32768

void peer_view_init(struct peer_view *view, uint32_t ssrc, uint16_t first_sequence)
{
    memset(view, 0, sizeof *view);
    view->ssrc = ssrc;
    view->highest = (uint32_t)first_sequence - 1;
}

void peer_view_sent(struct peer_view *view, uint32_t middle)
{
    view->sent[view->sent_count % PEER_VIEW_SENT] = middle;
    view->sent_count++;
}

static bool was_sent(const struct peer_view *view, uint32_t middle)
{
    for (uint32_t i = 0; i < PEER_VIEW_SENT && i < view->sent_count; i++) {
        if (view->sent[i] == middle)
            return true;
    }
    return false;
}

/* Loss of the interval between this report and the one before (RFC 3550 6.4.1). */
static void add_interval(struct peer_view *view, uint32_t reporter,
                         const struct rtcp_report_block *block)
{
    uint32_t expected = block->highest_sequence - view->highest;
    bool continues = !view->begun || view->reporter == reporter;

    if (continues && expected <= INTERVAL_MAX) {
        view->expected += expected;
        view->lost += block->cumulative_lost - view->cumulative;
    }
    view->begun = true;
    view->reporter = reporter;
    view->highest = block->highest_sequence;
    view->cumulative = block->cumulative_lost;
}

void peer_view_report(struct peer_view *view, const struct rtcp_report *report, uint32_t arrival)
{
    for (size_t i = 0; i < report->block_count; i++) {
        const struct rtcp_report_block *block = &report->blocks[i];
        if (block->ssrc != view->ssrc)
            continue;
        add_interval(view, report->ssrc, block);
        view->reported = true;
        view->block_known = true;
        view->block = *block;
        view->jitter = block->jitter;
        if (block->lsr != 0 && was_sent(view, block->lsr)) {
            view->rtt_known = true;
            view->rtt_ms = rtcp_rtt_ms(arrival, block->lsr, block->dlsr);
        }
    }
}

void peer_view_extended(struct peer_view *view, const struct rtcp_report *report, uint32_t arrival)
{
    if (report->voip_known && report->voip.ssrc == view->ssrc) {
        view->voip_known = true;
        view->voip = report->voip;
    }
    for (size_t i = 0; i < report->dlrr_count; i++) {
        const struct rtcp_dlrr *dlrr = &report->dlrr[i];
        if (dlrr->ssrc != view->ssrc || dlrr->lrr == 0 || !was_sent(view, dlrr->lrr))
            continue;
        view->rtt_xr_known = true;
        view->rtt_xr_ms = rtcp_rtt_ms(arrival, dlrr->lrr, dlrr->dlrr);
    }
}

void peer_view_next(struct peer_view *view)
{
    view->reported = false;
    /* Late packets alone make no interval; they wait for the next one, so that all adds up. */
    if (view->expected > 0)
        view->lost = 0;
    view->expected = 0;
}
