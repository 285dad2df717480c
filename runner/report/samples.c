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

static void each_metric(void *to, const struct event *event)
{
    struct walk *walk = to;
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
            if (metrics[row]->directions & directions[d] &&
                result_owes(result, metrics[row], index) &&
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
        result_last_events(result, i, each_metric, &walk);
    for (uint32_t i = 0; i < count; i++)
        tell_missing(&walk, i);
    free(walk.phases);
}
