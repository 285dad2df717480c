#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

/* A finished server transaction that nobody let go is looked at in every timer tick of the stack.
 */
void dialog_release(struct dialog *dialog)
{
    nta_incoming_t *incoming = dialog->incoming;
    reliable_free(dialog);
    dialog->incoming = NULL;
    nta_incoming_bind(incoming, NULL, NULL);
    nta_incoming_destroy(incoming);
}

static void finish(struct dialog *dialog)
{
    nta_incoming_t *incoming = dialog->incoming;
    reliable_free(dialog);
    dialog->incoming = NULL;
    nta_incoming_bind(incoming, NULL, NULL);
    incoming_finish(incoming);
}

static void take_ack(struct dialog *dialog, const sip_t *sip)
{
    if (dialog->state != DIALOG_ANSWERED)
        return;
    dialog->state = DIALOG_CONFIRMED;
    dialog->our_offer = false;
    finish(dialog);
    size_t length;
    const char *body = dialog_body(sip, &length);
    if (dialog->handler->confirmed)
        dialog->handler->confirmed(dialog->owner, body, length);
    if (dialog->hangup_wanted && dialog->state == DIALOG_CONFIRMED)
        dialog_leave(dialog);
}

/* ACK or CANCEL to the INVITE. sip is NULL when none came: the ACK to our 2xx (timer H), or the
 * PRACK to our provisional response. */
static int take_ack_or_cancel(nta_incoming_magic_t *magic, nta_incoming_t *irq, const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    (void)irq;
    if (!sip && dialog->state == DIALOG_ANSWERED) {
        dialog->end.no_ack = true;
        dialog_release(dialog);
        dialog_give_up(dialog, 408, "No ACK"); /* RFC 3261 13.3.1.4 */
    } else if (!sip && dialog->state == DIALOG_INCOMING) {
        /* The stack refuses the INVITE then, as RFC 3262 3 wants. */
        dialog_release(dialog);
        dialog_finish_with(dialog, 503, "Reliable Response Time-Out");
    } else if (sip && sip->sip_request->rq_method == sip_method_ack) {
        take_ack(dialog, sip);
    } else if (sip && sip->sip_request->rq_method == sip_method_cancel &&
               dialog->state == DIALOG_INCOMING) {
        dialog_note_cause(dialog, sip);
        dialog->end.by_peer = true;
        dialog_release(dialog); /* the stack answers both */
        dialog_finish_with(dialog, SIP_487_REQUEST_CANCELLED);
    }
    return 0;
}

/* Whom an INVITE of RFC 2543 without a Contact comes from. */
static const sip_contact_t *contact_of(su_home_t *home, const sip_t *sip)
{
    if (sip->sip_contact || sip->sip_from->a_tag)
        return sip->sip_contact;
    sip_contact_t *contact = sip_contact_init(su_zalloc(home, sizeof *contact));
    *contact->m_url = *sip->sip_from->a_url;
    return contact;
}

/* Our tag is there from the beginning: else the stack would take another INVITE of this Call-ID
 * (one that was refused, and comes again) for a request inside of the dialog. */
static bool make_leg(struct dialog *dialog, su_home_t *home, const sip_t *sip,
                     const sip_contact_t *contact)
{
    nta_agent_t *nta = dialog->agent->nta;
    const char *tag = nta_agent_newtag(home, NULL, nta);
    sip_to_t *us = sip_to_dup(home, sip->sip_to);
    if (!tag || !us || sip_to_tag(home, us, tag) < 0)
        return false;
    dialog->leg =
        nta_leg_tcreate(nta, dialog_take_request, (nta_leg_magic_t *)dialog,
                        SIPTAG_CALL_ID(sip->sip_call_id), SIPTAG_FROM(us), SIPTAG_TO(sip->sip_from),
                        NTATAG_REMOTE_CSEQ(sip->sip_cseq->cs_seq), TAG_END());
    return dialog->leg && nta_leg_server_route(dialog->leg, sip->sip_record_route, contact) >= 0;
}

static void keep_replaces(struct dialog *dialog, const sip_replaces_t *replaces)
{
    dialog->replaced[0] = string_copy(replaces->rp_call_id);
    dialog->replaced[1] = string_copy(replaces->rp_to_tag);
    dialog->replaced[2] = string_copy(replaces->rp_from_tag);
}

/* An invitation that has expired (RFC 3261 13.3.1) is as good as cancelled. */
static void lapse(void *arg)
{
    struct dialog *dialog = arg;
    if (dialog->state != DIALOG_INCOMING)
        return;
    dialog->end.by_peer = true;
    dialog_reject(dialog, SIP_487_REQUEST_CANCELLED, NULL);
}

int dialog_incoming(struct agent *agent, struct agent_user *user, nta_incoming_t *irq,
                    const sip_t *sip)
{
    su_home_t home[1] = {SU_HOME_INIT(home)};
    const sip_contact_t *contact = contact_of(home, sip);
    int status = !contact ? 400 : dialog_is_merged(user, sip) ? 482 : admission_check(irq, sip);
    if (!status && sip->sip_replaces)
        dialog_by_replaces(user, sip->sip_replaces, &status);
    if (status) {
        su_home_deinit(home);
        return status;
    }
    struct dialog *dialog = dialog_make(agent, user);
    dialog->state = DIALOG_INCOMING;
    text_copy(dialog->call_id, sizeof dialog->call_id, sip->sip_call_id->i_id);
    size_t length;
    const char *body = dialog_body(sip, &length);
    dialog->offer = bytes_copy(body, length);
    dialog->offer_length = length;
    dialog_learn(dialog, sip);
    if (sip->sip_replaces)
        keep_replaces(dialog, sip->sip_replaces);
    bool made = make_leg(dialog, home, sip, contact);
    su_home_deinit(home);
    if (!made) {
        dialog_free(dialog);
        return 500;
    }
    nta_incoming_tag(irq, nta_leg_get_tag(dialog->leg));
    nta_incoming_bind(irq, take_ack_or_cancel, (nta_incoming_magic_t *)dialog);
    dialog->incoming = irq;
    dialog_keep_invitation(dialog, sip);
    dialog->invitation = sip;
    if (!user->invited(user->owner, dialog)) {
        nta_incoming_bind(irq, NULL, NULL);
        dialog->incoming = NULL;
        dialog_free(dialog);
        return 486;
    }
    dialog->invitation = NULL;
    if (dialog->state == DIALOG_INCOMING && sip->sip_expires && sip->sip_expires->ex_delta > 0)
        loop_timer_set(agent->loop, &dialog->lapse,
                       clock_now() + (int64_t)sip->sip_expires->ex_delta * dialog->second_ns, lapse,
                       dialog);
    return 0;
}

bool dialog_adopt(struct dialog *dialog, const struct dialog_options *options,
                  const struct dialog_handler *handler, void *owner)
{
    dialog->options = *options;
    dialog->handler = handler;
    dialog->owner = owner;
    dialog_watch(dialog);
    return admission_options(dialog, dialog->invitation);
}

void dialog_send_answer(struct dialog *dialog, const char *sdp)
{
    if (dialog->described)
        sdp = NULL;
    dialog->state = DIALOG_ANSWERED;
    dialog->our_offer = sdp && dialog->offer_length == 0;
    dialog->end.status = 200;
    text_copy(dialog->end.reason, sizeof dialog->end.reason, sip_200_OK);
    if (sdp)
        dialog_describe(dialog, sdp);
    dialog_reply(dialog, dialog->incoming, SIP_200_OK, sdp, dialog->session_lines);
    session_start(dialog);
}

void dialog_answer(struct dialog *dialog, const char *sdp)
{
    if (dialog->state != DIALOG_INCOMING || dialog->answer_held)
        return;
    if (!dialog->reliable) {
        dialog_send_answer(dialog, sdp);
        return;
    }
    dialog->answer_held = true;
    dialog->held_sdp = string_copy(sdp);
}

void dialog_reject(struct dialog *dialog, int status, const char *phrase, const char *headers)
{
    if (dialog->state != DIALOG_INCOMING)
        return;
    if (!phrase)
        phrase = sip_status_phrase(status);
    if (!phrase)
        phrase = "Refused";
    dialog_reply(dialog, dialog->incoming, status, phrase, NULL, headers);
    dialog_release(dialog);
    dialog_finish_with(dialog, status, phrase);
}
