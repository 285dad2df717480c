/* How an endpoint is called. */
#include "endpoint_private.h"

static void after(struct endpoint *endpoint, int64_t wait_ns, void (*step)(void *arg))
{
    if (wait_ns > 0)
        loop_timer_set(endpoint->loop, &endpoint->timer, clock_now() + wait_ns, step, endpoint);
    else
        step(endpoint);
}

/* Our description for the 18x or the 200: the answer, or an offer when the INVITE had none (RFC
 * 3261 13.3.1). false: refused, because there is nothing in common. */
static bool describe(struct leg *leg)
{
    size_t length;
    const char *offer = dialog_offer(leg->dialog, &length);
    if (leg->agreed || leg->offering)
        return true;
    if (!length) {
        session_make_offer(leg);
        return true;
    }
    const char *why = session_make_answer(leg, offer, length);
    if (!why)
        return true;
    call_trouble(leg->endpoint, session_failure(why), "the offer is unusable", why);
    session_refuse(leg->dialog, why);
    return false;
}

void callee_answer(struct endpoint *endpoint)
{
    struct leg *leg = endpoint->call.leg;
    endpoint_move(endpoint, PHASE_NEGOTIATING);
    if (!describe(leg))
        return;
    /* The 200 may have to wait for a PRACK: what follows from it, media too, begins when it is seen
     * (call_answered). */
    dialog_answer(leg->dialog, leg->local.said);
}

static void answer(void *arg)
{
    callee_answer(arg);
}

void callee_refuse(struct endpoint *endpoint, const struct refusal *refusal, const char *reason)
{
    struct text headers = {0};
    endpoint->call.refused = true;
    if (refusal->target)
        text_printf(&headers, "Contact: <%s>\r\n", refusal->target);
    if (reason)
        text_printf(&headers, "Reason: %s\r\n", reason);
    dialog_reject(endpoint->call.leg->dialog, refusal->status, refusal->phrase,
                  headers.length ? text_get(&headers) : NULL);
    text_fini(&headers);
}

static void refuse(void *arg)
{
    struct endpoint *endpoint = arg;
    const struct endpoint_config *config = &endpoint->config;
    struct refusal refusal = {.status = config->reject ? config->reject : 480,
                              .phrase = config->phrase,
                              .target = config->redirect};
    callee_refuse(endpoint, &refusal, config->reason);
}

static void nobody_decided(void *arg)
{
    struct endpoint *endpoint = arg;
    endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_ACTION, 0, NULL,
                    "no step of the scenario answered or refused the call within %.0f s",
                    2.0 * (double)endpoint->config.patience_ns / NS_PER_S);
    callee_refuse(endpoint, &(struct refusal){.status = 480}, NULL);
}

/* Whether a step decides as soon as the INVITE is there: then nothing rings. */
static bool decides_at_once(const struct script *script)
{
    for (size_t i = 0; script && i < script->count; i++)
        if (script->steps[i].when == STEP_ON && script->steps[i].on->kind == OCCURRED_CALLING &&
            script->steps[i].action->decides)
            return true;
    return false;
}

static void ring(void *arg)
{
    struct endpoint *endpoint = arg;
    const struct endpoint_config *config = &endpoint->config;
    struct leg *leg = endpoint->call.leg;
    if (config->early_media && !describe(leg))
        return;
    dialog_progress(leg->dialog, config->early_media ? 183 : 180,
                    config->early_media ? leg->local.said : NULL);
    endpoint_move(endpoint, PHASE_RINGING);
    if (config->early_media)
        session_flow(leg);
    if (script_decides(config->script))
        after(endpoint, 2 * config->patience_ns, nobody_decided);
    else if (config->never) /* the caller has the last word, as long as it is there to say it */
        after(endpoint, 2 * config->patience_ns, refuse);
    else
        after(endpoint, config->ring_ns, config->reject ? refuse : answer);
}

bool call_invited(void *owner, struct dialog *dialog)
{
    struct endpoint *endpoint = owner;
    struct call *call = &endpoint->call;
    if (endpoint->closing || endpoint->phase == PHASE_CLOSED)
        return false;
    if (call->invited && !call->again)
        return transfer_replaced(endpoint, dialog);
    if (endpoint->config.role != ROLE_CALLEE)
        return false;
    call->invited = true;
    call->again = false;
    loop_timer_cancel(&endpoint->timer);
    endpoint_move(endpoint, PHASE_CALLING);
    steps_occurred(endpoint, OCCURRED_CALLING);
    struct leg *leg = call_leg(endpoint, false);
    call->leg = leg ? leg : call->legs[0];
    call->leg->endpoint = endpoint;
    call->leg->dialog = dialog;
    text_copy(call->call_id, sizeof call->call_id, dialog_call_id(dialog));
    if (!dialog_adopt(dialog, &endpoint->config.dialog, &call_handler, call->leg))
        return true;
    if (!leg)
        dialog_reject(dialog, 500, "No Media Port", NULL);
    else if (decides_at_once(endpoint->config.script))
        after(endpoint, 2 * endpoint->config.patience_ns, nobody_decided);
    else
        after(endpoint, endpoint->config.delay_ns, ring);
    return true;
}

void callee_confirmed(void *owner, const char *body, size_t length)
{
    struct leg *leg = owner;
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    bool first = leg == call->leg && !call->confirmed;
    call_answered(leg, clock_now());
    if (first) {
        call->confirmed = true;
        /* The caller counts from when it heard the 2xx, of which the first may have been lost. */
        if (!endpoint->config.hangup_ns)
            call_set_duration(endpoint, clock_now());
    }
    if (!leg->agreed) {
        const char *why = session_take_answer(leg, body, length);
        if (why) {
            call_trouble(endpoint, session_failure(why), "the answer in the ACK is unusable", why);
            leg_hang_up(leg);
            return;
        }
        session_flow(leg);
    }
    if (leg != call->leg)
        return;
    endpoint_move(endpoint, PHASE_INCALL);
    if (first) {
        steps_confirmed(endpoint);
        steps_occurred(endpoint, OCCURRED_ANSWERED);
    }
}
