/* pacer_private: what pacer.c (the thread), pacer_door.c (what it is told), pacer_obey.c (what it
 * does of that) and pacer_tell.c (what it says of its lines) share. */
#ifndef CMTEST_ENGINE_PACER_PRIVATE_H
#define CMTEST_ENGINE_PACER_PRIVATE_H

#include "cmtest/health.h"
#include "cmtest/mailbox.h"
#include "cmtest/pool.h"
#include "line.h"
#include "pacer.h"

#include <pthread.h>
#include <stdatomic.h>

/* Slots of 1 ms; more than the longest packet time, so that a slot holds one turn only. */
#define WHEEL 256
/* In the order in which they are served, which is the same each time. */
struct slot {
    struct line *first, *last;
    unsigned count;
};
enum command_kind {
    COMMAND_IMPAIR,
    COMMAND_HEAR,
    COMMAND_START,
    COMMAND_UPDATE,
    COMMAND_DIGITS,
    COMMAND_PLAY,
    COMMAND_QUIET,
    COMMAND_CLOSE,
    COMMAND_PLACE,
    COMMAND_RESERVE,
    COMMAND_PRECISE
};

/* What is done to the packets of an endpoint. */
struct fate {
    const struct impairment_config *configs[2]; /* by direction; NULL: nothing */
    uint64_t seed;
};

/* How an endpoint hears and reports. */
struct habit {
    const struct plan_hearing *hearing;
    const char *group;
    uint32_t index;
    uint32_t partner;
};

struct digit_order {
    char text[PACER_DIGITS_MAX + 1];
    struct dtmf_timing timing;
};

struct command {
    enum command_kind kind;
    int64_t at_ns; /* when it was given: a starved thread obeys later, and that is its lateness */
    uint32_t endpoint;
    int rtp_fd, rtcp_fd;
    struct session_media media;
    const struct frames *frames;
    bool early;
    uint64_t seed;
    int64_t began_ns; /* 0: with its first packet */
    struct fate fate;
    struct habit habit;
    struct digit_order digits;
    uint32_t worker;
    int cpu;
    struct pool_block *places; /* for the lines from this one on; NULL: there are enough */
    struct {                   /* beside frames */
        uint64_t skip, end;
        const struct frames *then;
    } play;
};

/* The class of a thread that wants to be real-time, and how much of its CPU it takes. */
struct real_time {
    bool allowed;
    bool aside;                  /* an ordinary thread for the moment */
    bool busy;                   /* in the last window */
    int64_t since_ns, rested_ns; /* of this window */
};

/* A line, and behind it its stream. */
#define PLACE_BYTES ((sizeof(struct line) + POOL_ALIGN - 1) / POOL_ALIGN * POOL_ALIGN)

struct pacer {
    pthread_t thread;
    atomic_bool stop;
    atomic_bool resting; /* it has no lines, and waits for what it is told */
    int wake;            /* eventfd, written when it rests */
    struct mailbox *commands;
    int reports; /* epoll of the RTCP sockets */
    event_fn *event;
    void *to;
    void (*closed)(void *owner, uint32_t endpoint, const struct stream_totals *totals);
    void *owner;
    void (*failed)(void *owner, uint32_t endpoint, const char *why);
    struct pool *places;       /* of lines with their streams */
    atomic_size_t vacant;      /* of them, less those of lines that are to start */
    bool placed;               /* there are places: who starts lines knows */
    struct line **lines;       /* by endpoint */
    struct fate *fates;        /* by endpoint */
    struct habit *habits;      /* by endpoint */
    struct meter (*meters)[2]; /* by endpoint and direction; NULL */
    struct recorder_budget budget;
    void (*digit)(void *owner, uint32_t endpoint, const struct event_digit *digit, int64_t at_ns);
    void (*changed)(void *owner, uint32_t endpoint, enum stream_change change, int64_t at_ns);
    uint32_t line_count;
    struct slot slots[WHEEL];
    struct event_pacing pacing;
    struct lag_meter lateness; /* of each packet */
    int64_t pacing_told_ns;
    struct health health;
    struct real_time real_time;
    struct lag_meter lag;
    uint32_t obeyed; /* the most commands that waited at once, since the last EVENT_HEALTH */
    size_t running;
    bool precise; /* a wake for each packet, at times of their own */
    int64_t tick; /* the one being served, or served last */
};

/* A line whose RTCP socket is to be read when something comes; once more each time that something
 * came. */
void pacer_watch(struct pacer *pacer, struct line *line);
/* Any thread, behind what was put into commands. */
void pacer_wake(struct pacer *pacer);
/* On the media thread. Without lines nothing is due, and a thousand wakes a second would be for
 * nothing: it waits until it is told something, or is to tell its health. */
void pacer_rest(struct pacer *pacer);
/* On the media thread. All that was told since the last turn. */
void pacer_obey(struct pacer *pacer);
/* pacer_health.c. What its sockets have received, and dropped because nobody read them in time. */
void pacer_note_losses(struct pacer *pacer, struct line *line);
/* Why the kernel did not take a datagram. */
void pacer_note_refused(struct pacer *pacer, int error);
/* What this thread got to do, once a second. */
void pacer_tell_health(struct pacer *pacer, int64_t now);

/* ---- pacer_wheel.c ---- */

/* When a line has its first packet, and all that follow a packet time later: with the packets of
 * its partner if that has begun, else where the seed says, unless many others have theirs there. */
void pacer_begin(struct pacer *pacer, struct line *line, int64_t now, uint64_t seed);
/* Onto the wheel for the first time: behind its partner, if they are due together. What the one
 * sends the other then reads while the kernel's part of it is still in the cache. */
void pacer_enter(struct pacer *pacer, struct line *line);
/* Again. The line is served when it is due, and never in a slot that the thread has passed: it
 * would wait there for a whole round. */
void pacer_put(struct pacer *pacer, struct line *line);
/* How often a line is served in which media may flow in neither direction: there are only reports
 * to be sent, and seconds that end. */
#define PACER_IDLE_NS (100 * NS_PER_MS)
/* When its next turn is due. */
void pacer_advance(struct line *line);
/* The packet times that it was not served have passed. */
void pacer_end_pause(struct line *line);
/* After a long pause: its turn comes as if there had been none, so that it may change or end. */
void pacer_hurry(struct pacer *pacer, struct line *line, int64_t now);
/* The lines of this tick, linked; none of them is on the wheel any more. */
struct line *pacer_take(struct pacer *pacer);

/* ---- pacer_tell.c: events, on the media thread ---- */

/* Of this endpoint, or ROSTER_NONE: event, whose time and endpoint it sets. */
void pacer_tell(struct pacer *pacer, uint32_t endpoint, int64_t now, struct event *event);
/* The second that ends now, both directions. */
void pacer_tell_second(struct pacer *pacer, struct line *line, int64_t now);
/* Those that have ended or begun. sent_ns: when the stream's last packet was due. */
void pacer_tell_digits(struct pacer *pacer, struct line *line, int64_t now, int64_t sent_ns);
/* What the endpoint has waited to hear. */
void pacer_tell_changes(struct pacer *pacer, struct line *line, int64_t now);
/* How late packets were since the run began. */
void pacer_tell_pacing(struct pacer *pacer, int64_t now);

/* ---- pacer_class.c ---- */

/* On the media thread, once: real-time if that is allowed, else before others, else as it is. */
void pacer_prefer(struct pacer *pacer);
/* Sleeps until then. The thread may be an ordinary one behind it, as real_time_due() says. */
void pacer_wait(struct pacer *pacer, int64_t until);
/* Pure: whether a thread that has now done its turn and has rested_ns left until its next one is to
 * be real-time for that. Not for 2 ms of each 20 when it took over 90% of the last 100 ms. */
bool real_time_due(struct real_time *real_time, int64_t now, int64_t rested_ns);

#endif
