#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    uint64_t late, asked;
    if (!limit_starts_late(result, &late, &asked))
        return LIMIT_NONE;
    *effects = EFFECT_SIP_LATE;
    snprintf(out->text, sizeof out->text,
             "%llu of %llu registrations and calls were begun over 250 ms later than asked",
             (unsigned long long)late, (unsigned long long)asked);
    snprintf(out->next, sizeof out->next,
             "lower the rate (a longer buildup), or run fewer endpoints on this machine");
    return LIMIT_NOT_PRODUCED;
}

const struct limit limit_rate = {.name = "rate", .measure = measure};
