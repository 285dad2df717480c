#include <math.h>
#include <string.h>
#include "cmtest/rtp.h"

/* RFC 3550 A.1. */
#define MAX_DROPOUT 3000
#define MAX_MISORDER 100
#define SEQ_MOD 65536u

#define SEEN_BITS 256

static void mark_seen(struct rtp_receiver *receiver, uint16_t sequence)
{
    receiver->seen[sequence % SEEN_BITS / 64] |= UINT64_C(1) << sequence % 64;
}

static bool is_seen(const struct rtp_receiver *receiver, uint16_t sequence)
{
    return receiver->seen[sequence % SEEN_BITS / 64] >> sequence % 64 & 1;
}

/* The window moves on to `sequence`; what it leaves behind on the way was not seen. */
static void advance_seen(struct rtp_receiver *receiver, uint16_t sequence)
{
    uint16_t distance = (uint16_t)(sequence - receiver->max_seq);

    if (distance >= SEEN_BITS) {
        memset(receiver->seen, 0, sizeof receiver->seen);
    } else {
        for (uint16_t i = 1; i < distance; i++) {
            uint16_t skipped = (uint16_t)(receiver->max_seq + i);
            receiver->seen[skipped % SEEN_BITS / 64] &= ~(UINT64_C(1) << skipped % 64);
        }
    }
    mark_seen(receiver, sequence);
}

static uint64_t expected_now(const struct rtp_receiver *receiver)
{
    return receiver->started ? receiver->cycles + receiver->max_seq - receiver->base_seq + 1 : 0;
}

void rtp_receiver_init(struct rtp_receiver *receiver, uint32_t clock_rate)
{
    memset(receiver, 0, sizeof *receiver);
    receiver->clock_rate = clock_rate;
    receiver->bad_seq = RTP_SEQ_NONE;
}

static void restart(struct rtp_receiver *receiver, uint16_t sequence)
{
    receiver->expected_before += expected_now(receiver);
    receiver->received_before += receiver->received;
    receiver->received = 0;
    receiver->unique_before += receiver->unique;
    receiver->unique = 0;
    receiver->base_seq = sequence;
    receiver->max_seq = sequence;
    receiver->cycles = 0;
    receiver->restarts++;
    receiver->bad_seq = RTP_SEQ_NONE;
    receiver->transit_known = false;
    memset(receiver->seen, 0, sizeof receiver->seen);
    mark_seen(receiver, sequence);
    receiver->started = true;
}

static void change_source(struct rtp_receiver *receiver, uint32_t ssrc, uint16_t sequence)
{
    if (receiver->started)
        receiver->ssrc_changes++;
    restart(receiver, sequence);
    receiver->ssrc = ssrc;
    receiver->jitter = 0;
    /* The next report is about the new source only. */
    receiver->expected_others = receiver->expected_prior = receiver->expected_before;
    receiver->received_others = receiver->received_prior = receiver->received_before;
}

/* RFC 3550 A.1. */
static enum rtp_fate accept_sequence(struct rtp_receiver *receiver, uint16_t sequence)
{
    uint16_t ahead = (uint16_t)(sequence - receiver->max_seq);

    if (ahead == 0) {
        receiver->duplicates++;
        return RTP_COPY;
    } else if (ahead < MAX_DROPOUT) {
        if (ahead - 1u > receiver->longest_gap)
            receiver->longest_gap = ahead - 1u;
        if (sequence < receiver->max_seq)
            receiver->cycles += SEQ_MOD;
        advance_seen(receiver, sequence);
        receiver->max_seq = sequence;
    } else if (ahead <= SEQ_MOD - MAX_MISORDER) {
        if (sequence != receiver->bad_seq) {
            receiver->bad_seq = (uint16_t)(sequence + 1);
            receiver->jumps++;
            return RTP_STRAY;
        }
        receiver->resets++;
        restart(receiver, sequence);
    } else if (is_seen(receiver, sequence)) {
        receiver->duplicates++;
        return RTP_COPY;
    } else {
        uint16_t behind = (uint16_t)(receiver->max_seq - sequence);
        if (behind > receiver->reorder_extent)
            receiver->reorder_extent = behind;
        receiver->reordered++;
        mark_seen(receiver, sequence);
    }
    return RTP_NEW;
}

/* A packet that was sent before the first one and came behind it was never expected. */
static bool is_expected(const struct rtp_receiver *receiver, uint16_t sequence)
{
    uint16_t behind = (uint16_t)(receiver->max_seq - sequence);

    return behind < expected_now(receiver);
}

/* RFC 3550 A.8, from differences so that the timestamp may wrap. */
static void measure_jitter(struct rtp_receiver *receiver, uint32_t timestamp, int64_t arrival_ns)
{
    if (receiver->transit_known) {
        double arrived = (double)(arrival_ns - receiver->last_ns) * receiver->clock_rate / 1e9;
        double difference = arrived - (int32_t)(timestamp - receiver->timestamp);
        receiver->jitter += (fabs(difference) - receiver->jitter) / 16;
    }
    receiver->transit_known = true;
    receiver->timestamp = timestamp;
}

/* Whether a packet of another SSRC is the second one of it in a row, and it goes on from there. */
static bool take_over(struct rtp_receiver *receiver, const struct rtp_packet *packet,
                      int64_t arrival_ns, bool timed)
{
    const struct rtp_candidate first = receiver->candidate;
    uint16_t ahead = (uint16_t)(packet->sequence - first.sequence);

    receiver->candidate = (struct rtp_candidate){.known = true,
                                                 .ssrc = packet->ssrc,
                                                 .timestamp = packet->timestamp,
                                                 .sequence = packet->sequence,
                                                 .bytes = packet->payload_length,
                                                 .timed = timed,
                                                 .arrival_ns = arrival_ns};
    if (!first.known || first.ssrc != packet->ssrc || ahead == 0 || ahead >= MAX_DROPOUT) {
        receiver->ssrc_strays += first.known;
        return false;
    }
    change_source(receiver, first.ssrc, first.sequence);
    receiver->candidate.known = false;
    receiver->received = receiver->unique = 1;
    receiver->received_bytes += first.bytes;
    receiver->transit_known = first.timed;
    receiver->timestamp = first.timestamp;
    if (first.timed)
        receiver->last_ns = first.arrival_ns;
    return true;
}

static enum rtp_fate count_packet(struct rtp_receiver *receiver, const struct rtp_packet *packet,
                                  int64_t arrival_ns, bool timed)
{
    enum rtp_fate fate = RTP_NEW;

    if (!receiver->started) {
        receiver->first_ns = arrival_ns;
        change_source(receiver, packet->ssrc, packet->sequence);
    } else if (packet->ssrc != receiver->ssrc && !take_over(receiver, packet, arrival_ns, timed)) {
        return RTP_STRAY;
    } else {
        fate = accept_sequence(receiver, packet->sequence);
    }
    receiver->ssrc_strays += receiver->candidate.known;
    receiver->candidate.known = false;
    if (fate == RTP_STRAY)
        return fate;
    receiver->received++;
    receiver->unique += fate == RTP_NEW && is_expected(receiver, packet->sequence);
    receiver->received_bytes += packet->payload_length;
    return fate;
}

enum rtp_fate rtp_receiver_packet(struct rtp_receiver *receiver, const struct rtp_packet *packet,
                                  int64_t arrival_ns)
{
    enum rtp_fate fate = count_packet(receiver, packet, arrival_ns, true);

    if (fate == RTP_STRAY)
        return fate;
    measure_jitter(receiver, packet->timestamp, arrival_ns);
    receiver->last_ns = arrival_ns;
    return fate;
}

enum rtp_fate rtp_receiver_beside(struct rtp_receiver *receiver, const struct rtp_packet *packet,
                                  int64_t arrival_ns)
{
    return count_packet(receiver, packet, arrival_ns, false);
}

uint64_t rtp_receiver_extended(const struct rtp_receiver *receiver, uint16_t sequence)
{
    /* One cycle more, for what was sent before the first packet may come behind it. */
    return SEQ_MOD + receiver->cycles + receiver->max_seq -
           (uint16_t)(receiver->max_seq - sequence);
}

uint64_t rtp_receiver_expected(const struct rtp_receiver *receiver)
{
    return receiver->expected_before + expected_now(receiver);
}

uint64_t rtp_receiver_received(const struct rtp_receiver *receiver)
{
    return receiver->received_before + receiver->received;
}

int64_t rtp_receiver_lost(const struct rtp_receiver *receiver)
{
    return (int64_t)(rtp_receiver_expected(receiver) - rtp_receiver_received(receiver));
}

uint64_t rtp_receiver_missing(const struct rtp_receiver *receiver)
{
    return rtp_receiver_expected(receiver) - receiver->unique_before - receiver->unique;
}

int64_t rtp_receiver_source_lost(const struct rtp_receiver *receiver)
{
    return rtp_receiver_lost(receiver) -
           (int64_t)(receiver->expected_others - receiver->received_others);
}

uint32_t rtp_receiver_highest(const struct rtp_receiver *receiver)
{
    return (uint32_t)(receiver->cycles | receiver->max_seq);
}

double rtp_receiver_jitter_ms(const struct rtp_receiver *receiver)
{
    return receiver->clock_rate ? receiver->jitter * 1000 / receiver->clock_rate : 0;
}

uint8_t rtp_receiver_fraction(struct rtp_receiver *receiver)
{
    uint64_t expected = rtp_receiver_expected(receiver) - receiver->expected_prior;
    uint64_t received = rtp_receiver_received(receiver) - receiver->received_prior;

    receiver->expected_prior += expected;
    receiver->received_prior += received;
    if (expected == 0 || received >= expected)
        return 0;
    uint64_t fraction = (expected - received) * 256 / expected;
    return (uint8_t)(fraction > 255 ? 255 : fraction);
}
