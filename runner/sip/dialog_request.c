/* The other requests inside of the dialog, both roles. */
#include "dialog_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the peer's ---- */

static void tell_request(struct dialog *dialog, const sip_t *sip)
{
    char type[64] = "";
    struct dialog_message message = {
        .method = sip->sip_request->rq_method_name, .type = type, .body = ""};
    if (!dialog->handler->request)
        return;
    if (sip->sip_content_type && sip->sip_content_type->c_type)
        text_copy(type, sizeof type, sip->sip_content_type->c_type);
    for (char *at = type; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    if (sip->sip_payload && sip->sip_payload->pl_data) {
        message.body = sip->sip_payload->pl_data;
        message.length = sip->sip_payload->pl_len;
    }
    dialog->handler->request(dialog->owner, &message);
}

static int take_simple(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip)
{
    dialog_reply(dialog, irq, SIP_200_OK, NULL, NULL);
    tell_request(dialog, sip);
    return 200;
}

/* We told of no package that we would take; digits come without one (RFC 6086 4.2.2, 9). */
static int take_info(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip)
{
    for (const sip_unknown_t *other = sip->sip_unknown; other; other = other->un_next)
        if (other->un_name && strcasecmp(other->un_name, "Info-Package") == 0)
            return dialog_refuse(irq, 469, "Bad Info Package", "Recv-Info:\r\n");
    return take_simple(dialog, irq, sip);
}

static int take_message(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip)
{
    if (!message_type_known(sip))
        return dialog_refuse(irq, SIP_415_UNSUPPORTED_MEDIA, "Accept: " MESSAGE_TYPES "\r\n");
    return take_simple(dialog, irq, sip);
}

static int take_notify(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip)
{
    if (sip->sip_event && sip->sip_event->o_type &&
        strcasecmp(sip->sip_event->o_type, "refer") == 0)
        return dialog_take_refer_notify(dialog, irq, sip);
    return take_simple(dialog, irq, sip);
}

static int take_method(struct dialog *dialog, struct fork *fork, nta_incoming_t *irq,
                       const sip_t *sip)
{
    switch (sip->sip_request->rq_method) {
    case sip_method_bye:
        return dialog_take_bye(dialog, fork, irq, sip);
    case sip_method_invite:
        return dialog_take_invite(dialog, irq, sip);
    case sip_method_update:
        return dialog_take_update(dialog, fork, irq, sip);
    case sip_method_options:
        dialog_reply(dialog, irq, SIP_200_OK, NULL,
                     "Accept: " SDP_TYPE "\r\nAccept-Encoding: identity\r\n"
                     "Accept-Language: en\r\n");
        return 200;
    case sip_method_info:
        return take_info(dialog, irq, sip);
    case sip_method_message:
        return take_message(dialog, irq, sip);
    case sip_method_notify:
        return take_notify(dialog, irq, sip);
    case sip_method_refer:
        return dialog_take_refer(dialog, irq, sip);
    case sip_method_cancel:
    case sip_method_prack: /* the stack knows those that match something */
        return 481;
    default:
        return agent_refuse_method(irq, sip);
    }
}

int dialog_take_request(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                        const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    struct fork *fork = NULL;
    sip_method_t method = sip->sip_request->rq_method;
    (void)leg;
    if (method == sip_method_ack)
        return 200; /* to no response of ours; so that the stack forgets it */
    if (!dialog->handler)
        return 481;
    if (dialog->state == DIALOG_CALLING) {
        /* A callee that is faster than its own response is not turned away. */
        fork = sip->sip_to->a_tag ? fork_of(dialog, sip) : NULL;
        if (!fork)
            return 481;
    }
    bool over = dialog->state == DIALOG_ENDED && method != sip_method_notify;
    if (over)
        return 481;
    int status = admission_require(irq, sip);
    return status ? status : take_method(dialog, fork, irq, sip);
}

/* ---- ours ---- */

bool dialog_request_done(struct errand *errand, int status, const sip_t *sip)
{
    struct dialog *dialog = errand->dialog;
    (void)sip;
    if (dialog->state >= DIALOG_LEAVING)
        return false;
    if (dialog->handler->replied)
        dialog->handler->replied(dialog->owner, errand->name, status);
    /* INFO belongs to the call: who does not know it, has no call (RFC 5057 5.1). */
    if (errand->method == sip_method_info && (status == 481 || status == 408 || status == 0) &&
        dialog->state == DIALOG_CONFIRMED)
        dialog_give_up(dialog, status ? status : 408, "No answer in the dialog");
    return false;
}

static nta_leg_t *request_leg(const struct dialog *dialog)
{
    switch (dialog->state) {
    case DIALOG_CALLING:
        return dialog->forks ? dialog->forks->leg : NULL;
    case DIALOG_INCOMING:
        return nta_incoming_status(dialog->incoming) > 100 ? dialog->leg : NULL;
    case DIALOG_ANSWERED:
    case DIALOG_CONFIRMED:
        return dialog->leg;
    case DIALOG_LEAVING:
    case DIALOG_ENDED:
        break;
    }
    return NULL;
}

bool dialog_request(struct dialog *dialog, const char *method, const char *type, const char *body,
                    const char *headers)
{
    nta_leg_t *leg = request_leg(dialog);
    if (!leg)
        return false;
    struct errand *errand =
        errand_new(dialog, leg, sip_method_code(method), method, dialog_request_done);
    errand_carry(errand, type, body, headers);
    return errand_enqueue(errand);
}
