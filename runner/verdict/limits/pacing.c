#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    const struct event_pacing *pacing = &result->pacing;
    double share = 0;
    bool unproduced = limit_not_paced(result, &share);
    if (!unproduced && !limit_media_late(result))
        return LIMIT_NONE;
    *effects = EFFECT_MEDIA_LATE;
    if (unproduced)
        snprintf(out->text, sizeof out->text,
                 "%.1f%% of its %.0f packets left over 20 ms late or not at all, so the load that "
                 "was asked for was not produced",
                 100 * share, (double)pacing->packets);
    else
        snprintf(out->text, sizeof out->text,
                 "1%% of its packets left over %.1f ms late (longest %.0f ms)",
                 (double)pacing->p99_ns / 1e6, (double)pacing->max_ns / 1e6);
    snprintf(out->next, sizeof out->next,
             "run fewer endpoints on this machine, or stop what else uses its CPU, and run again");
    return unproduced ? LIMIT_NOT_PRODUCED : LIMIT_BENDS;
}

const struct limit limit_pacing = {.name = "pacing", .measure = measure};
