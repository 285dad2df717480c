/*
 * engine: one worker. It runs the endpoints of a plan on two threads: signalling (SIP, timers, the
 * phased dispatch) and media (pacing, RTP sockets, statistics), and tells everything as events.
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

struct engine;

struct engine_config {
    event_fn *event; /* called on both threads of the engine: must be safe to */
    void *to;
    void (*finished)(void *arg); /* on the signalling thread, once, when all endpoints are closed */
    void *arg;
};

/* Starts; the ports of embedded registrars are known by now. plan and config outlive the engine.
 * NULL when this machine cannot run it: a sentence in why that names what and where. */
struct engine *engine_start(const struct plan *plan, const struct engine_config *config, char *why,
                            size_t why_size);
/* Any thread. Hang up, de-register, close; whoever is not closed ENGINE_GRACE_NS later is cut off.
 */
void engine_interrupt(struct engine *engine);
#define ENGINE_GRACE_NS (INT64_C(5) * 1000 * 1000 * 1000)
/* Stops both threads and frees. */
void engine_free(struct engine *engine);

/* What this process may use now. */
void machine_read(struct machine *machine);

#endif
