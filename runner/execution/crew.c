#include "crew_private.h"
#include "cmtest/engine.h"
#include "cmtest/event_bytes.h"
#include "cmtest/loop.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* From the moment when all are ready to the start: each is told of it before. */
#define START_IN_NS (2 * NS_PER_MS)

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

void crew_order_all(struct crew *crew, enum link_kind kind, const void *body, size_t length)
{
    for (uint32_t i = 0; i < crew->share->workers; i++)
        order(&crew->members[i], kind, body, length);
}

/* ---- what they tell ------------------------------------------------------------------------- */

static void take_event(struct crew *crew, struct member *member, const uint8_t *body, size_t length)
{
    struct event event;
    if (!event_from_bytes(body, length, &event))
        return;
    if (event.kind == EVENT_PACING) {
        member->pacing = event.pacing;
        event.pacing =
            (struct event_pacing){.p50_ns = EVENT_NONE, .p99_ns = EVENT_NONE, .max_ns = EVENT_NONE};
        for (uint32_t i = 0; i < crew->share->workers; i++)
            pacing_merge(&event.pacing, &crew->members[i].pacing);
    }
    if (event.kind == EVENT_OUTCOME && event.endpoint < crew->config.plan->endpoint_count)
        crew->closed[event.endpoint] = true;
    crew->config.event(crew->config.to, &event);
}

void crew_settled(struct crew *crew, uint32_t worker, uint32_t group)
{
    size_t groups = crew->config.plan->group_count;
    if (group >= groups || !crew->owes[worker * groups + group])
        return;
    crew->owes[worker * groups + group] = false;
    if (--crew->unsettled[group] || !crew->started_ns)
        return;
    struct link_gate gate = {clock_now() - crew->started_ns, group};
    crew_order_all(crew, LINK_GATE, &gate, sizeof gate);
}

static void pass_signal(struct crew *crew, uint32_t from, const uint8_t *body)
{
    for (uint32_t i = 0; i < crew->share->workers; i++)
        if (i != from && !crew->members[i].finished)
            order(&crew->members[i], LINK_SIGNAL, body, sizeof(struct engine_signal));
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
        crew_settled(crew, (uint32_t)(member - crew->members), (uint32_t)number.number);
        break;
    case LINK_SIGNAL:
        if (head->length == sizeof(struct engine_signal))
            pass_signal(crew, (uint32_t)(member - crew->members), body);
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

static void hear(struct crew *crew, struct member *member)
{
    struct link_head head;
    const uint8_t *body;
    enum link_state state = link_read(member->fd, &member->inbox);
    while (link_next(&member->inbox, &head, &body))
        take(crew, member, &head, body);
    if (member->inbox.broken)
        kill(member->pid, SIGKILL);
    if (state == LINK_ENDED || member->inbox.broken)
        crew_reap(crew, member);
}

/* ---- turns ---------------------------------------------------------------------------------- */

void crew_hear(struct crew *crew, int64_t until_ns)
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

bool crew_all(const struct crew *crew, bool (*is)(const struct member *member))
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

static bool is_gone(const struct member *member)
{
    return !member->pid;
}

bool crew_turn(struct crew *crew, int64_t until_ns)
{
    if (!crew_all(crew, is_finished))
        crew_hear(crew, until_ns);
    return !crew_all(crew, is_finished);
}

uint32_t crew_backlog(struct crew *crew)
{
    uint32_t backlog = crew->backlog;
    crew->backlog = 0;
    return backlog;
}

void crew_interrupt(struct crew *crew)
{
    crew_order_all(crew, LINK_INTERRUPT, NULL, 0);
}

/* ---- life -------------------------------------------------------------------------------------
 */

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
    if (!crew_start_all(crew)) {
        crew_free(crew);
        return NULL;
    }
    crew->why = NULL;
    crew->started_ns = start.at_ns = clock_now() + START_IN_NS;
    crew_order_all(crew, LINK_GO, &start, sizeof start);
    return crew;
}

/* ---- ending --------------------------------------------------------------------------------- */

static void kill_rest(struct crew *crew)
{
    for (uint32_t i = 0; i < crew->share->workers; i++)
        if (crew->members[i].pid)
            kill(crew->members[i].pid, SIGKILL);
    while (!crew_all(crew, is_gone))
        crew_hear(crew, clock_now() + NS_PER_S);
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    int64_t until = clock_now() + CREW_PATIENCE_NS;
    crew->ending = true;
    if (crew->members) {
        crew_order_all(crew, LINK_QUIT, NULL, 0);
        while (!crew_all(crew, is_gone) && clock_now() < until)
            crew_hear(crew, until);
        kill_rest(crew);
        for (uint32_t i = 0; i < crew->share->workers; i++) {
            link_fini(&crew->members[i].inbox);
            free(crew->members[i].orders);
        }
    }
    apart_stop(&crew->apart);
    if (crew->ears)
        munmap(crew->ears, crew->config.plan->endpoint_count + 1);
    arena_free(crew->arena);
    free(crew);
}
