/* Transfers that the scenario asks for (RFC 3515, 5589). */
#include "steps_private.h"

#include <stdlib.h>
#include <string.h>

#include "cmtest/arena.h"

static void give_up(void *arg)
{
    struct endpoint *endpoint = arg;
    if (endpoint->call.consulted)
        leg_hang_up(endpoint->call.consulted);
}

/* The call to the one who is to take over. It carries no media: an endpoint has one port, and the
 * partner is heard there until it is gone. */
static const char *consult(struct endpoint *endpoint, const char *uri)
{
    struct call *call = &endpoint->call;
    if (call->pending || call->consulted)
        return "another transfer is under way";
    struct leg *leg = call_leg(endpoint, true);
    if (!leg)
        return "an endpoint has two calls at once at most";
    leg->local.direction = SESSION_INACTIVE;
    struct dialog_request request = {.target = uri,
                                     .offer = session_make_offer(leg),
                                     .from = endpoint->config.from,
                                     .options = endpoint->config.dialog};
    call->consulted = leg;
    leg->dialog = dialog_invite(endpoint->agent, endpoint->user, &request, &call_handler, leg);
    dialog_describe(leg->dialog, leg->local.said);
    loop_timer_set(endpoint->loop, &call->timer, clock_now() + endpoint->config.patience_ns,
                   give_up, endpoint);
    return NULL;
}

static const char *transfer_to(struct endpoint *endpoint, struct leg *leg, const char *uri,
                               bool attended)
{
    if (attended)
        return consult(endpoint, uri);
    return dialog_refer(leg->dialog, uri, NULL) ? NULL : "no REFER can be sent now";
}

const char *steps_transfer(void *who, uint32_t ticket, const char *to, bool attended)
{
    struct endpoint *endpoint = who;
    const struct endpoint_handler *handler = endpoint->handler;
    struct leg *leg = steps_talking(endpoint);
    char *uri = NULL;
    if (!leg)
        return steps_not_up;
    if (endpoint->steps->transfer)
        return "another transfer is under way";
    if (strchr(to, ':'))
        uri = mem_strdup(to);
    else if (handler->address)
        uri = handler->address(endpoint->owner, endpoint->config.id, to);
    if (!uri)
        return "there is no endpoint to transfer to";
    const char *why = transfer_to(endpoint, leg, uri, attended);
    if (!why)
        endpoint->steps->transfer = ticket;
    free(uri);
    return why;
}

/* Whom we asked first has no part in it any more. */
static void failed(struct endpoint *endpoint, int status, const char *why)
{
    struct call *call = &endpoint->call;
    if (call->consulted)
        leg_hang_up(call->consulted);
    steps_done(endpoint, &endpoint->steps->transfer, false, status, why);
}

void steps_consulted(struct leg *leg)
{
    struct endpoint *endpoint = leg->endpoint;
    struct leg *partner = steps_talking(endpoint);
    loop_timer_cancel(&endpoint->call.timer);
    if (!partner || !dialog_refer(partner->dialog, NULL, leg->dialog))
        failed(endpoint, 0, partner ? "no REFER can be sent now" : steps_not_up);
}

void steps_consultation_over(struct leg *leg, const struct dialog_end *end)
{
    struct endpoint *endpoint = leg->endpoint;
    endpoint->call.consulted = NULL;
    loop_timer_cancel(&endpoint->call.timer);
    if (!leg->answered)
        failed(endpoint, end->status,
               end->status >= 300 ? NULL : "the one to transfer to did not answer");
}

void steps_referred(struct leg *leg, int status)
{
    if (leg->endpoint->steps && (status < 200 || status >= 300))
        failed(leg->endpoint, status, status ? NULL : "the REFER was not answered");
}

void steps_refer_progress(void *owner, int status, bool final)
{
    struct leg *leg = owner;
    struct endpoint *endpoint = leg->endpoint;
    if (!endpoint->steps || !endpoint->steps->transfer || !final)
        return;
    if (status < 200 || status >= 300) {
        failed(endpoint, status, status ? NULL : "the peer did not tell how the transfer went");
        return;
    }
    steps_done_seen(endpoint, &endpoint->steps->transfer, true, status, NULL,
                    status == 202 ? "how it went on is not told" : NULL);
    /* The partner is somebody else's now (RFC 5589 5). */
    endpoint->call.hung_up = true;
    call_hang_up(endpoint);
}
