/*
 * engine: one worker. It runs its endpoints of a plan on two threads: signalling (SIP, timers, the
 * phased dispatch) and media (pacing, RTP sockets, statistics), and tells everything as events.
 * Several of them, each in a process of its own, run a plan together (share.h): they share nothing,
 * and what one must know of another comes through their owner.
 *
 * Phased dispatch: every endpoint registers at its start time; a caller dials when it is registered
 * and all callees of its target group have ended their registration, no denser than planned. A
 * caller whose callee did not register does not dial, and the callee of a caller that will not dial
 * is let go: neither is touched by the other's failure.
 */
#ifndef CMTEST_ENGINE_H
#define CMTEST_ENGINE_H

#include <stddef.h>
#include "cmtest/estimate.h"
#include "cmtest/event.h"
#include "cmtest/plan.h"
#include "cmtest/share.h"

struct engine;

/* A signal of a scenario to all endpoints of a group: what the other workers are told. */
struct engine_signal {
    uint32_t group;
    char name[128];
};

struct engine_config {
    event_fn *event; /* called on both threads of the engine: must be safe to */
    void *to;
    void (*finished)(void *arg); /* on the signalling thread, once, when all endpoints are closed */
    void *arg;
    /* One of several workers: which endpoints are its own. NULL: all of them. It then waits for
     * engine_go(), and its callers for engine_gate(). */
    const struct share *share;
    bool ends_process; /* nothing is done after engine_free() but to exit */
    uint32_t worker;   /* its number, from 0 */
    int cpu;           /* that its media thread keeps to; -1: any */
    /* So many of its endpoints have media at once, as planned: memory for them is got before the
     * first call, for a machine may stand still for ms when it gives any. More get theirs as they
     * come. */
    uint32_t streams;
    /* With a share, on the signalling thread, once per group of which it has callees: the
     * registration of all of these has ended. */
    void (*settled)(void *arg, uint32_t group);
    /* The same: a signal for all other workers. */
    void (*signal)(void *arg, const struct engine_signal *signal);
    /* By endpoint, shared by all workers: 1, it would hear a signal now. Each writes those of its
     * own endpoints. */
    _Atomic unsigned char *ears;
};

/* Starts; the ports of embedded registrars are known by now. plan and config outlive the engine.
 * NULL when this machine cannot run it: a sentence in why that names what and where. */
struct engine *engine_start(const struct plan *plan, const struct engine_config *config, char *why,
                            size_t why_size);
/* With a share, any thread: the run starts at start_ns (clock_now()), which all its workers are
 * told alike. */
void engine_go(struct engine *engine, int64_t start_ns);
/* With a share, any thread: the callees of a group have all settled, wherever they are, opened_ns
 * from the start; callers of that group dial. */
void engine_gate(struct engine *engine, uint32_t group, int64_t opened_ns);
/* With a share, any thread: a signal of another worker. */
void engine_signal(struct engine *engine, const struct engine_signal *signal);
/* Any thread. Hang up, de-register, close; whoever is not closed ENGINE_GRACE_NS later is cut off.
 */
void engine_interrupt(struct engine *engine);
#define ENGINE_GRACE_NS (INT64_C(5) * 1000 * 1000 * 1000)
/* Stops both threads and frees. */
void engine_free(struct engine *engine);

/* What this process may use now. */
void machine_read(struct machine *machine);

#endif
