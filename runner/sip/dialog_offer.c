/* Offers in the middle of a call: re-INVITE (RFC 3261 14) and UPDATE (RFC 3311), both roles. */
#include "dialog_private.h"

#include "cmtest/random.h"

#include <stdio.h>
#include <string.h>

/* How often one offer is made again after a 491, 500 or 422. */
#define ATTEMPTS_MAX 5
/* The longest Retry-After of a 500 that is waited for, s (RFC 3311 5.2). */
#define RETRY_AFTER_MAX 10
/* Another INVITE is in the way: look again, ms. */
#define BUSY_MS 50

static bool is_refresh_lost(int status)
{
    return status == 0 || status == 408 || status == 481;
}

static unsigned below(unsigned limit)
{
    struct random random;
    random_init(&random, random_seed());
    return (unsigned)random_below(&random, limit);
}

/* ---- ours ---- */

static void send_again(void *arg)
{
    struct dialog *dialog = arg;
    struct errand *errand = dialog->offerer;
    if (!errand || errand->transaction)
        return;
    if (dialog->our_offer || (errand->method == sip_method_invite && dialog->incoming)) {
        loop_timer_set(dialog->agent->loop, &dialog->retry, clock_now() + BUSY_MS * NS_PER_MS,
                       send_again, dialog);
        return;
    }
    if (!errand_send(errand) && !errand->done(errand, 0, NULL))
        errand_free(errand);
}

void offerer_stop(struct dialog *dialog)
{
    loop_timer_cancel(&dialog->retry);
    if (dialog->offerer && !dialog->offerer->transaction)
        errand_free(dialog->offerer);
    dialog->offerer = NULL;
}

/* RFC 3261 14.1: who owns the Call-ID waits longer, so that the two do not meet again. */
static int64_t glare_wait(const struct dialog *dialog)
{
    unsigned hundredths = dialog->caller ? 210 + below(191) : below(201);
    return dialog->second_ns / 100 * hundredths;
}

/* 491, or 500 with a Retry-After, or 422: is it sent once more, now or later? */
static bool postponed(struct errand *errand, int status, const sip_t *sip)
{
    struct dialog *dialog = errand->dialog;
    if (dialog->state >= DIALOG_LEAVING || ++errand->attempts >= ATTEMPTS_MAX || !errand->leg)
        return false;
    int64_t after = -1;
    if (status == 491)
        after = glare_wait(dialog);
    else if (status == 500 && sip->sip_retry_after &&
             sip->sip_retry_after->af_delta <= RETRY_AFTER_MAX)
        after = (int64_t)sip->sip_retry_after->af_delta * dialog->second_ns;
    else if (status == 422 && session_too_small(dialog, sip, &dialog->too_small))
        return errand_send(errand);
    if (after < 0)
        return false;
    loop_timer_set(dialog->agent->loop, &dialog->retry, clock_now() + after, send_again, dialog);
    return true;
}

/* The ACK to our re-INVITE; a 2xx to one without an offer has the peer's. false: refused. */
static bool acknowledge(struct errand *errand, const sip_t *sip, const char *body, size_t length)
{
    struct dialog *dialog = errand->dialog;
    struct text answer = {0};
    bool late = !errand->body && length > 0, fits = true;
    if (late)
        fits = dialog->state == DIALOG_CONFIRMED && tell_offered(dialog, body, length, &answer);
    dialog_acknowledge(dialog, errand->leg, sip->sip_cseq->cs_seq,
                       late && fits ? text_get(&answer) : NULL);
    text_fini(&answer);
    return fits || dialog->state != DIALOG_CONFIRMED;
}

static void take_agreement(struct errand *errand, const sip_t *sip)
{
    struct dialog *dialog = errand->dialog;
    size_t length;
    const char *body = dialog_body(sip, &length);
    if (errand->leg) {
        nta_leg_client_reroute(errand->leg, NULL, sip->sip_contact, 0);
        if (errand->method == sip_method_invite && !acknowledge(errand, sip, body, length)) {
            dialog_give_up(dialog, 488, "Not Acceptable Here");
            return;
        }
    }
    dialog_learn(dialog, sip);
    if (dialog->state >= DIALOG_LEAVING)
        return;
    if (dialog->state == DIALOG_CONFIRMED)
        session_accepted(dialog, sip);
    if (errand->body)
        dialog_describe(dialog, errand->body);
    if (errand->body || errand->method == sip_method_update) {
        if (!errand->refresh || errand->body)
            tell_agreed(dialog, sip->sip_status->st_status, body, length);
    }
    if (errand->refresh)
        tell_refreshed(dialog, false, true);
}

static bool offer_done(struct errand *errand, int status, const sip_t *sip)
{
    struct dialog *dialog = errand->dialog;
    if (status >= 300 && postponed(errand, status, sip))
        return true;
    if (dialog->offerer == errand)
        dialog->offerer = NULL; /* the owner may make another one at once */
    if (status >= 200 && status < 300) {
        take_agreement(errand, sip);
        return false;
    }
    if (dialog->state >= DIALOG_LEAVING)
        return false;
    tell_agreed(dialog, status, "", 0);
    if (dialog->state == DIALOG_CONFIRMED && is_refresh_lost(status)) {
        /* The peer knows nothing of this call any more (RFC 3261 12.2.1.2, RFC 4028 10). */
        dialog->end.expired = errand->refresh;
        dialog_give_up(dialog, status ? status : 408, "No answer in the dialog");
    } else if (errand->refresh) {
        session_refresh_failed(dialog);
    }
    return false;
}

/* Where an offer of ours may go now; NULL: nowhere. */
static nta_leg_t *offer_leg(struct dialog *dialog, bool update)
{
    if (dialog->state == DIALOG_CONFIRMED)
        return dialog->leg;
    if (update && dialog->state == DIALOG_INCOMING && dialog->early_agreed)
        return dialog->leg;
    if (update && dialog->state == DIALOG_CALLING && !dialog->hangup_wanted)
        for (struct fork *fork = dialog->forks; fork; fork = fork->next)
            if (fork->agreed && !fork->left)
                return fork->leg;
    return NULL;
}

static bool send_offer(struct dialog *dialog, bool update, const char *offer, bool refresh)
{
    nta_leg_t *leg = offer_leg(dialog, update);
    if (!leg || dialog->offerer || dialog->our_offer || (!update && dialog->incoming))
        return false;
    struct errand *errand = update ? errand_new(dialog, leg, SIP_METHOD_UPDATE, offer_done)
                                   : errand_new(dialog, leg, SIP_METHOD_INVITE, offer_done);
    errand_carry(errand, SDP_TYPE, offer, NULL);
    errand->refresh = refresh;
    dialog->too_small = 0;
    if (!errand_send(errand)) {
        errand_free(errand);
        return false;
    }
    dialog->offerer = errand;
    return true;
}

bool dialog_renegotiate(struct dialog *dialog, const char *method, const char *offer)
{
    bool update = strcmp(method, "UPDATE") == 0;
    if (!update && strcmp(method, "INVITE") != 0)
        return false;
    return send_offer(dialog, update, offer, false);
}

bool dialog_refresh(struct dialog *dialog, const char *method, const char *offer)
{
    bool update = method ? strcmp(method, "UPDATE") == 0 : dialog->peer_update;
    if (dialog->state != DIALOG_CONFIRMED)
        return false;
    return send_offer(dialog, update, update ? NULL : offer, true);
}

bool dialog_peer_updates(const struct dialog *dialog)
{
    return dialog->peer_update;
}

/* ---- the peer's ---- */

static int refuse_for_now(nta_incoming_t *irq)
{
    char line[32];
    snprintf(line, sizeof line, "Retry-After: %u\r\n", below(11));
    return dialog_refuse(irq, SIP_500_INTERNAL_SERVER_ERROR, line);
}

/* Ours is on its way, so theirs must wait (RFC 3261 14.2, RFC 3311 5.2). */
static bool collides(const struct dialog *dialog, bool invite)
{
    const struct errand *ours = dialog->offerer;
    return dialog->our_offer || (ours && ours->transaction &&
                                 (ours->body || (invite && ours->method == sip_method_invite)));
}

/* ACK to our 2xx of a re-INVITE; sip is NULL when none came. */
static int take_ack(nta_incoming_magic_t *magic, nta_incoming_t *irq, const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    (void)irq;
    if (sip && sip->sip_request->rq_method != sip_method_ack)
        return 0;
    bool ours = dialog->our_offer;
    size_t length;
    const char *body = dialog_body(sip, &length);
    dialog->our_offer = false;
    dialog_release(dialog);
    if (dialog->state != DIALOG_CONFIRMED)
        return 0;
    if (!sip) {
        dialog->end.no_ack = true;
        dialog_give_up(dialog, 408, "No ACK");
    } else if (ours) {
        tell_agreed(dialog, length ? 200 : 0, body, length);
    }
    return 0;
}

static bool established(const struct dialog *dialog)
{
    return dialog->state == DIALOG_CONFIRMED || dialog->state == DIALOG_ANSWERED;
}

/* What both have in common. 0: answered with 200. */
static int answer_offer(struct dialog *dialog, nta_leg_t *leg, nta_incoming_t *irq,
                        const sip_t *sip, bool wanted)
{
    size_t length;
    const char *body = dialog_body(sip, &length);
    struct text answer = {0}, lines = {0};
    int status = 0;
    dialog_learn(dialog, sip);
    if (established(dialog) && !session_judge(dialog, sip, &lines))
        status = dialog_refuse(irq, 422, "Session Interval Too Small", lines.data);
    else if ((length || wanted) && !tell_offered(dialog, body, length, &answer))
        status = dialog_refuse(irq, SIP_488_NOT_ACCEPTABLE, NULL);
    else if (dialog->state >= DIALOG_LEAVING) /* the owner hung up instead */
        status = dialog_refuse(irq, SIP_487_REQUEST_CANCELLED, NULL);
    if (!status) {
        const char *sdp = length || wanted ? text_get(&answer) : NULL;
        nta_leg_server_route(leg, NULL, sip->sip_contact);
        if (sdp)
            dialog_describe(dialog, sdp);
        dialog_reply(dialog, irq, SIP_200_OK, sdp, lines.data);
        if (established(dialog)) {
            session_start(dialog);
            if (dialog->session.expires)
                tell_refreshed(dialog, true, true);
        }
    }
    text_fini(&answer);
    text_fini(&lines);
    return status;
}

int dialog_take_invite(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip)
{
    if (dialog->state == DIALOG_CALLING)
        return 491;
    if (dialog->state == DIALOG_INCOMING || dialog->state == DIALOG_ANSWERED)
        return refuse_for_now(irq);
    if (dialog->state != DIALOG_CONFIRMED)
        return 481;
    if (collides(dialog, true))
        return 491;
    int status = admission_body(irq, sip);
    if (status)
        return status;
    size_t length;
    dialog_body(sip, &length);
    if (dialog->incoming) /* its ACK is lost, and the peer has gone on */
        dialog_release(dialog);
    dialog->incoming = irq;
    nta_incoming_bind(irq, take_ack, (nta_incoming_magic_t *)dialog);
    dialog->our_offer = length == 0;
    status = answer_offer(dialog, dialog->leg, irq, sip, length == 0);
    if (status) {
        dialog->our_offer = false;
        if (dialog->incoming == irq) {
            nta_incoming_bind(irq, NULL, NULL);
            dialog->incoming = NULL;
        }
    }
    return status;
}

int dialog_take_update(struct dialog *dialog, struct fork *fork, nta_incoming_t *irq,
                       const sip_t *sip)
{
    size_t length;
    int status = admission_body(irq, sip);
    if (status)
        return status;
    if (dialog->state >= DIALOG_LEAVING)
        return 481;
    dialog_body(sip, &length);
    /* Our INVITE's offer is not answered yet in that early dialog. */
    bool early = dialog->state == DIALOG_CALLING;
    if (length && (collides(dialog, false) || (early && dialog->offer && !(fork && fork->agreed))))
        return 491;
    /* Their INVITE's offer is not. */
    if (length && dialog->state == DIALOG_INCOMING && !dialog->early_agreed)
        return refuse_for_now(irq);
    status = answer_offer(dialog, fork ? fork->leg : dialog->leg, irq, sip, false);
    return status ? status : 200;
}
