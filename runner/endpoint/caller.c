/* How an endpoint calls. */
#include "endpoint_private.h"

static void give_up(void *arg)
{
    struct endpoint *endpoint = arg;
    endpoint->call.gave_up = true;
    call_hang_up(endpoint);
}

void call_dial(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    const struct endpoint_config *config = &endpoint->config;
    call->invited = true;
    endpoint_move(endpoint, PHASE_CALLING);
    steps_occurred(endpoint, OCCURRED_CALLING);
    struct leg *leg = call_leg(endpoint, true);
    if (!leg) {
        call->over = call_end(call)->unreachable = true;
        call_wind_up(endpoint);
        return;
    }
    struct dialog_request request = {.target = config->target,
                                     .offer = config->late_offer ? NULL : session_make_offer(leg),
                                     .from = config->from,
                                     .headers = config->headers,
                                     .options = config->dialog};
    int64_t now = clock_now();
    call->leg = leg;
    leg->dialog = dialog_invite(endpoint->agent, endpoint->user, &request, &call_handler, leg);
    if (leg->local.said)
        dialog_describe(leg->dialog, leg->local.said);
    text_copy(call->call_id, sizeof call->call_id, dialog_call_id(leg->dialog));
    if (!call->invite_ns)
        call->invite_ns = now;
    loop_timer_set(endpoint->loop, &endpoint->timer, now + config->patience_ns, give_up, endpoint);
}

void caller_progress(void *owner, int status, const char *body, size_t length)
{
    struct leg *leg = owner;
    struct endpoint *endpoint = leg->endpoint;
    if (leg == endpoint->call.pending)
        transfer_progress(leg, status);
    else if (leg == endpoint->call.leg && status > 100)
        endpoint_move(endpoint, PHASE_RINGING);
    /* One that cannot be used is no reason to give up: the final answer may be better, and another
     * fork may give it. */
    if (length && !session_take_answer(leg, body, length))
        session_flow(leg);
}

void caller_answered(void *owner, const char *body, size_t length)
{
    struct leg *leg = owner;
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    const char *why = NULL;
    if (leg == call->leg)
        endpoint_move(endpoint, PHASE_NEGOTIATING);
    if (length)
        why = session_take_answer(leg, body, length);
    else if (!leg->agreed)
        why = "the peer sent no SDP";
    if (leg == call->leg) {
        call->confirmed = true;
        if (why)
            call_trouble(endpoint, session_failure(why), "the answer in the 200 is unusable", why);
    }
    if (why) {
        call->answered |= leg == call->leg;
        leg_hang_up(leg);
        return;
    }
    call_answered(leg, clock_now());
    if (leg == call->pending) {
        transfer_done(leg);
    } else if (leg == call->consulted) {
        steps_consulted(leg);
    } else {
        endpoint_move(endpoint, PHASE_INCALL);
        steps_occurred(endpoint, OCCURRED_ANSWERED);
    }
}
