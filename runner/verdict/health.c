#include "health.h"

#include <string.h>
#include "cmtest/text.h"

/* A rest that is shorter says little of how busy a thread was. */
#define WHOLE_NS INT64_C(500000000)

static struct result_health *row_of(struct result *result, const struct event_health *event)
{
    char name[sizeof event->thread];
    memcpy(name, event->thread, sizeof name);
    name[sizeof name - 1] = '\0';
    for (uint32_t i = 0; i < result->health_count; i++)
        if (result->health[i].worker == event->worker &&
            strcmp(result->health[i].thread, name) == 0)
            return &result->health[i];
    if (result->health_count == RESULT_THREADS_MAX)
        return NULL;
    struct result_health *row = &result->health[result->health_count++];
    *row = (struct result_health){.worker = event->worker,
                                  .cpu_ns = EVENT_NONE,
                                  .waited_ns = EVENT_NONE,
                                  .process_ns = EVENT_NONE,
                                  .lag_p99_ns = EVENT_NONE,
                                  .lag_max_ns = EVENT_NONE};
    text_copy(row->thread, sizeof row->thread, name);
    return row;
}

static void add(int64_t *sum, int64_t part)
{
    if (part < 0)
        return;
    if (*sum == EVENT_NONE)
        *sum = 0;
    if (__builtin_add_overflow(*sum, part, sum))
        *sum = INT64_MAX;
}

static void widen(int64_t *most, int64_t value)
{
    if (value >= 0 && value > *most)
        *most = value;
}

static void widen_share(double *most, int64_t part, int64_t length_ns)
{
    if (part < 0 || length_ns < WHOLE_NS)
        return;
    double share = (double)part / (double)length_ns;
    *most = share > *most ? share : *most;
}

static void take(struct result_health *row, const struct event_health *event)
{
    row->seconds++;
    row->policy = event->policy;
    row->pinned = event->pinned;
    add(&row->length_ns, event->length_ns);
    add(&row->cpu_ns, event->cpu_ns);
    add(&row->waited_ns, event->waited_ns);
    add(&row->process_ns, event->process_ns);
    widen_share(&row->cpu_most, event->cpu_ns, event->length_ns);
    widen_share(&row->waited_most, event->waited_ns, event->length_ns);
    row->turns += event->turns;
    row->late += event->late;
    widen(&row->lag_p99_ns, event->lag_p99_ns);
    widen(&row->lag_max_ns, event->lag_max_ns);
    row->asked += event->asked;
    row->done += event->done;
    row->received += event->received;
    row->dropped += event->dropped;
    if (event->queue && (!row->queue || event->queue < row->queue))
        row->queue = event->queue;
    row->backlog_last = event->backlog;
    if (event->backlog > row->backlog_most)
        row->backlog_most = event->backlog;
    for (int i = 0; i < HEALTH_REFUSALS; i++)
        row->refused[i] += event->refused[i];
}

bool health_take(struct result *result, const struct event *event)
{
    if (event->kind == EVENT_MACHINE) {
        result->machine = event->machine;
        result->machine_known = true;
        return true;
    }
    if (event->kind != EVENT_HEALTH)
        return false;
    struct result_health *row = row_of(result, &event->health);
    if (row)
        take(row, &event->health);
    return true;
}

/* By the share of what was late, and else by how late. */
static bool is_worse(const struct result_health *a, const struct result_health *b)
{
    double x = a->turns ? (double)a->late / (double)a->turns : 0;
    double y = b->turns ? (double)b->late / (double)b->turns : 0;
    return x != y ? x > y : a->lag_max_ns > b->lag_max_ns;
}

const struct result_health *health_thread(const struct result *result, const char *thread)
{
    const struct result_health *worst = NULL;
    for (uint32_t i = 0; i < result->health_count; i++)
        if (strcmp(result->health[i].thread, thread) == 0 &&
            (!worst || is_worse(&result->health[i], worst)))
            worst = &result->health[i];
    return worst;
}

/* The parent is a process of its own where there are several workers. */
static bool is_same_process(const struct result_health *a, const struct result_health *b,
                            bool several)
{
    bool parents = (strcmp(a->thread, "collector") == 0) == (strcmp(b->thread, "collector") == 0);
    return a->worker == b->worker && (!several || parents);
}

double health_cpus(const struct result *result)
{
    double used = -1;
    bool several = false;
    for (uint32_t i = 0; i < result->health_count; i++)
        several |= result->health[i].worker > 0;
    for (uint32_t i = 0; i < result->health_count; i++) {
        const struct result_health *thread = &result->health[i];
        bool told = thread->process_ns == EVENT_NONE || thread->length_ns <= 0;
        for (uint32_t j = 0; j < i && !told; j++)
            told = result->health[j].process_ns != EVENT_NONE &&
                   is_same_process(thread, &result->health[j], several);
        if (!told)
            used = (used < 0 ? 0 : used) + (double)thread->process_ns / (double)thread->length_ns;
    }
    return used;
}
