/* The one call of an endpoint: its dialogs, its times, its end. */
#include "endpoint_private.h"
#include "cmtest/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long a callee leaves an outside caller the last word. */
#define PEER_GRACE_NS (2 * NS_PER_S)
/* How long it waits for a caller that was refused with 422. */
#define AGAIN_NS (4 * NS_PER_S)

struct leg *call_leg(struct endpoint *endpoint, bool caller)
{
    struct call *call = &endpoint->call;
    struct leg *leg = NULL;
    for (size_t i = 0; i < LEGS && !leg; i++) {
        if (!call->legs[i])
            call->legs[i] = mem_alloc(sizeof *call->legs[i]);
        if (!call->legs[i]->dialog && call->legs[i] != call->leg)
            leg = call->legs[i];
    }
    if (!leg || !session_open_port(endpoint))
        return NULL;
    text_fini(&leg->said);
    dialog_free(leg->past);
    if (leg->endpoint)
        session_agree(leg, NULL);
    free(leg->local.secrets);
    *leg = (struct leg){.endpoint = endpoint, .caller = caller};
    session_prepare(leg);
    return leg;
}

void call_trouble(struct endpoint *endpoint, enum event_failure failure, const char *what,
                  const char *why)
{
    struct call *call = &endpoint->call;
    if (call->trouble[0])
        return;
    snprintf(call->trouble, sizeof call->trouble, "%s: %s", what, why);
    call->trouble_failure = failure;
}

/* ---- hanging up ------------------------------------------------------------------------------ */

void leg_hang_up(struct leg *leg)
{
    if (!leg->dialog)
        return;
    leg->leaving = true;
    dialog_hangup(leg->dialog, leg->endpoint->call.leave_headers);
}

void call_hang_up_because(struct endpoint *endpoint, const char *reason)
{
    struct call *call = &endpoint->call;
    struct text header = {0};
    if (reason && !call->leave_headers) {
        text_printf(&header, "Reason: %s\r\n", reason);
        call->leave_headers = mem_strdup(text_get(&header));
        text_fini(&header);
    }
    call_hang_up(endpoint);
}

void call_hang_up(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    bool any = false;
    for (size_t i = 0; i < LEGS; i++)
        any |= call->legs[i] && call->legs[i]->dialog;
    if (!any)
        return;
    if (call->media_started && !call->closing)
        endpoint->media->quiet(endpoint->service, endpoint->config.id);
    endpoint_move(endpoint, PHASE_DISCONNECTING);
    for (size_t i = 0; i < LEGS && call->legs[i]; i++)
        leg_hang_up(call->legs[i]);
}

void call_duration_over(void *arg)
{
    struct endpoint *endpoint = arg;
    endpoint->call.hung_up = true;
    if (endpoint->config.role == ROLE_CALLEE && !endpoint->config.peer_decides &&
        !endpoint->config.hangup_ns && !(endpoint->call.leg && endpoint->call.leg->caller))
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_BYE, 0, NULL,
                        "the caller's BYE did not come; we hung up");
    call_hang_up(endpoint);
}

void call_set_duration(struct endpoint *endpoint, int64_t from_ns)
{
    const struct endpoint_config *config = &endpoint->config;
    int64_t grace = config->peer_decides ? PEER_GRACE_NS : 0;
    /* The callee of one of our own callers only hangs up when its caller is gone. */
    if (config->role == ROLE_CALLEE && !config->peer_decides)
        grace = PEER_GRACE_NS * 2;
    int64_t length = config->duration_ns + grace;
    if (config->hangup_ns && config->hangup_ns < length)
        length = config->hangup_ns;
    loop_timer_set(endpoint->loop, &endpoint->timer, from_ns + length, call_duration_over,
                   endpoint);
}

void call_answered(struct leg *leg, int64_t at_ns)
{
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    leg->answered = true;
    if (leg != call->leg || call->answered)
        return;
    call->answered = true;
    if (!call->answer_ns)
        call->answer_ns = at_ns;
    /* What a callee does of its own waits for the ACK, as its BYE would (RFC 3261 15). */
    if (leg->caller || endpoint->config.hangup_ns)
        call_set_duration(endpoint, call->answer_ns);
    rekey_plan(endpoint, call->answer_ns);
    session_flow(leg);
}

/* ---- messages -------------------------------------------------------------------------------- */

static void once(int64_t *time, int64_t at_ns)
{
    if (!*time)
        *time = at_ns;
}

/* The times of the first INVITE; later ones are of the same call. */
static void note_invite(struct leg *leg, const struct message *message)
{
    struct call *call = &leg->endpoint->call;
    uint16_t status = message->facts.status;
    int64_t at = message->at_ns;
    if (call->answer_ns || leg != call->legs[0] || leg != call->leg)
        return;
    if (!status && leg->caller && message->facts.sent)
        once(&call->invite_ns, at);
    if (status && message->facts.sent == leg->caller)
        return; /* an answer of the wrong side: a re-INVITE's */
    if (status >= 100 && status < 200)
        once(&call->trying_ns, at);
    if (status == 180 && !call->ringing_ns)
        steps_occurred(leg->endpoint, OCCURRED_RINGING);
    if (status == 180)
        once(&call->ringing_ns, at);
    if (status == 180 || status == 183)
        once(&call->progress_ns, at);
    if (status >= 200 && status < 300) {
        call->answer_ns = at;
        if (!leg->caller)
            call_answered(leg, at);
    }
}

/* Forks that were answered too are hung up by the dialog itself, with the same Call-ID: a BYE of
 * ours counts when we wanted to leave. */
static void note_bye(struct leg *leg, const struct message *message)
{
    uint16_t status = message->facts.status;
    int64_t at = message->at_ns;
    if (!status && message->facts.sent) {
        leg->bye_last_ns = at;
        if (!leg->leaving)
            return;
        once(&leg->bye_sent_ns, at);
        once(&leg->bye_ns, at);
    } else if (!status) {
        once(&leg->bye_ns, at);
        if (leg == leg->endpoint->call.leg)
            steps_occurred(leg->endpoint, OCCURRED_BYE);
        /* Every ACK may have been lost: who says BYE has heard our 2xx. */
        if (leg == leg->endpoint->call.leg && leg->answered && leg->agreed)
            leg->endpoint->call.confirmed = true;
    } else if (!message->facts.sent && status >= 200 && status < 300) {
        leg->bye_done_ns = at;
    }
}

static void take_message(void *owner, const struct message *message)
{
    struct leg *leg = owner;
    struct call *call = &leg->endpoint->call;
    if (message->facts.repeated) {
        call->repeats_sent += message->facts.sent;
        call->repeats_received += !message->facts.sent;
    } else if (strcmp(message->facts.method, "INVITE") == 0) {
        note_invite(leg, message);
    } else if (strcmp(message->facts.method, "BYE") == 0) {
        note_bye(leg, message);
    }
    endpoint_message(leg->endpoint, message);
}

static void take_request(void *owner, const struct dialog_message *message)
{
    struct leg *leg = owner;
    digits_request(owner, message);
    if (strcmp(message->method, "INFO") == 0)
        steps_occurred(leg->endpoint, OCCURRED_INFO);
    else if (strcmp(message->method, "MESSAGE") == 0)
        steps_occurred(leg->endpoint, OCCURRED_MESSAGE);
}

static void take_reply(void *owner, const char *method, int status)
{
    struct leg *leg = owner;
    if (strcmp(method, "REFER") == 0)
        steps_referred(leg, status);
    else if (!steps_replied(leg, status))
        digits_replied(owner, method, status);
}

static void take_refresh(void *owner, bool by_peer, bool ok)
{
    struct leg *leg = owner;
    if (leg == leg->endpoint->call.leg)
        steps_refreshed(leg->endpoint, by_peer, ok);
    if (!ok)
        endpoint_worsen(leg->endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_SESSION_EXPIRED, 0,
                        NULL,
                        by_peer ? "the peer did not refresh the session in time; the call went on"
                                : "the peer did not confirm our session refresh; the call went on");
}

/* ---- the end --------------------------------------------------------------------------------- */

void endpoint_media_closed(struct endpoint *endpoint, bool started,
                           const struct stream_totals *totals)
{
    struct call *call = &endpoint->call;
    call->port_open = false;
    if (started)
        call_count(call, totals);
    if (endpoint->aborted)
        endpoint_cut_off(endpoint);
    else if (endpoint->phase != PHASE_CLOSED && call->over)
        call_wind_up(endpoint);
}

void endpoint_media_failed(struct endpoint *endpoint, const char *why)
{
    struct call *call = &endpoint->call;
    if (call->closing || call->over || endpoint->phase == PHASE_CLOSED)
        return;
    call_trouble(endpoint, FAILURE_SECURITY, "the media could not be encrypted", why);
    call_hang_up(endpoint);
}

bool call_close_media(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    if (call->port_open && !call->closing) {
        call->closing = true;
        endpoint->media->close(endpoint->service, endpoint->config.id);
    }
    return call->port_open;
}

static void finish(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    call->over = true;
    call->end_ns = clock_now();
    loop_timer_cancel(&endpoint->timer);
    loop_timer_cancel(&call->timer);
    loop_timer_cancel(&call->rekeying);
    digits_drop(endpoint);
    steps_freeze(endpoint, !call_ended(call)->bye_failed);
    endpoint_move(endpoint, PHASE_DISCONNECTING);
    if (!call_close_media(endpoint))
        call_wind_up(endpoint);
}

/* The leg that carried the call is gone. */
static void note_end(struct leg *leg, const struct dialog_end *end)
{
    struct call *call = &leg->endpoint->call;
    *call_end(call) = *end;
    /* The dialog hangs up by itself too: no ACK, no refresh. */
    int64_t sent = leg->bye_sent_ns ? leg->bye_sent_ns : leg->bye_last_ns;
    call->bye_ns = leg->bye_ns ? leg->bye_ns : leg->bye_last_ns;
    call->teardown_ns = leg->bye_done_ns > sent ? leg->bye_done_ns - sent : 0;
    if (call->gave_up && end->status == 487) {
        /* The 487 is the echo of our CANCEL, and not what happened. */
        call_end(call)->status = 0;
        call_end(call)->reason[0] = '\0';
    }
    if (call->pending) { /* nobody to talk with until that is answered */
        struct session_media held = *session_media_of(leg);
        held.may_send = held.may_receive = false;
        session_agree(leg, &held);
        session_flow(leg);
    }
}

static void not_again(void *arg)
{
    finish(arg);
}

/* RFC 4028 5: a caller that is told of a longer session interval calls again at once. */
static bool comes_again(struct leg *leg, const struct dialog_end *end)
{
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    if (leg != call->leg || leg->caller || end->status != 422 || endpoint->interrupted)
        return false;
    call->leg = NULL;
    call->again = true;
    loop_timer_set(endpoint->loop, &endpoint->timer, clock_now() + AGAIN_NS, not_again, endpoint);
    return true;
}

static void take_end(void *owner, const struct dialog_end *end)
{
    struct leg *leg = owner;
    struct endpoint *endpoint = leg->endpoint;
    struct call *call = &endpoint->call;
    struct dialog_end kept = *end;
    /* The ACK to our refusal, or what is sent again, may still come. */
    leg->past = leg->dialog;
    leg->dialog = NULL;
    call->refreshes += kept.refreshes;
    call->redirects += kept.redirects;
    if (leg == call->leg)
        note_end(leg, &kept);
    else if (leg == call->pending)
        transfer_failed(leg, &kept);
    else if (leg == call->consulted)
        steps_consultation_over(leg, &kept);
    bool alive = false;
    for (size_t i = 0; i < LEGS; i++)
        alive |= call->legs[i] && call->legs[i]->dialog;
    if (!alive && comes_again(leg, &kept))
        return;
    if (alive)
        steps_left(leg, true);
    if (!alive)
        finish(endpoint);
    else if (!call->pending && !call->leg->dialog)
        call_hang_up(endpoint); /* what a transfer has left over */
}

const struct dialog_handler call_handler = {.message = take_message,
                                            .progress = caller_progress,
                                            .answered = caller_answered,
                                            .confirmed = callee_confirmed,
                                            .offered = session_offered,
                                            .agreed = session_agreed,
                                            .refreshed = take_refresh,
                                            .request = take_request,
                                            .replied = take_reply,
                                            .referred = transfer_referred,
                                            .refer_progress = steps_refer_progress,
                                            .ended = take_end};

void call_forget(struct endpoint *endpoint)
{
    for (size_t i = 0; i < LEGS && endpoint->call.legs[i]; i++) {
        dialog_free(endpoint->call.legs[i]->past);
        endpoint->call.legs[i]->past = NULL;
    }
}

void call_free(struct endpoint *endpoint)
{
    struct call *call = &endpoint->call;
    loop_timer_cancel(&call->timer);
    loop_timer_cancel(&call->rekeying);
    digits_drop(endpoint);
    call_forget(endpoint);
    for (size_t i = 0; i < LEGS && call->legs[i]; i++) {
        dialog_free(call->legs[i]->dialog);
        text_fini(&call->legs[i]->said);
        session_agree(call->legs[i], NULL);
        free(call->legs[i]->local.secrets);
        free(call->legs[i]);
        call->legs[i] = NULL;
    }
    free(call->flowing);
    call->flowing = NULL;
    free(call->end);
    free(call->totals);
    call->end = NULL;
    call->totals = NULL;
    free(call->info.digits);
    free(call->target);
    free(call->leave_headers);
    call->leg = call->pending = call->consulted = NULL;
    call->info.digits = NULL;
    call->target = call->leave_headers = NULL;
}
