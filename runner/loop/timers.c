#include "timers.h"
#include "cmtest/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct timers;
#define SU_WAKEUP_ARG_T struct timers
#include <sofia-sip/su_time.h>
#include <sofia-sip/su_wait.h>

struct timers {
    su_root_t *root;
    struct lag_meter *lag;
    su_wait_t wait;
    int registration, fd;
    int64_t armed_ns; /* what fd waits for; INT64_MAX: nothing */
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

/* One that waits for too early a time wakes once in vain: cheaper than to move it each time. */
static void arm(struct timers *timers)
{
    int64_t due = timers->count ? timers->heap[1]->due_ns : INT64_MAX;
    if (due >= timers->armed_ns)
        return;
    int64_t at = due > 0 ? due : 1; /* all zeros would disarm it */
    struct itimerspec when = {.it_value = {.tv_sec = at / NS_PER_S, .tv_nsec = at % NS_PER_S}};
    timerfd_settime(timers->fd, TFD_TIMER_ABSTIME, &when, NULL);
    timers->armed_ns = due;
}

static int expire(su_root_magic_t *magic, su_wait_t *wait, struct timers *timers)
{
    (void)magic;
    (void)wait;
    uint64_t ignored;
    while (read(timers->fd, &ignored, sizeof ignored) < 0 && errno == EINTR)
        ;
    timers->armed_ns = INT64_MAX;
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
    arm(timers);
    return 0;
}

struct timers *timers_new(void *root, struct lag_meter *lag)
{
    struct timers *timers = mem_alloc(sizeof *timers);
    timers->root = root;
    timers->lag = lag;
    timers->armed_ns = INT64_MAX;
    timers->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timers->fd < 0 || su_wait_create(&timers->wait, timers->fd, SU_WAIT_IN) < 0) {
        free(timers);
        return NULL;
    }
    timers->registration = su_root_register(timers->root, &timers->wait, expire, timers, 0);
    return timers;
}

void timers_free(struct timers *timers)
{
    for (size_t i = 1; i <= timers->count; i++)
        timers->heap[i]->place = 0;
    su_root_deregister(timers->root, timers->registration);
    close(timers->fd);
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
    arm(timers);
}

void timers_remove(struct timers *timers, struct loop_timer *timer)
{
    take(timers, timer);
}
