/*
 * loop: the fd and timer loop of one thread, and the only reader of the clock.
 *
 * A loop belongs to the thread that runs it; only loop_post() and loop_stop() may be called from
 * another one. Built on sofia-sip's su_root, because the SIP stack runs on it.
 */
#ifndef CMTEST_LOOP_H
#define CMTEST_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* CLOCK_MONOTONIC in ns. */
int64_t clock_now(void);
/* The UTC time (ns since 1970) of a clock_now() value. The distance between the two clocks is read
 * once per process, so that a step of the wall clock never bends a duration. */
int64_t clock_utc(int64_t now_ns);
/* The reverse: a CLOCK_REALTIME stamp (of the kernel) as a clock_now() value, by the distance of
 * this moment; for packet arrival times. */
int64_t clock_from_realtime(int64_t realtime_ns);
/* Sleeps until clock_now() >= until_ns (absolute, so no drift). */
void clock_sleep_until(int64_t until_ns);

struct loop;

struct loop *loop_new(void); /* ends the program when the OS refuses */
void loop_free(struct loop *loop);

/* Runs until loop_stop(). */
void loop_run(struct loop *loop);
/* One turn of it: waits for whatever is first (a second at most), and does what there is to do. */
void loop_step(struct loop *loop);
/* Any thread. A loop_run() that is not yet running returns at once when it starts. */
void loop_stop(struct loop *loop);

/* The one door between threads: run(arg) will be called on the loop's thread, in order of posting.
 * What is still queued when the loop is freed is not run. */
void loop_post(struct loop *loop, void (*run)(void *arg), void *arg);

/* One-shot timers. A timer is embedded by its owner, zeroed before first use, and must be
 * cancelled before its memory goes. Setting a set timer moves it. Never early, and late only by
 * what else the thread does; those due at the same time run in the order in which they were set. */
struct loop_timer {
    size_t place;   /* in the loop's heap, from 1; 0: not set */
    uint64_t order; /* of setting, among the loop's */
    void (*run)(void *arg);
    void *arg;
    struct loop *loop;
    int64_t due_ns;
};

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t due_ns,
                    void (*run)(void *arg), void *arg);
void loop_timer_cancel(struct loop_timer *timer);
bool loop_timer_is_set(const struct loop_timer *timer);

/* How late the timers of a loop fired, since the last time that it was asked. */
struct loop_lag {
    uint32_t count, late;   /* late: by more than LOOP_LATE_NS */
    int64_t p99_ns, max_ns; /* p99 within 4%; -1 when count is 0 */
};
#define LOOP_LATE_NS (20 * NS_PER_MS)
/* On the loop's thread. Adds what a timer would have been late. */
void loop_lag_add(struct loop *loop, int64_t late_ns);
void loop_lag_take(struct loop *loop, struct loop_lag *lag);
/* The same account for another thread that keeps times: all its own. */
struct lag_meter {
    uint64_t count;
    uint32_t late;
    int64_t max_ns;
    uint32_t buckets[400]; /* 16 for each power of 2 us: cheap enough for every packet */
};
/* What is early counts as 0. */
void lag_add(struct lag_meter *meter, int64_t late_ns);
/* q of 0..1, nearest rank, within 4% (and 1 us); of a meter with a count. */
int64_t lag_quantile(const struct lag_meter *meter, double q);
void lag_take(struct lag_meter *meter, struct loop_lag *lag);

/* What CPU the calling thread and its process got; -1 where the kernel does not
 * tell. Costs microseconds: once a second, not per packet. */
struct thread_usage {
    int64_t cpu_ns, waited_ns, process_ns;
};
void thread_usage_read(struct thread_usage *usage);

/* The sofia-sip root under the loop: a su_root_t *, for runner/sip only. */
void *loop_su_root(struct loop *loop);

/* In a new process, once, before its first loop, on its only thread. The SIP stack keeps random
 * bytes in hand, which parent and child must not both use: their Call-IDs, tags and branches. */
void loop_forked(void);

/* A thread with a loop of its own. start(loop, arg) runs first, on the new thread; when it returns
 * false the thread ends and loop_thread_start() returns NULL with the errno that start left.
 * finish(arg) runs on the thread after the loop stopped; may be NULL. */
struct loop_thread;
struct loop_thread *loop_thread_start(const char *name, bool (*start)(struct loop *loop, void *arg),
                                      void (*finish)(void *arg), void *arg);
struct loop *loop_thread_loop(struct loop_thread *thread);
/* Stops the loop, waits for the thread, frees both. */
void loop_thread_stop(struct loop_thread *thread);

#endif
