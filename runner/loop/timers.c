#include "timers.h"
#include "cmtest/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include <sofia-sip/su_time.h>

struct timers {
    struct lag_meter *lag;
    struct loop_timer **heap;
    size_t count, capacity;
    uint64_t order; /* of the newest */
};

/* sofia-sip's own timers (the transactions') come by here when its loop asks how long to wait. Its
 * function cuts to whole milliseconds, and so the loop would poll again and again, without waiting,
 * for the rest of one: this rounds up. The library calls it through its PLT. */
su_duration_t su_duration(su_time_t later, su_time_t earlier)
{
    int64_t us = ((int64_t)later.tv_sec - (int64_t)earlier.tv_sec) * 1000000 +
                 ((int64_t)later.tv_usec - (int64_t)earlier.tv_usec);
    int64_t ms = us > 0 ? (us + 999) / 1000 : us / 1000;
    if (ms > SU_DURATION_MAX)
        return SU_DURATION_MAX;
    return ms < -SU_DURATION_MAX ? -SU_DURATION_MAX : (su_duration_t)ms;
}

/* ---- the heap: places count from 1, the parent of n is n / 2 ----------------------------------
 */

static bool is_before(const struct timers *timers, size_t a, size_t b)
{
    const struct loop_timer *x = timers->heap[a], *y = timers->heap[b];
    return x->due_ns != y->due_ns ? x->due_ns < y->due_ns : x->order < y->order;
}

static void swap(struct timers *timers, size_t a, size_t b)
{
    struct loop_timer *moved = timers->heap[a];
    timers->heap[a] = timers->heap[b];
    timers->heap[b] = moved;
    timers->heap[a]->place = a;
    timers->heap[b]->place = b;
}

static void settle(struct timers *timers, size_t place)
{
    for (; place > 1 && is_before(timers, place, place / 2); place /= 2)
        swap(timers, place, place / 2);
    for (size_t child; (child = 2 * place) <= timers->count; place = child) {
        if (child < timers->count && is_before(timers, child + 1, child))
            child++;
        if (!is_before(timers, child, place))
            break;
        swap(timers, child, place);
    }
}

static void take(struct timers *timers, struct loop_timer *timer)
{
    size_t place = timer->place, last = timers->count;
    if (place != last)
        swap(timers, place, last);
    timers->count--;
    timer->place = 0;
    if (place != last)
        settle(timers, place);
}

/* ---- the clock ---------------------------------------------------------------------------- */

/* Whose loop is in a step on this thread. */
static _Thread_local struct timers *waiting;

void timers_wait(struct timers *timers)
{
    waiting = timers;
}

/* sofia-sip's loop waits in here, by whole milliseconds; this wakes it for our first timer, to
 * its 50 us of slack. The library calls it through its PLT. A descriptor of a timer would cost
 * three more system calls each time, one of which sets the clock of the machine. */
int epoll_wait(int fd, struct epoll_event *events, int count, int timeout_ms)
{
    static const struct timespec now = {0};
    if (!waiting || waiting->count == 0 || timeout_ms == 0)
        return epoll_pwait(fd, events, count, timeout_ms, NULL);
    int64_t left = waiting->heap[1]->due_ns - clock_now();
    if (timeout_ms > 0 && left > timeout_ms * NS_PER_MS)
        return epoll_pwait(fd, events, count, timeout_ms, NULL);
    struct timespec until = {.tv_sec = left / NS_PER_S, .tv_nsec = left % NS_PER_S};
    int got = epoll_pwait2(fd, events, count, left > 0 ? &until : &now, NULL);
    if (got >= 0 || errno != ENOSYS) /* Linux before 5.11 */
        return got;
    timeout_ms = left > 0 ? (int)((left + NS_PER_MS - 1) / NS_PER_MS) : 0;
    return epoll_pwait(fd, events, count, timeout_ms, NULL);
}

void timers_run(struct timers *timers)
{
    if (!timers->count)
        return;
    /* Those that are set meanwhile for a time that has passed run in the next turn, behind what
     * sockets have to say. */
    int64_t now = clock_now();
    uint64_t newest = timers->order;
    while (timers->count && timers->heap[1]->due_ns <= now && timers->heap[1]->order <= newest) {
        struct loop_timer *timer = timers->heap[1];
        take(timers, timer);
        /* Those before it in this turn may have taken long. */
        lag_add(timers->lag, clock_now() - timer->due_ns);
        timer->run(timer->arg);
    }
}

struct timers *timers_new(struct lag_meter *lag)
{
    struct timers *timers = mem_alloc(sizeof *timers);
    timers->lag = lag;
    return timers;
}

void timers_free(struct timers *timers)
{
    for (size_t i = 1; i <= timers->count; i++)
        timers->heap[i]->place = 0;
    free(timers->heap);
    free(timers);
}

void timers_set(struct timers *timers, struct loop_timer *timer, int64_t due_ns)
{
    timer->due_ns = due_ns;
    timer->order = ++timers->order;
    if (!timer->place) {
        if (timers->count + 1 >= timers->capacity) {
            timers->capacity = timers->capacity ? 2 * timers->capacity : 64;
            timers->heap = mem_grow(timers->heap, timers->capacity, sizeof(struct loop_timer *));
        }
        timer->place = ++timers->count;
        timers->heap[timer->place] = timer;
    }
    settle(timers, timer->place);
}

void timers_remove(struct timers *timers, struct loop_timer *timer)
{
    take(timers, timer);
}
