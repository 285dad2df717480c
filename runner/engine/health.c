#include "cmtest/health.h"
#include "cmtest/text.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

void health_begin(struct health *health, const char *thread, uint32_t worker)
{
    *health = (struct health){.now = {.worker = worker}, .since_ns = clock_now()};
    text_copy(health->now.thread, sizeof health->now.thread, thread);
    thread_usage_read(&health->usage);
}

static int64_t grown(int64_t from, int64_t to)
{
    return from >= 0 && to >= from ? to - from : EVENT_NONE;
}

static enum thread_policy policy(void)
{
    int scheduler = sched_getscheduler(0);
    if (scheduler < 0)
        return POLICY_UNKNOWN;
    if (scheduler == SCHED_FIFO || scheduler == SCHED_RR)
        return POLICY_REAL_TIME;
    errno = 0;
    return getpriority(PRIO_PROCESS, 0) < 0 && !errno ? POLICY_NICE : POLICY_PLAIN;
}

static uint32_t pinned(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) != 1)
        return 0;
    uint32_t cpu = 0;
    while (!CPU_ISSET(cpu, &set))
        cpu++;
    return cpu + 1;
}

void health_close(struct health *health, int64_t now, const struct loop_lag *lag, uint32_t backlog,
                  struct event *event)
{
    struct thread_usage usage;
    struct event_health *out = &health->now;
    thread_usage_read(&usage);
    out->length_ns = now - health->since_ns;
    out->cpu_ns = grown(health->usage.cpu_ns, usage.cpu_ns);
    out->waited_ns = grown(health->usage.waited_ns, usage.waited_ns);
    out->process_ns = grown(health->usage.process_ns, usage.process_ns);
    out->backlog = backlog;
    out->policy = policy();
    out->pinned = pinned();
    out->lag_p99_ns = lag && lag->count ? lag->p99_ns : EVENT_NONE;
    out->lag_max_ns = lag && lag->count ? lag->max_ns : EVENT_NONE;
    out->turns = lag ? lag->count : 0;
    out->late = lag ? lag->late : 0;
    *event = (struct event){
        .at_ns = clock_utc(now), .endpoint = ROSTER_NONE, .kind = EVENT_HEALTH, .health = *out};
    /* A figure that could not be read once is compared with the last one that could. */
    if (usage.waited_ns < 0)
        usage.waited_ns = health->usage.waited_ns;
    struct event_health next = {.worker = out->worker};
    memcpy(next.thread, out->thread, sizeof next.thread);
    *health = (struct health){.now = next, .since_ns = now, .usage = usage};
}

enum health_refusal health_refusal_of(int error)
{
    switch (error) {
    case EAGAIN:
    case ENOBUFS:
        return REFUSAL_FULL;
    case ENOMEM:
        return REFUSAL_MEMORY;
    case EMFILE:
    case ENFILE:
        return REFUSAL_DESCRIPTORS;
    case EADDRINUSE:
    case EADDRNOTAVAIL:
        return REFUSAL_PORTS;
    case ECONNREFUSED:
    case ECONNRESET:
    case EPIPE:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EMSGSIZE:
        return REFUSAL_PATH;
    default:
        return REFUSAL_OTHER;
    }
}

bool health_socket(int fd, uint32_t *dropped, uint32_t *queue)
{
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof info;
    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &length) < 0 ||
        length <= SK_MEMINFO_DROPS * sizeof info[0])
        return false;
    *dropped = info[SK_MEMINFO_DROPS];
    *queue = info[SK_MEMINFO_RCVBUF];
    return true;
}
