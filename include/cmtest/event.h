/*
 * event: the vocabulary of facts. Everything that a run learns is one of these, with a time.
 *
 * An event is flat (no pointers), so that it can cross a thread or a process as bytes. One stream
 * of events feeds metrics, the endpoint timeline, the reports and the live display; nothing
 * downstream has a hook inside SIP or RTP code. A SIP or media failure is an event, never a C
 * error.
 *
 * Who the events are about is told by the roster, made by the plan before anything is sent.
 *
 * Absent means absent: a time or value that was not measured is EVENT_NONE (nanoseconds) or its
 * bit in `known` is not set. There are no defaults.
 */
#ifndef CMTEST_EVENT_H
#define CMTEST_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/emodel.h"

#define ROSTER_NONE UINT32_MAX
#define EVENT_NONE INT64_MIN

enum roster_role { ROLE_CALLEE, ROLE_CALLER };

/* A step of a group's scenario, for people. */
struct roster_step {
    const char *name;     /* NULL */
    const char *action;   /* "hold" */
    const char *trigger;  /* as event_action has it */
    const char *expected; /* the same; empty when nothing is */
    int line;             /* in the spec; 0: it stands in another file */
};

struct roster_group {
    const char *name;
    const char *registrar; /* its name in the spec */
    const char *server;    /* host:port/transport that it is reached at, for people */
    const char *target;    /* group name or URI that it calls; NULL when it only answers */
    const char *codecs;    /* "pcma, pcmu", in preference order */
    uint32_t first;        /* index of its first endpoint */
    uint32_t count;
    const struct roster_step *steps; /* of its scenario */
    uint32_t step_count;
    /* "call_failed with status 486; 200 to INVITE": how its calls are to end, and messages that are
     * looked into; NULL: nothing but success is expected. */
    const char *expected;
};

struct roster_endpoint {
    uint32_t group;
    uint32_t index; /* within the group, from 0; people see callers[12] */
    uint32_t
        partner; /* the endpoint at the other end of its call, ROSTER_NONE for an outside one */
    enum roster_role role;
    const char *account; /* address of record without secrets: sip:1001@example.com */
    const char *target;  /* URI that it calls; NULL when it calls a partner, or nobody */
};

/* Borrowed from the plan (or a test); immutable during a run. */
struct roster {
    const char *name; /* of the test */
    const char *spec; /* path as the user gave it */
    const struct roster_group *groups;
    uint32_t group_count;
    const struct roster_endpoint *endpoints;
    uint32_t endpoint_count;
    uint32_t planned_calls; /* one per caller endpoint */
};

/* Phases only move forward (callmeter.md 5.2). */
enum endpoint_phase {
    PHASE_INITIALIZING,
    PHASE_REGISTERED,
    PHASE_CALLING,
    PHASE_RINGING,
    PHASE_NEGOTIATING,
    PHASE_INCALL,
    PHASE_DISCONNECTING,
    PHASE_CLOSED
};

/* Set once at the end; only a higher severity may replace it (callmeter.md 5.2). */
enum endpoint_outcome {
    OUTCOME_SUCCESS,                 /* severity 0 */
    OUTCOME_COMPLETED_WITH_WARNINGS, /* severity 1 */
    OUTCOME_REGISTRATION_FAILED,     /* severity 10, as all below */
    OUTCOME_CALL_FAILED,
    OUTCOME_NEGOTIATION_FAILED,
    OUTCOME_TIMEOUT,
    OUTCOME_OSERROR,
    OUTCOME_TEARDOWN_ERROR
};

/* What became of the one call of an endpoint. */
enum call_result {
    CALL_NOT_ATTEMPTED, /* nobody dialled: own or partner's registration failed, or interrupted */
    CALL_ANSWERED,      /* 2xx */
    CALL_BUSY,          /* 486, 600 */
    CALL_REJECTED,      /* 403, 603 */
    CALL_TIMED_OUT,     /* 408, or no final response */
    CALL_CANCELLED,     /* 487 */
    CALL_UNAVAILABLE,   /* 480, 503 */
    CALL_ERROR          /* every other 3xx..6xx, or a local error */
};

enum event_direction { DIRECTION_SEND, DIRECTION_RECEIVE };

enum event_kind {
    EVENT_PHASE,        /* the endpoint moved forward */
    EVENT_MESSAGE,      /* a SIP message went out or came in */
    EVENT_REGISTRATION, /* a registration attempt ended, well or not */
    EVENT_MEDIA,        /* media of a call started: what was negotiated */
    EVENT_SECOND,       /* one second of one direction of one stream */
    EVENT_RECORDING,    /* what the endpoint heard was recorded; before its EVENT_CALL */
    EVENT_CALL,         /* a call (or the attempt) is over: its timings */
    EVENT_ACTION,       /* a step of a scenario is done, has failed, or was left out */
    EVENT_DIGIT,        /* a DTMF digit was sent, or received */
    EVENT_TRACE,        /* a piece of a SIP message as it was on the wire, for evidence */
    EVENT_OUTCOME,      /* the endpoint is closed; nothing but EVENT_TRACE comes after it */
    EVENT_PACING,       /* how late this machine's sender was; endpoint = ROSTER_NONE */
    EVENT_MACHINE,      /* what this machine could do before the run; endpoint = ROSTER_NONE */
    EVENT_HEALTH,       /* what a thread of ours got to do, each second; endpoint = ROSTER_NONE */
    EVENT_STOP,         /* a threshold ends the run early; endpoint = ROSTER_NONE */
    EVENT_FIGURE, /* a figure of the run that was computed elsewhere; endpoint = ROSTER_NONE */
    EVENT_REMOTE  /* the run was one of a platform; endpoint = ROSTER_NONE */
};

/* One SIP message as it crossed the socket, at the moment that it did (event.at_ns). */
struct event_message {
    bool sent;       /* else received */
    bool repeated;   /* the same bytes went the same way before: a retransmission */
    uint16_t status; /* 0 for a request */
    uint32_t cseq;
    uint32_t length; /* of the whole message, bytes */
    char method[16]; /* of the request, or the method of the response's CSeq */
    char reason[64]; /* reason phrase of a response */
    char call_id[96];
    char transport[8]; /* "udp", "tcp", "tls" */
    char local[64];    /* address:port, IPv6 in brackets */
    char remote[64];
};

/* The three ways of a DTMF digit: named events in RTP (RFC 4733), SIP INFO, tones in the audio. */
enum digit_method { DIGIT_RTP, DIGIT_INFO, DIGIT_INBAND };
#define DIGIT_METHODS 3

/* One digit. event.at_ns: when it began; it is told when it is over. Sent: the last of its packets
 * (or its request) has left. Received: in-band ones only where the audio is decoded, and as the
 * listener hears them, behind the playout buffer. */
struct event_digit {
    enum event_direction direction;
    enum digit_method method;
    char digit;          /* 0-9 * # A-D */
    bool incomplete;     /* received by RTP: not all three of its end packets came */
    int64_t duration_ns; /* in-band, received: as dtmf.h says; EVENT_NONE: the INFO told none */
};

/* A piece of a message of an endpoint, in order of offset; the last one has offset + length ==
 * total. What could be a credential is already masked, with as many bytes. event.at_ns: when the
 * message was on the wire. An endpoint's trace is given once, if at all: after its EVENT_OUTCOME,
 * when it or its partner did not end well. */
#define EVENT_TRACE_BYTES 512
struct event_trace {
    uint32_t message; /* counts the messages of this endpoint's trace, from 0 */
    uint32_t dropped; /* messages that there was no room for, so far */
    bool sent;
    char transport[8];
    char local[64];
    char remote[64];
    uint32_t offset, length, total;
    char bytes[EVENT_TRACE_BYTES];
};

enum action_result { ACTION_DONE, ACTION_FAILED, ACTION_SKIPPED };

/* A step of the scenario of an endpoint's group. event.at_ns: when it was over. All times UTC. */
struct event_action {
    uint32_t step;  /* in the scenario, from 0 */
    uint32_t turn;  /* how often it had been begun before */
    bool otherwise; /* what is done because the event did not come */
    char name[32];  /* of the step; may be empty */
    char action[24];
    char trigger[40]; /* "at 2.5 s", "on dtmf_received", "after first-hold" */
    enum action_result result;
    uint16_t status;    /* of the final response to what was sent; 0: none came, or belongs to it */
    int64_t planned_ns; /* when it was due: its time, or when the event came; EVENT_NONE: never */
    int64_t began_ns;   /* EVENT_NONE: it was not begun */
    int64_t ended_ns;   /* EVENT_NONE: it was not begun */
    int64_t stopped_ns; /* began_ns to the last packet of media that had to stop, and did;
                           EVENT_NONE: none was expected to */
    int64_t flowing_ns; /* began_ns to the first packet, of the later direction, of media that had
                           stood still and had to flow; EVENT_NONE */
    char expected[160]; /* "status 200 within 1 s"; empty when nothing was */
    char observed[160]; /* "status 200, sendonly, PCMA"; empty when nothing was */
    char detail[192];   /* why it failed or was left out, one sentence; else empty */
};

/* What went wrong, finer than the outcome and in a fixed vocabulary, for clusters and diagnosis. */
enum event_failure {
    FAILURE_NONE,
    FAILURE_REFUSED,         /* a final response refused: `status` */
    FAILURE_CREDENTIALS,     /* challenged again although the challenge was answered (401, 407) */
    FAILURE_NO_ANSWER,       /* no response at all (timer B or F) */
    FAILURE_NOT_ANSWERED,    /* provisional responses, but no final one in time; cancelled */
    FAILURE_UNREACHABLE,     /* nothing could be sent: refused, reset, no route */
    FAILURE_NAME,            /* the server's name was not resolved */
    FAILURE_TLS,             /* the TLS handshake failed */
    FAILURE_REFRESH,         /* the binding was lost: its refresh was refused or not answered */
    FAILURE_UNREGISTER,      /* the removal of the binding was not confirmed */
    FAILURE_NO_INVITE,       /* callee: registered and waited, but nobody called */
    FAILURE_PARTNER,         /* nobody to call or to be called by: the partner failed before */
    FAILURE_GIVEN_UP,        /* callee: the caller cancelled before the answer */
    FAILURE_NO_ACK,          /* callee: its 2xx was never acknowledged */
    FAILURE_SDP,             /* a session description that cannot be used */
    FAILURE_NO_CODEC,        /* nothing in common; also 488 and 606 to what was not encrypted */
    FAILURE_SECURITY,        /* encryption: nothing in common, also 488 and 606; or no keys */
    FAILURE_REDIRECTED,      /* a 3xx that is not to be followed, or too many of them */
    FAILURE_HUNG_UP_EARLY,   /* the peer's BYE came before the planned end */
    FAILURE_SESSION_EXPIRED, /* no session refresh came in time (RFC 4028) */
    FAILURE_BYE,             /* our BYE found no good answer */
    FAILURE_NO_MEDIA,        /* not one RTP packet in a whole call */
    FAILURE_ACTION,          /* a step of the scenario did not do what it should */
    FAILURE_EXPECTATION,     /* it ended otherwise than its group expects */
    FAILURE_LOCAL,           /* this machine: no port, no descriptor, no memory */
    FAILURE_CUT_OFF          /* the deadline, or an interruption */
};

struct event_registration {
    bool ok;
    uint16_t status; /* final SIP status, 0 when none came */
    bool timed_out;  /* no final answer within timer F */
    int32_t expires; /* granted, seconds; -1 when not granted or not stated */
    int64_t time_ns; /* first REGISTER sent to final response, challenges included (RFC 6076 RRD);
                        EVENT_NONE when no response came */
    enum event_failure failure;
    int32_t retry_after; /* seconds, of the last 503 (or other) response; -1 when not stated */
    uint32_t attempts;   /* REGISTERs sent, without retransmissions */
    char reason[64];
    char server[64];   /* host:port/transport that was asked */
    char realm[64];    /* of the challenge that was answered; empty when none */
    char trouble[128]; /* what the transport said: "certificate has expired"; or why a challenge
                          could not be answered; may be empty */
};

struct event_media {
    char codec[16];
    uint8_t payload_type;
    uint16_t ptime_ms;
    char local[64];    /* address:port of our RTP */
    char remote[64];   /* address:port of the peer's RTP by its SDP */
    char security[40]; /* "sdes AES_CM_128_HMAC_SHA1_80", "dtls"; empty for plain RTP */
};

/* The WAV file of what an endpoint heard. */
struct event_recording {
    char path[448];      /* empty: there is none */
    char trouble[448];   /* a sentence: why it ended early or is not there; empty: all is well */
    int64_t duration_ns; /* of what is in it */
};

/* What a second can tell; the table with their meanings is readings.def. */
enum reading {
#define READING(id, ...) READING_##id,
#include "cmtest/readings.def"
#undef READING
    READING_COUNT
};

#define READING_WORDS ((READING_COUNT + 63) / 64)

/* DIRECTION_SEND: what we sent, and what the peer's RTCP says of it (loss, jitter, and what follows
 * from them are absent until it says something). DIRECTION_RECEIVE: what we received. Whoever makes
 * one zeroes it first; a value that is not known is 0. */
struct event_second {
    enum event_direction direction;
    bool agreed;                   /* media of this direction was agreed to flow all this second */
    uint32_t second;               /* 0-based, from the start of the stream's media */
    uint32_t length_ms;            /* 1000, less for the last one */
    enum emodel_scale scale;       /* that R, MOS and the impairments are on */
    bool provisional;              /* no recommendation publishes the codec's planning values */
    uint64_t known[READING_WORDS]; /* a bit per reading */
    double value[READING_COUNT];
};

/* The last second of a stream is as long as what was left of it, and 10 ms must not weigh as much
 * in an average as a whole second. A rest shorter than this is no sample of what a second was like,
 * unless the stream had no other; counts of it still add up to the totals. */
#define EVENT_SAMPLE_MS 500

static inline bool event_second_is_sample(const struct event_second *second)
{
    return second->length_ms >= EVENT_SAMPLE_MS || second->second == 0;
}

static inline void second_set(struct event_second *second, enum reading reading, double value)
{
    second->known[reading / 64] |= UINT64_C(1) << reading % 64;
    second->value[reading] = value;
}

static inline void second_forget(struct event_second *second, enum reading reading)
{
    second->known[reading / 64] &= ~(UINT64_C(1) << reading % 64);
    second->value[reading] = 0;
}

static inline bool second_knows(const struct event_second *second, enum reading reading)
{
    return second->known[reading / 64] >> reading % 64 & 1;
}

/* false, and *value as it was: not known. */
static inline bool second_get(const struct event_second *second, enum reading reading,
                              double *value)
{
    if (!second_knows(second, reading))
        return false;
    *value = second->value[reading];
    return true;
}

/* Digits behind the point that a reading is kept with. It is its unit that tells: ms 3 (1 us),
 * percent and scores 4, ppm, dB and per second 2, counts, bytes and bit/s 0; below what can be
 * measured. */
unsigned reading_digits(enum reading reading);
/* Rounds all readings that are known to their digits. Whoever makes a second does so at its end:
 * the verdict, all reports and the journal then have the same values. */
void second_round(struct event_second *second);

/* The column of a series, and the name of the metric without its direction: "packet_loss". */
const char *reading_name(enum reading reading);

/* What was done on purpose to the RTP packets of one direction (impairment.h), in a whole call.
 * packets = lost + overflowed + those that got through or still wait. */
struct event_impairment {
    bool known;       /* this direction was impaired; else nothing here is valid */
    uint64_t packets; /* that came to it */
    uint64_t lost, reordered;
    uint64_t duplicated; /* second copies */
    uint64_t overflowed; /* lost by limits of our own, and not on purpose */
    uint64_t waiting;    /* copies on their way when the call ended: never received */
    int64_t delay_mean_ns, delay_min_ns, delay_max_ns; /* EVENT_NONE when nothing got through */
};

/* All times in ns, EVENT_NONE when not reached. Measured at this endpoint. */
struct event_call {
    enum call_result result;
    bool counted;           /* stands for the call in calls.*: the caller's one; the callee's only
                               when its caller is outside */
    bool established;       /* a 2xx was received (caller) or sent and acknowledged (callee) */
    bool completed;         /* established, and ended by a BYE no earlier than planned */
    uint16_t status;        /* final SIP status of the INVITE, 0 when none */
    int64_t trying_ns;      /* caller: INVITE sent -> first 1xx incl. 100 */
    int64_t ringing_ns;     /* caller: INVITE sent -> first 180 */
    int64_t pdd_ns;         /* caller: INVITE sent -> first 180/183, else 2xx (RFC 6076 SRD) */
    int64_t setup_ns;       /* caller: INVITE sent -> 2xx */
    int64_t first_media_ns; /* 2xx received (caller) or sent (callee) -> first valid RTP received;
                               0 when media came before the 2xx */
    int64_t duration_ns;    /* 2xx -> BYE (RFC 6076 SDT) */
    int64_t teardown_ns;    /* BYE sent -> its 2xx (RFC 6076 SDD); the side that hangs up */
    int64_t early_media_ns; /* caller: INVITE sent -> first valid RTP before the 2xx, when a
                               provisional response had agreed on early media */
    int64_t failed_ns; /* caller: INVITE sent -> the response that refused it (4xx, 5xx, 6xx), or
                          the end of our patience (RFC 6076 failed SRD) */
    uint32_t repeats_sent; /* SIP messages of the call that we had to send again */
    uint32_t repeats_received;
    uint32_t refreshes;    /* session refreshes (RFC 4028) that went well, by either side */
    uint32_t redirects;    /* 3xx that were followed */
    uint32_t offers;       /* further offer/answer exchanges that went well: hold, resume, ... */
    int32_t retry_after;   /* seconds, of the final response; -1 when not stated */
    char cause[64];        /* Reason header (RFC 3326) of what ended it; empty when none */
    uint64_t packets_sent; /* RTP, whole call */
    uint64_t packets_received;
    int64_t packets_lost; /* cumulative, RFC 3550 A.3 */
    uint64_t packets_expected;
    bool media_known;                    /* the four above were measured */
    struct event_impairment impaired[2]; /* by event_direction */
    bool secured;                        /* SRTP was agreed on, and what follows was counted */
    char suite[32];                      /* that was used last; empty: there never were keys */
    uint64_t auth_failures; /* packets with a wrong key, changed on the way or never encrypted */
    uint64_t replays;       /* packets that had come before, or were too old to tell */
    uint64_t srtp_malformed;
    uint32_t handshakes;  /* of DTLS that were completed */
    uint32_t rekeyings;   /* by direction */
    int64_t handshake_ns; /* the first DTLS handshake, from when it could begin to its keys; valid
                             when secured; EVENT_NONE: there was none */
    uint64_t packets_missing; /* never arrived, whatever copies came; media_known */
    char reason[64];
    char call_id[96];
};

/* The steps of an endpoint, each as often as it was told of. failed holds those too that were never
 * begun, because their time or event did not come; done and skipped not what stands behind else. */
struct event_steps {
    uint32_t begun, done, failed, skipped;
};

struct event_outcome {
    enum endpoint_outcome outcome;
    enum event_failure failure;
    uint16_t status;          /* SIP status that decided it, 0 when none */
    char reason[64];          /* its reason phrase */
    char detail[192];         /* one sentence for people; never a secret */
    struct event_steps steps; /* all 0: its group has no scenario, or it vanished */
};

/* Cumulative since the start of the run. A packet is late by (send time - due time). */
struct event_pacing {
    uint64_t packets; /* sent or due */
    uint64_t
        skipped; /* due, but never sent: more than EVENT_SKIP behind or refused by the kernel */
    uint64_t over_5ms;              /* sent later than 5 ms */
    uint64_t over_20ms;             /* sent later than 20 ms */
    int64_t p50_ns, p99_ns, max_ns; /* of lateness; p50/p99 within 5%, max exact; EVENT_NONE
                                       when packets is 0 */
};

/* What this machine can run out of. */
enum machine_resource { MACHINE_NONE, MACHINE_DESCRIPTORS, MACHINE_MEMORY, MACHINE_THREADS };

/* Told once, before the first packet. Figures of 0 and times of EVENT_NONE are not known. */
struct event_machine {
    double cpus;          /* that this process may use: affinity and cgroup quota */
    uint64_t descriptors; /* that it may have open */
    uint64_t memory;      /* bytes that are available to it */
    uint64_t queue_most;  /* bytes that a socket's receive queue may be given (rmem_max) */
    int64_t pair_ns;      /* CPU that it takes to send a datagram on loopback and receive it */
    int64_t sleep_p99_ns; /* what a sleep of 1 ms lasts longer than that; of `sleeps` */
    uint32_t sleeps;
    double cpu_share;   /* CPU time of a busy loop / its wall time; 1: nobody else wants it */
    uint32_t endpoints; /* in a call at once, by the plan */
    double media_cores; /* that their packets take, by the plan's estimate */
    /* Why nothing was begun: the plan needs more than there is. MACHINE_NONE: it was. */
    enum machine_resource refused;
    double need, have;
    uint32_t fits; /* endpoints in a call that it would carry: by what is refused, else by what was
                      measured before the run; 0: not known */
};

/* What the kernel said when it did not take a datagram of ours, or gave no socket. */
enum health_refusal {
    REFUSAL_FULL,        /* EAGAIN, ENOBUFS: the socket's or the device's queue is full */
    REFUSAL_MEMORY,      /* ENOMEM */
    REFUSAL_DESCRIPTORS, /* EMFILE, ENFILE: no socket */
    REFUSAL_PORTS,       /* EADDRINUSE: no port */
    REFUSAL_PATH,        /* ECONNREFUSED, ENETUNREACH, ...: the peer or the network, not us */
    REFUSAL_OTHER
};
#define HEALTH_REFUSALS 6

/* How the kernel chooses a thread among those that want a CPU. */
enum thread_policy { POLICY_UNKNOWN, POLICY_PLAIN, POLICY_NICE, POLICY_REAL_TIME };

/* A thread of the generator, each second: what happened since the event before of the same thread
 * and worker, so that sums are of the run and each event of its second. Absent where the thread has
 * no such thing: times are EVENT_NONE, counts 0. */
struct event_health {
    char thread[16]; /* "signalling", "media", "collector", "registrar" */
    uint32_t worker; /* process of the run, from 0 */
    enum thread_policy policy;
    uint32_t pinned;    /* the one CPU that it may use, from 1; 0: there are several */
    int64_t length_ns;  /* wall time that it is about */
    int64_t cpu_ns;     /* CPU that the thread used */
    int64_t waited_ns;  /* wanted a CPU and had none: the kernel's schedstat */
    int64_t process_ns; /* CPU that all threads of the process used; told by one of them */
    uint32_t turns;     /* times that its timers fired, or ticks of the media thread */
    uint32_t late;      /* of these, later than 20 ms */
    int64_t lag_p99_ns, lag_max_ns; /* how late: p99 within 10% */
    uint64_t asked;    /* datagrams of media that were due; registrations and calls to be started */
    uint64_t done;     /* of these, begun within 20 ms (media), 250 ms (starts) of their time */
    uint64_t received; /* datagrams of media that were read */
    uint64_t dropped;  /* that had arrived at our sockets, and for which there was no room */
    uint64_t queue;    /* bytes of room of the smallest of these sockets; 0: not known */
    uint32_t backlog;  /* at its end: commands, tasks or events that waited for it */
    uint64_t refused[HEALTH_REFUSALS];
};

/* From here on everything hangs up: what comes later is no fault of the system under test. */
struct event_stop {
    uint32_t threshold; /* in the order of the plan, from 0 */
};

/* What a platform tells of a run as a whole, where it gives no samples to compute it from. */
struct event_figure {
    char metric[64];    /* its key there ("jitter_ms"), or the name here ("jitter") */
    char direction[16]; /* "send", "receive"; empty: neither */
    char group[128];    /* empty: of all */
    char statistic[16]; /* "avg", "p95", "value" of a share, ... (threshold.h) */
    double value;       /* in the unit of the metric */
    uint64_t samples;   /* that it is of; 0: not told */
};

struct event_remote {
    char project[128], test[128], run[128]; /* ids, opaque */
    char status[48];                        /* as the platform said it */
    char link[256];                         /* for a browser; may be empty */
    bool partial; /* it told no events of endpoints: all that is known are figures */
};

struct event {
    int64_t at_ns; /* UTC, nanoseconds since 1970-01-01 */
    uint32_t endpoint;
    enum event_kind kind;
    union {
        enum endpoint_phase phase;
        struct event_message message;
        struct event_registration registration;
        struct event_media media;
        struct event_second second;
        struct event_recording recording;
        struct event_call call;
        struct event_action action;
        struct event_digit digit;
        struct event_trace trace;
        struct event_outcome outcome;
        struct event_pacing pacing;
        struct event_machine machine;
        struct event_health health;
        struct event_stop stop;
        struct event_figure figure;
        struct event_remote remote;
    };
};

/* Takes one event; called on the thread that the giver names. The event is borrowed. */
typedef void event_fn(void *to, const struct event *event);

/* Upper-case names of callmeter.md ("REGISTRATION_FAILED"), lower-case for results ("answered"). */
const char *phase_name(enum endpoint_phase phase);
const char *outcome_name(enum endpoint_outcome outcome);
int outcome_severity(enum endpoint_outcome outcome);
const char *call_result_name(enum call_result result);
/* "done", "failed", "skipped". */
const char *action_result_name(enum action_result result);
/* "rtp", "info", "inband". */
const char *digit_method_name(enum digit_method method);
/* "no_answer"; "" for FAILURE_NONE. */
const char *failure_name(enum event_failure failure);
/* "real-time", "nice", "plain"; "" for POLICY_UNKNOWN. */
const char *thread_policy_name(enum thread_policy policy);
/* "descriptors"; "" for MACHINE_NONE. */
const char *machine_resource_name(enum machine_resource resource);
/* By final status: 2xx answered, 486/600 busy, 403/603 rejected, 408 timed_out, 487 cancelled,
 * 480/503 unavailable, other error; 0 is timed_out. */
enum call_result call_result_of(uint16_t status);

/* "callers[12]" into out. */
void roster_endpoint_name(const struct roster *roster, uint32_t endpoint, char *out, size_t size);

#endif
