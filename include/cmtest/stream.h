/*
 * stream: one RTP stream in each direction with its RTCP, without sockets and without a clock:
 * bytes in, bytes out, now as an argument. Owned and called by one thread (the media thread).
 *
 * Per second and direction it yields a struct event_second (event.h). Quality is the simplified
 * G.107 of emodel.h with the codec's planning values, on the codec's scale:
 *
 * - r_factor, mos: listening quality, without a delay term. Receive: of packets of that second that
 *   were not heard, for they never arrived or were discarded by the playout buffer, with the BurstR
 *   of the stream so far. Send: of what the peer's reports call lost, with BurstR 1.
 *
 * - r_factor_cq, mos_cq: with the delay rtt/2 + ptime + playout delay; absent until an RTT was
 *   measured. Send: the peer's nominal buffer when it tells it, else 2 x jitter.
 *
 * Copies hide no loss in it: packets_lost is the number of RFC 3550 A.3, as RTCP tells it; quality,
 * packet_loss and packets_missing are about packets that never arrived. The planning values are
 * those of a receiver that conceals (struct codec) when `decode` is not none, for all streams of
 * such a group are judged alike whichever of them are decoded; send: when the peer's VoIP metrics
 * say that it conceals.
 *
 * A rest shorter than EVENT_SAMPLE_MS at the end of a call has no share of loss and no quality,
 * unless it covers that much audio (a blackout that it ends); its counts add up.
 *
 * Loss, and all that follows from it, is absent in a second in which nothing was expected: no new
 * sequence number was received, or (send) no report of the peer told of one. The interval then goes
 * on, so that the seconds add up to the totals and a blackout counts in the second that ends it.
 * Jitter is absent (receive) in a second without a packet and (send) in one without a report.
 */
#ifndef CMTEST_STREAM_H
#define CMTEST_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/dtmf.h"
#include "cmtest/event.h"
#include "cmtest/keying.h"
#include "cmtest/random.h"
#include "cmtest/recorder.h"
#include "cmtest/rtcp.h"
#include "cmtest/rtp.h"
#include "cmtest/source.h"

#define STREAM_PACKET_MAX 1500

/* The playout buffer of the receiver. Zero is adaptive, 60 ms at first, 20 to 300 ms. */
struct stream_playout {
    bool fixed;
    uint32_t nominal_ms, minimum_ms, maximum_ms; /* 0: as usual */
};

/* What is received is decoded, and its levels are measured: never, always, of one stream in some.
 * A stream that is not decoded tells no figures of it. */
enum stream_decode { DECODE_NONE, DECODE_FULL, DECODE_SAMPLED };

struct stream_config {
    const struct frames *frames; /* shared, immutable, outlives the stream; NULL: what is received
                                    is sent back, under our own numbers and at our own pace */
    uint8_t payload_type;        /* sent */
    uint8_t receive_payload_type;
    /* Of telephone-event and comfort noise that may come beside it; 0: none. They count as
     * received, but their times are not those of speech, and say nothing of jitter. */
    uint8_t events_payload_type, noise_payload_type;
    uint8_t send_events_payload_type; /* of the digits that we send; 0: none */
    uint32_t ptime_ms;
    const struct codec *codec;
    const char *cname; /* copied; RFC 7022: short and without personal data */
    int64_t rtcp_interval_ns;
    bool extended_reports; /* XR goes with every RTCP report (RFC 3611) */
    bool ipv6;             /* headers are counted so */
    struct stream_playout playout;
    enum stream_decode decode;
    uint32_t decode_one_in; /* DECODE_SAMPLED: streams whose number it divides are decoded */
    uint32_t number;
    struct recorder *recorder; /* of what is heard, when it is decoded; outlives it; NULL */
    uint64_t seed;             /* SSRC, first sequence number and timestamp, RTCP randomisation */
    /* What the peer may change to and back without a word: it is received, decoded and judged as
     * the codec that it is. We send `codec` all the same. */
    size_t other_count;
    struct codec_format others[CODEC_OTHERS_MAX];
};

struct stream; /* opaque: runner/media/stream.c */

/* Whether a stream with this config is decoded. */
bool stream_decodes(const struct stream_config *config);

/* Brings what the next packet will touch into the cache, in two steps, each some microseconds
 * before it is needed: what the second reaches for, the first has fetched. */
void stream_fetch(const struct stream *stream, bool second);

struct stream *stream_new(const struct stream_config *config, int64_t now_ns);
void stream_free(struct stream *stream);
/* The same in a place of the caller's: zeroed, of stream_bytes() bytes. */
size_t stream_bytes(void);
struct stream *stream_begin(void *place, const struct stream_config *config, int64_t now_ns);
void stream_end(struct stream *stream);

/* The next RTP packet, to leave at now; out has STREAM_PACKET_MAX bytes. Returns its length; 0:
 * nothing is sent at this time (DTX, or nothing came that could be sent back).
 * The caller calls it once per ptime. A packet that could not be sent is told by stream_unsent(),
 * so that it is not counted as sent (its sequence number stays used: the receiver sees a loss). */
size_t stream_send(struct stream *stream, uint8_t *out);
void stream_unsent(struct stream *stream);

/* Skips n packet times without sending (the sender was too late): timestamp moves, sequence does
 * not, so that the gap is silence and not loss. */
void stream_skip(struct stream *stream, uint32_t packets);

/* The media changed in mid-call: from now on this codec, these frames, payload types and packet
 * time (the rest of config is ignored). SSRC and sequence numbers go on and so do the statistics;
 * only with another clock rate our sending begins anew with an SSRC of its own (RFC 7160). Packets
 * that are still under way with the former payload type count as long as the clock is the same. */
void stream_update(struct stream *stream, const struct stream_config *config);

/* Sends other frames from the next packet time on, over and over, beginning with the one at `skip`:
 * without end, or until the one at `end`, from where on those of `then` are sent from their
 * beginning. Frames may be NULL as in stream_config. Digits in the audio go before it. false: they
 * are of another codec or packet time than the one in use. stream_update() with the same frames
 * changes nothing of it, and with others makes it endless. */
#define STREAM_ENDLESS UINT64_MAX
bool stream_play(struct stream *stream, const struct frames *frames, uint64_t skip, uint64_t end,
                 const struct frames *then);

/* A datagram that arrived on the RTP port (clock_now() scale). Not RTP, or an unexpected payload
 * type: counted apart (stream_totals), never in the statistics. */
void stream_receive(struct stream *stream, const uint8_t *bytes, size_t length, int64_t arrival_ns);

/* A datagram arrived on either port from elsewhere than the peer: it is counted, and that is all.
 */
void stream_stranger(struct stream *stream);

/* When the next RTCP compound is due (randomised 0.5..1.5 of the interval, RFC 3550 6.2). */
int64_t stream_rtcp_due(const struct stream *stream);
/* Builds it (SR when we sent since the last, else RR; BYE when bye) and sets the next due time.
 * utc_ns: wall clock of now, for the NTP stamp. next_ns: when the next RTP packet is due, for the
 * RTP stamp: it tells the same time (RFC 3550 6.4.1), though no packet is sent then. */
size_t stream_rtcp_send(struct stream *stream, int64_t now_ns, int64_t utc_ns, int64_t next_ns,
                        bool bye, uint8_t *out);
/* A datagram that arrived on the RTCP port. */
void stream_rtcp_receive(struct stream *stream, const uint8_t *bytes, size_t length,
                         int64_t arrival_ns, int64_t arrival_utc_ns);

/* Sends a digit as RTP events (RFC 4733) from the next packet time on, in place of audio. false: no
 * payload type was agreed on, it is no digit, or too many wait. gap_ms: silence of events behind.
 */
bool stream_dtmf(struct stream *stream, char digit, uint32_t duration_ms, uint32_t gap_ms);

/* Sends frames once, in place of audio, from the next packet time on and behind those that wait:
 * the digits that dtmf_render() made, of which each lasts tone_ms + gap_ms behind the first
 * lead_ms. digits is copied, at most STREAM_TONES_MAX of them; frames outlives the stream. false:
 * another codec or packet time is in use now. They end when the media changes to another codec or
 * packet time. */
#define STREAM_TONES_MAX 64
bool stream_tones(struct stream *stream, const struct frames *frames, const char *digits,
                  const struct dtmf_timing *timing);

/* A digit that was received to its end, or sent. */
struct stream_digit {
    enum event_direction direction;
    enum digit_method method;
    char digit;
    double duration_ms;
    int64_t start_ns; /* received: arrival of its first packet; in-band: when it was heard */
    int64_t ago_ns;   /* sent: from when it began to when the last packet was made */
    bool ended;       /* by RTP: with all three end packets */
};

/* The next one that nobody has taken, until now. The newest 32 are kept. Looked at in every packet
 * time, the times of what was sent are right. */
bool stream_digit(struct stream *stream, int64_t now_ns, struct stream_digit *digit);

/* What comes from the peer becomes something else. */
enum stream_change {
    STREAM_STARTED, /* its packets: the first one arrived, or the first one after STREAM_STOPPED */
    STREAM_STOPPED, /* its last packet arrived, and none for STREAM_STOPPED_NS behind it */
    STREAM_AUDIO,   /* of a decoded stream: a listener hears audio ... */
    STREAM_SILENCE  /* ... or silence, which is below LEVEL_SILENCE_DBOV or no packets */
};

/* Longer than the pauses of DTX, in which Opus sends every 400 ms. */
#define STREAM_STOPPED_NS INT64_C(500000000)

/* The next change that nobody has taken, until now, and when it was: arrival of that packet, or
 * when a listener heard it behind the playout buffer. Neither pauses between syllables (120 ms) nor
 * clicks (40 ms) are changes. The newest 8 are kept. To be looked at in every packet time. */
bool stream_changed(struct stream *stream, int64_t now_ns, enum stream_change *change,
                    int64_t *at_ns);

/* Closes the current second of both directions: seconds[0] is send, seconds[1] receive. The caller
 * calls it every second from the start of media, and once at the end (a shorter one). */
void stream_second(struct stream *stream, int64_t now_ns, struct event_second seconds[2]);

struct stream_totals {
    uint64_t packets_sent, packets_received, packets_expected;
    int64_t packets_lost;        /* RFC 3550 A.3 */
    uint64_t packets_missing;    /* never arrived */
    uint64_t malformed;          /* datagrams that were not RTP/RTCP */
    uint64_t wrong_payload_type; /* valid RTP of another payload type */
    int64_t first_packet_ns;     /* arrival of the first valid one, EVENT_NONE */
    /* By event_direction. The stream knows nothing of it: filled in by who owns its sockets. */
    struct event_impairment impaired[2];
    struct keying_totals security; /* of SRTP; added by the owner of the sockets, and so are: */
    int64_t handshake_ns; /* the first DTLS handshake, from when it could begin to its keys */
    uint64_t strangers;   /* datagrams that were not the peer's */
};
void stream_totals(struct stream *stream, struct stream_totals *totals);

#endif
