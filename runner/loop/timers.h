/*
 * timers: the timers of one loop, a heap by due time. su's own timers count in milliseconds, and
 * poll without waiting during the last one. Private to runner/loop.
 */
#ifndef CMTEST_LOOP_TIMERS_H
#define CMTEST_LOOP_TIMERS_H

#include "cmtest/loop.h"

struct timers;

/* lag: takes how late each timer runs; it outlives them. */
struct timers *timers_new(struct lag_meter *lag);
/* Whatever waits on this thread from now on wakes for the first of them. NULL: no longer. */
void timers_wait(struct timers *timers);
/* Those that are due. */
void timers_run(struct timers *timers);
/* Those that are still set never run. */
void timers_free(struct timers *timers);
/* A timer that is set moves. */
void timers_set(struct timers *timers, struct loop_timer *timer, int64_t due_ns);
/* Of a timer that is set. */
void timers_remove(struct timers *timers, struct loop_timer *timer);

#endif
