#include "cmtest/arena.h"
#include "cmtest/engine.h"
#include "cmtest/estimate.h"
#include "cmtest/execution.h"
#include "cmtest/health.h"
#include "cmtest/loop.h"
#include "cmtest/mailbox.h"
#include "crew.h"
#include "embedded.h"
#include "keeping.h"

#include <stdio.h>
#include <stdlib.h>

#define TICK_NS (50 * NS_PER_MS)

struct local_run {
    struct plan *plan;
    const struct execution_watch *watch;
    struct result *result;
    struct journal_writer *journal; /* NULL: none is kept */
    uint32_t workers;               /* processes that run it; 1: threads of this one */
    uint32_t streams;               /* at once, as planned */
    struct loop *loop;              /* ... then; ... */
    struct loop_timer timer;
    struct mailbox *events; /* from the threads of the engine */
    struct engine *engine;
    struct crew *crew; /* ... else */
    struct lag_meter lag;
    int interrupts_seen;
    bool finished;
    struct health health; /* of this thread */
    uint32_t backlog;
};

/* Any thread of the engine. */
static void take_event(void *to, const struct event *event)
{
    struct local_run *run = to;
    mailbox_put(run->events, event);
}

static void tell(struct local_run *run, const struct event *event)
{
    result_event(run->result, event);
    if (run->journal)
        journal_event(run->journal, event);
    if (run->watch->event)
        run->watch->event(run->watch->to, event);
}

static void drain(struct local_run *run)
{
    const void *items;
    size_t count = mailbox_take(run->events, &items);
    run->backlog = count > run->backlog ? (uint32_t)count : run->backlog;
    for (size_t i = 0; i < count; i++)
        tell(run, (const struct event *)items + i);
}

static void interrupt(struct local_run *run)
{
    if (run->crew)
        crew_interrupt(run->crew);
    else
        engine_interrupt(run->engine);
}

/* Ends the run in order when a threshold wants it to. */
static void look_for_stop(struct local_run *run, int64_t now)
{
    struct event event = {.at_ns = clock_utc(now), .endpoint = ROSTER_NONE, .kind = EVENT_STOP};
    if (run->interrupts_seen > 0 || !result_must_stop(run->result, event.at_ns, &event.stop))
        return;
    tell(run, &event);
    interrupt(run);
}

static void tell_health(struct local_run *run, int64_t now)
{
    struct loop_lag lag;
    struct event event;
    if (run->loop)
        loop_lag_take(run->loop, &lag);
    else
        lag_take(&run->lag, &lag);
    health_close(&run->health, now, &lag, run->backlog, &event);
    run->backlog = 0;
    tell(run, &event);
}

static void finish(void *arg)
{
    struct local_run *run = arg;
    run->finished = true;
    loop_stop(run->loop);
}

/* On the engine's signalling thread. */
static void engine_finished(void *arg)
{
    struct local_run *run = arg;
    loop_post(run->loop, finish, run);
}

/* In order: calls are hung up, and what was measured is kept. */
static void stop_early(struct local_run *run)
{
    const char *why = run->watch->why ? *run->watch->why : NULL;
    if (why)
        text_copy(run->result->error, sizeof run->result->error, why);
    else
        run->result->interrupted = true;
    interrupt(run);
}

/* false: it is to be cut off. */
static bool look_around(struct local_run *run, int64_t now)
{
    if (now - run->health.since_ns >= HEALTH_NS)
        tell_health(run, now);
    if (run->watch->tick)
        run->watch->tick(run->watch->to, now);
    look_for_stop(run, now);
    int interrupts = run->watch->interrupts ? *run->watch->interrupts : 0;
    if (interrupts > 0 && run->interrupts_seen == 0) {
        stop_early(run);
    }
    run->interrupts_seen = interrupts;
    return interrupts < 2;
}

static void tick(void *arg)
{
    struct local_run *run = arg;
    int64_t now = clock_now();
    drain(run);
    if (!look_around(run, now)) {
        loop_stop(run->loop);
        return;
    }
    loop_timer_set(run->loop, &run->timer, now + TICK_NS, tick, run);
}

/* Measuring takes its time, and a run of a few endpoints is to begin at once. */
#define CALIBRATE_NS (80 * NS_PER_MS)
#define CALIBRATE_FEW_NS (8 * NS_PER_MS)
#define FEW 20

/* What certainly cannot fit would only fail later, in the middle of the calls. */
static bool is_refused(struct local_run *run)
{
    struct machine machine;
    struct arena *arena = arena_new();
    struct text reason = {0};
    struct event event = {
        .at_ns = clock_utc(clock_now()), .endpoint = ROSTER_NONE, .kind = EVENT_MACHINE};
    machine_read(&machine);
    const struct estimate *estimate = estimate_new(run->plan, &machine, arena);
    bool refused = estimate_refused(estimate, &reason);
    bool lacking = estimate_lacking(estimate, &event.machine);
    bool few = run->plan->endpoint_count <= FEW;
    health_calibrate(refused || lacking ? 0
                     : few              ? CALIBRATE_FEW_NS
                                        : CALIBRATE_NS,
                     &machine, estimate, &event.machine);
    estimate_lacking(estimate, &event.machine);
    run->workers = estimate->workers;
    run->streams = estimate->peak_endpoints;
    tell(run, &event);
    if (refused && !lacking)
        text_copy(run->result->error, sizeof run->result->error, text_get(&reason));
    text_fini(&reason);
    arena_free(arena);
    return refused || lacking;
}

static void run_alone(struct local_run *run)
{
    struct engine_config config = {.event = take_event,
                                   .to = run,
                                   .finished = engine_finished,
                                   .arg = run,
                                   .streams = run->streams};
    char *why = run->result->error;
    run->loop = loop_new();
    run->events = mailbox_new(sizeof(struct event));
    struct embedded *embedded = embedded_start(run->plan, why, sizeof run->result->error);
    if (!embedded)
        return;
    run->engine = engine_start(run->plan, &config, why, sizeof run->result->error);
    if (run->engine) {
        health_begin(&run->health, "collector", 0);
        loop_timer_set(run->loop, &run->timer, clock_now() + TICK_NS, tick, run);
        loop_run(run->loop);
        loop_timer_cancel(&run->timer);
        engine_free(run->engine);
        drain(run);
        tell_health(run, clock_now());
    }
    embedded_stop(embedded);
}

/* ---- several processes ------------------------------------------------------------------------
 */

static void take_crew_event(void *to, const struct event *event)
{
    tell(to, event);
}

/* What is missing of the result is no fault of what was tested. */
static void take_trouble(void *to, const char *what)
{
    struct local_run *run = to;
    if (!run->result->error[0])
        text_copy(run->result->error, sizeof run->result->error, what);
}

static void keep_together(struct local_run *run)
{
    int64_t due = clock_now() + TICK_NS;
    while (crew_turn(run->crew, due)) {
        int64_t now = clock_now();
        uint32_t backlog = crew_backlog(run->crew);
        run->backlog = backlog > run->backlog ? backlog : run->backlog;
        if (now < due)
            continue;
        lag_add(&run->lag, now - due);
        if (!look_around(run, now))
            return;
        due = now + TICK_NS;
    }
}

static void run_together(struct local_run *run)
{
    struct crew_config config = {.plan = run->plan,
                                 .workers = run->workers,
                                 .streams = run->streams,
                                 .event = take_crew_event,
                                 .to = run,
                                 .trouble = take_trouble};
    run->crew = crew_start(&config, run->result->error, sizeof run->result->error);
    if (!run->crew)
        return;
    health_begin(&run->health, "collector", 0);
    keep_together(run);
    crew_free(run->crew);
    tell_health(run, clock_now());
}

static struct result *run_local(struct plan *plan, const struct execution_watch *watch)
{
    struct local_run run = {.plan = plan, .watch = watch};
    run.result = result_new(&plan->roster, plan->thresholds, plan->threshold_count, plan->seed,
                            clock_utc(clock_now()));
    run.journal = keeping_begin(plan, run.result, watch);
    if (is_refused(&run))
        ;
    else if (run.workers > 1)
        run_together(&run);
    else
        run_alone(&run);
    result_judge(run.result, clock_utc(clock_now()));
    keeping_end(run.journal, run.result, watch);
    mailbox_free(run.events);
    loop_free(run.loop);
    return run.result;
}

const struct execution_backend execution_backend_local = {
    .name = "local",
    .help = "on this machine",
    .run = run_local,
};
