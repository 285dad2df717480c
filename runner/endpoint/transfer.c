/* Calls that move to another dialog: REFER (RFC 3515) and Replaces (RFC 3891). */
#include "endpoint_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

/* Who referred us hangs up when it hears of the success; if it does not, we do. */
#define LINGER_NS (2 * NS_PER_S)

static void let_go(void *arg)
{
    struct endpoint *endpoint = arg;
    struct call *call = &endpoint->call;
    for (size_t i = 0; i < LEGS; i++)
        if (call->legs[i] && call->legs[i] != call->leg && call->legs[i] != call->pending)
            leg_hang_up(call->legs[i]);
}

static void give_up(void *arg)
{
    struct endpoint *endpoint = arg;
    if (!endpoint->call.pending)
        return;
    endpoint->call.pending_late = true;
    leg_hang_up(endpoint->call.pending);
}

bool transfer_referred(void *owner, const struct dialog_referral *referral)
{
    struct leg *old = owner;
    struct endpoint *endpoint = old->endpoint;
    struct call *call = &endpoint->call;
    if (old != call->leg || call->pending || !call->confirmed || call->over || old->leaving)
        return false;
    struct leg *leg = call_leg(endpoint, true);
    if (!leg)
        return false;
    steps_occurred(endpoint, OCCURRED_REFERRED);
    struct text headers = {0};
    if (referral->replaces)
        text_printf(&headers, "Replaces: %s\r\nRequire: replaces\r\n", referral->replaces);
    if (referral->by && *referral->by)
        text_printf(&headers, "Referred-By: %s\r\n", referral->by);
    struct dialog_request request = {.target = referral->target,
                                     .offer = session_make_offer(leg),
                                     .from = endpoint->config.from,
                                     .headers = headers.length ? text_get(&headers) : NULL,
                                     .options = endpoint->config.dialog};
    free(call->target);
    call->target = mem_strdup(referral->target);
    call->pending = leg;
    call->pending_late = false;
    leg->dialog = dialog_invite(endpoint->agent, endpoint->user, &request, &call_handler, leg);
    dialog_describe(leg->dialog, leg->local.said);
    text_fini(&headers);
    loop_timer_set(endpoint->loop, &call->timer, clock_now() + endpoint->config.patience_ns,
                   give_up, endpoint);
    return true;
}

bool transfer_replaced(struct endpoint *endpoint, struct dialog *dialog)
{
    struct call *call = &endpoint->call;
    struct leg *old = call->leg;
    if (!old || !old->dialog || dialog_replaced(dialog) != old->dialog || call->pending ||
        !call->confirmed || old->leaving)
        return false;
    struct leg *leg = call_leg(endpoint, false);
    if (!leg)
        return false;
    leg->dialog = dialog;
    if (!dialog_adopt(dialog, &endpoint->config.dialog, &call_handler, leg))
        return true;
    size_t length;
    const char *offer = dialog_offer(dialog, &length);
    const char *why = NULL;
    if (length)
        why = session_make_answer(leg, offer, length);
    else
        session_make_offer(leg);
    if (why) {
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, session_failure(why), 488,
                        "Not Acceptable Here",
                        "an INVITE that was to replace the call was refused with 488: %s", why);
        session_refuse(dialog, why);
        return true;
    }
    call->leg = leg;
    call->moved = true;
    steps_left(old, false);
    dialog_answer(dialog, leg->local.said);
    leg_hang_up(old);
    session_flow(leg);
    return true;
}

void transfer_progress(struct leg *leg, int status)
{
    struct call *call = &leg->endpoint->call;
    if (status > 100 && call->leg->dialog)
        dialog_refer_report(call->leg->dialog, status, status == 180 ? "Ringing" : "Progress");
}

void transfer_done(struct leg *leg)
{
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    struct leg *old = call->leg;
    call->pending = NULL;
    call->leg = leg;
    call->moved = true;
    steps_left(old, !old->dialog);
    session_flow(leg);
    /* Who called us has left: we are the one who hangs up. */
    if (endpoint->config.role == ROLE_CALLEE && !endpoint->config.peer_decides &&
        !endpoint->config.hangup_ns)
        loop_timer_set(endpoint->loop, &endpoint->timer,
                       call->answer_ns + endpoint->config.duration_ns, call_duration_over,
                       endpoint);
    if (!old->dialog) {
        loop_timer_cancel(&call->timer);
        return;
    }
    dialog_refer_report(old->dialog, 200, "OK");
    loop_timer_set(endpoint->loop, &call->timer, clock_now() + LINGER_NS, let_go, endpoint);
}

void transfer_failed(struct leg *leg, const struct dialog_end *end)
{
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    char who[160];
    call->pending = NULL;
    loop_timer_cancel(&call->timer);
    if (endpoint->interrupted || call->hung_up)
        return;
    bool unusable = end->status >= 200 && end->status < 300;
    if (call->leg->dialog) {
        bool told = end->status >= 300;
        dialog_refer_report(call->leg->dialog,
                            told       ? end->status
                            : unusable ? 488
                                       : 408,
                            told       ? end->reason
                            : unusable ? "Not Acceptable Here"
                                       : "Request Timeout");
        return; /* the one who referred us goes on with the call as it likes */
    }
    if (unusable) {
        endpoint_worsen(endpoint, OUTCOME_NEGOTIATION_FAILED, FAILURE_SDP, end->status, end->reason,
                        "the answer to the transfer to %s is unusable", call->target);
        return;
    }
    if (end->status == 487 && call->pending_late) {
        endpoint_worsen(
            endpoint, OUTCOME_CALL_FAILED, FAILURE_NOT_ANSWERED, 0, NULL,
            "the INVITE of the transfer to %s was not answered within %.0f s; cancelled",
            call->target, (double)endpoint->config.patience_ns / NS_PER_S);
        return;
    }
    text_copy(who, sizeof who, "the INVITE of the transfer to ");
    text_copy(who + strlen(who), sizeof who - strlen(who), call->target);
    judge_refusal(endpoint, end, who);
}
