#include "limit.h"

#include <stdio.h>
#include <string.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    uint64_t dropped = 0, received = 0, queue = 0;
    *effects = 0;
    for (uint32_t i = 0; i < result->health_count; i++) {
        const struct result_health *thread = &result->health[i];
        dropped += thread->dropped;
        received += thread->received;
        if (!thread->dropped)
            continue;
        *effects |= strcmp(thread->thread, "media") == 0
                        ? EFFECT_MEDIA_LOST
                        : (unsigned)EFFECT_SIP_LATE | EFFECT_SIP_STOPPED;
        if (thread->queue && (!queue || thread->queue < queue))
            queue = thread->queue;
    }
    if (!dropped)
        return LIMIT_NONE;
    char room[48] = "";
    if (queue)
        snprintf(room, sizeof room, " of %.1f kB", (double)queue / 1000);
    snprintf(out->text, sizeof out->text,
             "the kernel dropped %llu %sdatagram%s that had arrived%s, because this "
             "program read too late for a queue%s",
             (unsigned long long)dropped, *effects & EFFECT_MEDIA_LOST ? "" : "SIP ",
             dropped == 1 ? "" : "s", received ? "" : " before any was read", room);
    snprintf(out->next, sizeof out->next,
             "give its sockets more room (sysctl net.core.rmem_default), or run fewer endpoints "
             "on this machine");
    return LIMIT_BENDS;
}

const struct limit limit_receive_queue = {.name = "receive queue", .measure = measure};
