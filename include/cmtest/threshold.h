/*
 * threshold: one line of a gate, its grammar, and its evaluation.
 *
 *   threshold  := metric [ "." statistic ] comparison number [ unit ] { clause }
 *   metric     := [ "send." | "receive." ] name            (metric.h)
 *   statistic  := avg | min | max | sum | count | rate | median | stddev | pN
 *                 (N = 1..99, also p99.9)
 *   comparison := ">=" | "<=" | ">" | "<" | "==" | "!="
 *   unit       := "%" | "us" | "ms" | "s" | "m" | "bps" | "kbps" | "Mbps" | "dBov" | "dBm0" | "ppm"
 *                 (that of the metric; only shares and times must have one), "/s" of a rate
 *   clause     := "in" group | "during" time | "of" whom | "abort" [ "after" duration ] | "warn"
 *                 (each at most once, in any order)
 *   time       := phase | "worst" duration [ "of" phase ]
 *   phase      := all | steady | ramp | registered | calling | ringing | negotiating | incall
 *   whom       := "worst endpoint" | number "%" [ "of" ] "endpoints"
 *   duration   := whole seconds up to a day: 10s, 5m, 1h
 *
 * A metric of kind rate needs no statistic (its value is the share); others do.
 *
 * Sample. What read() of the metric gives of one event; of one second of a stream, or one call.
 * Statistics of the samples x1..xn in scope:
 *   avg    their sum / n                       min, max  the lowest, the highest
 *   sum    all added up                        count     n
 *   rate   per second of the time that is judged (the run, the window, the phase): of a counter
 *          its sum, of any other metric n
 *   pN     nearest rank: the value number ceil(N/100 * n) in ascending order, within 0.1%
 *   median p50                                 stddev    of the population: the root of the mean
 *                                                        square of x - avg (divided by n)
 *
 * Time of a sample. The event's at_ns; of a second of a stream its middle. `in` and `during` leave
 * out what is not in scope before anything is computed.
 *   steady  from when every planned call was set up (its caller came into INCALL) or had ended, to
 *           the first BYE that an endpoint sends after it was in a call. When BYEs began before
 *           that, there is none.
 *   ramp    from the start of the run to the start of steady.
 *   others  the phase in which the endpoint of the sample was.
 * Windows ("worst 10s") begin at each whole second after the start of the run, and hold what falls
 * into them of all endpoints in scope. Those count that lie wholly between the first and the last
 * sample in scope (by whole seconds; and within steady or ramp): partial ones at the ends do not,
 * unless all of it is shorter than a window, which then is the only one. Of a window without a
 * sample count and rate are 0, and so is the sum of a counter; other statistics leave it out, as
 * they do windows with less than min_samples. The worst one is that which is furthest on the wrong
 * side of the limit, the earliest of several; it must hold.
 *
 * Endpoints ("of worst endpoint", "of 99% of endpoints"): the statistic is computed per endpoint;
 * at least that share of the endpoints that are due must satisfy it. Due is whoever owes a sample
 * (enum metric_due) in the group, or gave one. Who is due and gave none, or less than min_samples,
 * does not satisfy it; when min_coverage was given, and is met, who gave none is not counted.
 * Observed is the worst of the endpoints that had to satisfy it: of 99 of 100 the second worst.
 *
 * No data never passes: without a sample in scope it fails.
 *
 * Abort. A breach that later samples cannot mend (a max above its limit, a sum, a share of calls
 * that those left cannot raise any more, a window that is over) ends the run at once; any other
 * when it lasted for `after` (10 s) without a break. What is not measured never ends it.
 *
 * Memory of a threshold with a scope: per endpoint 120 bytes, for a percentile 8 bytes per sample
 * more up to 512 samples, then the buckets that are touched; per open second of a window the same.
 * With 5,000 endpoints and 60 s: 0.6 MB, for a percentile 3 MB.
 */
#ifndef CMTEST_THRESHOLD_H
#define CMTEST_THRESHOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/arena.h"
#include "cmtest/metric.h"

enum statistic {
    STAT_VALUE /* of a rate */,
    STAT_AVG,
    STAT_MIN,
    STAT_MAX,
    STAT_COUNT,
    STAT_QUANTILE,
    STAT_SUM,
    STAT_RATE,
    STAT_STDDEV
};
enum comparison { COMPARE_GE, COMPARE_LE, COMPARE_GT, COMPARE_LT, COMPARE_EQ, COMPARE_NE };

/* When a sample must have been. From DURING_REGISTERED on: the phase of its endpoint. */
enum threshold_phase {
    DURING_ALL,
    DURING_STEADY,
    DURING_RAMP,
    DURING_REGISTERED,
    DURING_CALLING,
    DURING_RINGING,
    DURING_NEGOTIATING,
    DURING_INCALL
};
#define THRESHOLD_PHASES 8
const char *threshold_phase_name(enum threshold_phase phase); /* "steady" */

struct threshold {
    const char *text; /* as written, white space squeezed */
    struct metric_key key;
    enum statistic statistic;
    double quantile; /* 0..1 with STAT_QUANTILE */
    enum comparison comparison;
    double
        limit; /* in the metric's own unit (ms, percent, ...); a plain number for a count or rate */
    const char *group; /* NULL: all */
    enum threshold_phase during;
    int64_t window_ns;     /* 0: not the worst window, but all */
    double endpoint_share; /* 0: not per endpoint; 1: of worst endpoint */
    bool abort;
    int64_t grace_ns; /* of abort: how long a breach must last that could still be mended */
    bool warn;
    uint64_t min_samples; /* with fewer it fails */
    double min_coverage;  /* share of what should be measured that must have been, 0..1 */
    bool implicit;        /* added by the plan, not written by the author */
    int line;             /* in the spec, 0 when implicit */
};

/* What is wrong with a threshold's text, and where in it. */
struct threshold_error {
    const char *code;      /* "unknown-metric", "missing-statistic", ... */
    size_t offset, length; /* bytes of the part that is wrong */
    char message[256];
    char hint[512];
};

/* Parses text into *threshold (strings from the arena). false: *error is filled. Does not check
 * that the group exists. Any input is safe. */
bool threshold_parse(const char *text, struct arena *arena, struct threshold *threshold,
                     struct threshold_error *error);

/* Whether its value is a plain number whatever the unit of the metric: a count or a rate. */
bool threshold_is_plain(const struct threshold *threshold);
/* Whether it is about a part of the run: a time, a window or single endpoints. */
bool threshold_is_scoped(const struct threshold *threshold);

/* Prints a value of the threshold's kind for people: "94.0%", "4.21", "312 ms", "1.20 s". */
void threshold_format(const struct threshold *threshold, double value, char *out, size_t size);

#endif
