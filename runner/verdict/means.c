#include "means.h"

#include <math.h>
#include <stdlib.h>
#include "cmtest/arena.h"

void means_new(struct result *result)
{
    result->means = mem_array(result->threshold_count, sizeof(*result->means));
}

void means_free(struct result *result)
{
    for (size_t i = 0; i < result->threshold_count; i++)
        free(result->means[i]);
    free(result->means);
}

void means_take(struct result *result, const struct event *event)
{
    for (size_t i = 0; i < result->threshold_count; i++) {
        const struct metric_key *key = &result->thresholds[i].key;
        enum event_direction direction =
            key->direction == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE;
        double value;
        if (!metric_read(key->metric, event, direction, &value) || !isfinite(value))
            continue;
        if (!result->means[i])
            result->means[i] = mem_array(result->roster->endpoint_count, sizeof(*result->means[i]));
        struct result_mean *mean = &result->means[i][event->endpoint];
        mean->sum += value;
        mean->count++;
        mean->scales |= key->metric->scaled ? 1u << event->second.scale : 0;
    }
}

const struct result_mean *means_get(const struct result *result, const struct threshold *threshold,
                                    uint32_t endpoint)
{
    static const struct result_mean none;
    size_t at = (size_t)(threshold - result->thresholds);
    return at < result->threshold_count && result->means[at] ? &result->means[at][endpoint] : &none;
}
