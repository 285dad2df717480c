#include <math.h>
#include <string.h>
#include "cmtest/emodel.h"
#include "stream_private.h"

#define NS_PER_MS 1000000
#define UDP_BYTES 8u
#define IPV4_BYTES 20u
#define IPV6_BYTES 40u
#define PLC_ENHANCED 2 /* RFC 3611 4.7.6: 1 disabled, 2 enhanced, 3 standard */

double stream_loss_percent(int64_t lost, uint64_t expected)
{
    double value = expected ? 100.0 * (double)lost / (double)expected : 0;

    return value < 0 ? 0 : value > 100 ? 100 : value;
}

/* What came to `total` since the last second, of which *before is left: their difference, which may
 * be below 0, is in their lower bits. */
static double since(uint64_t total, uint32_t *before)
{
    int32_t more = (int32_t)((uint32_t)total - *before);

    *before = (uint32_t)total;
    return more;
}

/* ---- what is the same in both directions -------------------------------------------------- */

static void set_traffic(const struct stream *stream, struct event_second *second, double wire)
{
    double packets = second->value[READING_PACKETS], seconds = second->length_ms / 1e3;
    double ip = stream->config.ipv6 ? IPV6_BYTES : IPV4_BYTES;

    wire += packets * (ip + UDP_BYTES);
    second_set(second, READING_WIRE_BYTES, wire);
    if (seconds <= 0)
        return;
    second_set(second, READING_PACKET_RATE, packets / seconds);
    second_set(second, READING_BIT_RATE, 8 * second->value[READING_BYTES] / seconds);
    second_set(second, READING_WIRE_BIT_RATE, 8 * wire / seconds);
}

static void set_loss(struct event_second *second, int64_t lost, uint64_t expected)
{
    second_set(second, READING_LOST, (double)lost);
    second_set(second, READING_EXPECTED, (double)expected);
}

static void set_loss_total(struct event_second *second, int64_t lost, int64_t missing,
                           uint64_t expected)
{
    second_set(second, READING_LOST_TOTAL, (double)lost);
    second_set(second, READING_LOSS_TOTAL, stream_loss_percent(missing, expected));
}

/* In the short rest of a call one packet more or less would be a share of its own. */
static bool tells_enough(const struct stream *stream, const struct event_second *second,
                         uint64_t expected)
{
    return event_second_is_sample(second) || expected * stream->config.ptime_ms >= EVENT_SAMPLE_MS;
}

static void set_rtcp(struct stream *stream, struct event_second *second)
{
    const struct rtcp_counts *now = &stream->rtcp[second->direction];
    struct rtcp_counts *then = &stream->start.rtcp[second->direction];

    second_set(second, READING_RTCP_PACKETS, (double)(now->packets - then->packets));
    second_set(second, READING_RTCP_BYTES, (double)(now->bytes - then->bytes));
    second_set(second, READING_SENDER_REPORTS,
               (double)(now->sender_reports - then->sender_reports));
    second_set(second, READING_RECEIVER_REPORTS,
               (double)(now->receiver_reports - then->receiver_reports));
    second_set(second, READING_REPORT_BLOCKS, (double)(now->blocks - then->blocks));
    second_set(second, READING_EXTENDED_REPORTS, (double)(now->extended - then->extended));
    if (now->packets >= 2 && now->packets > then->packets)
        second_set(second, READING_RTCP_INTERVAL, (double)now->interval_ns / 1e6);
    if (second->direction == DIRECTION_RECEIVE && now->packets) {
        second_set(second, READING_NACKS, (double)(now->nacks - then->nacks));
        second_set(second, READING_PLIS, (double)(now->plis - then->plis));
        second_set(second, READING_SLIS, (double)(now->slis - then->slis));
        second_set(second, READING_FIRS, (double)(now->firs - then->firs));
    }
    *then = *now;
}

/* ---- quality ------------------------------------------------------------------------------ */

/* Whether who listens conceals what is missing. The peer says so in its VoIP metrics; without them
 * nobody knows, and it is not taken for granted. */
static bool is_concealed(const struct stream *stream, enum event_direction direction)
{
    if (direction == DIRECTION_RECEIVE)
        return stream->config.decode != DECODE_NONE;
    return stream->peer.voip_known && stream->peer.voip.receiver >> 6 >= PLC_ENHANCED;
}

/* The peer may send another codec than we do. */
static const struct codec_quality *quality_of(const struct stream *stream,
                                              enum event_direction direction)
{
    const struct codec *codec =
        direction == DIRECTION_RECEIVE ? stream->hearing.codec : stream->config.codec;

    return is_concealed(stream, direction) ? &codec->concealed : &codec->quality;
}

struct emodel_input stream_quality(const struct stream *stream, enum event_direction direction)
{
    const struct codec_quality *quality = quality_of(stream, direction);

    return (struct emodel_input){
        .scale = quality->scale, .ie = quality->ie, .bpl = quality->bpl, .burst_r = 1};
}

/* How long the listener's buffer holds a packet; false: not known. */
static bool buffer_ms(const struct stream *stream, const struct event_second *second, double *ms)
{
    const struct peer_view *peer = &stream->peer;
    double jitter = 0;

    if (second->direction == DIRECTION_RECEIVE) {
        *ms = hearing_delay_ms(&stream->hearing);
        return stream->receiver.started;
    }
    if (peer->voip_known && peer->voip.buffer_nominal_ms) {
        *ms = peer->voip.buffer_nominal_ms;
        return true;
    }
    if (!second_get(second, READING_JITTER, &jitter))
        return false;
    *ms = 2 * jitter;
    return true;
}

/* What follows from what is missing, the delay and the round trip, as far as they are known. */
static void judge(const struct stream *stream, struct event_second *second, double missing,
                  double burst_r)
{
    struct emodel_input input = stream_quality(stream, second->direction);
    double buffer = 0;

    input.loss = missing;
    input.burst_r = burst_r;
    double r = emodel_r(&input);
    second_set(second, READING_R_FACTOR, r);
    second_set(second, READING_MOS, emodel_mos(input.scale, r));
    second_set(second, READING_IE_EFF,
               emodel_ie_eff(input.scale, input.ie, input.bpl, input.loss, input.burst_r));
    if (!stream->peer.rtt_known || !buffer_ms(stream, second, &buffer))
        return;
    input.delay_ms = stream->peer.rtt_ms / 2 + stream->config.ptime_ms + buffer;
    r = emodel_r(&input);
    second_set(second, READING_ONE_WAY, input.delay_ms);
    second_set(second, READING_IDD, second->value[READING_R_FACTOR] - r);
    second_set(second, READING_R_FACTOR_CQ, r);
    second_set(second, READING_MOS_CQ, emodel_mos(input.scale, r));
}

static void judge_call(const struct stream *stream, struct event_second *second, double missing,
                       double burst_r)
{
    struct emodel_input input = stream_quality(stream, second->direction);

    input.loss = missing;
    input.burst_r = burst_r;
    double r = emodel_r(&input);
    second_set(second, READING_R_CALL, r);
    second_set(second, READING_MOS_CALL, emodel_mos(input.scale, r));
}

/* ---- sending ------------------------------------------------------------------------------ */

static void set_level(struct event_second *second, enum reading reading, int value)
{
    if (value != RTCP_UNAVAILABLE)
        second_set(second, reading, value);
}

static void set_score(struct event_second *second, enum reading reading, uint8_t value,
                      uint8_t highest, double unit)
{
    if (value != RTCP_UNAVAILABLE && value <= highest)
        second_set(second, reading, value / unit);
}

static void set_peer_voip(struct event_second *second, const struct rtcp_voip *voip)
{
    second_set(second, READING_PEER_LOSS_RATE, voip->loss_rate / 2.56);
    second_set(second, READING_PEER_DISCARD_RATE, voip->discard_rate / 2.56);
    second_set(second, READING_PEER_BURST_DENSITY, voip->burst_density / 2.56);
    second_set(second, READING_PEER_GAP_DENSITY, voip->gap_density / 2.56);
    second_set(second, READING_PEER_BURST_DURATION, voip->burst_ms);
    second_set(second, READING_PEER_GAP_DURATION, voip->gap_ms);
    if (voip->round_trip_ms)
        second_set(second, READING_PEER_RTT, voip->round_trip_ms);
    if (voip->end_system_ms)
        second_set(second, READING_PEER_END_DELAY, voip->end_system_ms);
    set_level(second, READING_PEER_SIGNAL, voip->signal_level);
    set_level(second, READING_PEER_NOISE, voip->noise_level);
    set_level(second, READING_PEER_RERL, voip->echo_return_loss);
    set_score(second, READING_PEER_R, voip->r_factor, 100, 1);
    set_score(second, READING_PEER_R_EXTERNAL, voip->external_r_factor, 100, 1);
    set_score(second, READING_PEER_MOS_LQ, voip->mos_lq, 50, 10);
    set_score(second, READING_PEER_MOS_CQ, voip->mos_cq, 50, 10);
    second_set(second, READING_PEER_BUFFER, voip->buffer_nominal_ms);
    second_set(second, READING_PEER_BUFFER_MAX, voip->buffer_maximum_ms);
    second_set(second, READING_PEER_BUFFER_LIMIT, voip->buffer_limit_ms);
}

static void set_peer(struct stream *stream, struct event_second *second)
{
    struct peer_view *peer = &stream->peer;
    double loss = 0;

    if (peer->expected > 0) {
        set_loss(second, peer->lost, peer->expected);
        stream->told_lost += peer->lost;
        stream->told_expected += peer->expected;
        if (tells_enough(stream, second, peer->expected))
            second_set(second, READING_PACKET_LOSS,
                       stream_loss_percent(peer->lost, peer->expected));
    }
    if (stream->told_expected)
        set_loss_total(second, stream->told_lost, stream->told_lost, stream->told_expected);
    if (peer->reported) {
        second_set(second, READING_JITTER,
                   peer->jitter * 1000.0 / stream->config.codec->clock_rate);
        second_set(second, READING_PEER_FRACTION, peer->block.fraction_lost / 2.56);
        second_set(second, READING_PEER_LOST, peer->block.cumulative_lost);
    }
    if (peer->voip_known)
        set_peer_voip(second, &peer->voip);
    if (second_get(second, READING_PACKET_LOSS, &loss))
        judge(stream, second, loss, 1);
    if (second_get(second, READING_LOSS_TOTAL, &loss))
        judge_call(stream, second, loss, 1);
    peer_view_next(peer);
}

static void close_send(struct stream *stream, struct event_second *second)
{
    struct second_start *start = &stream->start;
    const struct sender *sender = &stream->sender;

    second_set(second, READING_PACKETS, since(sender->packets, &start->sent_packets));
    second_set(second, READING_BYTES, since(sender->bytes, &start->sent_bytes));
    second_set(second, READING_PACKETS_TOTAL, (double)sender->packets);
    second_set(second, READING_BYTES_TOTAL, (double)sender->bytes);
    second_set(second, READING_TONE_DIGITS, since(sender->tone_digits, &start->sent_tones));
    second_set(second, READING_MARKERS, since(sender->markers, &start->sent_markers));
    set_traffic(stream, second,
                second->value[READING_BYTES] + RTP_HEADER_BYTES * second->value[READING_PACKETS]);
    if (stream->config.send_events_payload_type) {
        second_set(second, READING_DIGITS, since(sender->digits, &start->sent_digits));
        second_set(second, READING_DIGITS_TOTAL, (double)sender->digits);
        second_set(second, READING_EVENT_PACKETS, since(sender->events, &start->sent_events));
    }
    set_peer(stream, second);
}

/* ---- receiving ---------------------------------------------------------------------------- */

static void set_disorder(struct stream *stream, struct event_second *second)
{
    struct rtp_receiver *receiver = &stream->receiver;
    struct second_start *start = &stream->start;
    double packets = second->value[READING_PACKETS];
    double copies = since(receiver->duplicates, &start->duplicates);
    double reordered = since(receiver->reordered, &start->reordered);

    second_set(second, READING_UNIQUE, packets - copies);
    second_set(second, READING_DUPLICATES, copies);
    second_set(second, READING_REORDERED, reordered);
    if (packets > 0)
        second_set(second, READING_REORDER_RATIO, 100 * reordered / packets);
    second_set(second, READING_REORDER_EXTENT, receiver->reorder_extent);
    second_set(second, READING_LONGEST_GAP, receiver->longest_gap);
    receiver->reorder_extent = receiver->longest_gap = 0;
    second_set(second, READING_SEQUENCE_RESETS, since(receiver->resets, &start->resets));
    second_set(second, READING_SEQUENCE_JUMPS, since(receiver->jumps, &start->jumps));
    second_set(second, READING_TIMESTAMP_JUMPS,
               since(stream->arrivals.jumps, &start->timestamp_jumps));
    second_set(second, READING_SSRC_SWITCHES, since(receiver->ssrc_changes, &start->ssrc_changes));
    second_set(second, READING_SSRC_STRAYS, since(receiver->ssrc_strays, &start->ssrc_strays));
    second_set(second, READING_WRONG_TYPE,
               since(stream->wrong_payload_type, &start->wrong_payload_type));
    second_set(second, READING_MALFORMED, since(stream->malformed, &start->malformed));
    second_set(second, READING_STRANGERS, since(stream->strangers, &start->strangers));
    second_set(second, READING_MARKERS, since(stream->markers, &start->markers));
    if (stream->config.noise_payload_type)
        second_set(second, READING_NOISE_PACKETS, since(stream->noise, &start->noise));
}

static void set_digits(struct stream *stream, struct event_second *second, int64_t now_ns)
{
    struct second_start *start = &stream->start;

    stream_gather_digits(stream, now_ns);
    if (stream->hearing.listener)
        second_set(second, READING_TONE_DIGITS, since(stream->digits_heard, &start->heard_digits));
    if (!stream->config.events_payload_type)
        return;
    second_set(second, READING_DIGITS, since(stream->digits, &start->digits));
    second_set(second, READING_DIGITS_TOTAL, (double)stream->digits);
    second_set(second, READING_EVENT_PACKETS, since(stream->events, &start->events));
    second_set(second, READING_DIGITS_UNENDED, since(stream->digits_unended, &start->unended));
    second_set(second, READING_EVENTS_MALFORMED,
               since(stream->dtmf ? stream->dtmf->malformed : 0, &start->dtmf_malformed));
    if (stream->digit_ms > 0)
        second_set(second, READING_DIGIT_DURATION, stream->digit_ms);
    stream->digit_ms = 0;
}

static void set_bursts(const struct stream *stream, struct event_second *second,
                       const struct bursts_figures *figures)
{
    double ptime = stream->config.ptime_ms;

    second_set(second, READING_BURSTS, (double)figures->bursts);
    second_set(second, READING_BURST_DENSITY, figures->burst_density);
    second_set(second, READING_GAP_DENSITY, figures->gap_density);
    second_set(second, READING_BURST_DURATION, figures->burst_packets * ptime);
    second_set(second, READING_GAP_DURATION, figures->gap_packets * ptime);
    second_set(second, READING_BURST_RATIO, figures->burst_r);
}

/* What the sequence numbers tell: what is missing, how it clusters, and what that sounds like. What
 * was missing in a second before, and then came too late to be heard, still counts only once. */
static void set_missing(struct stream *stream, struct event_second *second)
{
    struct second_start *start = &stream->start;
    uint64_t expected = rtp_receiver_expected(&stream->receiver);
    int64_t missing = (int64_t)rtp_receiver_missing(&stream->receiver);
    int64_t lost = rtp_receiver_lost(&stream->receiver), unheard = (int64_t)stream->unheard;
    struct bursts_figures figures;

    if (!expected)
        return;
    set_loss_total(second, lost, missing, expected);
    second_set(second, READING_MISSING_TOTAL, (double)missing);
    order_figures(&stream->order, &figures);
    set_bursts(stream, second, &figures);
    judge_call(stream, second, stream_loss_percent(missing + unheard, expected), figures.burst_r);
    /* In a second without a new sequence number nobody can tell what is lost: the interval goes on
     * until there is one, so that the seconds still add up to the total. */
    if (expected <= start->expected)
        return;
    uint64_t more = expected - start->expected;
    int64_t gone = missing - (int64_t)start->missing;
    int64_t tardy = unheard - (int64_t)start->unheard;
    set_loss(second, lost - start->lost, more);
    second_set(second, READING_MISSING, (double)gone);
    start->expected = expected;
    start->lost = lost;
    start->missing = (uint64_t)missing;
    start->unheard = (uint64_t)unheard;
    if (!tells_enough(stream, second, more))
        return;
    double effective = stream_loss_percent(gone + tardy, more);
    second_set(second, READING_PACKET_LOSS, stream_loss_percent(gone, more));
    second_set(second, READING_LATE_RATE, stream_loss_percent(tardy, more));
    second_set(second, READING_MISSING_RATE, effective);
    judge(stream, second, effective, figures.burst_r);
}

static void set_sender_report(struct stream *stream, struct event_second *second)
{
    if (stream->sender_report) {
        second_set(second, READING_SENDER_PACKETS, stream->sender_packets);
        second_set(second, READING_SENDER_BYTES, stream->sender_octets);
    }
    stream->sender_report = false;
    clocks_second(&stream->clocks, second);
    if (stream->peer.rtt_xr_known)
        second_set(second, READING_RTT_XR, stream->peer.rtt_xr_ms);
}

static void keep_levels(struct stream *stream, const struct event_second *second)
{
    stream->signal_known = second_get(second, READING_LEVEL_SIGNAL, &stream->signal_dbov);
    stream->noise_known = second_get(second, READING_LEVEL_NOISE, &stream->noise_dbov);
}

static void close_receive(struct stream *stream, int64_t now_ns, struct event_second *second)
{
    const struct rtp_receiver *receiver = &stream->receiver;
    struct second_start *start = &stream->start;
    uint64_t received = rtp_receiver_received(receiver);

    second_set(second, READING_PACKETS, since(received, &start->received_packets));
    second_set(second, READING_BYTES, since(receiver->received_bytes, &start->received_bytes));
    second_set(second, READING_PACKETS_TOTAL, (double)received);
    second_set(second, READING_BYTES_TOTAL, (double)receiver->received_bytes);
    set_traffic(stream, second, since(stream->wire_bytes, &start->wire_bytes));
    set_disorder(stream, second);
    hearing_run(&stream->hearing, now_ns);
    set_digits(stream, second, now_ns);
    set_missing(stream, second);
    hearing_second(&stream->hearing, receiver->started, second);
    keep_levels(stream, second);
    arrivals_second(&stream->arrivals, second);
    set_sender_report(stream, second);
    /* The estimate is of differences: the first packet alone says nothing. */
    if (second->value[READING_PACKETS] > 0 && received >= 2)
        second_set(second, READING_JITTER, rtp_receiver_jitter_ms(receiver));
}

void stream_second(struct stream *stream, int64_t now_ns, struct event_second seconds[2])
{
    stream_count_notes(stream);
    int64_t length_ns = now_ns - stream->start.at_ns;
    uint32_t length_ms = length_ns > 0 ? (uint32_t)((length_ns + NS_PER_MS / 2) / NS_PER_MS) : 0;

    memset(seconds, 0, 2 * sizeof *seconds);
    for (int i = 0; i < 2; i++) {
        seconds[i].direction = i ? DIRECTION_RECEIVE : DIRECTION_SEND;
        seconds[i].second = stream->second;
        seconds[i].length_ms = length_ms;
        const struct codec_quality *quality = quality_of(stream, seconds[i].direction);
        seconds[i].scale = quality->scale;
        seconds[i].provisional = quality->provisional;
        if (stream->peer.rtt_known)
            second_set(&seconds[i], READING_RTT, stream->peer.rtt_ms);
    }
    close_send(stream, &seconds[0]);
    close_receive(stream, now_ns, &seconds[1]);
    set_rtcp(stream, &seconds[0]);
    set_rtcp(stream, &seconds[1]);
    second_round(&seconds[0]);
    second_round(&seconds[1]);
    stream->second++;
    stream->start.at_ns = now_ns;
}
