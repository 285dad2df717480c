/*
 * rtp: RTP packets (RFC 3550 section 5) and what a receiver learns of a source (appendix A).
 * Bytes in, bytes out; no clock, no I/O, no allocation. Everything parsed is hostile.
 */
#ifndef CMTEST_RTP_H
#define CMTEST_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RTP_HEADER_BYTES 12
#define RTP_SEQ_NONE 0x10000u

struct rtp_packet {
    bool marker;
    uint8_t payload_type; /* 0..127 */
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    const uint8_t *payload; /* borrowed; without CSRCs, extension and padding */
    size_t payload_length;
};

/* false when it is not a valid RTP packet (version, lengths, padding; RFC 3550 A.1). */
bool rtp_parse(const uint8_t *bytes, size_t length, struct rtp_packet *packet);

/* Writes header and payload; returns the length, 0 when capacity is too small. */
size_t rtp_write(const struct rtp_packet *packet, uint8_t *out, size_t capacity);

/* State of one source, by RFC 3550 A.1 (sequence rules), A.3 (loss) and A.8 (jitter), with one
 * deliberate change: MIN_SEQUENTIAL is 0, for in a test both ends are known and the first packet
 * counts (standards.md 2.2). */
/* What every packet touches stands first. */
struct rtp_receiver {
    bool started;
    bool transit_known;
    uint16_t max_seq;
    uint16_t base_seq;
    uint32_t ssrc;
    uint32_t clock_rate;
    uint32_t bad_seq;     /* the sequence number that would confirm a jump; RTP_SEQ_NONE */
    uint32_t longest_gap; /* numbers missing before a packet, at most; to be set to 0 by whoever */
    uint32_t reorder_extent; /* has read it; so with how far behind the newest one came */
    uint32_t timestamp;      /* of the previous packet, which arrived at last_ns */
    int64_t last_ns;
    double jitter;            /* in timestamp units */
    uint64_t cycles;          /* of the sequence number, times 65536 */
    uint64_t received;        /* as RFC 3550 counts: with duplicates and late ones */
    uint64_t received_bytes;  /* payload, whole session */
    uint64_t received_before; /* before a restart */
    uint64_t unique;          /* sequence numbers from base_seq on that arrived, each once */
    uint64_t restarts;        /* of the sequence state, for whatever reason, the first included */
    uint64_t seen[4];         /* bitmap of the last 256 sequence numbers, for duplicates */
    uint64_t ssrc_strays;     /* packets with an SSRC that nothing else followed under */
    struct rtp_candidate {
        bool known;
        uint32_t ssrc, timestamp;
        uint16_t sequence;
        size_t bytes; /* payload */
        bool timed;   /* its times are those of speech */
        int64_t arrival_ns;
    } candidate; /* the last packet, if its SSRC is another one */
    int64_t first_ns;
    uint64_t expected_prior, received_prior; /* totals at the last report interval (RTCP) */
    uint64_t duplicates, reordered;
    uint64_t resets, jumps; /* sequence numbers began anew; were far off */
    uint64_t ssrc_changes;
    uint64_t expected_before, unique_before; /* of sources and sequences before a restart */
    uint64_t expected_others;                /* the part of what was before that was another SSRC */
    uint64_t received_others;
};

void rtp_receiver_init(struct rtp_receiver *receiver, uint32_t clock_rate);

/* What became of a packet. */
enum rtp_fate {
    RTP_STRAY, /* far off in its sequence number, or of another SSRC: not counted, unless the next
                  packet follows it */
    RTP_COPY,  /* a duplicate */
    RTP_NEW
};

/* One valid packet that arrived at arrival_ns (any epoch, only differences count). Two packets in a
 * row of a new SSRC, or two consecutive ones after a big jump, restart the sequence state; totals
 * go on. The first packet of a new SSRC then counts after all. One alone, or one SSRC among the
 * packets of another, is a stray: RFC 3550 6.2.1 does not believe in it either. */
enum rtp_fate rtp_receiver_packet(struct rtp_receiver *receiver, const struct rtp_packet *packet,
                                  int64_t arrival_ns);
/* The same for what comes under the same SSRC beside speech, with times of its own (events): it
 * counts, but says nothing of jitter. */
enum rtp_fate rtp_receiver_beside(struct rtp_receiver *receiver, const struct rtp_packet *packet,
                                  int64_t arrival_ns);

/* Extended sequence number of a packet that was just taken, never below 0, from an unspecified one
 * on; it counts anew behind a restart. */
uint64_t rtp_receiver_extended(const struct rtp_receiver *receiver, uint16_t sequence);

/* Totals of the whole session, over restarts. lost is expected - received and may be negative. */
uint64_t rtp_receiver_expected(const struct rtp_receiver *receiver);
uint64_t rtp_receiver_received(const struct rtp_receiver *receiver);
int64_t rtp_receiver_lost(const struct rtp_receiver *receiver);
/* Packets that never arrived: what was expected less every sequence number that came, so that
 * copies do not hide a loss and nothing is ever negative. What the listener misses, as against
 * `lost`, which is what RTCP tells. Falls again when a packet arrives behind later ones. */
uint64_t rtp_receiver_missing(const struct rtp_receiver *receiver);
/* Of the present SSRC alone, which is what a report block is about. */
int64_t rtp_receiver_source_lost(const struct rtp_receiver *receiver);
/* Extended highest sequence number received (cycles | max_seq). */
uint32_t rtp_receiver_highest(const struct rtp_receiver *receiver);
double rtp_receiver_jitter_ms(const struct rtp_receiver *receiver);
/* RFC 3550 A.3 fraction lost since the last call, 0..255 (100% is clamped to 255), and starts the
 * next interval. */
uint8_t rtp_receiver_fraction(struct rtp_receiver *receiver);

#endif
