#include "cmtest/loop.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* The distance between the two clocks, from the narrowest of a few bracketed reads. */
static int64_t distance(void)
{
    int64_t best = INT64_MAX, result = 0;
    for (int i = 0; i < 4; i++) {
        int64_t before = clock_now(), utc = read_clock(CLOCK_REALTIME), after = clock_now();
        if (after - before < best) {
            best = after - before;
            result = utc - (before + (after - before) / 2);
        }
    }
    return result;
}

static int64_t process_distance;
static pthread_once_t process_once = PTHREAD_ONCE_INIT;

static void read_process_distance(void)
{
    process_distance = distance();
}

int64_t clock_utc(int64_t now_ns)
{
    pthread_once(&process_once, read_process_distance);
    return now_ns + process_distance;
}

int64_t clock_from_realtime(int64_t realtime_ns)
{
    int64_t utc = read_clock(CLOCK_REALTIME);
    return realtime_ns + (clock_now() - utc);
}

void clock_sleep_until(int64_t until_ns)
{
    struct timespec until = {.tv_sec = until_ns / NS_PER_S, .tv_nsec = until_ns % NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        ;
}
