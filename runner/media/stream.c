#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/emodel.h"
#include "cmtest/stream.h"
#include "cmtest/text.h"
#include "echo.h"
#include "peer_view.h"

#define NS_PER_MS 1000000
#define CNAME_BYTES 64

struct sender {
    uint32_t ssrc;
    uint16_t sequence;  /* of the next packet */
    uint32_t timestamp; /* of the next packet */
    uint64_t frame;     /* of the next packet, counted without end */
    bool talkspurt;     /* the next packet is the first after silence */
    size_t last;        /* payload bytes of the packet that was made last */
    uint64_t packets, bytes;
    uint64_t packets_reported;             /* when the last RTCP report left */
    uint64_t packets_before, bytes_before; /* of former SSRCs, which no report is about */
};

/* Totals when the current second began. */
struct second_start {
    int64_t at_ns;
    uint64_t sent_packets, sent_bytes;
    uint64_t received_packets, received_bytes;
    uint64_t expected; /* these two also stay behind while nothing is expected: see close_receive */
    int64_t lost;
};

/* The last sender report of the peer, for LSR and DLSR. */
struct last_report {
    bool known;
    uint32_t ssrc;
    uint32_t middle; /* of its NTP time */
    int64_t arrival_ns;
};

struct stream {
    struct stream_config config;
    char cname[CNAME_BYTES];
    struct random random;
    struct sender sender;
    struct rtp_receiver receiver;
    struct peer_view peer;
    struct last_report last_report;
    struct second_start start;
    uint32_t second;
    int64_t rtcp_due_ns;
    int payload_type_before; /* of the peer, before the media changed; -1 */
    struct echo *echo;       /* NULL: frames are sent */
    uint64_t malformed, wrong_payload_type;
};

/* RFC 3550 6.2: 0.5 to 1.5 of the interval, so that the reports of many streams do not fall
 * together. */
static int64_t randomised(struct stream *stream, int64_t interval_ns)
{
    return (int64_t)((double)interval_ns * (0.5 + random_unit(&stream->random)));
}

static void begin_source(struct stream *stream)
{
    struct sender *sender = &stream->sender;

    sender->ssrc = (uint32_t)random_next(&stream->random);
    sender->sequence = (uint16_t)random_next(&stream->random);
    sender->timestamp = (uint32_t)random_next(&stream->random);
    sender->talkspurt = true;
    sender->packets_before = sender->packets;
    sender->bytes_before = sender->bytes;
    peer_view_init(&stream->peer, sender->ssrc, sender->sequence);
}

struct stream *stream_new(const struct stream_config *config, int64_t now_ns)
{
    struct stream *stream = mem_alloc(sizeof *stream);

    stream->config = *config;
    text_copy(stream->cname, sizeof stream->cname, config->cname);
    stream->config.cname = stream->cname;
    random_init(&stream->random, config->seed);
    begin_source(stream);
    rtp_receiver_init(&stream->receiver, config->codec->clock_rate);
    stream->payload_type_before = -1;
    stream->echo = config->frames ? NULL : echo_new();
    stream->start.at_ns = now_ns;
    stream->rtcp_due_ns = now_ns + randomised(stream, config->rtcp_interval_ns) / 2;
    return stream;
}

void stream_free(struct stream *stream)
{
    if (stream)
        echo_free(stream->echo);
    free(stream);
}

static uint32_t timestamp_step(const struct stream *stream)
{
    const struct stream_config *config = &stream->config;

    return (uint32_t)((uint64_t)config->codec->clock_rate * config->ptime_ms / 1000);
}

/* The next payload; false: nothing is sent at this time. */
static bool next_payload(struct stream *stream, struct rtp_packet *packet)
{
    const struct frames *frames = stream->config.frames;

    if (!frames)
        return echo_take(stream->echo, &packet->payload, &packet->payload_length);
    uint64_t index = stream->sender.frame % frames->count;
    packet->payload = frames->bytes + frames->offsets[index];
    packet->payload_length = frames->offsets[index + 1] - frames->offsets[index];
    return packet->payload_length > 0;
}

size_t stream_send(struct stream *stream, uint8_t *out)
{
    struct sender *sender = &stream->sender;
    struct rtp_packet packet = {
        .marker = sender->talkspurt,
        .payload_type = stream->config.payload_type,
        .sequence = sender->sequence,
        .timestamp = sender->timestamp,
        .ssrc = sender->ssrc,
    };

    if (!next_payload(stream, &packet)) {
        stream_skip(stream, 1);
        return 0;
    }
    sender->sequence++;
    sender->timestamp += timestamp_step(stream);
    sender->frame++;
    sender->talkspurt = false;
    sender->packets++;
    sender->last = packet.payload_length;
    sender->bytes += sender->last;
    return rtp_write(&packet, out, STREAM_PACKET_MAX);
}

void stream_unsent(struct stream *stream)
{
    stream->sender.packets--;
    stream->sender.bytes -= stream->sender.last;
}

void stream_skip(struct stream *stream, uint32_t packets)
{
    stream->sender.timestamp += packets * timestamp_step(stream);
    stream->sender.frame += packets;
    stream->sender.talkspurt = true;
}

static void change_clock(struct stream *stream, uint32_t clock_rate)
{
    struct rtp_receiver *receiver = &stream->receiver;

    begin_source(stream);
    receiver->jitter *= (double)clock_rate / receiver->clock_rate;
    receiver->clock_rate = clock_rate;
    receiver->transit_known = false;
}

void stream_update(struct stream *stream, const struct stream_config *config)
{
    struct stream_config *now = &stream->config;
    bool same_clock = now->codec->clock_rate == config->codec->clock_rate;

    if (!same_clock)
        stream->payload_type_before = -1;
    else if (now->receive_payload_type != config->receive_payload_type)
        stream->payload_type_before = now->receive_payload_type;
    /* What waits to be sent back is of the former codec. */
    echo_free(stream->echo);
    stream->echo = config->frames ? NULL : echo_new();
    now->codec = config->codec;
    now->frames = config->frames;
    now->payload_type = config->payload_type;
    now->receive_payload_type = config->receive_payload_type;
    now->events_payload_type = config->events_payload_type;
    now->noise_payload_type = config->noise_payload_type;
    now->ptime_ms = config->ptime_ms;
    if (!same_clock)
        change_clock(stream, config->codec->clock_rate);
}

void stream_receive(struct stream *stream, const uint8_t *bytes, size_t length, int64_t arrival_ns)
{
    const struct stream_config *config = &stream->config;
    struct rtp_packet packet;

    if (!rtp_parse(bytes, length, &packet)) {
        stream->malformed++;
        return;
    }
    uint8_t type = packet.payload_type;
    if (type == config->receive_payload_type || type == stream->payload_type_before)
        rtp_receiver_packet(&stream->receiver, &packet, arrival_ns);
    else if (type != 0 &&
             (type == config->events_payload_type || type == config->noise_payload_type))
        rtp_receiver_beside(&stream->receiver, &packet, arrival_ns);
    else
        stream->wrong_payload_type++;
    if (stream->echo && type == config->receive_payload_type)
        echo_put(stream->echo, packet.payload, packet.payload_length);
}

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

size_t stream_rtcp_send(struct stream *stream, int64_t now_ns, int64_t utc_ns, bool bye,
                        uint8_t *out)
{
    struct sender *sender = &stream->sender;
    struct rtcp_report report = {.ssrc = sender->ssrc, .bye = bye};

    if (sender->packets != sender->packets_reported) {
        report.is_sender = true;
        report.ntp = rtcp_ntp(utc_ns);
        /* The next packet's: at most one packet time away from now. */
        report.rtp_timestamp = sender->timestamp;
        report.packets = (uint32_t)(sender->packets - sender->packets_before);
        report.octets = (uint32_t)(sender->bytes - sender->bytes_before);
        sender->packets_reported = sender->packets;
        peer_view_sent(&stream->peer, (uint32_t)(report.ntp >> 16));
    }
    if (stream->receiver.started) {
        report.block_count = 1;
        fill_block(stream, now_ns, &report.blocks[0]);
    }
    stream->rtcp_due_ns = now_ns + randomised(stream, stream->config.rtcp_interval_ns);
    return rtcp_write(&report, stream->cname, out, STREAM_PACKET_MAX);
}

void stream_rtcp_receive(struct stream *stream, const uint8_t *bytes, size_t length,
                         int64_t arrival_ns, int64_t arrival_utc_ns)
{
    struct rtcp_report report;

    if (!rtcp_parse(bytes, length, &report)) {
        stream->malformed++;
        return;
    }
    if (report.is_sender) {
        stream->last_report = (struct last_report){.known = true,
                                                   .ssrc = report.ssrc,
                                                   .middle = (uint32_t)(report.ntp >> 16),
                                                   .arrival_ns = arrival_ns};
    }
    peer_view_report(&stream->peer, &report, (uint32_t)(rtcp_ntp(arrival_utc_ns) >> 16));
}

static double percent(int64_t lost, uint64_t expected)
{
    double value = 100.0 * (double)lost / (double)expected;

    return value < 0 ? 0 : value > 100 ? 100 : value;
}

/* What follows from loss, jitter and round trip, as far as they are known. */
static void judge(const struct stream *stream, struct event_second *second)
{
    const struct codec_quality *quality = &stream->config.codec->quality;
    struct emodel_input input = {
        .scale = quality->scale, .ie = quality->ie, .bpl = quality->bpl, .burst_r = 1};
    double jitter = 0;

    second->scale = quality->scale;
    second->provisional = quality->provisional;
    if (stream->peer.rtt_known)
        second_set(second, READING_RTT, stream->peer.rtt_ms);
    if (!second_get(second, READING_PACKET_LOSS, &input.loss))
        return;
    double r = emodel_r(&input);
    second_set(second, READING_R_FACTOR, r);
    second_set(second, READING_MOS, emodel_mos(quality->scale, r));
    if (!stream->peer.rtt_known || !second_get(second, READING_JITTER, &jitter))
        return;
    input.delay_ms = stream->peer.rtt_ms / 2 + stream->config.ptime_ms + 2 * jitter;
    r = emodel_r(&input);
    second_set(second, READING_R_FACTOR_CQ, r);
    second_set(second, READING_MOS_CQ, emodel_mos(quality->scale, r));
}

static void set_loss(struct event_second *second, int64_t lost, uint64_t expected)
{
    second_set(second, READING_LOST, (double)lost);
    second_set(second, READING_EXPECTED, (double)expected);
    second_set(second, READING_PACKET_LOSS, percent(lost, expected));
}

static void close_send(struct stream *stream, struct event_second *second)
{
    struct second_start *start = &stream->start;
    struct peer_view *peer = &stream->peer;

    second_set(second, READING_PACKETS, (double)(stream->sender.packets - start->sent_packets));
    second_set(second, READING_BYTES, (double)(stream->sender.bytes - start->sent_bytes));
    start->sent_packets = stream->sender.packets;
    start->sent_bytes = stream->sender.bytes;
    if (peer->expected > 0)
        set_loss(second, peer->lost, peer->expected);
    if (peer->reported)
        second_set(second, READING_JITTER,
                   peer->jitter * 1000.0 / stream->config.codec->clock_rate);
    peer_view_next(peer);
}

static void close_receive(struct stream *stream, struct event_second *second)
{
    const struct rtp_receiver *receiver = &stream->receiver;
    struct second_start *start = &stream->start;
    uint64_t received = rtp_receiver_received(receiver);
    uint64_t expected = rtp_receiver_expected(receiver);
    uint64_t packets = received - start->received_packets;
    int64_t lost = rtp_receiver_lost(receiver);

    second_set(second, READING_PACKETS, (double)packets);
    second_set(second, READING_BYTES, (double)(receiver->received_bytes - start->received_bytes));
    start->received_packets = received;
    start->received_bytes = receiver->received_bytes;
    /* In a second without a new sequence number nobody can tell what is lost: the interval goes on
     * until there is one, so that the seconds still add up to the total. */
    if (expected > start->expected) {
        set_loss(second, lost - start->lost, expected - start->expected);
        start->expected = expected;
        start->lost = lost;
    }
    /* The estimate is of differences: the first packet alone says nothing. */
    if (packets > 0 && received >= 2)
        second_set(second, READING_JITTER, rtp_receiver_jitter_ms(receiver));
}

void stream_second(struct stream *stream, int64_t now_ns, struct event_second seconds[2])
{
    int64_t length_ns = now_ns - stream->start.at_ns;
    uint32_t length_ms = length_ns > 0 ? (uint32_t)((length_ns + NS_PER_MS / 2) / NS_PER_MS) : 0;

    memset(seconds, 0, 2 * sizeof *seconds);
    for (int i = 0; i < 2; i++) {
        seconds[i].second = stream->second;
        seconds[i].length_ms = length_ms;
    }
    seconds[0].direction = DIRECTION_SEND;
    seconds[1].direction = DIRECTION_RECEIVE;
    close_send(stream, &seconds[0]);
    close_receive(stream, &seconds[1]);
    judge(stream, &seconds[0]);
    judge(stream, &seconds[1]);
    stream->second++;
    stream->start.at_ns = now_ns;
}

void stream_totals(const struct stream *stream, struct stream_totals *totals)
{
    const struct rtp_receiver *receiver = &stream->receiver;

    totals->packets_sent = stream->sender.packets;
    totals->packets_received = rtp_receiver_received(receiver);
    totals->packets_expected = rtp_receiver_expected(receiver);
    totals->packets_lost = rtp_receiver_lost(receiver);
    totals->malformed = stream->malformed;
    totals->wrong_payload_type = stream->wrong_payload_type;
    totals->first_packet_ns = receiver->started ? receiver->first_ns : EVENT_NONE;
}
