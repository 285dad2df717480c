/*
 * sdp: session descriptions (RFC 8866) and offer/answer (RFC 3264) for one audio stream.
 * Text in, text out; what comes from the network is hostile. Named session_* because sofia-sip
 * (whose SDP parser is used inside) owns sdp_*.
 */
#ifndef CMTEST_SDP_H
#define CMTEST_SDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include "cmtest/codec.h"
#include "cmtest/keying.h"
#include "cmtest/text.h"

#define SESSION_CODECS_MAX 8

/* As RFC 8866 6.7 names them, seen from us. */
enum session_direction { SESSION_SENDRECV, SESSION_SENDONLY, SESSION_RECVONLY, SESSION_INACTIVE };

/* The transport of an m= line. */
enum session_profile {
    SESSION_AVP,       /* RTP/AVP */
    SESSION_AVPF,      /* RTP/AVPF (RFC 4585) */
    SESSION_SAVP,      /* RTP/SAVP (RFC 3711) */
    SESSION_SAVPF,     /* RTP/SAVPF (RFC 5124) */
    SESSION_TLS_SAVP,  /* UDP/TLS/RTP/SAVP (RFC 5764) */
    SESSION_TLS_SAVPF, /* UDP/TLS/RTP/SAVPF */
    SESSION_OTHER
};
/* "RTP/AVP"; NULL for SESSION_OTHER. */
const char *session_profile_name(enum session_profile profile);

/*
 * How we want the media protected. What is required is offered under a profile that says so:
 * RTP/SAVP with a=crypto, UDP/TLS/RTP/SAVP with a=fingerprint, and with both of them (dual) one
 * RTP/SAVP line that has both: rtpengine and Asterisk read their presence and not the profile, and
 * a peer that knows only SDES would not know the other profile, while a second m= line would be
 * taken for a second stream. What is optional is offered under RTP/AVP with the same attributes
 * (RFC 8643): a peer that does not know them answers with plain RTP. Of an offer that has both,
 * DTLS is taken: its keys do not pass through the SIP servers.
 */
struct session_security {
    bool sdes, dtls;
    bool required;                                 /* else plain RTP will do */
    const struct suite *suites[KEYING_SUITES_MAX]; /* by preference; sdes: those of a=crypto */
    size_t suite_count;
    const struct fingerprint *fingerprint; /* dtls: of our certificate; borrowed */
};

/* Our side. address is numeric; codecs in order of preference; those that go beside speech
 * (telephone-event, cn) are offered for every clock that fits them. */
struct session_local {
    const char *address;
    uint16_t rtp_port; /* RTCP is a=rtcp or rtp_port + 1 */
    uint16_t rtcp_port;
    uint64_t id, version; /* of o= */
    const struct codec *codecs[SESSION_CODECS_MAX];
    struct codec_params params[SESSION_CODECS_MAX]; /* of each: what we want to receive */
    size_t codec_count;
    struct session_security security;
    /* sdes: our key with each suite (KEYING_SUITES_MAX); the same ones to the end of the session,
     * or other ones to re-key it. NULL: without. Borrowed. */
    struct keying_secret *secrets;
    bool feedback; /* we offer AVPF or SAVPF; of an offer either is taken */
    bool mux;      /* RTP and RTCP on one port (RFC 5761) are offered, and taken when offered */
    /* a=rtcp-xr asks the peer for its VoIP metrics, and offers to measure round trips with it
     * (RFC 3611 5); an answer has it only when the offer has. */
    bool extended_reports;
    enum session_direction direction; /* what we want of the stream; an answer may be less */
    /* Our description that went out last in this session, an offer that is still open included;
     * NULL: none did. Further ones keep its m= lines in their order (RFC 3264 8) and its payload
     * numbers (8.3.2). Borrowed. */
    const char *said;
    /* What the session has agreed on so far; NULL: nothing. How it is protected stays: a later
     * offer of ours has nothing else, and a later answer keeps its side of a handshake. Borrowed.
     */
    const struct session_media *agreed;
};

/* What both sides agreed on. */
struct session_media {
    const struct codec *codec;    /* NULL: a later offer took the stream away (port 0) */
    uint8_t payload_type;         /* that we send; the peer's number for a dynamic one */
    uint8_t receive_payload_type; /* that we expect */
    /* An answer that keeps several codecs of our offer lets its sender change among them from one
     * packet to the next (RFC 3264 6.1): those beside codec, by our numbers. */
    struct codec_format others[CODEC_OTHERS_MAX];
    size_t other_count;
    uint32_t ptime_ms; /* that we send: what the codec can of the peer's a=ptime when it is 10..120,
                          else as usual; not above its a=maxptime */
    struct codec_params send; /* what we encode with: our settings within the peer's fmtp */
    /* What goes beside it. Payload types: 0: none. Times in digits are always told in the clock of
     * the codec, which is that of the RTP timestamps (RFC 4733 2.1), also when the peer has
     * events of another clock rate only: so it does itself. */
    uint8_t events_payload_type, receive_events_payload_type; /* telephone-event */
    uint32_t events_clock_rate;                               /* as SDP has it */
    uint32_t events;                                          /* that both know: bit n is event n */
    uint8_t noise_payload_type, receive_noise_payload_type;   /* comfort noise */
    struct sockaddr_storage rtp, rtcp;                        /* where the peer wants them */
    socklen_t address_length;
    enum session_profile profile;
    bool mux;            /* RTCP goes where RTP goes, and comes from there */
    uint32_t crypto_tag; /* sdes: of the a=crypto that was agreed on */
    /* Of the stream, but for identity, which SDP knows only by its fingerprint. */
    struct keying_config keying;
    bool may_send, may_receive; /* by both sides' direction attributes, and c=0.0.0.0 */
};

/* An offer of all local codecs. */
void session_offer(const struct session_local *local, struct text *out);

/* Answers an offer of length bytes: NULL and the answer in *out and *media; or, when there is
 * nothing in common or it is not SDP, a sentence that says why (static; 488 follows). One audio
 * m-line is taken: the one in use when it is still usable, else the first usable one; the others
 * are refused with port 0, in order. The offer's preference order decides the codec, of which there
 * is one; telephone-event and comfort noise with its clock stay beside it. A later offer
 * (local->said) may also take the stream away. */
const char *session_answer(const struct session_local *local, const char *offer, size_t length,
                           struct text *out, struct session_media *media);

/* Takes the answer to our offer, which is local->said, or NULL for a first one. Same return. */
const char *session_accept(const struct session_local *local, const char *answer, size_t length,
                           struct session_media *media);

/* Whether that is the sentence of an offer or answer without a common codec. */
bool session_no_codec(const char *why);

/* Whether that is a sentence about how the media is to be protected. */
bool session_no_security(const char *why);

/* Whether both are protected alike, with the same keys or the same two ends of a handshake. */
bool session_same_keying(const struct session_media *a, const struct session_media *b);

/* Readies our new description to go out after local->said: the same version when nothing else
 * differs, one more than before when something does (RFC 3264 8). */
void session_revise(struct session_local *local, struct text *description);

/* The unspecified address of an old hold (RFC 3264 8.4): nothing can be sent there. */
bool session_is_unspecified(const struct sockaddr_storage *address);

#endif
