#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    const struct event_machine *machine = &result->machine;
    uint64_t refused = 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        refused += result->health[i].refused[REFUSAL_MEMORY];
    bool too_little = result->machine_known && machine->refused == MACHINE_MEMORY;
    if (!too_little && !refused)
        return LIMIT_NONE;
    *effects = EFFECT_UNABLE | EFFECT_MEDIA_LOST;
    out->fits = too_little ? machine->fits : 0;
    if (too_little)
        snprintf(out->text, sizeof out->text,
                 "the run needs about %.0f MB of memory and this process may have %.0f MB more "
                 "(`ulimit -v`)",
                 machine->need / 1e6, machine->have / 1e6);
    else
        snprintf(out->text, sizeof out->text,
                 "the kernel had no memory for %llu datagrams or sockets",
                 (unsigned long long)refused);
    snprintf(out->next, sizeof out->next,
             "raise it (`ulimit -v`, or --memory of a container), or run fewer endpoints");
    return too_little ? LIMIT_NOT_STARTED : LIMIT_BENDS;
}

const struct limit limit_memory = {.name = "memory", .measure = measure};
