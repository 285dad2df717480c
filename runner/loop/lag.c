/* How late a thread is at what it does by the clock, and what CPU it got for it. */
#include "cmtest/loop.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BUCKETS (sizeof((struct lag_meter *)0)->buckets / sizeof(uint32_t))
#define FINE_BITS 4 /* of a value, behind its first */
#define FINE (1u << FINE_BITS)

/* Of units of 1024 ns: the first FINE ones are exact, then each power of 2 has FINE buckets. */
static size_t bucket_of(uint64_t late_ns)
{
    uint64_t units = late_ns >> 10;
    if (units < FINE)
        return (size_t)units;
    unsigned power = 63u - (unsigned)__builtin_clzll(units), shift = power - FINE_BITS;
    size_t bucket = (size_t)(shift + 1) * FINE + (size_t)(units >> shift & (FINE - 1));
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/* The middle of a bucket. */
static int64_t value_of(size_t bucket)
{
    if (bucket < FINE)
        return (int64_t)bucket * 1024 + 512;
    size_t shift = bucket / FINE - 1;
    int64_t width = INT64_C(1024) << shift;
    return (int64_t)(FINE + bucket % FINE) * width + width / 2;
}

void lag_add(struct lag_meter *meter, int64_t late_ns)
{
    late_ns = late_ns > 0 ? late_ns : 0;
    meter->count++;
    meter->late += late_ns > LOOP_LATE_NS;
    meter->max_ns = late_ns > meter->max_ns ? late_ns : meter->max_ns;
    meter->buckets[bucket_of((uint64_t)late_ns)]++;
}

int64_t lag_quantile(const struct lag_meter *meter, double q)
{
    uint64_t wanted = (uint64_t)(q * (double)meter->count), seen = 0;
    size_t bucket = 0;
    if ((double)wanted < q * (double)meter->count)
        wanted++;
    for (; bucket < BUCKETS - 1; bucket++) {
        seen += meter->buckets[bucket];
        if (seen >= wanted)
            break;
    }
    int64_t value = value_of(bucket);
    return value < meter->max_ns ? value : meter->max_ns;
}

void lag_take(struct lag_meter *meter, struct loop_lag *lag)
{
    *lag = (struct loop_lag){(uint32_t)meter->count, meter->late, -1, -1};
    if (!meter->count)
        return;
    lag->max_ns = meter->max_ns;
    lag->p99_ns = lag_quantile(meter, 0.99);
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
