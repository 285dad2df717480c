#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

static void reply(struct dialog *dialog, int status, const char *phrase, const char *sdp)
{
    uint32_t cseq = nta_incoming_cseq(dialog->incoming);
    dialog_tell_reply(dialog, "INVITE", cseq, status, phrase);
    nta_incoming_treply(dialog->incoming, status, phrase,
                        TAG_IF(status < 300, SIPTAG_CONTACT_STR(dialog->user->contact)),
                        SIPTAG_ALLOW_STR(SIP_ALLOW), SIPTAG_USER_AGENT_STR(SIP_USER_AGENT),
                        TAG_IF(sdp, SIPTAG_CONTENT_TYPE_STR("application/sdp")),
                        TAG_IF(sdp, SIPTAG_PAYLOAD_STR(sdp)), TAG_END());
}

/* A finished server transaction that nobody let go is looked at in every timer tick of the stack.
 */
static void release(struct dialog *dialog)
{
    nta_incoming_destroy(dialog->incoming);
    dialog->incoming = NULL;
}

static void end_unanswered(struct dialog *dialog, bool by_peer, int status, const char *phrase)
{
    dialog->end.by_peer = by_peer;
    dialog->end.status = (uint16_t)status;
    text_copy(dialog->end.reason, sizeof dialog->end.reason, phrase);
    dialog_finish(dialog);
}

/* ACK or CANCEL to the INVITE; sip is NULL when our 2xx was never acknowledged (timer H). */
static int take_ack_or_cancel(nta_incoming_magic_t *magic, nta_incoming_t *irq, const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    (void)irq;
    if (!sip) {
        if (dialog->state != DIALOG_ANSWERED)
            return 0;
        dialog->end.no_ack = true;
        dialog_send_bye(dialog); /* RFC 3261 13.3.1.4 */
        return 0;
    }
    sip_method_t method = sip->sip_request->rq_method;
    dialog_tell_request(dialog, sip->sip_request->rq_method_name, sip->sip_cseq->cs_seq, false);
    if (method == sip_method_cancel && dialog->state == DIALOG_INCOMING) {
        dialog_tell_reply(dialog, "INVITE", nta_incoming_cseq(dialog->incoming),
                          SIP_487_REQUEST_CANCELLED); /* the stack sends it */
        end_unanswered(dialog, true, SIP_487_REQUEST_CANCELLED);
    } else if (method == sip_method_ack && dialog->state == DIALOG_ANSWERED) {
        dialog->state = DIALOG_CONFIRMED;
        release(dialog);
        size_t length;
        const char *body = dialog_body(sip, &length);
        dialog->handler->confirmed(dialog->owner, body, length);
        if (dialog->hangup_wanted && dialog->state == DIALOG_CONFIRMED)
            dialog_send_bye(dialog);
    }
    return 0;
}

/* Nothing that may be required is supported (RFC 3261 8.2.2.3). */
static int refuse_extensions(nta_incoming_t *irq, const sip_require_t *require)
{
    struct text unsupported = {0};
    for (size_t i = 0; require->k_items && require->k_items[i]; i++)
        text_printf(&unsupported, "%s%s", i ? ", " : "", require->k_items[i]);
    nta_incoming_treply(irq, SIP_420_BAD_EXTENSION, SIPTAG_UNSUPPORTED_STR(text_get(&unsupported)),
                        TAG_END());
    text_fini(&unsupported);
    return 420;
}

int dialog_incoming(struct agent *agent, struct agent_user *user, nta_incoming_t *irq,
                    const sip_t *sip)
{
    if (!sip->sip_contact || !sip->sip_from->a_tag)
        return 400;
    if (sip->sip_require)
        return refuse_extensions(irq, sip->sip_require);
    struct dialog *dialog = dialog_make(agent, user);
    dialog->state = DIALOG_INCOMING;
    text_copy(dialog->call_id, sizeof dialog->call_id, sip->sip_call_id->i_id);
    size_t length;
    const char *body = dialog_body(sip, &length);
    dialog->offer = mem_alloc(length + 1);
    memcpy(dialog->offer, body, length);
    dialog->offer_length = length;
    dialog->leg = nta_leg_tcreate(agent->nta, dialog_take_request, (nta_leg_magic_t *)dialog,
                                  SIPTAG_CALL_ID(sip->sip_call_id), SIPTAG_FROM(sip->sip_to),
                                  SIPTAG_TO(sip->sip_from), TAG_END());
    if (!dialog->leg || !nta_leg_tag(dialog->leg, NULL) ||
        nta_leg_server_route(dialog->leg, sip->sip_record_route, sip->sip_contact) < 0) {
        dialog_free(dialog);
        return 500;
    }
    nta_incoming_tag(irq, nta_leg_get_tag(dialog->leg));
    nta_incoming_bind(irq, take_ack_or_cancel, (nta_incoming_magic_t *)dialog);
    dialog->incoming = irq;
    if (!user->invited(user->owner, dialog)) {
        nta_incoming_bind(irq, NULL, NULL);
        dialog->incoming = NULL;
        dialog_free(dialog);
        return 486;
    }
    return 0;
}

void dialog_adopt(struct dialog *dialog, const struct dialog_options *options,
                  const struct dialog_handler *handler, void *owner)
{
    (void)options;
    dialog->handler = handler;
    dialog->owner = owner;
    dialog_tell_request(dialog, "INVITE", nta_incoming_cseq(dialog->incoming), false);
}

void dialog_progress(struct dialog *dialog, int status, const char *sdp)
{
    if (dialog->state == DIALOG_INCOMING)
        reply(dialog, status, sip_status_phrase(status), sdp);
}

void dialog_answer(struct dialog *dialog, const char *sdp)
{
    if (dialog->state != DIALOG_INCOMING)
        return;
    dialog->state = DIALOG_ANSWERED;
    dialog->end.status = 200;
    text_copy(dialog->end.reason, sizeof dialog->end.reason, sip_200_OK);
    reply(dialog, SIP_200_OK, sdp);
}

void dialog_reject(struct dialog *dialog, int status, const char *phrase, const char *headers)
{
    (void)headers;
    if (dialog->state != DIALOG_INCOMING)
        return;
    if (!phrase)
        phrase = sip_status_phrase(status);
    if (!phrase)
        phrase = "Refused";
    reply(dialog, status, phrase, NULL);
    release(dialog);
    end_unanswered(dialog, false, status, phrase);
}
