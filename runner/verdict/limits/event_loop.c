#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    const struct result_health *thread = health_thread(result, "signalling");
    bool late = limit_sip_late(result);
    int64_t gap_ns = limit_sip_gap(result);
    if (!thread || (!late && !gap_ns))
        return LIMIT_NONE;
    *effects = (late ? EFFECT_SIP_LATE : 0u) | (gap_ns ? EFFECT_SIP_GAP : 0u) |
               (limit_sip_stopped(result) ? EFFECT_SIP_STOPPED : 0u);
    if (late)
        snprintf(out->text, sizeof out->text,
                 "%.1f%% of the timers of SIP fired over 20 ms late (longest %.0f ms)",
                 100 * (double)thread->late / (double)thread->turns,
                 (double)thread->lag_max_ns / 1e6);
    else
        snprintf(out->text, sizeof out->text, "its SIP stood still for up to %.0f ms",
                 (double)gap_ns / 1e6);
    out->fits = limit_fitted(result);
    snprintf(out->next, sizeof out->next,
             "run fewer endpoints on this machine, lower the rate of calls, or stop what else uses "
             "its CPU");
    return LIMIT_BENDS;
}

const struct limit limit_event_loop = {.name = "event loop", .measure = measure};
