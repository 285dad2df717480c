#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

struct dialog *dialog_make(struct agent *agent, struct agent_user *user)
{
    struct dialog *dialog = mem_alloc(sizeof *dialog);
    dialog->agent = agent;
    dialog->user = user;
    dialog->end.teardown_ns = EVENT_NONE;
    dialog->end.retry_after = -1;
    authenticator_init(&dialog->authenticator, &user->identity->credentials);
    return dialog;
}

void dialog_free(struct dialog *dialog)
{
    if (!dialog)
        return;
    loop_timer_cancel(&dialog->ending);
    if (dialog->invite)
        nta_outgoing_destroy(dialog->invite);
    if (dialog->ack)
        nta_outgoing_destroy(dialog->ack);
    if (dialog->bye)
        nta_outgoing_destroy(dialog->bye);
    if (dialog->incoming)
        nta_incoming_destroy(dialog->incoming);
    if (dialog->leg)
        nta_leg_destroy(dialog->leg);
    free(dialog->target);
    free(dialog->offer);
    free(dialog->headers);
    free(dialog);
}

const char *dialog_call_id(const struct dialog *dialog)
{
    return dialog->call_id;
}

const char *dialog_offer(const struct dialog *dialog, size_t *length)
{
    *length = dialog->offer_length;
    return dialog->offer ? dialog->offer : "";
}

const char *dialog_body(const sip_t *sip, size_t *length)
{
    bool has = sip && sip->sip_payload && sip->sip_payload->pl_data;
    *length = has ? sip->sip_payload->pl_len : 0;
    return has ? sip->sip_payload->pl_data : "";
}

void dialog_tell(struct dialog *dialog, const struct event_message *message)
{
    struct message told = {.facts = *message, .at_ns = clock_now(), .bytes = ""};
    if (dialog->handler && dialog->handler->message)
        dialog->handler->message(dialog->owner, &told);
}

void dialog_tell_request(struct dialog *dialog, const char *method, uint32_t cseq, bool sent)
{
    struct event_message message;
    message_of_request(&message, method, cseq, dialog->call_id, sent);
    dialog_tell(dialog, &message);
}

void dialog_tell_reply(struct dialog *dialog, const char *method, uint32_t cseq, int status,
                       const char *phrase)
{
    struct event_message message;
    message_of_request(&message, method, cseq, dialog->call_id, true);
    message.status = (uint16_t)status;
    text_copy(message.reason, sizeof message.reason, phrase);
    dialog_tell(dialog, &message);
}

static void tell_ended(void *arg)
{
    struct dialog *dialog = arg;
    if (dialog->handler)
        dialog->handler->ended(dialog->owner, &dialog->end);
}

void dialog_finish(struct dialog *dialog)
{
    if (dialog->state == DIALOG_ENDED)
        return;
    dialog->state = DIALOG_ENDED;
    loop_timer_set(dialog->agent->loop, &dialog->ending, clock_now(), tell_ended, dialog);
}

static int take_bye_response(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    int status = nta_outgoing_status(request);
    bool internal = !sip || nta_sip_is_internal(sip);
    if (!internal) {
        struct event_message message;
        message_of_response(&message, sip, false);
        dialog_tell(dialog, &message);
    }
    if (status < 200)
        return 0;
    dialog->bye = NULL;
    bool again = (status == 401 || status == 407) && sip &&
                 authenticator_challenged(&dialog->authenticator, sip);
    /* Over TCP the response goes with its transaction: sip is not touched any more. */
    nta_outgoing_destroy(request);
    if (again) {
        dialog_send_bye(dialog);
        return 0;
    }
    if (!internal)
        dialog->end.teardown_ns = clock_now() - dialog->bye_ns;
    /* 481: the peer has forgotten the call, which is what we wanted. */
    dialog->end.bye_failed = status >= 300 && status != 481;
    dialog_finish(dialog);
    return 0;
}

void dialog_send_bye(struct dialog *dialog)
{
    const sip_route_t *route = NULL;
    const sip_contact_t *target = NULL;
    struct text headers = {0};
    if (nta_leg_get_route(dialog->leg, &route, &target) >= 0 && target) {
        char *uri = url_as_string(NULL, target->m_url);
        if (uri)
            authenticator_headers(&dialog->authenticator, "BYE", uri, NULL, &headers);
        su_free(NULL, uri);
    }
    if (!dialog->bye_ns) {
        dialog->bye_ns = clock_now();
        authenticator_begin(&dialog->authenticator);
    }
    dialog->state = DIALOG_LEAVING;
    dialog->bye =
        nta_outgoing_tcreate(dialog->leg, take_bye_response, (nta_outgoing_magic_t *)dialog, NULL,
                             SIP_METHOD_BYE, NULL, SIPTAG_USER_AGENT_STR(SIP_USER_AGENT),
                             TAG_IF(headers.length, SIPTAG_HEADER_STR(headers.data)), TAG_END());
    text_fini(&headers);
    if (!dialog->bye) {
        dialog->end.bye_failed = true;
        dialog_finish(dialog);
        return;
    }
    dialog_tell_request(dialog, "BYE", nta_outgoing_cseq(dialog->bye), true);
}

static int take_bye(struct dialog *dialog, const sip_t *sip)
{
    dialog_tell_request(dialog, "BYE", sip->sip_cseq->cs_seq, false);
    dialog_tell_reply(dialog, "BYE", sip->sip_cseq->cs_seq, SIP_200_OK);
    /* When both hang up at once, the answer to our own BYE ends it. */
    if (dialog->state != DIALOG_LEAVING) {
        dialog->end.by_peer = true;
        dialog_finish(dialog);
    }
    return 200;
}

int dialog_take_request(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                        const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    (void)leg;
    const sip_request_t *request = sip->sip_request;
    uint32_t cseq = sip->sip_cseq->cs_seq;
    switch (request->rq_method) {
    case sip_method_ack:
        return 0;
    case sip_method_bye:
        return take_bye(dialog, sip);
    case sip_method_cancel:
        return 481;
    case sip_method_options:
        dialog_tell_request(dialog, "OPTIONS", cseq, false);
        dialog_tell_reply(dialog, "OPTIONS", cseq, SIP_200_OK);
        nta_incoming_treply(irq, SIP_200_OK, SIPTAG_ALLOW_STR(SIP_ALLOW), TAG_END());
        return 200;
    case sip_method_invite:
        /* No renegotiation is offered; the session goes on as it is (RFC 3261 14.2). */
        dialog_tell_request(dialog, "INVITE", cseq, false);
        dialog_tell_reply(dialog, "INVITE", cseq, SIP_488_NOT_ACCEPTABLE);
        return 488;
    default:
        dialog_tell_request(dialog, request->rq_method_name, cseq, false);
        dialog_tell_reply(dialog, request->rq_method_name, cseq, SIP_405_METHOD_NOT_ALLOWED);
        nta_incoming_treply(irq, SIP_405_METHOD_NOT_ALLOWED, SIPTAG_ALLOW_STR(SIP_ALLOW),
                            TAG_END());
        return 405;
    }
}

void dialog_hangup(struct dialog *dialog, const char *headers)
{
    (void)headers;
    if (dialog->hangup_wanted)
        return;
    dialog->hangup_wanted = true;
    switch (dialog->state) {
    case DIALOG_CALLING:
        dialog_cancel(dialog);
        break;
    case DIALOG_INCOMING:
        dialog_reject(dialog, SIP_480_TEMPORARILY_UNAVAILABLE, NULL);
        break;
    case DIALOG_CONFIRMED:
        dialog_send_bye(dialog);
        break;
    case DIALOG_ANSWERED: /* BYE must wait for the ACK (RFC 3261 15) */
    case DIALOG_LEAVING:
    case DIALOG_ENDED:
        break;
    }
}
