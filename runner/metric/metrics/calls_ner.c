#include "read.h"

/* The other end was reached, and its user would not or could not talk. */
static bool reached_user(const struct event_call *call)
{
    static const uint16_t statuses[] = {480, 486, 487, 600, 603};
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (call->status == statuses[i])
            return true;
    return call->result == CALL_TIMED_OUT && call->ringing_ns != EVENT_NONE;
}

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_attempt(event);
    if (!call)
        return false;
    *value = call->result == CALL_ANSWERED || reached_user(call) ? 1 : 0;
    return true;
}

const struct metric metric_calls_ner = {
    .name = "calls.ner",
    .kind = METRIC_RATE,
    .unit = UNIT_PERCENT,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "Network effectiveness ratio: of all INVITEs, the share that the network brought to "
            "its end: 2xx, or 480, 486, 487, 600, 603, or nobody answered (408 or no final "
            "response) after a 180.",
    .standard = "ITU-T E.425 (NER)",
    .due = DUE_CALL,
    .highest = 100,
    .better = BETTER_HIGHER,
    .reads = EVENT_CALL,
    .read = read,
};
