/* The early dialogs of the caller (RFC 3261 12.1, 13.2.2.4; RFC 3262). */
#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct fork *fork_find(struct dialog *dialog, const char *tag)
{
    for (struct fork *fork = dialog->forks; fork && tag; fork = fork->next)
        if (strcasecmp(nta_leg_get_rtag(fork->leg), tag) == 0)
            return fork;
    return NULL;
}

struct fork *fork_of(struct dialog *dialog, const sip_t *sip)
{
    char cseq[32];
    bool response = sip->sip_status != NULL;
    const sip_addr_t *theirs = response ? sip->sip_to : sip->sip_from;
    const sip_addr_t *ours = response ? sip->sip_from : sip->sip_to;
    struct fork *fork = fork_find(dialog, theirs->a_tag);
    if (fork || !theirs->a_tag)
        return fork;
    if (dialog->fork_count >= FORKS_MAX && (!response || sip->sip_status->st_status < 200))
        return NULL;
    snprintf(cseq, sizeof cseq, "%u INVITE", dialog->cseq);
    fork = mem_alloc(sizeof *fork);
    fork->leg = nta_leg_tcreate(dialog->agent->nta, dialog_take_request, (nta_leg_magic_t *)dialog,
                                SIPTAG_CALL_ID(sip->sip_call_id), SIPTAG_FROM(ours),
                                SIPTAG_TO(theirs), SIPTAG_CSEQ_STR(cseq), TAG_END());
    if (!fork->leg) {
        free(fork);
        return NULL;
    }
    if (response)
        nta_leg_client_reroute(fork->leg, sip->sip_record_route, sip->sip_contact, 1);
    fork->next = dialog->forks;
    dialog->forks = fork;
    dialog->fork_count++;
    return fork;
}

static void fork_free(struct dialog *dialog, struct fork *fork, bool with_leg)
{
    if (with_leg) {
        errands_forget(dialog, fork->leg);
        nta_leg_destroy(fork->leg);
    }
    if (dialog->told == fork)
        dialog->told = NULL;
    free(fork->answer);
    free(fork);
}

void forks_settle(struct dialog *dialog, struct fork *winner)
{
    while (dialog->forks) {
        struct fork *fork = dialog->forks;
        dialog->forks = fork->next;
        if (fork == winner) {
            nta_leg_destroy(dialog->leg);
            dialog->leg = fork->leg;
        }
        fork_free(dialog, fork, fork != winner);
    }
    dialog->fork_count = 0;
}

void forks_free(struct dialog *dialog)
{
    forks_settle(dialog, NULL);
}

static bool prack_done(struct errand *errand, int status, const sip_t *sip)
{
    /* Whatever is wrong with it, the INVITE will tell: its server gives up without a PRACK. */
    (void)errand;
    (void)status;
    (void)sip;
    return false;
}

void dialog_send_prack(struct dialog *dialog, nta_leg_t *leg, uint32_t rseq, uint32_t cseq,
                       const char *answer)
{
    char line[64];
    snprintf(line, sizeof line, "RAck: %u %u INVITE\r\n", rseq, cseq);
    struct errand *prack = errand_new(dialog, leg, SIP_METHOD_PRACK, prack_done);
    errand_carry(prack, SDP_TYPE, answer, line);
    if (!errand_send(prack))
        errand_free(prack);
}

/* A reliable response that is new and in order: PRACK, with the answer to its offer if it has one.
 */
static void acknowledge(struct dialog *dialog, struct fork *fork, const sip_t *sip,
                        const char *body, size_t length)
{
    struct text answer = {0};
    bool first = length > 0 && !fork->agreed, fits = true;
    if (first && !dialog->offer)
        fits = !dialog->hangup_wanted && tell_offered(dialog, body, length, &answer);
    if (first && dialog->offer) {
        fork->answer = bytes_copy(body, length);
        fork->answer_length = length;
    }
    fork->agreed |= first && fits;
    dialog_send_prack(dialog, fork->leg, fork->rseq, sip->sip_cseq->cs_seq,
                      answer.length ? answer.data : NULL);
    if (answer.length)
        dialog_describe(dialog, answer.data);
    text_fini(&answer);
    if (!fits)
        dialog_hangup(dialog, "Reason: SIP;cause=488;text=\"Not Acceptable Here\"\r\n");
}

void dialog_take_provisional(struct dialog *dialog, int status, const sip_t *sip)
{
    bool reliable = status > 100 && dialog->options.reliable != USE_DISABLED && sip->sip_rseq &&
                    sip->sip_to->a_tag && sip_has_feature(sip->sip_require, "100rel");
    struct fork *fork = status > 100 ? fork_of(dialog, sip) : NULL;
    size_t length;
    const char *body = dialog_body(sip, &length);
    dialog_learn(dialog, sip);
    if (reliable && !fork)
        return; /* too many forks to remember */
    if (reliable) {
        uint32_t rseq = (uint32_t)sip->sip_rseq->rs_response;
        /* Repeated, its PRACK is on the way; or too early, it will be repeated (RFC 3262 4). */
        if (fork->rseq && rseq != fork->rseq + 1)
            return;
        fork->rseq = rseq;
        if (sip->sip_contact || sip->sip_record_route)
            nta_leg_client_reroute(fork->leg, sip->sip_record_route, sip->sip_contact, 1);
        acknowledge(dialog, fork, sip, body, length);
    }
    if (!dialog->offer) /* what the peer describes is an offer, and no early media */
        length = 0;
    if (length)
        dialog->told = fork;
    tell_progress(dialog, status, length ? body : "", length);
}
