#include "cmtest/loop.h"
#include "crew_private.h"
#include "worker.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel's room for what a worker tells, and the same for what it is told. */
#define SOCKET_ROOM (1 << 20)

/* The CPUs that this process may use, by turns. */
static int cpu_of(uint32_t worker)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0 || !CPU_COUNT(&set))
        return -1;
    int wanted = (int)(worker % (uint32_t)CPU_COUNT(&set));
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &set) && wanted-- == 0)
            return (int)cpu;
    return -1;
}

static _Noreturn void become(struct crew *crew, uint32_t number, int fd, pid_t parent)
{
    struct worker_config config = {.plan = crew->config.plan,
                                   .share = crew->share,
                                   .number = number,
                                   .cpu = cpu_of(number),
                                   .streams = crew->config.streams / crew->config.workers,
                                   .fd = fd,
                                   .ears = crew->ears};
    for (uint32_t i = 0; i < number; i++)
        close(crew->members[i].fd);
    if (crew->apart.fd >= 0)
        close(crew->apart.fd);
    worker_begin(parent);
    worker_run(&config);
}

static bool start_member(struct crew *crew, uint32_t number)
{
    struct member *member = &crew->members[number];
    int ends[2], room = SOCKET_ROOM;
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return false;
    for (int i = 0; i < 2; i++)
        setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        become(crew, number, ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    member->pid = pid;
    member->fd = ends[0];
    return true;
}

static void count_callees(struct crew *crew)
{
    const struct plan *plan = crew->config.plan;
    size_t groups = plan->group_count;
    crew->unsettled = arena_array(crew->arena, groups, sizeof *crew->unsettled);
    crew->owes = arena_array(crew->arena, groups * crew->share->workers, sizeof *crew->owes);
    crew->closed = arena_array(crew->arena, plan->endpoint_count, sizeof *crew->closed);
    for (uint32_t id = 0; id < plan->endpoint_count; id++) {
        size_t at = crew->share->worker_of[id] * groups + plan->endpoints[id].group;
        if (plan->endpoints[id].caller || crew->owes[at])
            continue;
        crew->owes[at] = true;
        crew->unsettled[plan->endpoints[id].group]++;
    }
}

static bool is_ready(const struct member *member)
{
    return member->ready;
}

bool crew_start_all(struct crew *crew)
{
    count_callees(crew);
    crew->members = arena_array(crew->arena, crew->share->workers, sizeof *crew->members);
    void *ears = mmap(NULL, crew->config.plan->endpoint_count + 1, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (ears == MAP_FAILED) {
        snprintf(crew->why, crew->why_size, "no memory to share: %s", strerror(errno));
        return false;
    }
    crew->ears = ears;
    if (!apart_start(&crew->apart, crew->config.plan, crew->why, crew->why_size))
        return false;
    fflush(NULL);
    for (uint32_t i = 0; i < crew->share->workers; i++)
        if (!start_member(crew, i)) {
            snprintf(crew->why, crew->why_size, "no process for worker %u: %s", i, strerror(errno));
            return false;
        }
    while (!crew_all(crew, is_ready) && !crew->why[0])
        crew_hear(crew, clock_now() + NS_PER_S);
    return !crew->why[0];
}
