#include "worker.h"
#include "cmtest/arena.h"
#include "cmtest/engine.h"
#include "cmtest/event_bytes.h"
#include "cmtest/loop.h"
#include "cmtest/spool.h"
#include "link.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Events are told together, so that neither side is woken for each. */
#define TOGETHER_MS 20
/* Of events that the parent did not take yet: some ten seconds of 5,000 endpoints. What is more is
 * refused, counted, and told. */
#define WAITING_MAX (256u << 20)

/* Fewer are no backlog. */
#define MANY_WAITING 2000

struct worker {
    const struct worker_config *config;
    struct engine *engine;
    struct spool *spool;
    struct link_inbox inbox;
    const uint8_t *bytes; /* on their way to the parent: length of them, from at */
    size_t at, length;
    bool quit;
};

/* ---- to the parent -------------------------------------------------------------------------- */

static void say(struct worker *worker, enum link_kind kind, const void *body, size_t length)
{
    struct link_head head = {(uint32_t)length, (uint32_t)kind};
    struct spool_part parts[] = {{&head, sizeof head}, {body, length}};
    spool_put(worker->spool, parts, length ? 2 : 1, kind != LINK_EVENT);
}

static void say_number(struct worker *worker, enum link_kind kind, uint64_t number)
{
    struct link_number body = {number};
    say(worker, kind, &body, sizeof body);
}

/* Any thread of the engine. */
static void take_event(void *to, const struct event *event)
{
    uint8_t bytes[EVENT_BYTES_MAX];
    say(to, LINK_EVENT, bytes, event_to_bytes(event, bytes));
}

/* On the engine's signalling thread. */
static void take_finished(void *arg)
{
    say(arg, LINK_FINISHED, NULL, 0);
}

/* On the engine's signalling thread. */
static void take_settled(void *arg, uint32_t group)
{
    say_number(arg, LINK_SETTLED, group);
}

/* On the engine's signalling thread. */
static void take_signal(void *arg, const struct engine_signal *signal)
{
    say(arg, LINK_SIGNAL, signal, sizeof *signal);
}

/* false: the parent does not take more now. */
static bool pass_on(struct worker *worker)
{
    worker->at +=
        link_write(worker->config->fd, worker->bytes + worker->at, worker->length - worker->at);
    return worker->at == worker->length;
}

static void flush(struct worker *worker)
{
    uint32_t count;
    while (pass_on(worker)) {
        worker->at = 0;
        worker->length = spool_take(worker->spool, &worker->bytes, &count);
        if (!worker->length)
            return;
        if (count > MANY_WAITING)
            say_number(worker, LINK_WAITING, count);
    }
}

/* ---- from the parent ------------------------------------------------------------------------ */

static void obey(struct worker *worker, const struct link_head *head, const uint8_t *body)
{
    struct link_time time;
    struct link_gate gate;
    struct engine_signal signal;
    switch (head->kind) {
    case LINK_GO:
        memcpy(&time, body, sizeof time);
        engine_go(worker->engine, time.at_ns);
        break;
    case LINK_GATE:
        memcpy(&gate, body, sizeof gate);
        engine_gate(worker->engine, gate.group, gate.opened_ns);
        break;
    case LINK_SIGNAL:
        memcpy(&signal, body, sizeof signal);
        engine_signal(worker->engine, &signal);
        break;
    case LINK_INTERRUPT:
        engine_interrupt(worker->engine);
        break;
    case LINK_QUIT:
        worker->quit = true;
        break;
    default:
        break;
    }
}

static void listen_to_parent(struct worker *worker)
{
    struct link_head head;
    const uint8_t *body;
    /* Without a parent there is nobody to run for. */
    if (link_read(worker->config->fd, &worker->inbox) == LINK_ENDED)
        _exit(0);
    while (link_next(&worker->inbox, &head, &body))
        obey(worker, &head, body);
}

/* ---- the process ---------------------------------------------------------------------------- */

void worker_begin(int parent)
{
    static const int left_to_parent[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < sizeof left_to_parent / sizeof left_to_parent[0]; i++)
        sigaction(left_to_parent[i], &ignore, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    loop_forked();
}

static void wait_for_news(struct worker *worker)
{
    bool more = worker->at < worker->length;
    struct pollfd fds[] = {
        {.fd = worker->config->fd, .events = (short)(more ? POLLIN | POLLOUT : POLLIN)},
        {.fd = more ? -1 : spool_fd(worker->spool), .events = POLLIN}};
    poll(fds, 2, more ? -1 : TOGETHER_MS);
    if (fds[0].revents & (POLLIN | POLLHUP | POLLERR))
        listen_to_parent(worker);
    flush(worker);
}

/* Until the parent has all of it. */
static void flush_all(struct worker *worker)
{
    flush(worker);
    while (worker->at < worker->length)
        wait_for_news(worker);
}

static void start(struct worker *worker)
{
    const struct worker_config *config = worker->config;
    struct engine_config engine = {.event = take_event,
                                   .to = worker,
                                   .finished = take_finished,
                                   .arg = worker,
                                   .share = config->share,
                                   .ends_process = true,
                                   .worker = config->number,
                                   .cpu = config->cpu,
                                   .streams = config->streams,
                                   .settled = take_settled,
                                   .signal = take_signal,
                                   .ears = config->ears};
    char why[256] = "";
    worker->engine = engine_start(config->plan, &engine, why, sizeof why);
    if (worker->engine)
        say(worker, LINK_READY, NULL, 0);
    else
        say(worker, LINK_REFUSED, why, strlen(why));
}

_Noreturn void worker_run(const struct worker_config *config)
{
    struct worker worker = {.config = config, .spool = spool_new(WAITING_MAX)};
    start(&worker);
    while (worker.engine && !worker.quit)
        wait_for_news(&worker);
    engine_free(worker.engine);
    say_number(&worker, LINK_BYE, spool_refused(worker.spool));
    flush_all(&worker);
    close(config->fd);
    spool_free(worker.spool);
    link_fini(&worker.inbox);
    /* The parent has flushed what it had written; and leaks are to be found here too. */
    exit(0);
}
