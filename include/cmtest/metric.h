/*
 * metric: metrics are readers of events. One row per metric under runner/metric/metrics/; a new
 * metric is a new file and a new line in its table.def, and thresholds, reports and help pick it
 * up; what a second of a stream tells is a line of readings.def instead. Rows are const. Values are
 * kept per metric, direction and group, mergeable by addition.
 */
#ifndef CMTEST_METRIC_H
#define CMTEST_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/event.h"

enum metric_kind {
    METRIC_COUNTER, /* a count per endpoint or second; adds up */
    METRIC_RATE,    /* a share: each sample is 0 or 1 of something; the value is its mean in % */
    METRIC_DISTRIBUTION /* a gauge or a duration: has avg, percentiles, ... */
};

enum metric_unit {
    UNIT_NONE,
    UNIT_PERCENT,
    UNIT_MS,
    UNIT_PACKETS,
    UNIT_BYTES,
    UNIT_PPM,
    UNIT_DBOV, /* dB over a full-scale square wave */
    UNIT_DBM,  /* dBm0 */
    UNIT_BPS,  /* bit/s */
    UNIT_PER_SECOND
};

/* Which endpoints owe a sample, so that coverage can be told. */
enum metric_due {
    DUE_ENDPOINT, /* every endpoint */
    DUE_CALL,     /* every caller: one per planned call */
    DUE_SIDE,     /* each side of a call that was established */
    DUE_FAILED,   /* every caller whose INVITE was refused or not answered */
    DUE_STEPS     /* every endpoint of a group with a scenario */
};

/* What a group must have for its endpoints to give any sample. */
enum metric_needs {
    NEEDS_NOTHING,
    NEEDS_DECODING, /* received audio that is decoded; what is sent needs none */
    NEEDS_SRTP,     /* media that may be encrypted */
    NEEDS_DTLS      /* with keys by DTLS */
};

/* Of what is told each second: a part of a second is no sample of everything. */
enum metric_share {
    SHARE_ANY,
    SHARE_SAMPLE, /* event_second_is_sample() */
    SHARE_WHOLE   /* 1000 ms */
};

/* Which way a value is to move for a call to be better. Of most counts neither is: they follow from
 * what was asked for. */
enum metric_better { BETTER_NEITHER, BETTER_HIGHER, BETTER_LOWER };

/* A row may exist in one or both directions, or in none (METRIC_PLAIN, e.g. post_dial_delay). */
enum { METRIC_PLAIN = 1 << 0, METRIC_SEND = 1 << 1, METRIC_RECEIVE = 1 << 2 };

struct metric {
    const char *name; /* "mos", "calls.success_rate": no direction prefix */
    enum metric_kind kind;
    enum metric_unit unit; /* of the values read() gives: ms, percent (0..100), packets, ... */
    unsigned directions;
    const char *category; /* one of the eight of the seeds, lower case: "quality scores" ... */
    const char *help;     /* one sentence: what is measured, from when to when */
    const char *standard; /* the clause or paper that defines it */
    enum metric_due due;
    enum metric_needs needs;
    double highest;      /* no value is above this; 0: unbounded */
    bool signed_values;  /* a value, and so a limit, may be below 0 */
    bool scaled;         /* on the scale of the codec (emodel.h) */
    bool own_timing;     /* bent when our own sender is late: such a failure proves nothing */
    bool own_signalling; /* the same when our own SIP is late, or lost what had arrived */
    bool
        discards; /* what a playout buffer discarded as late is in it: bent by much lateness only */
    enum metric_better better;
    /* The key of the same number at CallMeter, where it is known; NULL. The second: in the
     * direction of sending, when it has another name. */
    const char *callmeter, *callmeter_send;
    enum event_kind reads; /* the only events that hold samples of it */
    /* Of the rows that readings.def makes: which reading, and how much of a second a sample needs;
     * whoever reads thousands of them each second needs no read() then. */
    bool of_second;
    enum reading reading;
    enum metric_share share;
    /* true and *value when this event holds a sample of this metric: in its unit, but 0 or 1 of a
     * rate. direction: which of the row's directions is asked (ignored by plain rows). */
    bool (*read)(const struct event *event, enum event_direction direction, double *value);
};

/* NULL-terminated: table.def, then readings.def. */
extern const struct metric *const metrics[];

/* read(), but at once when the event cannot hold a sample: for whoever asks many rows. */
static inline bool metric_read(const struct metric *metric, const struct event *event,
                               enum event_direction direction, double *value)
{
    if (metric->reads != event->kind)
        return false;
    if (metric->of_second &&
        (event->second.direction != direction || !second_knows(&event->second, metric->reading)))
        return false;
    return metric->read(event, direction, value);
}

/* A metric in one direction: METRIC_PLAIN, METRIC_SEND or METRIC_RECEIVE. */
struct metric_key {
    const struct metric *metric;
    unsigned direction;
};

/* "receive.mos" or "calls.success_rate" (length bytes). false when unknown, or when the row does
 * not exist in that direction. */
bool metric_key_find(const char *name, size_t length, struct metric_key *key);
/* The reverse: "receive.mos" into out. */
void metric_key_name(const struct metric_key *key, char *out, size_t size);
const char *metric_unit_suffix(enum metric_unit unit); /* "", "%", "ms", " packets", ... */

/* ---- aggregates ------------------------------------------------------------------------- */

/* A mergeable distribution: exact count, sum, min, max; percentiles from logarithmic buckets with
 * a relative error of at most 0.1% (the bucket scheme of DDSketch, Masson et al. 2019), and exact
 * where all values of a bucket are the same: a constant 490 never reads as 489.8. Negative values
 * have mirrored buckets; what is not finite is not taken. */
struct aggregate;

struct aggregate *aggregate_new(void);
void aggregate_free(struct aggregate *aggregate);
void aggregate_add(struct aggregate *aggregate, double value);
void aggregate_merge(struct aggregate *into, const struct aggregate *from);
uint64_t aggregate_count(const struct aggregate *aggregate);
double aggregate_sum(const struct aggregate *aggregate);
/* NaN when count is 0. q in 0..1, nearest rank: the value below or at which a share q lies. */
double aggregate_min(const struct aggregate *aggregate);
double aggregate_max(const struct aggregate *aggregate);
double aggregate_avg(const struct aggregate *aggregate);
double aggregate_stddev(const struct aggregate *aggregate); /* of the population */
double aggregate_quantile(const struct aggregate *aggregate, double q);

/* All aggregates of a run: per metric key and group, and over all groups; and coverage: how many
 * endpoints gave at least one sample. Feed every event; order does not matter within an endpoint.
 */
struct metric_store;

struct metric_store *metric_store_new(const struct roster *roster);
void metric_store_free(struct metric_store *store);
void metric_store_event(struct metric_store *store, const struct event *event);
/* group ROSTER_NONE: all groups. Never NULL; an empty aggregate when there is no sample. It is what
 * was told until now, and knows nothing of what comes after. */
const struct aggregate *metric_store_get(const struct metric_store *store,
                                         const struct metric_key *key, uint32_t group);
/* What the values of a scaled metric are on. Values of different scales are not comparable, and an
 * average over them says little: whoever shows one says so. */
struct metric_scale {
    unsigned scales;  /* a bit per enum emodel_scale; 0: no sample, or not of a scaled metric */
    bool provisional; /* of a codec whose planning values no recommendation publishes */
};
struct metric_scale metric_store_scale(const struct metric_store *store,
                                       const struct metric_key *key, uint32_t group);
/* "narrow", "wide", "full", "mixed"; NULL: none. */
const char *metric_scale_name(struct metric_scale scale);
/* Whether this endpoint gave a sample. */
bool metric_store_covers(const struct metric_store *store, const struct metric_key *key,
                         uint32_t endpoint);
/* Endpoints with at least one sample. */
uint32_t metric_store_coverage(const struct metric_store *store, const struct metric_key *key,
                               uint32_t group);

#endif
