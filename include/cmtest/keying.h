/*
 * keying: how the packets of one stream are protected, and where the keys come from. One row per
 * way under runner/media/keyings/. Bytes in, bytes out: no socket, no thread. A struct keying_state
 * has one thread at a time; states of their own may be used by several threads at once.
 *
 * What a caller does: packets that leave go through keying_protect(), packets that arrive are told
 * apart by packet_kind() and go to keying_unprotect() or keying_input(); after keying_new(), after
 * keying_input(), and when keying_due() has come, keying_output() is called until it returns 0.
 */
#ifndef CMTEST_KEYING_H
#define CMTEST_KEYING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/fingerprint.h"
#include "cmtest/suite.h"

#define KEYING_SUITES_MAX 8
#define KEYING_FINGERPRINTS_MAX 4
#define KEYING_DATAGRAM_MAX 1200 /* of DTLS, that we send */
/* How long packets with the key of before are accepted after another one was agreed on. */
#define KEYING_OVERLAP_NS INT64_C(2000000000)
#define KEYING_NEVER INT64_MAX

/* The certificate of a run: self-made, ECDSA on P-256, with what OpenSSL needs around it. Read-only
 * once made: any number of states of any threads use it, and all are freed before it. */
struct dtls_identity;

/* Valid from a day before now_s (UTC seconds) until 30 days after. NULL: OpenSSL cannot. */
struct dtls_identity *dtls_identity_new(int64_t now_s);
void dtls_identity_free(struct dtls_identity *identity);
/* Its SHA-256 fingerprint, for a=fingerprint. */
const struct fingerprint *dtls_identity_fingerprint(const struct dtls_identity *identity);

/* Master key and salt, in this order. suite NULL: not known yet. */
struct keying_secret {
    const struct suite *suite;
    uint8_t bytes[SUITE_SECRET_MAX];
};

/* A new secret of a suite, from the kernel's random numbers. */
void keying_secret_new(struct keying_secret *secret, const struct suite *suite);

struct keying_state;
struct keying_config;

struct keying {
    const char *name; /* in a spec: "sdes" */
    const char *help; /* one line */
    bool secured;     /* the m= line is RTP/SAVP or RTP/SAVPF, with UDP/TLS before it for DTLS */
    bool handshakes;  /* keying_input() and keying_output() have something to do */
    /* Private to media. false: the state has the reason. */
    bool (*start)(struct keying_state *state, const struct keying_config *config, int64_t now_ns);
};

/* NULL-terminated, in the order of table.def. */
extern const struct keying *const keyings[];

/* By spec name; NULL when there is none. */
const struct keying *keying_find(const char *name);

/* Nothing in it is kept but identity. */
struct keying_config {
    const struct keying *row;
    /* sdes: ours protects what we send, theirs what we receive. theirs may come later. */
    struct keying_secret local, remote;
    /* dtls */
    const struct dtls_identity *identity;
    bool active;   /* we send the ClientHello */
    bool separate; /* no rtcp-mux: RTCP has a channel, and so a handshake and keys, of its own */
    const struct suite *suites[KEYING_SUITES_MAX]; /* by preference; none: all that DTLS has */
    size_t suite_count;
    /* Of the peer's description: its certificate has to be one of these. */
    struct fingerprint fingerprints[KEYING_FINGERPRINTS_MAX];
    size_t fingerprint_count;
    int64_t patience_ns;   /* for the handshake; 0: 10 s */
    int64_t retransmit_ns; /* before its first repetition, doubled by each; 0: 100 ms (RFC 9147) */
};

enum keying_status {
    KEYING_OK,
    KEYING_NOT_READY,   /* there are no keys yet */
    KEYING_AUTH_FAILED, /* wrong key, or changed on the way, or never encrypted */
    KEYING_REPLAYED,    /* was there before, or is too old to tell */
    KEYING_MALFORMED,   /* no packet of its kind */
    KEYING_NO_ROOM,     /* capacity is too small; nothing was done */
    KEYING_FAILED,      /* there will be no keys: keying_error() */
};

struct keying_totals {
    const struct suite *suite; /* NULL: none yet, or no protection */
    uint64_t sent, received;   /* packets that were protected and unprotected */
    uint64_t send_refused;     /* were not protected, and must not be sent */
    uint64_t early;            /* arrived before there were keys */
    uint64_t auth_failed, replayed, malformed;
    uint64_t late_key;     /* received under the key of before a re-keying */
    uint64_t handshakes;   /* complete ones; two when RTCP has its own */
    uint64_t rehandshakes; /* asked for by the peer after that, and refused */
    uint64_t rekeyings;    /* by keying_rekey(), per direction that changed */
};

/* Never NULL; keying_error() tells whether it is of use. */
struct keying_state *keying_new(const struct keying_config *config, int64_t now_ns);
void keying_free(struct keying_state *state);

/* Both in place. rtcp says what the packet is, whatever socket it takes. capacity is the room at
 * bytes: SUITE_TRAILER_MAX more than length is enough. Of unprotect, bytes are of use only with
 * KEYING_OK: a cipher that authenticates while it decrypts has spoiled them otherwise. */
enum keying_status keying_protect(struct keying_state *state, bool rtcp, uint8_t *bytes,
                                  size_t *length, size_t capacity);
enum keying_status keying_unprotect(struct keying_state *state, bool rtcp, uint8_t *bytes,
                                    size_t *length, int64_t now_ns);

/* What the next packets of RTP touch comes into the cache: first where it is, then, once that has
 * come, the rest. */
void keying_fetch(const struct keying_state *state, bool second);

/* One DTLS datagram that arrived on channel 0 (RTP, or both) or 1 (RTCP). What is not a possible
 * one is counted as malformed. */
enum keying_status keying_input(struct keying_state *state, unsigned channel, const uint8_t *bytes,
                                size_t length, int64_t now_ns);
/* The next datagram to send and its channel; 0: none now. capacity >= KEYING_DATAGRAM_MAX. */
size_t keying_output(struct keying_state *state, unsigned *channel, uint8_t *out, size_t capacity,
                     int64_t now_ns);
/* When keying_output() may have something without any input; KEYING_NEVER: not before an input.
 * Repetitions are OpenSSL's, which has a timer of its own on the real time clock: it is asked how
 * long it wants to wait, and now_ns only says from when. Patience goes by now_ns alone. */
int64_t keying_due(const struct keying_state *state, int64_t now_ns);

/* There are keys for both directions, of RTP and of RTCP. */
bool keying_ready(const struct keying_state *state);
/* Why there are none and never will be, as a sentence; NULL: nothing went wrong. */
const char *keying_error(const struct keying_state *state);

/* Of sdes only, what a later offer and answer agreed on. An unchanged secret is kept with its
 * state, a changed one of the peer's is accepted beside the one before for KEYING_OVERLAP_NS.
 * false: the present ones stay. */
bool keying_rekey(struct keying_state *state, const struct keying_secret *local,
                  const struct keying_secret *remote, int64_t now_ns);

const struct keying_totals *keying_totals(const struct keying_state *state);

/* What a datagram of a media socket is (RFC 7983), RTCP told from RTP as RFC 5761 4 says. */
enum packet_kind {
    PACKET_UNKNOWN,
    PACKET_STUN,
    PACKET_ZRTP,
    PACKET_DTLS,
    PACKET_TURN,
    PACKET_RTP,
    PACKET_RTCP
};
enum packet_kind packet_kind(const uint8_t *bytes, size_t length);

#endif
