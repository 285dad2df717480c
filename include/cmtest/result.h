/*
 * result: everything that is known after a run, and the verdict. Computed once, by the parent, from
 * the roster, the thresholds and the events; a pure function of them (golden-file tested).
 */
#ifndef CMTEST_RESULT_H
#define CMTEST_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/diagnosis.h"
#include "cmtest/event.h"
#include "cmtest/metric.h"
#include "cmtest/threshold.h"

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_ERROR, VERDICT_INCONCLUSIVE };
const char *verdict_name(enum verdict verdict); /* "pass" ... */

/* One threshold, judged. */
struct judgement {
    const struct threshold *threshold;
    enum verdict verdict; /* FAIL with `warn` is printed as a warning and fails nothing */
    bool measured;        /* observed is valid */
    double observed;
    uint64_t samples;
    uint32_t covered;   /* endpoints that gave samples */
    uint32_t due;       /* endpoints that were expected to (0: not known) */
    uint64_t numerator; /* of a rate: 47 (of 50) */
    uint64_t denominator;
    struct metric_scale scale; /* of the observed */
    uint32_t worst_endpoint;   /* that observed is of; ROSTER_NONE: not of a single one */
    /* With endpoint_share: those that satisfied it, of those that had to be looked at. */
    uint32_t endpoints_ok, endpoints_due;
    int64_t from_ns, to_ns; /* the time that observed is of, UTC; EVENT_NONE: all of the run */
    char part[160];         /* the three above for people: "99 of 100 endpoints, worst callers[3]",
                               "12.0 s to 22.0 s"; empty: all of the run */
    bool stopped;           /* it ended the run early */
    char note[192];         /* why there is no data, or why inconclusive; may be empty */
};

/* What the verdict needs to know of the seconds of an endpoint's streams, counted as they come; the
 * seconds themselves are in the journal. */
struct result_seconds {
    uint32_t count; /* of both directions */
    /* Received, whole ones but the first, in which media was agreed; and those of them in which no
     * packet came. */
    uint32_t agreed, silent;
    /* Received, whole ones: a packet ever came; how many without one stand at the end, although
     * media was agreed. */
    bool heard;
    uint32_t silent_run;
    int64_t last_ns;     /* when the last of them ended; 0: there is none */
    int64_t sent_ns;     /* when the last one ended in which it was to send all the time; 0 */
    uint32_t last_heard; /* number of the last second with a packet, plus 1; 0: none */
};

/* struct event_message in as much room as its words take: there are millions in a big run. What is
 * the same of one message and the next stands once. */
struct result_route {
    uint32_t users; /* messages */
    const char *call_id, *transport, *local, *remote;
    char words[]; /* that the pointers point into */
};

struct result_message_facts {
    bool sent, repeated;
    uint16_t status;
    uint32_t cseq, length;
    const char *method, *reason;
    struct result_route *route;
    char words[]; /* the same */
};

/* A line of an endpoint's timeline. */
struct result_moment {
    int64_t at_ns;
    enum event_kind kind; /* EVENT_PHASE, EVENT_MESSAGE, EVENT_REGISTRATION, EVENT_MEDIA, ... */
    enum endpoint_phase phase; /* of EVENT_PHASE */
    union {
        void *owned; /* NULL: it has none of these */
        const struct result_message_facts *message;
        const struct event_action *action;
        const struct event_digit *digit;
    };
};

/* A SIP message of an endpoint as it was on the wire, put together from its EVENT_TRACEs. */
struct result_message {
    int64_t at_ns;
    uint32_t number; /* among the messages of its endpoint's trace, from 0 */
    bool sent;
    char transport[8];
    char local[64];
    char remote[64];
    uint32_t missing; /* messages left out before it: there was no room */
    uint32_t total;   /* bytes that it had */
    uint32_t length;  /* bytes that are here: total, or less when a piece never came */
    char *bytes;      /* without a NUL at the end; as they were given */
};

/* The messages of an endpoint, in the order in which they were given. */
struct result_trace {
    struct result_message *messages;
    size_t count, capacity;
    size_t room;       /* taken of RESULT_TRACE_MAX */
    uint32_t told;     /* messages left out where they were seen, so far */
    uint32_t left_out; /* by us, behind the last message */
};

/* Room for the traces, their bookkeeping included: of one endpoint, of all. */
#define RESULT_TRACE_MAX (64 * 1024)
#define RESULT_TRACES_MAX (16 * 1024 * 1024)

/* Moments that a timeline keeps, and how many of them are its first ones: the others are the
 * newest, so that neither the beginning nor the end is ever lost. */
#define RESULT_TIMELINE_MAX 512
#define RESULT_TIMELINE_FIRST 256

struct result_endpoint {
    bool closed; /* an EVENT_OUTCOME was seen; else it is OSERROR: its worker vanished */
    struct event_outcome outcome;
    enum endpoint_phase phase;   /* last one reached */
    enum endpoint_phase reached; /* the same before it left: never DISCONNECTING or CLOSED */
    bool registered_known;
    struct event_registration registration;
    bool call_known;
    struct event_call call;
    bool media_known;
    struct event_media media;
    struct event_recording *recording; /* NULL: nothing was recorded */
    struct result_moment *timeline;
    size_t timeline_count, timeline_capacity;
    uint64_t timeline_dropped;  /* left out before moment RESULT_TIMELINE_FIRST */
    struct result_route *route; /* of the last message, for the next one; NULL */
    struct result_trace trace;
    struct result_seconds seconds;
};

/* What became of one step of a group's scenario (roster_group.steps) at its endpoints. */
#define RESULT_STEP_FAILURES 50

struct result_step_failure {
    uint32_t endpoint;
    struct event_action action; /* the first one that failed there, be it what `else` does */
};

struct result_step {
    uint64_t done, failed,
        skipped;         /* each time that it was told of; without what `else` did well */
    uint32_t endpoints;  /* at which it failed at least once */
    uint64_t *failed_at; /* a bit per endpoint of the group; NULL: it never failed */
    struct result_step_failure *failures; /* of the first endpoints, in order */
    uint32_t failure_count;
};

#define RESULT_DIAGNOSES_MAX 16
#define RESULT_DIAGNOSIS_FIRST 8

/* A cluster of endpoints that failed alike, and what is to be said of it. Both texts are one line
 * of UTF-8 without control characters. */
struct result_diagnosis {
    const struct diagnosis *rule;
    enum diagnosis_scope scope;
    enum event_failure failure; /* FAILURE_NONE for what did harm, but made nothing fail */
    enum endpoint_outcome outcome;
    uint16_t status;
    uint32_t count;                         /* of endpoints */
    uint32_t first[RESULT_DIAGNOSIS_FIRST]; /* indices of the first of them */
    uint32_t first_count;
    char text[768]; /* how many, what, why */
    char next[384]; /* one next step */
};

/* A resource of this machine that was a limit in the run, and not the system under test. Worst
 * first. Each judgement that a limit may have bent is inconclusive instead of failed. */
#define RESULT_LIMITS_MAX 8
enum limit_harm {
    LIMIT_NONE,
    LIMIT_WARNS,        /* nothing that was measured is worth less for it */
    LIMIT_BENDS,        /* some of what was measured: a failure there proves nothing */
    LIMIT_NOT_PRODUCED, /* the load that was asked for: neither a pass nor a failure says much */
    LIMIT_NOT_STARTED
};
struct result_limit {
    enum limit_harm harm;
    const char *resource; /* name of a row of verdict/limits: "cpu", "descriptors", ... */
    uint32_t fits;        /* endpoints that this machine would carry; 0: not known */
    unsigned effects;     /* what it does, in the words of verdict/limit.h */
    bool decisive;        /* the verdict is inconclusive because of it; else it is a warning */
    char text[256];       /* a sentence: what was measured against what is allowed */
    char next[160];       /* what to do */
};

/* A thread of the generator over the whole run: sums of its EVENT_HEALTHs, and its worst second.
 * Times are EVENT_NONE when they were never told. */
#define RESULT_THREADS_MAX 200
struct result_health {
    char thread[16];
    uint32_t worker, seconds;  /* events */
    enum thread_policy policy; /* the last one */
    uint32_t pinned;           /* the same */
    int64_t length_ns, cpu_ns, waited_ns, process_ns;
    double cpu_most;    /* share of a CPU in its busiest second of 500 ms or more; 0 .. 1 */
    double waited_most; /* the same of waiting */
    uint64_t turns, late;
    int64_t lag_p99_ns; /* of the worst second */
    int64_t lag_max_ns;
    uint64_t asked, done, received, dropped, queue; /* queue: the smallest */
    uint32_t backlog_most, backlog_last;
    uint64_t refused[HEALTH_REFUSALS];
};

/* What a platform computed of a threshold. */
struct result_told {
    bool known;
    double value;
    uint64_t samples;
};

struct result {
    const struct roster *roster;  /* borrowed */
    int64_t started_ns, ended_ns; /* UTC */
    uint64_t seed;
    bool interrupted; /* Ctrl-C: what was measured is reported, the verdict is error */
    char error[512];  /* why it could not run; empty when it could */
    struct result_endpoint *endpoints; /* roster->endpoint_count */
    struct event_pacing pacing;        /* the last one; packets 0 when no media ran */
    struct event_machine machine;      /* told when machine_known */
    bool machine_known;
    struct result_health health[RESULT_THREADS_MAX]; /* by first appearance */
    uint32_t health_count;
    struct result_limit limits[RESULT_LIMITS_MAX]; /* after result_judge() */
    uint32_t limit_count;
    uint32_t limit_told;       /* the one that `why` tells; RESULT_LIMITS_MAX: none */
    struct result_step *steps; /* result_step() */
    size_t traced;             /* room that all traces take, of RESULT_TRACES_MAX */
    struct metric_store *store;
    struct result_mean **means; /* per threshold and endpoint; NULL: no second gave a sample */
    struct gauges *gauges;      /* samples of thresholds with a scope */
    bool stopped;               /* a threshold ended the run early, as told by an EVENT_STOP */
    struct event_stop stop;     /* valid when stopped */
    int64_t stopped_ns;
    bool remote_known; /* the run was one of a platform, as told by an EVENT_REMOTE */
    struct event_remote remote;
    struct result_told *told; /* per threshold, by EVENT_FIGUREs; counts when remote.partial */
    struct aborts *aborts;    /* result_must_stop() */
    const struct threshold *thresholds; /* borrowed */
    size_t threshold_count;
    struct judgement *judgements; /* after result_judge */
    enum verdict verdict;
    uint32_t outcome_counts[OUTCOME_TEARDOWN_ERROR + 1];
    /* After result_judge(): failures before warnings, causes before consequences, then the biggest
     * first. Those over RESULT_DIAGNOSES_MAX are only counted in diagnoses_dropped. */
    struct result_diagnosis diagnoses[RESULT_DIAGNOSES_MAX];
    uint32_t diagnosis_count, diagnoses_dropped;
    uint32_t diagnosis_told; /* the one that `why` tells; RESULT_DIAGNOSES_MAX: none */
    /* After result_judge(), each one line without control characters: the reason of anything but a
     * pass, and one next step (may be empty). */
    char why[512];
    char try_next[256];
};

/* Borrows roster and thresholds until result_free(). */
struct result *result_new(const struct roster *roster, const struct threshold *thresholds,
                          size_t threshold_count, uint64_t seed, int64_t started_ns);
void result_free(struct result *result);

/* Which call an endpoint is part of: the endpoint that dials it, be that itself or its partner; of
 * a callee whose caller is outside, itself. So both sides of a call give the same, and it names the
 * call, whatever Call-IDs the servers between them make up. */
uint32_t result_call(const struct result *result, uint32_t endpoint);
/* The endpoint at the other end, ROSTER_NONE when it is outside. */
uint32_t result_partner(const struct result *result, uint32_t endpoint);
/* The whole seconds at the end of an endpoint's call in which nothing came because its partner had
 * hung up already: how soon its BYE is heard of is no matter of media. */
uint32_t result_silent_behind(const struct result *result, uint32_t endpoint);

/* step < the group's step_count. */
const struct result_step *result_step(const struct result *result, uint32_t group, uint32_t step);

/* Takes one event (an event_fn with the result as `to`). */
void result_event(void *result, const struct event *event);

/* While it runs: whether a threshold with `abort` is breached so that the run shall end
 * (threshold.h). Asked as often as one likes. true: *stop is what an EVENT_STOP then tells of; the
 * caller gives it to result_event(). After one, never again. */
bool result_must_stop(struct result *result, int64_t now_ns, struct event_stop *stop);

/* Ends the run and judges. Endpoints without an outcome become OSERROR. Rules:
 *  - no data for a threshold: fail (never pass), with a note that says why there is none;
 *  - of a platform that told only figures (remote.partial), a threshold is judged by the figure of
 *    the same metric, direction, group and statistic; what is not among them has no data;
 *  - an established call that gave no sample of a distribution, and a second in which media was
 *    agreed to be received but none came: fail, for what is missing cannot be averaged away;
 *  - a limit of this machine (limits, verdict/limits) that may have caused a failure makes it
 *    inconclusive: a threshold on what the limit bends, or on a share that would hold without the
 *    endpoints that it can explain. Any other failure stays one, and a pass stays a pass;
 *  - where it kept the load from being produced (over 5% of packets more than 20 ms late or not
 * sent, over 5% of starts more than 250 ms late), everything but an error is inconclusive;
 *  - `interrupted`, or result->error set, or every registration went unanswered (nothing was
 *    reachable): error;
 *  - a threshold that ended the run early: fail;
 *  - any fail: fail. Order when they meet: error, fail, inconclusive, pass;
 *  - what is due and never reported counts as failed: the call of a caller without an EVENT_CALL,
 *    the registration of an endpoint that vanished;
 *  - without any threshold every endpoint must have ended well.
 * Once per result. */
void result_judge(struct result *result, int64_t ended_ns);

/* Of a judged result. What an endpoint gave last, in the verdict and so in every export: what is
 * due and it never told (a registration, a call), and its outcome. */
void result_last_events(const struct result *result, uint32_t endpoint, event_fn *take, void *to);
/* Whether an endpoint should have given samples of a metric; never of a rate. */
bool result_owes(const struct result *result, const struct metric *metric, uint32_t endpoint);

/* 0 pass, 1 fail, 4 error, 5 inconclusive, 130 interrupted. */
int result_exit_code(const struct result *result);

#endif
