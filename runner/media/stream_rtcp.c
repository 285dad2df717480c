#include <math.h>

#include "stream_private.h"

int64_t stream_rtcp_due(const struct stream *stream)
{
    return stream->rtcp_due_ns;
}

static uint32_t delay_since(int64_t then_ns, int64_t now_ns)
{
    double units = (double)(now_ns - then_ns) * 65536 / 1e9;

    return units <= 0 ? 0 : units >= UINT32_MAX ? UINT32_MAX : (uint32_t)units;
}

static void fill_block(struct stream *stream, int64_t now_ns, struct rtcp_report_block *block)
{
    struct rtp_receiver *receiver = &stream->receiver;
    const struct last_report *last = &stream->last_report;
    int64_t lost = rtp_receiver_source_lost(receiver);

    block->ssrc = receiver->ssrc;
    block->fraction_lost = rtp_receiver_fraction(receiver);
    block->cumulative_lost = (int32_t)(lost > INT32_MAX   ? INT32_MAX
                                       : lost < INT32_MIN ? INT32_MIN
                                                          : lost);
    block->highest_sequence = rtp_receiver_highest(receiver);
    block->jitter = receiver->jitter >= UINT32_MAX ? UINT32_MAX : (uint32_t)receiver->jitter;
    if (last->known && last->ssrc == receiver->ssrc) {
        block->lsr = last->middle;
        block->dlsr = delay_since(last->arrival_ns, now_ns);
    }
}

static void count_rtcp(struct rtcp_counts *counts, const struct rtcp_report *report, size_t length,
                       int64_t at_ns)
{
    if (counts->packets++)
        counts->interval_ns = at_ns - counts->last_ns;
    counts->last_ns = at_ns;
    counts->bytes += (uint32_t)length;
    counts->sender_reports += report->sender_reports;
    counts->receiver_reports += report->receiver_reports;
    counts->blocks += (uint32_t)report->block_count;
    counts->extended += report->extended_reports;
    counts->nacks += report->nacks;
    counts->plis += report->plis;
    counts->slis += report->slis;
    counts->firs += report->firs;
}

/* Reference time, what is known of the peer's, and VoIP metrics. */
static void fill_extended(struct stream *stream, int64_t now_ns, int64_t utc_ns,
                          struct rtcp_report *report)
{
    const struct last_report *last = &stream->last_reference;

    report->extended_reports = 1;
    report->reference_known = true;
    report->reference = rtcp_ntp(utc_ns);
    if (!report->is_sender)
        peer_view_sent(&stream->peer, (uint32_t)(report->reference >> 16));
    if (last->known) {
        report->dlrr_count = 1;
        report->dlrr[0] =
            (struct rtcp_dlrr){last->ssrc, last->middle, delay_since(last->arrival_ns, now_ns)};
    }
    if (stream->receiver.started) {
        report->voip_known = true;
        stream_voip(stream, &report->voip);
    }
}

/* Of the RTP clock, at a time near that of the next packet, before or behind it. */
static uint32_t timestamp_at(const struct stream *stream, int64_t next_ns, int64_t at_ns)
{
    double seconds = (double)(at_ns - next_ns) / 1e9;

    return stream->sender.timestamp + (uint32_t)llround(seconds * stream->config.codec->clock_rate);
}

size_t stream_rtcp_send(struct stream *stream, int64_t now_ns, int64_t utc_ns, int64_t next_ns,
                        bool bye, uint8_t *out)
{
    struct sender *sender = &stream->sender;
    struct rtcp_report report = {.ssrc = sender->ssrc, .bye = bye};

    stream_count_notes(stream);
    if (sender->packets != sender->packets_reported) {
        report.is_sender = true;
        report.ntp = rtcp_ntp(utc_ns);
        report.rtp_timestamp = timestamp_at(stream, next_ns, now_ns);
        report.packets = (uint32_t)(sender->packets - sender->packets_before);
        report.octets = (uint32_t)(sender->bytes - sender->bytes_before);
        sender->packets_reported = sender->packets;
        peer_view_sent(&stream->peer, (uint32_t)(report.ntp >> 16));
    }
    if (stream->receiver.started) {
        report.block_count = 1;
        fill_block(stream, now_ns, &report.blocks[0]);
    }
    if (stream->config.extended_reports)
        fill_extended(stream, now_ns, utc_ns, &report);
    report.sender_reports = report.is_sender;
    report.receiver_reports = !report.is_sender;
    stream->rtcp_due_ns = now_ns + stream_randomised(stream, stream->config.rtcp_interval_ns);
    size_t length = rtcp_write(&report, stream->cname, out, STREAM_PACKET_MAX);
    count_rtcp(&stream->rtcp[DIRECTION_SEND], &report, length, now_ns);
    return length;
}

void stream_rtcp_receive(struct stream *stream, const uint8_t *bytes, size_t length,
                         int64_t arrival_ns, int64_t arrival_utc_ns)
{
    struct rtcp_report report;

    if (!rtcp_parse(bytes, length, &report)) {
        stream->malformed++;
        return;
    }
    stream_count_notes(stream);
    count_rtcp(&stream->rtcp[DIRECTION_RECEIVE], &report, length, arrival_ns);
    if (report.is_sender) {
        clocks_report(&stream->clocks, report.ssrc, report.ntp, report.rtp_timestamp,
                      stream->receiver.clock_rate, arrival_ns);
        stream->sender_report = true;
        stream->sender_packets = report.packets;
        stream->sender_octets = report.octets;
        stream->last_report = (struct last_report){.known = true,
                                                   .ssrc = report.ssrc,
                                                   .middle = (uint32_t)(report.ntp >> 16),
                                                   .arrival_ns = arrival_ns};
    }
    if (report.reference_known) {
        stream->last_reference = (struct last_report){.known = true,
                                                      .ssrc = report.ssrc,
                                                      .middle = (uint32_t)(report.reference >> 16),
                                                      .arrival_ns = arrival_ns};
    }
    uint32_t arrival = (uint32_t)(rtcp_ntp(arrival_utc_ns) >> 16);
    peer_view_report(&stream->peer, &report, arrival);
    peer_view_extended(&stream->peer, &report, arrival);
}
