/* attempt: one run of one case, watched: signals, the time limit, the display, the events. */
#ifndef CMTEST_CLI_ATTEMPT_H
#define CMTEST_CLI_ATTEMPT_H

#include "display.h"
#include "stream.h"
#include "batch.h"
#include "cmtest/event_line.h"
#include "cmtest/result.h"

#include <signal.h>

struct watcher {
    const struct options *options;
    const struct batch *batch;
    struct stream *stream; /* of --events; NULL */
    int64_t deadline_ns;   /* of the invocation; 0: none */
    bool timed_out, told;
    char timeout[160];            /* the sentence about it */
    const char *why;              /* that, once it is so */
    struct display *display;      /* of this attempt */
    struct event_line_case event; /* the same */
    const struct roster *roster;
    volatile sig_atomic_t stops; /* interrupts, and the time limit as one of them */
};

/* Takes over the signals; one per program. false after a sentence. */
bool watcher_init(struct watcher *watcher, const struct batch *batch,
                  const struct options *options);
/* false after a sentence: not all events were written. */
bool watcher_fini(struct watcher *watcher, int exit_code);

/* Why no further case begins, one sentence without its dot; NULL: nothing is in the way. */
const char *watcher_stopped(const struct watcher *watcher);
/* Whether that ended a run or, when some were skipped, kept them from beginning. */
bool watcher_timed_out(const struct watcher *watcher, bool skipped);
bool watcher_interrupted(const struct watcher *watcher);

/* Where an attempt keeps its events (journal.h). */
struct keeping {
    const char *path;
    char why[512]; /* what went wrong with it, one sentence; empty: nothing did */
};

/* number: of the case, attempt: of it; from 1. Owned by the caller; it borrows the plan. */
struct result *attempt_run(struct watcher *watcher, const struct batch_case *one, unsigned number,
                           unsigned attempt, struct keeping *keeping);
void watcher_skipped(struct watcher *watcher, const struct batch_case *one, unsigned number,
                     const char *why);

#endif
