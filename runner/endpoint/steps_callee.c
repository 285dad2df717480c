/* Steps that decide what becomes of a call that came. */
#include "steps_private.h"

/* NULL: there is a call that waits for a decision; else why not. */
static const char *undecided(const struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    bool waits = endpoint->config.role == ROLE_CALLEE && call->leg && call->leg->dialog &&
                 !call->leg->caller && !call->answered && !call->over;
    if (!waits)
        return "there is no incoming call that waits for an answer";
    return endpoint->steps->answer || call->refused ? "the call is decided on already" : NULL;
}

const char *steps_answer(void *who, uint32_t ticket)
{
    struct endpoint *endpoint = who;
    const char *why = undecided(endpoint);
    if (why)
        return why;
    endpoint->steps->answer = ticket;
    loop_timer_cancel(&endpoint->timer);
    callee_answer(endpoint);
    return NULL;
}

const char *steps_refuse(void *who, uint32_t ticket, const struct refusal *refusal)
{
    struct endpoint *endpoint = who;
    const char *why = undecided(endpoint);
    if (why)
        return why;
    endpoint->steps->refusal = ticket;
    endpoint->steps->refused_with = refusal->status;
    loop_timer_cancel(&endpoint->timer);
    callee_refuse(endpoint, refusal, NULL);
    return NULL;
}

void steps_confirmed(struct endpoint *endpoint)
{
    if (endpoint->steps)
        steps_done(endpoint, &endpoint->steps->answer, true, 200, NULL);
}
