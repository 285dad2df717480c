/*
 * plan: a spec with every name resolved to a table row, and every account, partner and start time
 * assigned. A pure function of the spec (and of the seed): no network, and no clock, but for the
 * days of certificates.
 */
#ifndef CMTEST_PLAN_H
#define CMTEST_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"
#include "cmtest/diag.h"
#include "cmtest/dialog.h"
#include "cmtest/digest.h"
#include "cmtest/event.h"
#include "cmtest/impairment.h"
#include "cmtest/scenario.h"
#include "cmtest/sdp.h"
#include "cmtest/source.h"
#include "cmtest/spec.h"
#include "cmtest/stream.h"
#include "cmtest/threshold.h"
#include "cmtest/tls.h"
#include "cmtest/transport.h"

/* A credential. expected: what the embedded registrar expects, when the spec sets it apart for a
 * negative test; else equal to password. Never printed. */
struct plan_account {
    const char *username;
    const char *password;
    const char *expected;
    const char *auth_user; /* username when not set */
    const char *realm;     /* NULL: from the challenge */
};

struct plan_registrar {
    const char *name;
    bool embedded;
    const char *domain; /* of the address of record and the REGISTER's Request-URI */
    const char *host;   /* where the packets go: proxy, else server, else domain, without brackets;
                           embedded: "127.0.0.1" */
    uint16_t port;      /* 0: embedded, not yet known; or as SRV says (RFC 3263), else the usual */
    const struct transport *transport; /* NULL: as DNS says */
    const char *route; /* of the proxy: "<sip:edge.example.com;lr>"; NULL: there is none */
    const struct tls_config *tls; /* NULL: TLS is not spoken */
    uint32_t udp_limit;           /* agent.h */
    bool per_endpoint; /* each endpoint has a connection of its own, unless auto comes to UDP;
                          else those at one local address share one */
    int64_t crlf_ns, options_ns;         /* intervals of keepalives; 0: none */
    int32_t expires;                     /* asked for, seconds */
    enum digest_algorithm digest;        /* embedded: what it challenges with */
    const struct plan_account *accounts; /* embedded: all it accepts */
    size_t account_count;
};

enum plan_call { CALL_NONE, CALL_GROUP, CALL_URI };

/* How the endpoints of a group hear and report. */
struct plan_hearing {
    struct stream_playout playout;
    enum stream_decode decode;
    uint32_t decode_one_in; /* of the group, endpoints whose index it divides */
    const char *record;     /* folder for what they heard; NULL */
    int64_t rtcp_interval_ns;
    bool extended_reports;
};

struct plan_group {
    const char *name;
    uint32_t registrar;
    uint32_t first, count; /* endpoints */
    enum plan_call call;
    uint32_t target;  /* group, with CALL_GROUP; its own index: its first half calls the other */
    uint32_t callers; /* of its endpoints, the first ones: all, none or half of them */
    const char *const *uris; /* with CALL_URI: by turns */
    size_t uri_count;
    const char *calls; /* for people: the target group or the URIs; NULL */
    bool called;       /* some group of this spec calls it */
    const struct codec *codecs[SESSION_CODECS_MAX]; /* those that this version has */
    struct codec_params params[SESSION_CODECS_MAX]; /* of each */
    size_t codec_count;
    struct session_security security; /* without a fingerprint, which each run has its own of */
    int64_t rekey_ns;                 /* sdes: new keys so often in a call; 0: never */
    bool feedback, mux;               /* session_local */
    bool deferred;                    /* its audio is inactive until a step activates it */
    struct plan_hearing hearing;
    uint8_t dscp;            /* of RTP and RTCP */
    uint32_t receive_buffer; /* of each of their sockets, bytes; 0: as the system gives */
    struct audio *audios;    /* what is sent: endpoint i of the group has the i-th, over and over */
    size_t audio_count;
    int64_t delay_ns;             /* callee: INVITE -> 180 */
    int64_t ring_ns;              /* callee: 180 sent -> 200, or the refusal */
    uint16_t reject;              /* callee: refuses with this status; 0: it answers */
    bool early_media;             /* callee: 183 with SDP and media in place of 180 */
    bool never;                   /* callee: rings until the caller gives up */
    const char *redirect;         /* callee: URI of its refusal with 302; NULL */
    const char *phrase;           /* callee: of its refusal; NULL: the usual one */
    const char *reason;           /* callee: Reason header of its refusal; NULL */
    struct dialog_options dialog; /* both: session timers, 100rel, redirects */
    bool late_offer;              /* caller: its INVITEs have no SDP */
    int64_t answer_ns;          /* callee: hangs up so long after its answer; 0: the caller does */
    const char *from;           /* caller: the From of its INVITEs, without a tag; NULL: its own */
    const char *headers;        /* caller: lines that its INVITEs have beside ours; NULL */
    const char *source_address; /* numeric; NULL: by the routes */
    uint16_t port_first, port_last;            /* of RTP and RTCP; 0: those of the worker */
    struct call_expect expect;                 /* how its calls are to end */
    struct script script;                      /* what its endpoints do in their calls */
    const struct impairment_config *impair[2]; /* of its RTP, by event_direction; NULL: none */
};

struct plan_endpoint {
    uint32_t group;
    uint32_t index;
    uint32_t partner; /* ROSTER_NONE when it is outside */
    bool caller;
    const char *uri;     /* caller, with CALL_URI */
    int64_t duration_ns; /* caller: of its call, from the answer */
    const struct plan_account *account;
    int64_t start_ns; /* of its REGISTER, from the start of the run; evenly over the buildup:
                         endpoint k of n (callees first) at k * buildup / n; callers at the
                         rate of load, when there is one */
};

struct plan {
    const char *name;
    const char *spec; /* path */
    uint64_t seed;
    const char *description; /* NULL */
    const char *const *tags;
    size_t tag_count;
    int64_t buildup_ns;  /* to the last start */
    int64_t duration_ns; /* of the longest call */
    int64_t deadline_ns; /* from the start: the run ends by then, whatever happens */
    struct plan_registrar *registrars;
    size_t registrar_count;
    struct plan_group *groups;
    size_t group_count;
    struct plan_endpoint *endpoints; /* in group order of the spec; roster has the same indices */
    size_t endpoint_count;
    struct threshold *thresholds; /* the spec's; then the implicit ones: success of every
                                     endpoint when no threshold is a share (a rate), and RTP
                                     received when there is no threshold at all */
    size_t threshold_count;
    struct roster roster;
    uint32_t workers; /* processes that run it; 0: as many as it has use for. Set by who runs it */
    bool precise;     /* packets leave at their exact times, with a wake of a CPU for each, in
                         place of one for all of a millisecond; set by who runs it */
    bool allow_exec;  /* commands of its steps may be run; set by who runs it */
};

/* Times that bound a run (RFC 3261 table 4): how long a transaction may go unanswered. */
#define PLAN_TRANSACTION_NS (INT64_C(32) * 1000 * 1000 * 1000)

/* How long a caller waits for a final response, beside the ringing that is planned; a little more
 * than timer B, which speaks for itself. */
#define PLAN_PATIENCE_NS (PLAN_TRANSACTION_NS + INT64_C(1000) * 1000 * 1000)

/* Whether its endpoints answer a call, as opposed to refusing it or ringing for ever. */
bool plan_answers(const struct plan_group *group);
/* Whether its calls are to fail: they owe no media. */
bool plan_expects_failure(const struct plan_group *group);
/* Whether its scenario may end a call before its time. */
bool plan_may_leave(const struct plan_group *group);
/* From the INVITE to the final response, when nothing goes wrong. */
int64_t plan_ring_ns(const struct plan_group *group);

/* RTP on the even ports of this range, RTCP above. */
#define PLAN_PORT_FIRST 20000
#define PLAN_PORT_LAST 59999

/* NULL when diag has errors; all are found in one pass (not enough accounts, an account used
 * twice, unknown group or codec, callee group smaller than its callers, ...). Everything lives in
 * the arena. */
struct plan *plan_new(const struct spec *spec, uint64_t seed, struct arena *arena,
                      struct diag *diag);

/* Tells of each step that would run a command; for a run that was not allowed to (allow_exec). spec
 * may be NULL. */
void plan_refuse_commands(const struct spec *spec, struct diag *diag);

/* Tells of all that a platform cannot express. project: one was named beside the spec. */
void plan_refuse_for_platform(const struct spec *spec, bool project, struct diag *diag);

#endif
