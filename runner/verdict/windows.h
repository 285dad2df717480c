/*
 * windows: the samples of a threshold by seconds, and the statistic of each window of so many
 * seconds. A window is computed when its last second is some seconds ago, and its first second then
 * given back: values are kept of one window, and 130 bytes per second of the run. Private to
 * runner/verdict.
 */
#ifndef VERDICT_WINDOWS_H
#define VERDICT_WINDOWS_H

#include "meter.h"

/* Seconds of a run that windows are kept of: a week. */
#define WINDOWS_MAX (7 * 86400)

struct window_value {
    double value; /* NaN: no sample */
    uint64_t samples;
};

struct windows {
    const struct threshold *threshold;
    int64_t started_ns;
    uint32_t length; /* seconds of a window */
    struct meter *slots;
    struct window_value *values; /* [i]: of the window that begins with second i */
    uint32_t count, capacity;    /* seconds */
    uint32_t valued;             /* windows that are computed */
    uint32_t first, last;        /* seconds with a sample; valid when count > 0 */
    uint64_t lost;               /* samples that came too late, or from outside of the run */
};

void windows_init(struct windows *windows, const struct threshold *threshold, int64_t started_ns);
void windows_fini(struct windows *windows);
void windows_add(struct windows *windows, int64_t at_ns, double value, struct metric_scale scale);

struct window_worst {
    bool found;
    double value;
    uint64_t samples;
    int64_t from_ns, to_ns;
};

/* Of the windows in [from, to) that are over; all: of the others too, for nothing more comes. */
struct window_worst windows_worst(struct windows *windows, int64_t from_ns, int64_t to_ns,
                                  bool all);

/* How far on the wrong side of the limit a value is: comparable, the greatest is the worst. */
double windows_badness(const struct threshold *threshold, double value);

#endif
