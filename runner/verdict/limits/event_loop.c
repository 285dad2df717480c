#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    const struct result_health *thread = health_thread(result, "signalling");
    if (!thread || !limit_sip_late(result))
        return LIMIT_NONE;
    *effects = EFFECT_SIP_LATE | (limit_sip_stopped(result) ? EFFECT_SIP_STOPPED : 0u);
    snprintf(out->text, sizeof out->text,
             "%.1f%% of the timers of SIP fired over 20 ms late (longest %.0f ms)",
             100 * (double)thread->late / (double)thread->turns, (double)thread->lag_max_ns / 1e6);
    snprintf(out->next, sizeof out->next,
             "run fewer endpoints on this machine, lower the rate of calls, or stop what else uses "
             "its CPU");
    return LIMIT_BENDS;
}

const struct limit limit_event_loop = {.name = "event loop", .measure = measure};
