/*
 * course: when the parts of a run were: the ramp, the steady time, and the phases of each endpoint.
 * It is asked about times some seconds ago, when their events have come. Private to runner/verdict.
 */
#ifndef VERDICT_COURSE_H
#define VERDICT_COURSE_H

#include "cmtest/event.h"
#include "cmtest/threshold.h"

struct course {
    const struct roster *roster;
    int64_t started_ns;
    int64_t *phases;      /* [endpoint][phase]: when it was reached, EVENT_NONE */
    uint8_t *settled;     /* a bit per endpoint: its planned call is set up or has ended */
    uint32_t unsettled;   /* planned calls that are not */
    bool no_callers;      /* every call comes from outside: each endpoint stands for one */
    int64_t settled_ns;   /* when the last one was; valid with unsettled 0 */
    int64_t first_bye_ns; /* EVENT_NONE: none was sent */
};

void course_init(struct course *course, const struct roster *roster, int64_t started_ns);
void course_fini(struct course *course);
/* Of an endpoint of the roster. */
void course_event(struct course *course, const struct event *event);

/* The limits of ramp or steady, or of the run, as far as it went by `now`; false: there is no
 * steady time (yet). */
bool course_limits(const struct course *course, enum threshold_phase during, int64_t now_ns,
                   int64_t *from_ns, int64_t *to_ns);
/* Whether a sample of this time and endpoint is in scope. */
bool course_holds(const struct course *course, enum threshold_phase during, uint32_t endpoint,
                  int64_t at_ns);

#endif
