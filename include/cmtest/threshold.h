/*
 * threshold: one line of a gate, its grammar, and its evaluation.
 *
 *   threshold  := metric [ "." statistic ] comparison number [ unit ] [ "in" group ] [ "warn" ]
 *   metric     := [ "send." | "receive." ] name            (metric.h)
 *   statistic  := avg | min | max | count | pN             (N = 1..99, also p99.9)
 *   comparison := ">=" | "<=" | ">" | "<" | "==" | "!="
 *   unit       := "%" | "us" | "ms" | "s" | "m" | "bps" | "kbps" | "Mbps" | "dBov" | "dBm0" | "ppm"
 *                 (that of the metric; only shares and times must have one)
 *
 * A rate needs no statistic (its value is the share); a distribution does. No data never passes.
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
    STAT_QUANTILE
};
enum comparison { COMPARE_GE, COMPARE_LE, COMPARE_GT, COMPARE_LT, COMPARE_EQ, COMPARE_NE };

struct threshold {
    const char *text; /* as written, white space squeezed */
    struct metric_key key;
    enum statistic statistic;
    double quantile; /* 0..1 with STAT_QUANTILE */
    enum comparison comparison;
    double limit; /* in the metric's own unit (ms, percent, ...); a plain count for STAT_COUNT */
    const char *group; /* NULL: all */
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

/* Prints a value of the threshold's kind for people: "94.0%", "4.21", "312 ms", "1.20 s". */
void threshold_format(const struct threshold *threshold, double value, char *out, size_t size);

#endif
