/* The scheduling class of the media thread. Linux stops real-time threads once they have had 95% of
 * a second (sched_rt_runtime_us), for the rest of it: 50 ms in which nothing is sent. Newer kernels
 * do so for whoever then waits for the CPU. A thread that nearly fills its CPU therefore is an
 * ordinary one, though the most preferred, for a few ms at a time: others get theirs then, a few ms
 * late. */
#include "pacer_private.h"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define PRIORITY 10
#define MOST_PREFERRED (-20)
#define PREFERRED (-10)
#define WINDOW_NS (100 * NS_PER_MS)
#define BUSY 0.9 /* of a window: well before what the kernel allows */
#define CYCLE_MS 20
#define ASIDE_MS 2 /* of each cycle */

bool real_time_due(struct real_time *real_time, int64_t now, int64_t rested_ns)
{
    real_time->rested_ns += rested_ns;
    int64_t length = now - real_time->since_ns;
    if (length >= WINDOW_NS) {
        /* A long one is of a thread that had nothing to do, or was stopped. */
        real_time->busy =
            length < 2 * WINDOW_NS && (double)real_time->rested_ns < (1 - BUSY) * (double)length;
        real_time->since_ns = now;
        real_time->rested_ns = 0;
    }
    return !real_time->busy || now / NS_PER_MS % CYCLE_MS >= ASIDE_MS;
}

static bool ask(int policy, int priority)
{
    struct sched_param wanted = {.sched_priority = priority};
    return pthread_setschedparam(pthread_self(), policy, &wanted) == 0;
}

void pacer_prefer(struct pacer *pacer)
{
    struct real_time *real_time = &pacer->real_time;
    prctl(PR_SET_TIMERSLACK, 1UL);
    real_time->allowed = ask(SCHED_FIFO, PRIORITY);
    real_time->since_ns = clock_now();
    /* Allowed or not, it works on. */
    (void)!setpriority(PRIO_PROCESS, 0, real_time->allowed ? MOST_PREFERRED : PREFERRED);
}

void pacer_wait(struct pacer *pacer, int64_t until)
{
    struct real_time *real_time = &pacer->real_time;
    if (!real_time->allowed) {
        clock_sleep_until(until);
        return;
    }
    int64_t now = clock_now();
    bool aside = !real_time_due(real_time, now, until > now ? until - now : 0);
    if (aside != real_time->aside && ask(aside ? SCHED_OTHER : SCHED_FIFO, aside ? 0 : PRIORITY))
        real_time->aside = aside;
    clock_sleep_until(until);
}
