/*
 * crew: the workers of a run, each a process, and the one who keeps them together: their parent, on
 * one thread. What they tell is merged in the order of its coming. A worker that dies takes its
 * endpoints with it: each of them that was not closed ends as OSERROR, and the others go on.
 */
#ifndef CMTEST_EXECUTION_CREW_H
#define CMTEST_EXECUTION_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/event.h"
#include "cmtest/plan.h"

struct crew;

struct crew_config {
    struct plan *plan; /* embedded registrars get their ports */
    uint32_t workers;
    uint32_t streams; /* at once, of all of them: engine.h */
    event_fn *event;
    void *to;
    /* Something of ours is gone or was lost: a sentence, and what was measured is not all. */
    void (*trouble)(void *to, const char *what);
};

/* Starts the processes, and the run. No other thread may live now. NULL: why says what could not be
 * had. config is copied. */
struct crew *crew_start(const struct crew_config *config, char *why, size_t why_size);
/* Takes what they tell, until until_ns at the latest. false: all endpoints are closed. */
bool crew_turn(struct crew *crew, int64_t until_ns);
/* The most events that had waited for us in one of them, since the last time. */
uint32_t crew_backlog(struct crew *crew);
void crew_interrupt(struct crew *crew);
/* Ends them: what they still have to tell is told. Kills whoever does not end within
 * CREW_PATIENCE_NS. */
void crew_free(struct crew *crew);
#define CREW_PATIENCE_NS (INT64_C(10) * 1000 * 1000 * 1000)

#endif
