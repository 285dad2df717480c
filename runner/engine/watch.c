/* The signalling thread watches itself: how late its timers are, what its sockets lost, whether
 * what was to be begun was. */
#include "engine_private.h"

/* As often a timer of no other use tells what any other would be late now. */
#define PROBE_NS (20 * NS_PER_MS)
/* Later than this a call was not made at the rate that was asked for. */
#define START_LATE_NS (250 * NS_PER_MS)

static void count_losses(struct engine *engine)
{
    struct agent_losses now, *before = &engine->losses;
    struct event_health *health = &engine->health.now;
    agent_losses(&now);
    health->dropped += now.dropped - before->dropped;
    health->queue = now.queue;
    health->refused[REFUSAL_FULL] += now.full - before->full;
    health->refused[REFUSAL_MEMORY] += now.memory - before->memory;
    health->refused[REFUSAL_PATH] += now.path - before->path;
    health->refused[REFUSAL_OTHER] += now.other - before->other;
    *before = now;
}

static void tell(struct engine *engine, int64_t now)
{
    struct loop_lag lag;
    struct event event;
    count_losses(engine);
    loop_lag_take(engine->loop, &lag);
    health_close(&engine->health, now, &lag, 0, &event);
    engine->config.event(engine->config.to, &event);
}

static void probe(void *arg)
{
    struct engine *engine = arg;
    int64_t now = clock_now();
    /* A stop of the thread is as long for all the probes that would have been due in it. */
    for (engine->probe_due_ns += PROBE_NS; engine->probe_due_ns < now;
         engine->probe_due_ns += PROBE_NS)
        loop_lag_add(engine->loop, now - engine->probe_due_ns);
    if (now - engine->health.since_ns >= HEALTH_NS)
        tell(engine, now);
    loop_timer_set(engine->loop, &engine->probe, engine->probe_due_ns, probe, engine);
}

void watch_begin(struct engine *engine)
{
    health_begin(&engine->health, "signalling", engine->config.worker);
    engine->probe_due_ns = clock_now() + PROBE_NS;
    loop_timer_set(engine->loop, &engine->probe, engine->probe_due_ns, probe, engine);
}

void watch_end(struct engine *engine)
{
    loop_timer_cancel(&engine->probe);
    tell(engine, clock_now());
}

void watch_start(struct engine *engine, int64_t due_ns)
{
    engine->health.now.asked++;
    engine->health.now.done += clock_now() - due_ns <= START_LATE_NS;
}
