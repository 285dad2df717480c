#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    const struct event_pacing *pacing = &result->pacing;
    double share = 0;
    bool unproduced = limit_not_paced(result, &share), late = limit_media_late(result);
    int64_t gap_ns = limit_media_gap(result);
    if (!unproduced && !late && !gap_ns)
        return LIMIT_NONE;
    *effects = (unproduced || late ? EFFECT_MEDIA_LATE : 0u) | (gap_ns ? EFFECT_MEDIA_GAP : 0u);
    if (unproduced)
        snprintf(out->text, sizeof out->text,
                 "%.1f%% of its %.0f packets left over 20 ms late or not at all, so the load that "
                 "was asked for was not produced",
                 100 * share, (double)pacing->packets);
    else if (!late)
        snprintf(out->text, sizeof out->text,
                 "its sending of RTP stood still for up to %.0f ms, and %llu of %llu packets were "
                 "left out",
                 (double)gap_ns / 1e6, (unsigned long long)pacing->skipped,
                 (unsigned long long)pacing->packets);
    else
        snprintf(out->text, sizeof out->text,
                 "1%% of its packets left over %.1f ms late (longest %.0f ms)",
                 (double)pacing->p99_ns / 1e6, (double)pacing->max_ns / 1e6);
    out->fits = limit_fitted(result);
    snprintf(out->next, sizeof out->next,
             "run fewer endpoints on this machine, or stop what else uses its CPU, and run again");
    return unproduced ? LIMIT_NOT_PRODUCED : LIMIT_BENDS;
}

const struct limit limit_pacing = {.name = "pacing", .measure = measure};
