/*
 * gauge: what a threshold with a scope has seen: the samples of a phase, of each endpoint, or of
 * windows. The metric store has all samples of a run; this is fed beside it, and only where a
 * threshold asks. Samples wait a few seconds before they are counted, until it is known in what
 * phase they were; so the order in which events come within that time makes no difference. Private
 * to runner/verdict.
 */
#ifndef VERDICT_GAUGE_H
#define VERDICT_GAUGE_H

#include "course.h"
#include "meter.h"
#include "windows.h"

#define GAUGE_WAIT_NS INT64_C(3000000000)

struct gauge {
    const struct threshold *threshold;
    uint32_t group; /* ROSTER_NONE: all */
    bool used;      /* has a scope, and its group exists */
    struct meter all;
    struct meter *endpoints; /* [endpoint]; NULL: not per endpoint */
    struct windows windows;
    uint8_t *seen; /* a bit per endpoint with a sample */
    uint32_t covered;
    /* Whole seconds in which packets were agreed to come, those in which none came, and of whom. */
    uint32_t agreed, silent, silent_first;
    struct silence *silences; /* the same of each endpoint, where there are meters of each */
};

struct silence {
    uint32_t agreed, silent;
};

struct gauge_sample {
    int64_t at_ns;
    double value;
    uint32_t endpoint, gauge;
    struct metric_scale scale;
    bool measured, agreed, silent;
};

struct gauges {
    const struct roster *roster;
    struct course course;
    struct gauge *list; /* one per threshold */
    size_t count;
    bool any;                     /* one of them is used */
    int64_t newest_ns;            /* of the times of samples */
    struct gauge_sample *waiting; /* a ring */
    size_t waiting_first, waiting_count, waiting_capacity;
};

struct gauges *gauges_new(const struct roster *roster, const struct threshold *thresholds,
                          size_t count, int64_t started_ns);
void gauges_free(struct gauges *gauges);
/* Of an endpoint of the roster. An outcome is no sample yet: a worse one may replace it. */
void gauges_event(struct gauges *gauges, const struct event *event);
/* An event as a sample only, an outcome too. */
void gauges_sample(struct gauges *gauges, const struct event *event);
/* Counts what still waits: nothing more comes. */
void gauges_finish(struct gauges *gauges);

bool gauge_seen(const struct gauge *gauge, uint32_t endpoint);

#endif
