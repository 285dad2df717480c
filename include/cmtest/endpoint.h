/*
 * endpoint: one virtual phone: registration, at most one call, its media port, its phase and its
 * outcome (test-lifecycle). Tells everything as events; nothing that happens to it is a C error,
 * and nothing that happens to it touches another endpoint.
 *
 * Runs on its agent's thread. Sockets and pacing belong to the engine, behind struct media_service.
 * One call per life: INITIALIZING -> REGISTERED -> (CALLING -> RINGING ->) NEGOTIATING -> INCALL ->
 * DISCONNECTING -> CLOSED, forward only.
 */
#ifndef CMTEST_ENDPOINT_H
#define CMTEST_ENDPOINT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include "cmtest/agent.h"
#include "cmtest/dialog.h"
#include "cmtest/event.h"
#include "cmtest/scenario.h"
#include "cmtest/sdp.h"
#include "cmtest/stream.h"

struct endpoint;
struct compactor;
struct impairment_config;

/* Digits to send, one after the other. */
struct digits {
    enum digit_method method;
    const char *text; /* 1 to DIGIT_TEXT_MAX of 0-9 * # A-D a-d; borrowed until the call returns */
    int64_t tone_ns;  /* of each, DIGIT_TONE_MIN_NS to DIGIT_TONE_MAX_NS; 0: as usual */
    int64_t gap_ns;   /* behind each, at most DIGIT_TONE_MAX_NS; below 0: as usual */
};

#define DIGIT_TEXT_MAX 64
#define DIGIT_TONE_NS INT64_C(100000000)
#define DIGIT_GAP_NS INT64_C(100000000)
#define DIGIT_TONE_MIN_NS INT64_C(40000000)
#define DIGIT_TONE_MAX_NS INT64_C(10000000000)

/* The engine's side of media. All calls come from the endpoint's thread. */
struct media_service {
    /* Binds an RTP port at the endpoint's address, and the RTCP port at the latest when there is
     * something to report. 0, or an errno. */
    int (*open)(void *service, uint32_t endpoint, uint16_t *rtp_port, uint16_t *rtcp_port);
    /* Starts sending and measuring. Before it, arriving packets wait in the socket. early: the call
     * is not answered, and silence is nobody's fault. */
    void (*start)(void *service, uint32_t endpoint, const struct session_media *media, bool early);
    /* The running media changed: hold, resume, another codec or address, or the answer came to what
     * was early. */
    void (*update)(void *service, uint32_t endpoint, const struct session_media *media, bool early);
    /* No more packets are sent; arriving ones are still counted. */
    void (*quiet)(void *service, uint32_t endpoint);
    /* DIGIT_RTP or DIGIT_INBAND, of the running media, behind those that still wait; in place of
     * audio. endpoint_digit() follows for each that was sent. Returns NULL, or why not: a static
     * sentence. May be NULL. */
    const char *(*digits)(void *service, uint32_t endpoint, const struct session_media *media,
                          const struct digits *digits);
    /* Sends audio, which the plan knows, in the running media from now on, from its beginning: over
     * and over, once, or at most *length_ns long when that is not 0. When that ends, which
     * *length_ns tells, what was sent before goes on; when it does not, *length_ns is 0. Returns
     * NULL, or why not: a static sentence. May be NULL. */
    const char *(*play)(void *service, uint32_t endpoint, const struct session_media *media,
                        const struct audio *audio, bool once, int64_t *length_ns);
    /* Silence goes out in place of all of it, or no more. May be NULL. */
    const char *(*mute)(void *service, uint32_t endpoint, const struct session_media *media,
                        bool mute);
    /* What is done to the packets of a direction from now on, of this endpoint; NULL: nothing. The
     * config is borrowed. May be NULL. */
    void (*impair)(void *service, uint32_t endpoint, enum event_direction direction,
                   const struct impairment_config *config);
    /* What is seen of the media of this endpoint and its partner; but for may_send and may_receive.
     * false: no media runs. May be NULL: the same. */
    bool (*flows)(void *service, uint32_t endpoint, struct flows *flows);
    /* Ends and closes the ports; endpoint_media_closed() follows on the endpoint's thread. */
    void (*close)(void *service, uint32_t endpoint);
};

struct endpoint_config {
    uint32_t id;              /* index in the roster */
    struct identity identity; /* strings are borrowed and outlive the endpoint */
    enum roster_role role;
    bool counted;       /* its call counts in calls.* (event_call.counted) */
    const char *target; /* caller: SIP URI to call */
    bool peer_decides;  /* callee of an outside caller: the caller ends the call, we only
                           2 s after the duration */
    int32_t expires;
    int64_t keepalive_ns;         /* OPTIONS to the server so often; 0: never */
    struct dialog_options dialog; /* 100rel, session timers, redirects that are followed */
    int64_t delay_ns;             /* callee: INVITE -> 18x */
    int64_t ring_ns;              /* callee: 18x -> final response */
    bool early_media;       /* callee: its 18x is a 183 with SDP, and media flows from there on */
    bool never;             /* callee: rings until the caller gives up */
    uint16_t reject;        /* callee: which refuses; 0: it answers */
    const char *phrase;     /* callee: reason phrase of the refusal; NULL: the usual one */
    const char *reason;     /* callee: value of a Reason header in the refusal; NULL: none */
    const char *redirect;   /* callee: URI of the Contact of a refusal with 3xx; NULL: none */
    int64_t hangup_ns;      /* callee: hangs up so long after its answer; 0: the caller does */
    int64_t peer_hangup_ns; /* caller: that its callee does; 0 */
    bool late_offer;        /* caller: its INVITE has no SDP, and the callee offers */
    const char *from;       /* caller: the From of its INVITE; NULL: its address of record */
    const char *headers;    /* caller: lines that its INVITE has beside ours; NULL */
    int64_t patience_ns;    /* caller: without a final response after that long it cancels; callee
                               that never answers: it refuses with 480 after twice as long */
    int64_t duration_ns;
    const struct codec *const *codecs;
    const struct codec_params *params; /* of each codec; NULL: zero */
    size_t codec_count;
    struct session_security security; /* what it points to is borrowed */
    int64_t rekey_ns; /* sdes: new keys by re-INVITE so often after the answer; 0: never */
    bool feedback, mux, extended_reports; /* session_local */
    bool deferred;                        /* its audio is inactive until a step activates it */
    const struct script *script;          /* of its group; borrowed; NULL: none */
    const struct call_expect *expect;     /* of its group; borrowed; NULL: nothing but success */
    bool peer_may_leave; /* the partner's scenario may end the call before its time */
    uint64_t seed;
    struct compactor *compactor; /* of its thread; NULL: what it keeps is never packed */
};

/* What the endpoint tells the engine, beside events. */
struct endpoint_handler {
    void (*event)(void *owner, const struct event *event);
    /* The registration attempt is over. Callers now wait for endpoint_dial(). */
    void (*registered)(void *owner, uint32_t id, bool ok);
    /* A digit was sent or received, by any method; EVENT_DIGIT has been told. at_ns: when it began,
     * on the clock_now() scale. Nothing may be freed in it. NULL: nobody wants to know. */
    void (*digit)(void *owner, uint32_t id, const struct event_digit *digit, int64_t at_ns);
    /* What its scenario asks for beside the call; each may be NULL, and a step that needs it fails.
     * Names, groups and commands live as long as the script.
     * A signal for all endpoints of a group, or (NULL) for the partner: how many heard it. */
    unsigned (*signal)(void *owner, uint32_t id, const char *name, const char *group);
    /* Address of record of the endpoint of that group that has this one's number, for the caller to
     * free; NULL: there is none. */
    char *(*address)(void *owner, uint32_t id, const char *group);
    /* endpoint_ran() follows with this ticket; or why it cannot be run: one static sentence. */
    const char *(*run)(void *owner, uint32_t id, uint32_t ticket,
                       const struct user_command *command, const char *call_id);
    /* CLOSED; the endpoint may be freed from the loop afterwards, not inside. */
    void (*closed)(void *owner, uint32_t id);
};

struct endpoint *endpoint_new(struct agent *agent, struct loop *loop,
                              const struct endpoint_config *config,
                              const struct media_service *media, void *service,
                              const struct endpoint_handler *handler, void *owner);
void endpoint_free(struct endpoint *endpoint);

/* REGISTER. */
void endpoint_start(struct endpoint *endpoint);
/* Caller, after registered(ok): INVITE. */
void endpoint_dial(struct endpoint *endpoint);
/* Nobody will call, or there is nobody to call; detail says why, one sentence. An endpoint that is
 * waiting de-registers and closes: with SUCCESS when nothing was asked of it, with `outcome`
 * otherwise. Without effect on one in a call. */
void endpoint_release(struct endpoint *endpoint, enum endpoint_outcome outcome, const char *detail);
/* The run is interrupted: hang up, de-register, close. */
void endpoint_interrupt(struct endpoint *endpoint);
/* The deadline: CLOSED with TIMEOUT as soon as the engine has told what its media were, without
 * waiting for any peer. */
void endpoint_abort(struct endpoint *endpoint, const char *detail);

/* The engine's answer to media_service.close (totals of the whole call). started: media ran. */
void endpoint_media_closed(struct endpoint *endpoint, bool started,
                           const struct stream_totals *totals);

/* Sends digits in the running call, behind those that still wait. Returns at once: NULL, and the
 * handler's digit() tells each one that has been sent; or why they cannot be, one static sentence,
 * and none is sent: no call, no telephone-event agreed on, media on hold, too many waiting. Those
 * that wait when the call or its media end are never sent. An INFO that the peer refuses makes the
 * outcome COMPLETED_WITH_WARNINGS. */
const char *endpoint_send_digits(struct endpoint *endpoint, const struct digits *digits);

/* A digit of the running media was sent or received; at_ns on the clock_now() scale. */
void endpoint_digit(struct endpoint *endpoint, const struct event_digit *digit, int64_t at_ns);

/* What comes from the peer in the running media became something else; at_ns on the clock_now()
 * scale. */
void endpoint_media_changed(struct endpoint *endpoint, enum stream_change change, int64_t at_ns);

/* A signal of another endpoint's scenario; name lives as long as its script. false: nobody is there
 * to hear it, for there is no scenario, or it is over. */
bool endpoint_signal(struct endpoint *endpoint, const char *name);
/* Whether it would hear one now. */
bool endpoint_hears(const struct endpoint *endpoint);

/* What came of a command; seen: what it ended with, and its last words. */
void endpoint_ran(struct endpoint *endpoint, uint32_t ticket, bool ok, const char *seen);

/* The running media will never be encrypted: the call ends with NEGOTIATION_FAILED. why: one
 * sentence. */
void endpoint_media_failed(struct endpoint *endpoint, const char *why);

/* Tells what was on the wire as EVENT_TRACE, once; or drops it, because nobody will want it. Its
 * memory is free afterwards, and no further message is kept. */
void endpoint_trace(struct endpoint *endpoint);
void endpoint_trace_drop(struct endpoint *endpoint);

/* New keys of ours for a call protected by SDES, by an offer in a method of dialog_renegotiate();
 * media goes over to them with the answer. false: there is no such call, or an offer is under way.
 */
bool endpoint_rekey(struct endpoint *endpoint, const char *method);

enum endpoint_phase endpoint_phase_now(const struct endpoint *endpoint);
/* The partner of the roster received a digit: its steps may wait for that. */
void endpoint_partner_digit(struct endpoint *endpoint, const struct event_digit *digit);
/* Its call went on in another dialog: whom it talks with is not known any more. */
bool endpoint_was_moved(const struct endpoint *endpoint);
/* It had its call, or is in it. */
bool endpoint_was_called(const struct endpoint *endpoint);

#endif
