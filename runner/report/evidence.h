/*
 * evidence: the files about calls that did not end well: what both of their sides sent and received
 * as a ladder, the messages themselves, and the same as packets. Private to runner/report.
 *
 * A pure function of the result, so that every report knows the names. 50 calls of two traces
 * (RESULT_TRACE_MAX) and two timelines (RESULT_TIMELINE_MAX) stay below 32 MiB of files.
 */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "cmtest/result.h"
#include "cmtest/text.h"

#define EVIDENCE_FOLDER "evidence"
#define EVIDENCE_CALLS_MAX 50
#define EVIDENCE_WIDTH 80
/* Of a ladder with as many lines of life as there can be; four fit into EVIDENCE_WIDTH. */
#define EVIDENCE_WIDTH_MAX 100

enum { EVIDENCE_CALLER, EVIDENCE_CALLEE, EVIDENCE_SIDES };

/* One call. */
struct evidence {
    uint32_t sides[EVIDENCE_SIDES]; /* endpoints; ROSTER_NONE for one that is outside */
    bool traced;                    /* there are messages for a capture */
    char name[96];                  /* of its files, without their endings; safe everywhere */
};

struct evidence_list {
    struct evidence calls[EVIDENCE_CALLS_MAX]; /* worst first */
    uint32_t count;
    uint32_t left_out; /* calls that did not end well either */
};

/* The calls with a side of severity 1 or more of which a message was seen: the severest first,
 * those with a trace before those without, and of each kind of ending one before the second of any.
 */
void evidence_choose(struct evidence_list *list, const struct result *result);
/* The call that an endpoint is part of; NULL when it is not in the list. */
const struct evidence *evidence_of(const struct evidence_list *list, uint32_t endpoint);

/* Its files, one row per ending; i counts from 0, NULL when there is no such file. Relative to the
 * output folder: "evidence/callers-12.txt". Borrowed until the next call with the same out. */
const char *evidence_path(const struct evidence *call, size_t i, struct text *out);

/* Writes the files of the list, and removes those of an earlier run. */
bool evidence_write(const struct result *result, const char *folder, struct text *failed);
/* Only the latter. folder: of the run. */
void evidence_remove(const char *folder);

/* A message as one side of a call saw it. */
struct evidence_step {
    int64_t at_ns;
    unsigned side;
    uint32_t order;  /* of equal times */
    uint32_t number; /* for people, from 1; 0 for one that is shown elsewhere */
    bool
        elsewhere; /* received, and shown where the other side, without a server between, sent it */
    struct event_message facts;
    const struct result_message *bytes; /* NULL when they were not kept */
};

struct evidence_steps {
    struct evidence_step *list; /* in the order of time */
    size_t count;
};

/* Owned by the caller: free(steps->list). */
void evidence_collect(struct evidence_steps *steps, const struct result *result,
                      const struct evidence *call);

/* The ladder: a line per step, at most EVIDENCE_WIDTH_MAX columns of ASCII. */
void evidence_ladder(const struct result *result, const struct evidence *call,
                     const struct evidence_steps *steps, struct text *out);
/* The figures of both sides, by the names of their metrics. */
void evidence_timings(const struct result *result, const struct evidence *call,
                      const struct evidence_steps *steps, struct text *out);
/* The whole text of a call. */
void evidence_text(const struct result *result, const struct evidence *call, struct text *out);
/* A capture in the classic pcap format of the messages that were kept whole. */
void evidence_pcap(const struct result *result, const struct evidence *call, struct text *out);

#endif
