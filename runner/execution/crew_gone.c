#include "cmtest/loop.h"
#include "cmtest/text.h"
#include "crew_private.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

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
        crew->ears[id] = 0;
        text_copy(event.outcome.detail, sizeof event.outcome.detail, detail);
        crew->config.event(crew->config.to, &event);
    }
}

/* Others do not wait for its callees. */
static void settle_all(struct crew *crew, uint32_t worker)
{
    for (uint32_t group = 0; group < crew->config.plan->group_count; group++)
        crew_settled(crew, worker, group);
}

void crew_reap(struct crew *crew, struct member *member)
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
