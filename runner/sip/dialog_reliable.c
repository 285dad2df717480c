/* The provisional responses of the callee, and RFC 3262. One reliable response is on its way at a
 * time; the others, and the answer, wait for its PRACK. */
#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>

static void send_reliable(struct dialog *dialog, int status, const char *sdp);

void reliable_free(struct dialog *dialog)
{
    if (dialog->reliable)
        nta_reliable_destroy(dialog->reliable);
    dialog->reliable = NULL;
    for (size_t i = 0; i < dialog->waiting_count; i++)
        free(dialog->waiting[i].sdp);
    free(dialog->waiting);
    dialog->waiting = NULL;
    dialog->waiting_count = 0;
    free(dialog->held_sdp);
    dialog->held_sdp = NULL;
}

static void send_waiting(struct dialog *dialog)
{
    while (!dialog->reliable && dialog->waiting_count > 0 && dialog->state == DIALOG_INCOMING) {
        struct waiting_progress next = dialog->waiting[0];
        dialog->waiting_count--;
        for (size_t i = 0; i < dialog->waiting_count; i++)
            dialog->waiting[i] = dialog->waiting[i + 1];
        send_reliable(dialog, next.status, next.sdp);
        free(next.sdp);
    }
    if (!dialog->reliable && dialog->answer_held && dialog->state == DIALOG_INCOMING) {
        char *sdp = dialog->held_sdp;
        dialog->held_sdp = NULL;
        dialog->answer_held = false;
        dialog_send_answer(dialog, sdp);
        free(sdp);
    }
}

/* What the PRACK says: the answer to our offer, or an offer. */
static void answer_prack(struct dialog *dialog, nta_incoming_t *prack, const sip_t *sip)
{
    size_t length;
    const char *body = dialog_body(sip, &length);
    if (dialog->our_offer) {
        dialog->our_offer = false;
        dialog_reply(dialog, prack, SIP_200_OK, NULL, NULL);
        tell_agreed(dialog, length ? 200 : 0, body, length);
    } else if (length == 0) {
        dialog_reply(dialog, prack, SIP_200_OK, NULL, NULL);
    } else {
        struct text answer = {0};
        bool fits = dialog->early_agreed && tell_offered(dialog, body, length, &answer);
        if (fits)
            dialog_reply(dialog, prack, SIP_200_OK, text_get(&answer), NULL);
        else
            dialog_reply(dialog, prack, SIP_488_NOT_ACCEPTABLE, NULL, NULL);
        text_fini(&answer);
    }
}

static int take_prack(nta_reliable_magic_t *magic, nta_reliable_t *reliable, nta_incoming_t *prack,
                      const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    dialog->reliable = NULL;
    if (!prack) { /* a final response, or the end of patience, has made it void */
        nta_reliable_destroy(reliable);
        return 0;
    }
    if (dialog->described)
        dialog->early_agreed = true;
    answer_prack(dialog, prack, sip);
    nta_incoming_destroy(prack);
    nta_reliable_destroy(reliable);
    send_waiting(dialog);
    return 200;
}

static void send_reliable(struct dialog *dialog, int status, const char *sdp)
{
    struct text lines = {0};
    dialog_add_supported(dialog, &lines);
    if (dialog->described)
        sdp = NULL;
    dialog->reliable = nta_reliable_treply(
        dialog->incoming, take_prack, (nta_reliable_magic_t *)dialog, status,
        sip_status_phrase(status) ? NULL : "Progress", SIPTAG_CONTACT_STR(dialog->user->contact),
        SIPTAG_ALLOW_STR(SIP_ALLOW), SIPTAG_USER_AGENT_STR(SIP_USER_AGENT),
        SIPTAG_HEADER_STR(lines.data), TAG_IF(sdp, SIPTAG_CONTENT_TYPE_STR(SDP_TYPE)),
        TAG_IF(sdp, SIPTAG_PAYLOAD_STR(sdp)), TAG_END());
    text_fini(&lines);
    if (!dialog->reliable || !sdp)
        return;
    dialog->described = true;
    dialog->our_offer = dialog->offer_length == 0;
    dialog_describe(dialog, sdp);
}

void dialog_progress(struct dialog *dialog, int status, const char *sdp)
{
    if (dialog->state != DIALOG_INCOMING || dialog->answer_held || status <= 100 || status >= 200)
        return;
    if (dialog->options.reliable == USE_DISABLED || !dialog->peer_reliable) {
        /* A late offer cannot be made in what may be lost (RFC 3261 13.2.1). */
        if (dialog->offer_length == 0)
            sdp = NULL;
        const char *phrase = sip_status_phrase(status);
        dialog_reply(dialog, dialog->incoming, status, phrase ? phrase : "Progress", sdp, NULL);
    } else if (!dialog->reliable) {
        send_reliable(dialog, status, sdp);
    } else if (dialog->waiting_count < PROGRESS_MAX) {
        if (!dialog->waiting)
            dialog->waiting = mem_array(PROGRESS_MAX, sizeof *dialog->waiting);
        dialog->waiting[dialog->waiting_count++] =
            (struct waiting_progress){status, string_copy(sdp)};
    }
}
