/*
 * event_line: events as JSON lines, for who watches a run by a program. One object per line, with
 * `kind`; schema/events.schema.json describes them. Times are UTC in seconds with a fraction,
 * durations seconds; what was not measured is absent. No credential can be in them.
 */
#ifndef CMTEST_EVENT_LINE_H
#define CMTEST_EVENT_LINE_H

#include "cmtest/result.h"
#include "cmtest/text.h"

/* Adds the line of an event with its newline; nothing for kinds that have none (pieces of traces).
 * number: of the case, from 1. */
void event_line(const struct roster *roster, unsigned number, const struct event *event,
                struct text *out);

/* What stands around the events of a case. */
struct event_line_case {
    unsigned number, count;                       /* from 1 */
    unsigned attempt;                             /* from 1 */
    const char *name, *spec, *case_name, *folder; /* may be NULL */
    uint64_t seed;
};

void event_line_start(int64_t at_ns, unsigned cases, uint64_t seed, struct text *out);
void event_line_case(int64_t at_ns, const struct event_line_case *one, const struct roster *roster,
                     struct text *out);
void event_line_verdict(const struct event_line_case *one, const struct result *result,
                        struct text *out);
void event_line_skipped(int64_t at_ns, const struct event_line_case *one, const char *why,
                        struct text *out);
/* lost: lines that the reader was too slow for. */
void event_line_end(int64_t at_ns, int exit_code, uint64_t lost, struct text *out);

#endif
