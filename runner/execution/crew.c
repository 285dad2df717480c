#include "crew.h"
#include "apart.h"
#include "cmtest/arena.h"
#include "cmtest/engine.h"
#include "cmtest/event_bytes.h"
#include "cmtest/loop.h"
#include "cmtest/text.h"
#include "link.h"
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* From the moment when all are ready to the start: each is told of it before. */
#define START_IN_NS (2 * NS_PER_MS)
/* The kernel's room for what a worker tells, and the same for what it is told. */
#define SOCKET_ROOM (1 << 20)

struct member {
    pid_t pid; /* 0: there is none any more */
    int fd;
    bool ready, finished, said_bye;
    struct link_inbox inbox;
    struct event_pacing pacing;
    uint8_t *orders; /* that do not fit into its socket yet */
    size_t order_length;
};

struct crew {
    struct crew_config config;
    struct arena *arena;
    const struct share *share;
    struct apart apart;
    struct member *members;
    uint32_t *unsettled; /* by group: workers whose callees have not settled */
    bool *owes;          /* by worker and group: it is one of them */
    bool *closed;        /* by endpoint */
    int64_t started_ns;
    uint32_t backlog;
    bool ending;
    char *why; /* while it starts */
    size_t why_size;
};

/* ---- to the workers ------------------------------------------------------------------------- */

static void pass_on(struct member *member)
{
    size_t written = link_write(member->fd, member->orders, member->order_length);
    member->order_length -= written;
    memmove(member->orders, member->orders + written, member->order_length);
}

static void order(struct member *member, enum link_kind kind, const void *body, size_t length)
{
    struct link_head head = {(uint32_t)length, (uint32_t)kind};
    if (!member->pid)
        return;
    member->orders = mem_grow(member->orders, member->order_length + sizeof head + length, 1);
    memcpy(member->orders + member->order_length, &head, sizeof head);
    if (length)
        memcpy(member->orders + member->order_length + sizeof head, body, length);
    member->order_length += sizeof head + length;
    pass_on(member);
}

static void order_all(struct crew *crew, enum link_kind kind, const void *body, size_t length)
{
    for (uint32_t i = 0; i < crew->share->workers; i++)
        order(&crew->members[i], kind, body, length);
}

/* ---- what they tell ------------------------------------------------------------------------- */

/* Of one second of all: what is counted is added up. Of the lateness, whose distribution each keeps
 * to itself, it is the latest one's, which that of all together does not exceed. */
static void merge_pacing(const struct crew *crew, struct event_pacing *out)
{
    *out = (struct event_pacing){.p50_ns = EVENT_NONE, .p99_ns = EVENT_NONE, .max_ns = EVENT_NONE};
    for (uint32_t i = 0; i < crew->share->workers; i++) {
        const struct event_pacing *one = &crew->members[i].pacing;
        if (!one->packets)
            continue;
        out->packets += one->packets;
        out->skipped += one->skipped;
        out->over_5ms += one->over_5ms;
        out->over_20ms += one->over_20ms;
        out->p50_ns = one->p50_ns > out->p50_ns ? one->p50_ns : out->p50_ns;
        out->p99_ns = one->p99_ns > out->p99_ns ? one->p99_ns : out->p99_ns;
        out->max_ns = one->max_ns > out->max_ns ? one->max_ns : out->max_ns;
    }
}

static void take_event(struct crew *crew, struct member *member, const uint8_t *body, size_t length)
{
    struct event event;
    if (!event_from_bytes(body, length, &event))
        return;
    if (event.kind == EVENT_PACING) {
        member->pacing = event.pacing;
        merge_pacing(crew, &event.pacing);
    }
    if (event.kind == EVENT_OUTCOME && event.endpoint < crew->config.plan->endpoint_count)
        crew->closed[event.endpoint] = true;
    crew->config.event(crew->config.to, &event);
}

static void settled(struct crew *crew, uint32_t worker, uint32_t group)
{
    size_t groups = crew->config.plan->group_count;
    if (group >= groups || !crew->owes[worker * groups + group])
        return;
    crew->owes[worker * groups + group] = false;
    if (--crew->unsettled[group] || !crew->started_ns)
        return;
    struct link_gate gate = {clock_now() - crew->started_ns, group};
    order_all(crew, LINK_GATE, &gate, sizeof gate);
}

static void bye(struct crew *crew, struct member *member, uint64_t lost)
{
    char what[160];
    member->said_bye = true;
    if (!lost)
        return;
    snprintf(what, sizeof what,
             "%llu events of worker %u were lost: they came faster than they could be counted",
             (unsigned long long)lost, (unsigned)(member - crew->members));
    crew->config.trouble(crew->config.to, what);
}

static void take(struct crew *crew, struct member *member, const struct link_head *head,
                 const uint8_t *body)
{
    struct link_number number = {0};
    if (head->length == sizeof number)
        memcpy(&number, body, sizeof number);
    switch ((enum link_kind)head->kind) {
    case LINK_READY:
        member->ready = true;
        break;
    case LINK_REFUSED:
        if (crew->why && !crew->why[0])
            snprintf(crew->why, crew->why_size, "%.*s", (int)head->length, (const char *)body);
        break;
    case LINK_EVENT:
        take_event(crew, member, body, head->length);
        break;
    case LINK_WAITING:
        if (number.number > crew->backlog)
            crew->backlog = (uint32_t)number.number;
        break;
    case LINK_SETTLED:
        settled(crew, (uint32_t)(member - crew->members), (uint32_t)number.number);
        break;
    case LINK_FINISHED:
        member->finished = true;
        break;
    case LINK_BYE:
        bye(crew, member, number.number);
        break;
    default:
        break;
    }
}

/* ---- a worker that is gone ------------------------------------------------------------------ */

static void describe_end(int status, char *out, size_t size)
{
    if (WIFSIGNALED(status))
        snprintf(out, size, "killed by signal %d", WTERMSIG(status));
    else
        snprintf(out, size, "it ended with status %d", WEXITSTATUS(status));
}

static void close_endpoints(struct crew *crew, uint32_t worker, const char *detail)
{
    for (uint32_t id = 0; id < crew->config.plan->endpoint_count; id++) {
        struct event event = {.at_ns = clock_utc(clock_now()),
                              .endpoint = id,
                              .kind = EVENT_OUTCOME,
                              .outcome = {OUTCOME_OSERROR, .failure = FAILURE_LOCAL}};
        if (crew->closed[id] || crew->share->worker_of[id] != worker)
            continue;
        crew->closed[id] = true;
        text_copy(event.outcome.detail, sizeof event.outcome.detail, detail);
        crew->config.event(crew->config.to, &event);
    }
}

/* Others do not wait for its callees. */
static void settle_all(struct crew *crew, uint32_t worker)
{
    for (uint32_t group = 0; group < crew->config.plan->group_count; group++)
        settled(crew, worker, group);
}

static void reap(struct crew *crew, struct member *member)
{
    uint32_t worker = (uint32_t)(member - crew->members);
    int status = 0;
    char end[48], what[160];
    close(member->fd);
    member->fd = -1;
    while (waitpid(member->pid, &status, 0) < 0 && errno == EINTR)
        ;
    member->pid = 0;
    bool well = member->said_bye && WIFEXITED(status) && !WEXITSTATUS(status);
    if (well && (member->finished || crew->ending))
        return;
    describe_end(status, end, sizeof end);
    if (crew->why && !crew->why[0])
        snprintf(crew->why, crew->why_size, "worker %u vanished before the run (%s)", worker, end);
    if (crew->why)
        return;
    snprintf(what, sizeof what, "the worker that ran it vanished (%s)", end);
    member->finished = true;
    close_endpoints(crew, worker, what);
    settle_all(crew, worker);
    snprintf(what, sizeof what, "worker %u vanished (%s), and %u endpoints with it", worker, end,
             crew->share->counts[worker]);
    crew->config.trouble(crew->config.to, what);
}

static void hear(struct crew *crew, struct member *member)
{
    struct link_head head;
    const uint8_t *body;
    enum link_state state = link_read(member->fd, &member->inbox);
    while (link_next(&member->inbox, &head, &body))
        take(crew, member, &head, body);
    if (state == LINK_ENDED)
        reap(crew, member);
}

/* ---- turns ---------------------------------------------------------------------------------- */

/* Waits for anybody, and hears all. */
static void turn(struct crew *crew, int64_t until_ns)
{
    struct pollfd fds[SHARE_WORKERS_MAX + 1];
    uint32_t count = crew->share->workers;
    int64_t left = until_ns - clock_now();
    for (uint32_t i = 0; i < count; i++) {
        const struct member *member = &crew->members[i];
        fds[i] =
            (struct pollfd){.fd = member->pid ? member->fd : -1,
                            .events = (short)(member->order_length ? POLLIN | POLLOUT : POLLIN)};
    }
    fds[count] = (struct pollfd){.fd = crew->apart.fd, .events = POLLIN};
    poll(fds, count + 1, left > 0 ? (int)((left + NS_PER_MS - 1) / NS_PER_MS) : 0);
    for (uint32_t i = 0; i < count; i++) {
        struct member *member = &crew->members[i];
        if (member->pid && member->order_length)
            pass_on(member);
        if (member->pid && fds[i].revents & (POLLIN | POLLHUP | POLLERR))
            hear(crew, member);
    }
    if (fds[count].revents) {
        apart_stop(&crew->apart);
        crew->config.trouble(crew->config.to, "the process of the embedded registrar vanished");
    }
}

static bool all(const struct crew *crew, bool (*is)(const struct member *member))
{
    for (uint32_t i = 0; i < crew->share->workers; i++)
        if (!is(&crew->members[i]))
            return false;
    return true;
}

static bool is_finished(const struct member *member)
{
    return member->finished;
}

static bool is_ready(const struct member *member)
{
    return member->ready;
}

static bool is_gone(const struct member *member)
{
    return !member->pid;
}

bool crew_turn(struct crew *crew, int64_t until_ns)
{
    if (!all(crew, is_finished))
        turn(crew, until_ns);
    return !all(crew, is_finished);
}

uint32_t crew_backlog(struct crew *crew)
{
    uint32_t backlog = crew->backlog;
    crew->backlog = 0;
    return backlog;
}

void crew_interrupt(struct crew *crew)
{
    order_all(crew, LINK_INTERRUPT, NULL, 0);
}

/* ---- starting ------------------------------------------------------------------------------- */

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
                                   .fd = fd};
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

static bool start_all(struct crew *crew)
{
    crew->members = arena_array(crew->arena, crew->share->workers, sizeof *crew->members);
    if (!apart_start(&crew->apart, crew->config.plan, crew->why, crew->why_size))
        return false;
    fflush(NULL);
    for (uint32_t i = 0; i < crew->share->workers; i++)
        if (!start_member(crew, i)) {
            snprintf(crew->why, crew->why_size, "no process for worker %u: %s", i, strerror(errno));
            return false;
        }
    while (!all(crew, is_ready) && !crew->why[0])
        turn(crew, clock_now() + NS_PER_S);
    return !crew->why[0];
}

struct crew *crew_start(const struct crew_config *config, char *why, size_t why_size)
{
    struct crew *crew = mem_alloc(sizeof *crew);
    struct link_time start;
    crew->config = *config;
    crew->arena = arena_new();
    crew->share = share_new(config->plan, config->workers, crew->arena);
    crew->apart.fd = -1;
    crew->why = why;
    crew->why_size = why_size;
    count_callees(crew);
    if (!start_all(crew)) {
        crew_free(crew);
        return NULL;
    }
    crew->why = NULL;
    crew->started_ns = start.at_ns = clock_now() + START_IN_NS;
    order_all(crew, LINK_GO, &start, sizeof start);
    return crew;
}

/* ---- ending --------------------------------------------------------------------------------- */

static void kill_rest(struct crew *crew)
{
    for (uint32_t i = 0; i < crew->share->workers; i++)
        if (crew->members[i].pid)
            kill(crew->members[i].pid, SIGKILL);
    while (!all(crew, is_gone))
        turn(crew, clock_now() + NS_PER_S);
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    int64_t until = clock_now() + CREW_PATIENCE_NS;
    crew->ending = true;
    if (crew->members) {
        order_all(crew, LINK_QUIT, NULL, 0);
        while (!all(crew, is_gone) && clock_now() < until)
            turn(crew, until);
        kill_rest(crew);
        for (uint32_t i = 0; i < crew->share->workers; i++) {
            link_fini(&crew->members[i].inbox);
            free(crew->members[i].orders);
        }
    }
    apart_stop(&crew->apart);
    arena_free(crew->arena);
    free(crew);
}
