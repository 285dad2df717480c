#include "cmtest/arena.h"
#include "cmtest/engine.h"
#include "cmtest/estimate.h"
#include "cmtest/execution.h"
#include "cmtest/health.h"
#include "cmtest/loop.h"
#include "cmtest/mailbox.h"
#include "embedded.h"

#include <stdio.h>
#include <stdlib.h>

#define TICK_NS (50 * NS_PER_MS)

struct local_run {
    struct plan *plan;
    const struct execution_watch *watch;
    struct result *result;
    struct loop *loop;
    struct loop_timer timer;
    struct mailbox *events; /* from the threads of the engine */
    struct engine *engine;
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

static void take_one(struct local_run *run, const struct event *event)
{
    result_event(run->result, event);
    if (run->watch->event)
        run->watch->event(run->watch->to, event);
}

static void drain(struct local_run *run)
{
    const void *items;
    size_t count = mailbox_take(run->events, &items);
    run->backlog = count > run->backlog ? (uint32_t)count : run->backlog;
    for (size_t i = 0; i < count; i++) {
        take_one(run, (const struct event *)items + i);
    }
}

static void tell_health(struct local_run *run, int64_t now)
{
    struct loop_lag lag;
    struct event event;
    loop_lag_take(run->loop, &lag);
    health_close(&run->health, now, &lag, run->backlog, &event);
    run->backlog = 0;
    take_one(run, &event);
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

static void tick(void *arg)
{
    struct local_run *run = arg;
    int64_t now = clock_now();
    drain(run);
    if (now - run->health.since_ns >= HEALTH_NS)
        tell_health(run, now);
    if (run->watch->tick)
        run->watch->tick(run->watch->to, now);
    int interrupts = run->watch->interrupts ? *run->watch->interrupts : 0;
    if (interrupts > 0 && run->interrupts_seen == 0) {
        run->result->interrupted = true;
        engine_interrupt(run->engine);
    }
    run->interrupts_seen = interrupts;
    if (interrupts > 1) {
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
    take_one(run, &event);
    if (refused && !lacking)
        text_copy(run->result->error, sizeof run->result->error, text_get(&reason));
    text_fini(&reason);
    arena_free(arena);
    return refused || lacking;
}

static void go(struct local_run *run)
{
    struct engine_config config = {
        .event = take_event, .to = run, .finished = engine_finished, .arg = run};
    char *why = run->result->error;
    if (is_refused(run))
        return;
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

static struct result *run_local(struct plan *plan, const struct execution_watch *watch)
{
    struct local_run run = {.plan = plan, .watch = watch};
    run.loop = loop_new();
    run.events = mailbox_new(sizeof(struct event));
    run.result = result_new(&plan->roster, plan->thresholds, plan->threshold_count, plan->seed,
                            clock_utc(clock_now()));
    go(&run);
    result_judge(run.result, clock_utc(clock_now()));
    mailbox_free(run.events);
    loop_free(run.loop);
    return run.result;
}

const struct execution_backend execution_backend_local = {
    .name = "local",
    .help = "on this machine",
    .run = run_local,
};
