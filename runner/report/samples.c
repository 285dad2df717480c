#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

struct walk {
    struct sample sample;
    enum endpoint_phase *phases;
    sample_fn *take;
    void *to;
};

static const unsigned directions[] = {METRIC_PLAIN, METRIC_SEND, METRIC_RECEIVE};

static void each_metric(struct walk *walk, const struct event *event)
{
    struct sample *sample = &walk->sample;
    sample->event = event;
    sample->endpoint = event->endpoint;
    sample->phase = walk->phases[event->endpoint];
    for (size_t row = 0; metrics[row]; row++)
        for (size_t d = 0; d < 3; d++) {
            enum event_direction direction =
                directions[d] == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE;
            if (!(metrics[row]->directions & directions[d]) ||
                !metric_read(metrics[row], event, direction, &sample->value))
                continue;
            sample->key = (struct metric_key){metrics[row], directions[d]};
            walk->take(walk->to, sample);
        }
}

/* As the verdict closes what never reported (judge.c). */
static void close_endpoint(struct walk *walk, uint32_t index)
{
    const struct result *result = walk->sample.result;
    const struct result_endpoint *endpoint = &result->endpoints[index];
    struct event event = {.at_ns = result->ended_ns, .endpoint = index};
    if (!endpoint->closed && !endpoint->registered_known && !result->interrupted) {
        event.kind = EVENT_REGISTRATION;
        event.registration = (struct event_registration){.expires = -1, .time_ns = EVENT_NONE};
        each_metric(walk, &event);
    }
    if (result->roster->endpoints[index].role == ROLE_CALLER && !endpoint->call_known) {
        event.kind = EVENT_CALL;
        event.call = (struct event_call){
            .result = endpoint->phase < PHASE_CALLING ? CALL_NOT_ATTEMPTED : CALL_ERROR,
            .counted = true,
            .trying_ns = EVENT_NONE,
            .ringing_ns = EVENT_NONE,
            .pdd_ns = EVENT_NONE,
            .setup_ns = EVENT_NONE,
            .first_media_ns = EVENT_NONE,
            .duration_ns = EVENT_NONE,
            .teardown_ns = EVENT_NONE,
            .early_media_ns = EVENT_NONE,
            .failed_ns = EVENT_NONE,
            .retry_after = -1,
        };
        each_metric(walk, &event);
    }
    event.kind = EVENT_OUTCOME;
    event.outcome = endpoint->outcome;
    each_metric(walk, &event);
}

/* As coverage.c has it. */
static bool owes(const struct result *result, const struct metric *metric, uint32_t index)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct roster_endpoint *who = &result->roster->endpoints[index];
    if (metric->kind == METRIC_RATE)
        return false;
    if (metric->due == DUE_STEPS)
        return result->roster->groups[who->group].step_count > 0 &&
               (!endpoint->closed || endpoint->outcome.steps.begun);
    if (!endpoint->call_known || !endpoint->call.established)
        return false;
    return metric->due == DUE_SIDE || (metric->due == DUE_CALL && who->role == ROLE_CALLER);
}

static void tell_missing(struct walk *walk, uint32_t index)
{
    const struct result *result = walk->sample.result;
    struct sample *sample = &walk->sample;
    sample->event = NULL;
    sample->endpoint = index;
    sample->phase = walk->phases[index];
    sample->value = NAN;
    for (size_t row = 0; metrics[row]; row++)
        for (size_t d = 0; d < 3; d++) {
            sample->key = (struct metric_key){metrics[row], directions[d]};
            if (metrics[row]->directions & directions[d] && owes(result, metrics[row], index) &&
                !metric_store_covers(result->store, &sample->key, index))
                walk->take(walk->to, sample);
        }
}

void samples_read(const struct report_run *run, sample_fn *take, void *to)
{
    const struct result *result = run->result;
    struct walk walk = {.sample = {.result = result}, .take = take, .to = to};
    uint32_t count = result->roster->endpoint_count;
    struct event event;
    if (!run->journal)
        return;
    walk.phases = mem_array(count, sizeof(*walk.phases));
    journal_rewind(run->journal);
    while (journal_next(run->journal, &event)) {
        if (event.endpoint >= count)
            continue;
        if (event.kind == EVENT_PHASE && event.phase > walk.phases[event.endpoint])
            walk.phases[event.endpoint] = event.phase;
        if (event.kind != EVENT_TRACE && event.kind != EVENT_OUTCOME)
            each_metric(&walk, &event);
    }
    for (uint32_t i = 0; i < count; i++)
        close_endpoint(&walk, i);
    for (uint32_t i = 0; i < count; i++)
        tell_missing(&walk, i);
    free(walk.phases);
}
