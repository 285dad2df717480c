/* The generator's own state in one line. */
#include "words.h"

#include <string.h>

static void add_thread(struct text *out, const struct result_health *each, bool several)
{
    text_printf(out, "%s%s", out->length ? "; " : "", each->thread);
    if (several)
        text_printf(out, " %u", each->worker);
    if (each->cpu_ns != EVENT_NONE && each->length_ns > 0)
        text_printf(out, " %.0f%% of a CPU", 100 * (double)each->cpu_ns / (double)each->length_ns);
    /* A run of less than half a second has no busiest one. */
    if (each->cpu_ns != EVENT_NONE && each->length_ns > 0 && each->cpu_most > 0)
        text_printf(out, " (most %.0f%%)", 100 * each->cpu_most);
    if (each->waited_ns != EVENT_NONE && each->length_ns > 0 &&
        each->waited_ns * 100 > each->length_ns)
        text_printf(out, ", waited for one %.0f%%",
                    100 * (double)each->waited_ns / (double)each->length_ns);
    if (each->lag_p99_ns != EVENT_NONE)
        text_printf(out, ", late p99 %.1f ms", (double)each->lag_p99_ns / 1e6);
    uint64_t unsent = each->refused[REFUSAL_FULL] + each->refused[REFUSAL_MEMORY];
    if (each->dropped)
        text_printf(out, ", %llu datagrams dropped", (unsigned long long)each->dropped);
    if (unsent)
        text_printf(out, ", %llu not sent", (unsigned long long)unsent);
}

void words_health(struct text *out, const struct result *result)
{
    bool several = false;
    for (uint32_t i = 0; i < result->health_count; i++)
        several |= result->health[i].worker > 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        if (strcmp(result->health[i].thread, "collector") != 0)
            add_thread(out, &result->health[i], several);
}
