/*
 * execution: run a plan somewhere and judge what came of it. One row per place under
 * runner/execution/backends/ (local, platform).
 */
#ifndef CMTEST_EXECUTION_H
#define CMTEST_EXECUTION_H

#include <signal.h>
#include <stdint.h>
#include "cmtest/event.h"
#include "cmtest/plan.h"
#include "cmtest/platform.h"
#include "cmtest/result.h"

/* What a run on a platform needs. Strings are borrowed. */
struct execution_remote {
    struct platform_config config;
    const char *project, *test; /* ids; test NULL: one is made from document */
    const char *document;       /* the spec, normalised (spec_save()) */
    const char *resume;         /* id of a run that was started before; NULL: it is started */
    bool allow_drift;           /* the platform's test may be another than the spec's */
    int64_t capacity_ns;        /* how long to try again when it has no capacity; 0: not */
    int64_t poll_ns;            /* between two questions for the status; 0: 2 s */
    /* Each status as it changes, the id with the first; a word of warning. May be NULL. */
    void (*status)(void *to, const struct platform_run *run);
    void (*warn)(void *to, const char *text);
    void *to;
};

/* Who watches a run. All calls come from the thread that called run(). */
struct execution_watch {
    void (*event)(void *to, const struct event *event); /* each event, in order of arrival */
    void (*tick)(void *to, int64_t now_ns);             /* about 20 times a second */
    void *to;
    const volatile sig_atomic_t *interrupts; /* counted up by a signal handler: 1 ends the run in
                                                order, 2 cuts it off */
    const char
        *journal; /* file that all events are kept in while it runs (journal.h); NULL: none */
    const char *case_name; /* of a matrix, for the journal; NULL */
    char *journal_why;     /* a sentence of what went wrong with it; empty when nothing did. The run
                              goes on without. NULL: not to be told */
    size_t journal_why_size;
    const struct execution_remote *remote; /* for the platform; else NULL */
    const char *const *why; /* *why: the reason when nobody interrupted it, which becomes the error
                               of the result (a time limit); NULL, or *why is NULL: somebody did */
};

struct execution_backend {
    const char *name;
    const char *help;
    /* Runs to the end and judges; owned result, never NULL: what could not be run is an error
     * verdict with its reason. The plan's embedded registrars get their ports. */
    struct result *(*run)(struct plan *plan, const struct execution_watch *watch);
};

extern const struct execution_backend *const execution_backends[];
const struct execution_backend *execution_backend_find(const char *name);

/* Starts the plan's run on the platform, or asks for it (remote->resume), without waiting for its
 * end. false: why is a sentence. */
bool execution_submit(const struct plan *plan, const struct execution_watch *watch,
                      struct platform_run *run, char *why, size_t why_size);

#endif
