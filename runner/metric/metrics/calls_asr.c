#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_attempt(event);
    if (!call)
        return false;
    *value = call->result == CALL_ANSWERED ? 1 : 0;
    return true;
}

const struct metric metric_calls_asr = {
    .name = "calls.asr",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Answer seizure ratio: of all INVITEs, the share that was answered with a 2xx; a "
            "redirection that is not followed counts as not answered.",
    .standard = "ITU-T E.411 (ASR)",
    .due = DUE_CALL,
    .highest = 100,
    .better = BETTER_HIGHER,
    .reads = EVENT_CALL,
    .read = read,
};
