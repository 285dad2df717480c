#include "limit.h"

#include <stdio.h>
#include <string.h>

/* Of a second, on average over the run or in its worst one: waiting that was felt. */
#define WAITED 0.05
#define WAITED_WORST 0.25
/* Past about this a thread that keeps times falls behind (measured, performance.md). */
#define BUSY 0.85
#define COMFORTABLE 0.75

struct finding {
    const struct result_health *thread;
    double waited, used;
};

/* Whether it was short of CPU; *found is the worst so far. */
static bool look(const struct result_health *thread, struct finding *found)
{
    if (thread->length_ns <= 0)
        return false;
    double length = (double)thread->length_ns;
    double waited = thread->waited_ns == EVENT_NONE ? 0 : (double)thread->waited_ns / length;
    double used = thread->cpu_ns == EVENT_NONE ? 0 : (double)thread->cpu_ns / length;
    /* A thread that is often woken waits a little each time, with nobody to blame. */
    if (waited < WAITED && thread->waited_most < WAITED_WORST && thread->cpu_most < BUSY)
        return false;
    if (thread->waited_most > waited)
        waited = thread->waited_most;
    if (thread->cpu_most > used && waited < WAITED)
        used = thread->cpu_most;
    double badness = waited > used - BUSY ? waited : used - BUSY;
    double before = found->waited > found->used - BUSY ? found->waited : found->used - BUSY;
    if (!found->thread || badness > before)
        *found = (struct finding){thread, waited, used};
    return true;
}

/* Of a CPU, what the busiest of our threads used in its worst second. */
static double busiest(const struct result *result)
{
    double most = 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        if (result->health[i].cpu_most > most)
            most = result->health[i].cpu_most;
    return most;
}

/* What is run beside it decides, so it is told apart from our own threads. */
static bool by_others(const struct result *result)
{
    if (busiest(result) > BUSY)
        return false;
    double cpus = result->machine_known && result->machine.cpus > 0 ? result->machine.cpus : 1;
    double used = health_cpus(result);
    return used >= 0 && used < 0.8 * cpus;
}

/* Datagrams that a thread in time does not read were lost to a small queue, and not to the CPU. */
#define UNREAD_NS INT64_C(20000000)

/* What came of it where it was: a thread that was in time had CPU enough. */
static unsigned effects_of(const struct result *result, const struct result_health *thread,
                           bool *unproduced)
{
    unsigned effects = 0;
    uint64_t late, asked;
    if (strcmp(thread->thread, "media") == 0) {
        *unproduced |= limit_not_paced(result, NULL);
        if (limit_media_late(result) || limit_not_paced(result, NULL))
            effects |= EFFECT_MEDIA_LATE;
        if (thread->dropped && thread->lag_p99_ns > UNREAD_NS)
            effects |= EFFECT_MEDIA_LOST;
        return effects;
    }
    *unproduced |= limit_starts_late(result, &late, &asked);
    if (limit_sip_late(result))
        effects |= EFFECT_SIP_LATE;
    if (limit_sip_stopped(result))
        effects |= EFFECT_SIP_STOPPED;
    return effects;
}

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    static const char *const threads[] = {"media", "signalling"};
    struct finding found = {0};
    *effects = 0;
    bool unproduced = false;
    for (uint32_t i = 0; i < result->health_count; i++) {
        const struct result_health *thread = &result->health[i];
        bool ours =
            strcmp(thread->thread, threads[0]) == 0 || strcmp(thread->thread, threads[1]) == 0;
        struct finding before = found;
        if (!ours || !look(thread, &found))
            continue;
        bool missed = false;
        unsigned came = effects_of(result, thread, &missed);
        if (!came && !missed)
            found = before;
        *effects |= came;
        unproduced |= missed;
    }
    if (!found.thread)
        return LIMIT_NONE;
    double wanted = found.waited + found.used;
    if (found.waited >= WAITED) {
        snprintf(out->text, sizeof out->text,
                 "the %s thread wanted a CPU and did not get one for %.0f%% of the time%s",
                 found.thread->thread, 100 * (found.waited > 1 ? 1 : found.waited),
                 by_others(result) ? "; something else uses this machine"
                                   : "; this program's own load is more than its CPUs carry");
        snprintf(out->next, sizeof out->next,
                 "stop what else runs on these CPUs, give this process more of them, or run fewer "
                 "endpoints");
    } else {
        snprintf(out->text, sizeof out->text,
                 "the %s thread used %.0f%% of a CPU, and past %.0f%% it cannot keep its "
                 "times",
                 found.thread->thread, 100 * (found.used > 1 ? 1 : found.used), 100 * BUSY);
        snprintf(out->next, sizeof out->next,
                 "run fewer endpoints on this machine, or one with faster CPUs");
    }
    /* Who waits behind a thread of ours that is busy has CPU when that one has less to do. */
    if (found.waited >= WAITED && busiest(result) > BUSY)
        out->fits = limit_fits(result, COMFORTABLE / busiest(result));
    else
        out->fits = limit_fits(result, COMFORTABLE * (found.used > 0 ? found.used / wanted : 0) /
                                           (found.used > COMFORTABLE ? found.used : COMFORTABLE));
    return unproduced ? LIMIT_NOT_PRODUCED : LIMIT_BENDS;
}

const struct limit limit_cpu = {.name = "cpu", .measure = measure};
