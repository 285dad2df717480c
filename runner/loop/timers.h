/*
 * timers: the timers of one loop, a heap by due time behind one timerfd. su's own timers count in
 * milliseconds, and poll without waiting during the last one. Private to runner/loop.
 */
#ifndef CMTEST_LOOP_TIMERS_H
#define CMTEST_LOOP_TIMERS_H

#include "cmtest/loop.h"

struct timers;

/* root: the su_root_t that wakes it; lag: takes how late each timer runs. Both outlive it. NULL:
 * errno. */
struct timers *timers_new(void *root, struct lag_meter *lag);
/* Those that are still set never run. */
void timers_free(struct timers *timers);
/* A timer that is set moves. */
void timers_set(struct timers *timers, struct loop_timer *timer, int64_t due_ns);
/* Of a timer that is set. */
void timers_remove(struct timers *timers, struct loop_timer *timer);

#endif
