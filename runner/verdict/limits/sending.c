#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    uint64_t full = 0, asked = 0;
    for (uint32_t i = 0; i < result->health_count; i++) {
        full += result->health[i].refused[REFUSAL_FULL];
        asked += result->health[i].asked;
    }
    if (!full)
        return LIMIT_NONE;
    *effects = EFFECT_MEDIA_LOST | EFFECT_SIP_LATE;
    snprintf(out->text, sizeof out->text,
             "the kernel did not take %llu of %llu datagrams, for its send queues were "
             "full",
             (unsigned long long)full, (unsigned long long)(asked > full ? asked : full));
    snprintf(out->next, sizeof out->next,
             "give its sockets more room (sysctl net.core.wmem_default), a faster network device, "
             "or run fewer endpoints");
    return LIMIT_BENDS;
}

const struct limit limit_sending = {.name = "sending", .measure = measure};
