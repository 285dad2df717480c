/* lock: mutexes between the media thread and others. */
#ifndef CMTEST_LOOP_LOCK_H
#define CMTEST_LOOP_LOCK_H

#include <pthread.h>

/* Who holds it gets the priority of whoever waits for it (PTHREAD_PRIO_INHERIT): otherwise a
 * signalling thread that lost its CPU just then would stop the real-time one for as long as the
 * machine is busy. Where there is no such mutex it is a plain one. To be ended by
 * pthread_mutex_destroy(). */
void lock_init(pthread_mutex_t *lock);

#endif
