#include "dialog_private.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <stdlib.h>
#include <string.h>

static void send_invite(struct dialog *dialog);

static void acknowledge(struct dialog *dialog, const sip_t *sip)
{
    su_home_t *home = su_home_new(sizeof *home);
    uint32_t seq = sip->sip_cseq->cs_seq;
    nta_leg_rtag(dialog->leg, sip->sip_to->a_tag);
    nta_leg_client_reroute(dialog->leg, sip->sip_record_route, sip->sip_contact, 1);
    /* Kept until the end: the stack repeats it for every repeated 2xx (RFC 3261 13.2.2.4). */
    dialog->ack =
        nta_outgoing_tcreate(dialog->leg, NULL, NULL, NULL, SIP_METHOD_ACK, NULL,
                             SIPTAG_CSEQ(sip_cseq_create(home, seq, SIP_METHOD_ACK)), TAG_END());
    su_home_unref(home);
    dialog_tell_request(dialog, "ACK", seq, true);
}

static void take_final(struct dialog *dialog, int status, const sip_t *sip)
{
    bool internal = !sip || !sip->sip_status || nta_sip_is_internal(sip);
    const char *phrase = status == 408 ? "no answer" : "cannot be reached";
    if (!internal) {
        dialog->end.status = (uint16_t)status;
        phrase = sip->sip_status->st_phrase ? sip->sip_status->st_phrase : "";
    }
    text_copy(dialog->end.reason, sizeof dialog->end.reason, phrase);
    if (status >= 300 || internal) {
        dialog_finish(dialog);
        return;
    }
    acknowledge(dialog, sip);
    dialog->state = DIALOG_CONFIRMED;
    if (dialog->hangup_wanted) { /* the CANCEL came too late */
        dialog_send_bye(dialog);
        return;
    }
    size_t length;
    const char *body = dialog_body(sip, &length);
    dialog->handler->answered(dialog->owner, body, length);
}

static int take_response(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    int status = nta_outgoing_status(request);
    if (sip && sip->sip_status && !nta_sip_is_internal(sip)) {
        struct event_message message;
        message_of_response(&message, sip, false);
        dialog_tell(dialog, &message);
    }
    if (dialog->state != DIALOG_CALLING)
        return 0;
    if (status < 200) {
        size_t length;
        const char *body = dialog_body(sip, &length);
        dialog->handler->progress(dialog->owner, status, body, length);
        return 0;
    }
    if ((status == 401 || status == 407) && sip && !dialog->hangup_wanted &&
        authenticator_challenged(&dialog->authenticator, sip)) {
        nta_outgoing_destroy(dialog->invite);
        dialog->invite = NULL;
        send_invite(dialog);
        return 0;
    }
    take_final(dialog, status, sip);
    return 0;
}

static void send_invite(struct dialog *dialog)
{
    struct agent_user *user = dialog->user;
    struct text headers = {0};
    if (dialog->headers)
        text_add(&headers, dialog->headers);
    authenticator_headers(&dialog->authenticator, "INVITE", dialog->target, dialog->offer,
                          &headers);
    dialog->invite = nta_outgoing_tcreate(
        dialog->leg, take_response, (nta_outgoing_magic_t *)dialog, (url_string_t *)user->url,
        SIP_METHOD_INVITE, (url_string_t *)dialog->target, NTATAG_PASS_100(1),
        SIPTAG_CONTACT_STR(user->contact), SIPTAG_ALLOW_STR(SIP_ALLOW),
        SIPTAG_USER_AGENT_STR(SIP_USER_AGENT), SIPTAG_CONTENT_TYPE_STR("application/sdp"),
        SIPTAG_PAYLOAD_STR(dialog->offer), TAG_IF(headers.length, SIPTAG_HEADER_STR(headers.data)),
        TAG_END());
    text_fini(&headers);
    if (!dialog->invite) {
        text_copy(dialog->end.reason, sizeof dialog->end.reason, "the request could not be made");
        dialog_finish(dialog);
        return;
    }
    dialog_tell_request(dialog, "INVITE", nta_outgoing_cseq(dialog->invite), true);
}

struct dialog *dialog_invite(struct agent *agent, struct agent_user *user,
                             const struct dialog_request *request,
                             const struct dialog_handler *handler, void *owner)
{
    struct dialog *dialog = dialog_make(agent, user);
    dialog->handler = handler;
    dialog->owner = owner;
    dialog->state = DIALOG_CALLING;
    dialog->target = mem_strdup(request->target);
    dialog->offer = mem_strdup(request->offer);
    dialog->headers = request->headers ? mem_strdup(request->headers) : NULL;
    random_secret(dialog->call_id, 32);
    dialog->leg = nta_leg_tcreate(agent->nta, dialog_take_request, (nta_leg_magic_t *)dialog,
                                  SIPTAG_FROM_STR(request->from ? request->from : user->aor),
                                  SIPTAG_TO_STR(request->target),
                                  SIPTAG_CALL_ID_STR(dialog->call_id), TAG_END());
    if (dialog->leg)
        nta_leg_tag(dialog->leg, NULL);
    authenticator_begin(&dialog->authenticator);
    send_invite(dialog);
    return dialog;
}

void dialog_cancel(struct dialog *dialog)
{
    /* The stack keeps the CANCEL back until a provisional response has come (RFC 3261 9.1). */
    nta_outgoing_t *cancel = nta_outgoing_tcancel(dialog->invite, NULL, NULL, TAG_END());
    if (cancel)
        dialog_tell_request(dialog, "CANCEL", nta_outgoing_cseq(dialog->invite), true);
}
