#include "engine_private.h"

/* Calls whose messages are told: enough for an example of everything that went wrong, and a bound
 * for what the collector must hold (two traces of 24 KiB each). Warnings may use a few only, so
 * that they leave room for failures. */
#define EVIDENCE_CALLS 50
#define EVIDENCE_WARNINGS 10

/* The calls of the others are no evidence any more. */
static void drop_others(struct engine *engine)
{
    for (uint32_t i = 0; i < engine->own_count; i++)
        if (!engine->seats[engine->own[i]].evidence)
            endpoint_trace_drop(engine->seats[engine->own[i]].endpoint);
}

static bool in_budget(struct engine *engine, int severity)
{
    if (engine->evidence_calls >= EVIDENCE_CALLS ||
        (severity < outcome_severity(OUTCOME_CALL_FAILED) &&
         engine->evidence_warnings >= EVIDENCE_WARNINGS))
        return false;
    engine->evidence_calls++;
    engine->evidence_warnings += severity < outcome_severity(OUTCOME_CALL_FAILED);
    return true;
}

void evidence_closed(struct engine *engine, uint32_t id)
{
    struct seat *seat = &engine->seats[id];
    uint32_t partner = engine->plan->endpoints[id].partner;
    struct seat *other = partner == ROSTER_NONE ? NULL : &engine->seats[partner];
    if (seat->evidence) {
        endpoint_trace(seat->endpoint);
    } else if (seat->severity > 0 && in_budget(engine, seat->severity)) {
        seat->evidence = true;
        endpoint_trace(seat->endpoint);
        if (other)
            other->evidence = true;
        if (other && other->closed)
            endpoint_trace(other->endpoint);
        if (engine->evidence_calls == EVIDENCE_CALLS)
            drop_others(engine);
    } else if (!other || (other->closed && !other->evidence)) {
        endpoint_trace_drop(seat->endpoint);
        if (other)
            endpoint_trace_drop(other->endpoint);
    }
}
