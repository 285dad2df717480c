#include "run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/text.h"

/* A packet in a thousand that is later than a small playout buffer waits moves a MOS by as much as
 * the margin. */
#define LATE_SHARE 0.001
#define LATE_MS 5.0
/* A call is set up in a dozen turns of our threads: so much for each is more than the margin. */
#define SIGNALLING_LAG_NS 500000
#define SIGNALLING_WAIT_SHARE 0.01

const unsigned run_directions[DIRECTIONS] = {METRIC_PLAIN, METRIC_SEND, METRIC_RECEIVE};

struct comparison_run *comparison_run_new(const struct roster *roster, const char *name)
{
    struct comparison_run *run = mem_alloc(sizeof *run);
    run->roster = roster;
    run->name = name;
    while (metrics[run->column_count])
        run->column_count++;
    run->column_count *= DIRECTIONS;
    run->columns = mem_array(run->column_count, sizeof(*run->columns));
    run->scales = mem_array(run->column_count, sizeof *run->scales);
    return run;
}

void comparison_run_free(struct comparison_run *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->column_count; i++)
        free(run->columns[i]);
    free(run->columns);
    free(run->scales);
    free(run->calls);
    free(run);
}

static void add(struct comparison_run *run, size_t column, const struct event *event, double value)
{
    if (!isfinite(value))
        return;
    if (!run->columns[column])
        run->columns[column] =
            mem_array((size_t)run->roster->endpoint_count + 1, sizeof **run->columns);
    run->columns[column][event->endpoint].sum += value;
    run->columns[column][event->endpoint].count++;
    if (event->kind == EVENT_SECOND)
        run->scales[column] |= 1u << event->second.scale;
}

static void take(void *to, const struct event *event)
{
    struct comparison_run *run = to;
    for (size_t row = 0; metrics[row]; row++) {
        for (size_t d = 0; d < DIRECTIONS; d++) {
            double value;
            enum event_direction direction =
                run_directions[d] == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE;
            if (metrics[row]->directions & run_directions[d] &&
                metric_read(metrics[row], event, direction, &value))
                add(run, row * DIRECTIONS + d, event,
                    metrics[row]->kind == METRIC_RATE ? 100 * value : value);
        }
    }
}

static void take_health(struct comparison_run *run, const struct event_health *health)
{
    if (strcmp(health->thread, "signalling") != 0 && strcmp(health->thread, "registrar") != 0)
        return;
    if (health->lag_p99_ns != EVENT_NONE && health->lag_p99_ns > run->lag_ns)
        run->lag_ns = health->lag_p99_ns;
    if (health->waited_ns == EVENT_NONE || health->length_ns <= 0)
        return;
    run->waited_ns += health->waited_ns;
    run->watched_ns += health->length_ns;
}

void comparison_run_event(void *to, const struct event *event)
{
    struct comparison_run *run = to;
    if (event->kind == EVENT_HEALTH)
        take_health(run, &event->health);
    /* An outcome may be replaced by a worse one: the last one is taken at the end. */
    if (event->endpoint < run->roster->endpoint_count && event->kind != EVENT_OUTCOME)
        take(run, event);
}

void comparison_run_end(struct comparison_run *run, const struct result *result)
{
    const struct event_pacing *pacing = &result->pacing;
    run->calls = mem_array((size_t)run->roster->endpoint_count + 1, sizeof *run->calls);
    for (uint32_t i = 0; i < run->roster->endpoint_count; i++) {
        result_last_events(result, i, take, run);
        run->calls[i] = result_call(result, i);
    }
    run->verdict = result->verdict;
    run->seed = result->seed;
    text_copy(run->why, sizeof run->why, result->why);
    run->signalling_late = run->lag_ns > SIGNALLING_LAG_NS ||
                           (double)run->waited_ns > SIGNALLING_WAIT_SHARE * (double)run->watched_ns;
    if (!pacing->packets)
        return;
    if (pacing->p99_ns != EVENT_NONE)
        run->lateness_ms = (double)pacing->p99_ns / 1e6;
    run->skipped = (double)pacing->skipped / (double)pacing->packets;
    double bad = (double)pacing->over_20ms + (double)pacing->skipped;
    run->late = run->lateness_ms > LATE_MS || bad > LATE_SHARE * (double)pacing->packets;
}

static bool in_group(const struct comparison_run *run, uint32_t endpoint, const char *group)
{
    const struct roster *roster = run->roster;
    return !group || strcmp(roster->groups[roster->endpoints[endpoint].group].name, group) == 0;
}

/* Both sides of a call are one thing that went well or did not. */
static bool is_hit(const struct metric *metric, const struct tally *call)
{
    return metric->better == BETTER_LOWER ? call->sum > 0 : call->sum >= 100.0 * call->count - 1e-9;
}

size_t run_calls(const struct comparison_run *run, size_t column, const char *group, bool as_share,
                 double *values)
{
    uint32_t count = run->roster->endpoint_count;
    const struct tally *tallies = run->columns[column];
    if (!tallies)
        return 0;
    struct tally *calls = mem_array((size_t)count + 1, sizeof *calls);
    for (uint32_t i = 0; i < count; i++) {
        if (!tallies[i].count || !in_group(run, i, group))
            continue;
        struct tally *call = &calls[run->calls[i]];
        call->sum += tallies[i].sum / tallies[i].count;
        call->count++;
    }
    size_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        if (calls[i].count)
            values[found++] = as_share ? is_hit(metrics[column / DIRECTIONS], &calls[i])
                                       : calls[i].sum / calls[i].count;
    free(calls);
    return found;
}

double run_mean(const struct comparison_run *run, size_t column, const char *group)
{
    double *values = mem_array((size_t)run->roster->endpoint_count + 1, sizeof *values), sum = 0;
    size_t count = run_calls(run, column, group, false, values);
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    free(values);
    return count ? sum / (double)count : (double)NAN;
}

size_t run_due(const struct comparison_run *run, const char *group)
{
    bool *seen = mem_array((size_t)run->roster->endpoint_count + 1, sizeof *seen);
    size_t due = 0;
    for (uint32_t i = 0; i < run->roster->endpoint_count; i++) {
        if (!in_group(run, i, group) || seen[run->calls[i]])
            continue;
        seen[run->calls[i]] = true;
        due++;
    }
    free(seen);
    return due;
}
