/* How late a thread is at what it does by the clock, and what CPU it got for it. */
#include "cmtest/loop.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BUCKETS (sizeof((struct lag_meter *)0)->buckets / sizeof(uint32_t))
#define FIRST_NS 1000.0
#define STEP 1.1

static size_t bucket_of(int64_t late_ns)
{
    size_t bucket = 0;
    for (double edge = FIRST_NS; (double)late_ns > edge && bucket < BUCKETS - 1; edge *= STEP)
        bucket++;
    return bucket;
}

void lag_add(struct lag_meter *meter, int64_t late_ns)
{
    late_ns = late_ns > 0 ? late_ns : 0;
    meter->count++;
    meter->late += late_ns > LOOP_LATE_NS;
    meter->max_ns = late_ns > meter->max_ns ? late_ns : meter->max_ns;
    meter->buckets[bucket_of(late_ns)]++;
}

void lag_take(struct lag_meter *meter, struct loop_lag *lag)
{
    *lag = (struct loop_lag){meter->count, meter->late, -1, -1};
    if (!meter->count)
        return;
    uint64_t wanted = ((uint64_t)meter->count * 99 + 99) / 100, seen = 0;
    double edge = FIRST_NS;
    for (size_t i = 0; i < BUCKETS; i++, edge *= STEP) {
        seen += meter->buckets[i];
        if (seen >= wanted)
            break;
    }
    lag->max_ns = meter->max_ns;
    lag->p99_ns = edge < (double)meter->max_ns ? (int64_t)edge : meter->max_ns;
    memset(meter, 0, sizeof *meter);
}

static int64_t cpu_clock(clockid_t id)
{
    struct timespec time;
    return clock_gettime(id, &time) == 0 ? (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec : -1;
}

/* Its second figure: time on a run queue, waiting for a CPU. */
static int64_t waited(void)
{
    char text[96];
    unsigned long long ran, waiting;
    int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    return sscanf(text, "%llu %llu", &ran, &waiting) == 2 ? (int64_t)waiting : -1;
}

void thread_usage_read(struct thread_usage *usage)
{
    usage->cpu_ns = cpu_clock(CLOCK_THREAD_CPUTIME_ID);
    usage->waited_ns = waited();
    usage->process_ns = cpu_clock(CLOCK_PROCESS_CPUTIME_ID);
}
