#include "limit.h"

#include <stdio.h>

/* Of events that wait to be counted: about 1.5 kB each. */
#define MANY 200000

static enum limit_harm measure(const struct result *result, struct result_limit *out,
                               unsigned *effects)
{
    const struct result_health *thread = health_thread(result, "collector");
    if (!thread || thread->backlog_most < MANY)
        return LIMIT_NONE;
    *effects = 0;
    snprintf(out->text, sizeof out->text,
             "%u events waited at once to be counted; what they say is exact, but they "
             "take memory",
             thread->backlog_most);
    snprintf(out->next, sizeof out->next, "run fewer endpoints on this machine");
    return LIMIT_WARNS;
}

const struct limit limit_backlog = {.name = "backlog", .measure = measure};
