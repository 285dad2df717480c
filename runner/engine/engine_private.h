/* engine_private: what engine.c (threads, agents, media), dispatch.c (phases) and evidence.c (whose
 * messages are told) share. */
#ifndef CMTEST_ENGINE_PRIVATE_H
#define CMTEST_ENGINE_PRIVATE_H

#include "cmtest/arena.h"
#include "cmtest/compactor.h"
#include "cmtest/endpoint.h"
#include "cmtest/engine.h"
#include "cmtest/health.h"
#include "cmtest/locate.h"
#include "cmtest/loop.h"
#include "commands.h"
#include "pacer.h"
#include "ports.h"

struct seat {
    struct endpoint *endpoint;
    struct engine *engine;
    uint32_t id;
    struct agent *agent;
    char *target;        /* caller: the URI */
    int rtp_fd, rtcp_fd; /* the latter -1: not needed so far */
    bool port_open, media_started;
    struct idle *idle; /* its media has no line of the media thread so far; NULL */
    bool settled;      /* its registration has ended, well or not */
    bool registered;
    bool dialled, closed;
    uint32_t streams;          /* that were begun */
    uint32_t digits;           /* given to the pacer, and not yet told as sent */
    int64_t digits_over_ns;    /* when all of them will have been sent */
    const struct audio *audio; /* that it sends, since ... */
    int64_t audio_began_ns;
    const struct audio *once; /* in place of it until once_ends_ns, since once_began_ns; NULL */
    int64_t once_began_ns, once_ends_ns;
    bool muted;
    const struct impairment_config *impair[2]; /* by event_direction; NULL: nothing */
    bool evidence;                             /* its trace is told, or will be when it closes */
    int severity;                              /* of its outcome */
    struct loop_timer timer;                   /* start, then dial or the end of the wait */
};

/* Encoded once for all streams; a peer may ask for any packet time, again and again. */
struct kept_frames {
    const struct audio *audio;
    const struct frames *frames;
    struct kept_frames *next;
};

/* Digits as audio, made once. */
struct kept_tones {
    const char *digits;
    struct dtmf_timing timing;
    const struct frames *frames;
    struct kept_tones *next;
};

/* endpoint_signal() borrows it. */
struct kept_name {
    char text[128];
    struct kept_name *next;
};

/* Callees of one group: the gate that its callers wait at. */
struct gate {
    uint32_t unsettled; /* callees whose registration has not ended */
    bool open;
    int64_t opened_ns; /* from the start of the run */
};

struct engine {
    const struct plan *plan;
    struct engine_config config;
    struct arena *arena;
    struct loop_thread *thread;
    struct loop *loop;
    struct compactor *compactor; /* of the messages that endpoints keep */
    struct pacer *pacer;
    struct commands *commands;      /* of the user; NULL: none are to be run */
    struct dtls_identity *identity; /* of this run; NULL: no group has keys by DTLS */
    struct ports ports;             /* of this worker */
    struct ports *own_ports;        /* by group, of those that have a range of their own */
    struct located *located;        /* by registrar: where it was found, ... */
    char (*routes)[64];             /* ... and the local address that faces it */
    char (*addresses)[64];          /* by group: local */
    struct tls_profile **profiles;  /* by registrar; NULL: without TLS */
    struct agent **agents;          /* by group; NULL: each of its endpoints has one */
    const char *unbound;            /* where an agent could not be made */
    struct kept_frames *frames;
    struct kept_tones *tones;
    uint64_t frame_bytes; /* of all of them */
    struct seat *seats;
    struct meter (*meters)[2]; /* by endpoint and direction */
    struct gate *gates;        /* by group */
    uint32_t *own;             /* its endpoints, in their order */
    uint32_t own_count;
    uint32_t open_seats;
    uint32_t evidence_calls, evidence_warnings; /* whose traces were told */
    int64_t started_ns;
    struct kept_name *names; /* of signals of other workers */
    bool interrupted, going, finished;
    struct loop_timer deadline;
    struct health health;       /* of the signalling thread */
    struct agent_losses losses; /* that are told already */
    struct loop_timer probe;
    int64_t probe_due_ns;
};

/* watch.c. What the signalling thread tells of itself, on the loop. */
void watch_begin(struct engine *engine);
void watch_end(struct engine *engine);
/* A registration or call was to be begun at due_ns, and is now. */
void watch_start(struct engine *engine, int64_t due_ns);

/* partner.c. What an endpoint and its partner see of their media; media_service.flows. */
bool partner_flows(void *service, uint32_t id, struct flows *flows);
/* A digit came to an endpoint: its partner is told, who may be waiting for that. */
void partner_digit(void *owner, uint32_t id, const struct event_digit *digit, int64_t at_ns);

/* frames.c. Before the threads: encodes what endpoints with these settings send each other. false:
 * a source cannot be had. */
bool frames_prepare(struct engine *engine, char *why, size_t why_size);
/* On the loop. What an endpoint sends in a session; NULL: what it receives. */
const struct frames *frames_of(struct engine *engine, uint32_t id,
                               const struct session_media *media);
const struct frames *frames_of_audio(struct engine *engine, const struct audio *audio,
                                     const struct session_media *media);
/* What an endpoint sends as its group says. */
const struct audio *frames_audio(const struct engine *engine, uint32_t id);
extern const struct audio frames_silence;

/* media_service.c: the endpoints' door to sockets and pacing. The service is the engine. */
extern const struct media_service media_service;
/* The media thread, before the loop's: what it tells goes to the endpoints on the loop. */
void media_begin(struct engine *engine);

/* The media thread serves it from now on. began_ns: when it began, if before now; else 0. */
void media_start_line(struct engine *engine, uint32_t id, const struct session_media *media,
                      bool early, int64_t began_ns);
/* Of a seat whose ports are its own. */
void media_close_ports(struct seat *seat);

/* media_idle.c. Whether it waits for a line: nobody may send in it. */
bool media_idle_begin(struct engine *engine, uint32_t id, const struct session_media *media,
                      bool early);
/* Whether it goes on to wait; if not, it has its line. */
bool media_idle_update(struct engine *engine, uint32_t id, const struct session_media *media,
                       bool early);
/* What waits has its line from now on. */
void media_idle_start(struct engine *engine, uint32_t id);
/* Whether it waited until now: its end is told. */
bool media_idle_end(struct engine *engine, uint32_t id);
/* Nothing is told. */
void media_idle_forget(struct seat *seat);

/* media_play.c: what endpoints send from now on, and what is done to it (media_service). */
const char *media_play(void *service, uint32_t id, const struct session_media *media,
                       const struct audio *audio, bool once, int64_t *length_ns);
const char *media_mute(void *service, uint32_t id, const struct session_media *media, bool mute);
void media_impair(void *service, uint32_t id, enum event_direction direction,
                  const struct impairment_config *config);
/* Before the endpoint's first call. */
void media_usual(struct engine *engine, uint32_t id);
/* Behind pacer_update(): what is played once goes on in the new media. */
void media_play_on(struct engine *engine, uint32_t id, const struct session_media *media);
/* Tells the pacer what is done to its packets. */
void media_impair_stream(struct engine *engine, uint32_t id);

/* Digits as audio of that session. NULL: there is no room for more of it. */
const struct frames *frames_of_digits(struct engine *engine, const struct session_media *media,
                                      const char *digits, const struct dtmf_timing *timing);

/* agents.c. Before the threads: asks DNS, loads certificates; and gives them up. */
bool agents_prepare(struct engine *engine, char *why, size_t why_size);
void agents_forget(struct engine *engine);
/* On the loop. false: errno, and those that were made are there. */
bool agents_make(struct engine *engine);
void agents_free(struct engine *engine);

/* Sets every start; called on the loop. */
void dispatch_start(struct engine *engine);
/* All callees of a group have settled, wherever they are. */
void dispatch_open(struct engine *engine, uint32_t group, int64_t opened_ns);
void dispatch_registered(struct engine *engine, uint32_t id, bool ok);
void dispatch_closed(struct engine *engine, uint32_t id);

/* outside.c: what scenarios ask for beside their calls (endpoint.h). */
unsigned outside_signal(void *owner, uint32_t id, const char *name, const char *group);
/* Other workers may ask whether it hears. */
void outside_lend_ear(struct engine *engine, uint32_t id);
char *outside_address(void *owner, uint32_t id, const char *group);
const char *outside_run(void *owner, uint32_t id, uint32_t ticket,
                        const struct user_command *command, const char *call_id);
/* The thread of the commands, if they are allowed; on the loop. false: errno. */
bool outside_open(struct engine *engine);
/* The endpoint is closed: its commands are killed. */
void outside_closed(struct engine *engine, uint32_t id);

/* What follows from the run's seed and who it is, and not from what others do or how many workers
 * there are; number tells what it is for. */
uint64_t engine_seed(const struct engine *engine, uint32_t id, uint32_t number);

/* Of an endpoint of the plan; the strings are borrowed from there. */
struct identity engine_identity(const struct engine *engine, uint32_t id);

/* An endpoint has closed: tells or drops its trace and its partner's. Before dispatch_closed(),
 * which may tell that all is over. */
void evidence_closed(struct engine *engine, uint32_t id);

#endif
