#include "limit.h"

#include <stdio.h>

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    const struct event_machine *machine = &result->machine;
    uint64_t refused = 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        refused += result->health[i].refused[REFUSAL_DESCRIPTORS];
    bool too_few = result->machine_known && machine->refused == MACHINE_DESCRIPTORS;
    if (!too_few && !refused)
        return LIMIT_NONE;
    *effects = EFFECT_UNABLE;
    out->fits = too_few ? machine->fits : 0;
    if (too_few)
        snprintf(out->text, sizeof out->text,
                 "the run needs %.0f descriptors at once and %.0f are allowed (`ulimit -Hn`)",
                 machine->need, machine->have);
    else
        snprintf(out->text, sizeof out->text,
                 "%llu sockets could not be opened, for this process had as many descriptors as "
                 "it may%s",
                 (unsigned long long)refused, result->machine_known ? " (`ulimit -Hn`)" : "");
    snprintf(out->next, sizeof out->next,
             "raise it (`ulimit -n`, LimitNOFILE=, or --ulimit nofile= of a container), spread the "
             "run over more processes (--workers), or run fewer endpoints");
    return too_few ? LIMIT_NOT_STARTED : LIMIT_BENDS;
}

const struct limit limit_descriptors = {.name = "descriptors", .measure = measure};
