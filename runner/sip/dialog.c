#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct dialog *dialog_make(struct agent *agent, struct agent_user *user)
{
    struct dialog *dialog = mem_alloc(sizeof *dialog);
    dialog->agent = agent;
    dialog->user = user;
    dialog->second_ns = NS_PER_S;
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
    loop_timer_cancel(&dialog->lapse);
    offerer_stop(dialog);
    session_stop(dialog);
    wire_unwatch(&dialog->watch);
    errands_free(dialog);
    if (dialog->invite)
        nta_outgoing_destroy(dialog->invite);
    reliable_free(dialog);
    if (dialog->incoming)
        dialog_release(dialog);
    forks_free(dialog);
    redirects_free(dialog);
    if (dialog->leg)
        nta_leg_destroy(dialog->leg);
    for (size_t i = 0; i < 3; i++)
        free(dialog->replaced[i]);
    authenticator_fini(&dialog->authenticator);
    free(dialog->target);
    free(dialog->headers);
    free(dialog->offer);
    free(dialog->description);
    dialog_forget_invitation(dialog);
    free(dialog->session_lines);
    free(dialog->parting);
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

void dialog_describe(struct dialog *dialog, const char *sdp)
{
    char *copy = string_copy(sdp);
    free(dialog->description);
    dialog->description = copy;
}

static void take_message(void *owner, const struct message *message)
{
    const struct dialog *dialog = owner;
    if (dialog->handler && dialog->handler->message)
        dialog->handler->message(dialog->owner, message);
}

void dialog_watch(struct dialog *dialog)
{
    if (!dialog->leg) /* an address that is none: nothing will be sent */
        return;
    wire_watch(&dialog->watch, dialog->call_id, nta_leg_get_tag(dialog->leg), take_message, dialog);
}

/* ---- the end ---- */

static void tell_ended(void *arg)
{
    struct dialog *dialog = arg;
    if (dialog->handler && dialog->handler->ended)
        dialog->handler->ended(dialog->owner, &dialog->end);
}

void dialog_finish(struct dialog *dialog)
{
    if (dialog->state == DIALOG_ENDED)
        return;
    dialog->state = DIALOG_ENDED;
    offerer_stop(dialog);
    session_stop(dialog);
    loop_timer_set(dialog->agent->loop, &dialog->ending, clock_now(), tell_ended, dialog);
}

void dialog_finish_with(struct dialog *dialog, int status, const char *phrase)
{
    dialog->end.status = (uint16_t)status;
    text_copy(dialog->end.reason, sizeof dialog->end.reason, phrase ? phrase : "");
    dialog_finish(dialog);
}

void dialog_note_cause(struct dialog *dialog, const sip_t *sip)
{
    const sip_reason_t *reason = sip ? sip->sip_reason : NULL;
    if (!reason || !reason->re_protocol)
        return;
    struct text cause = {0};
    text_add(&cause, reason->re_protocol);
    if (reason->re_cause)
        text_printf(&cause, ";cause=%s", reason->re_cause);
    if (reason->re_text)
        text_printf(&cause, ";text=%s", reason->re_text);
    text_copy(dialog->end.cause, sizeof dialog->end.cause, cause.data);
    text_fini(&cause);
}

static bool bye_done(struct errand *errand, int status, const sip_t *sip)
{
    struct dialog *dialog = errand->dialog;
    (void)sip;
    if (status > 0)
        dialog->end.teardown_ns = clock_now() - dialog->bye_ns;
    /* 481: the peer has forgotten the call, which is what we wanted. */
    dialog->end.bye_failed = (status < 200 || status >= 300) && status != 481;
    dialog->end.bye_status = dialog->end.bye_failed ? (uint16_t)status : 0;
    dialog_finish(dialog);
    return false;
}

static void send_bye(struct dialog *dialog, const char *headers)
{
    if (dialog->state == DIALOG_LEAVING || dialog->state == DIALOG_ENDED)
        return;
    dialog->state = DIALOG_LEAVING;
    dialog->bye_ns = clock_now();
    offerer_stop(dialog);
    session_stop(dialog);
    struct errand *bye = errand_new(dialog, dialog->leg, SIP_METHOD_BYE, bye_done);
    errand_carry(bye, NULL, NULL, headers);
    if (errand_send(bye))
        return;
    errand_free(bye);
    dialog->end.bye_failed = dialog->end.bye_unsent = true;
    dialog_finish(dialog);
}

void dialog_leave(struct dialog *dialog)
{
    send_bye(dialog, dialog->parting);
}

void dialog_give_up(struct dialog *dialog, int cause, const char *text)
{
    struct text line = {0};
    text_printf(&line, "Reason: SIP;cause=%d;text=\"%s\"\r\n", cause, text);
    text_copy(dialog->end.cause, sizeof dialog->end.cause, line.data + strlen("Reason: "));
    dialog->end.cause[strcspn(dialog->end.cause, "\r")] = '\0';
    send_bye(dialog, line.data);
    text_fini(&line);
}

int dialog_take_bye(struct dialog *dialog, struct fork *fork, nta_incoming_t *irq, const sip_t *sip)
{
    if (dialog->state == DIALOG_ENDED)
        return 481;
    dialog_reply(dialog, irq, SIP_200_OK, NULL, NULL);
    if (fork) { /* only that early dialog; another one may still be answered */
        fork->left = true;
        return 200;
    }
    /* When both hang up at once, the answer to our own BYE ends it. */
    if (dialog->state == DIALOG_LEAVING)
        return 200;
    dialog_note_cause(dialog, sip);
    dialog->end.by_peer = true;
    if (dialog->state == DIALOG_INCOMING) { /* RFC 3261 15.1.2 */
        dialog_reply(dialog, dialog->incoming, SIP_487_REQUEST_CANCELLED, NULL, NULL);
        dialog_release(dialog);
        dialog_finish_with(dialog, SIP_487_REQUEST_CANCELLED);
    } else {
        dialog_finish(dialog);
    }
    return 200;
}

void dialog_hangup(struct dialog *dialog, const char *headers)
{
    if (dialog->hangup_wanted)
        return;
    dialog->hangup_wanted = true;
    dialog->parting = string_copy(headers);
    switch (dialog->state) {
    case DIALOG_CALLING:
        dialog_cancel(dialog);
        break;
    case DIALOG_INCOMING:
        dialog_reject(dialog, SIP_480_TEMPORARILY_UNAVAILABLE, headers);
        break;
    case DIALOG_CONFIRMED:
        dialog_leave(dialog);
        break;
    case DIALOG_ANSWERED: /* BYE must wait for the ACK (RFC 3261 15) */
    case DIALOG_LEAVING:
    case DIALOG_ENDED:
        break;
    }
}

/* ---- small things ---- */

char *bytes_copy(const char *bytes, size_t length)
{
    char *copy = mem_alloc(length + 1);
    memcpy(copy, bytes, length);
    return copy;
}

char *string_copy(const char *string)
{
    return string ? mem_strdup(string) : NULL;
}

const char *dialog_body(const sip_t *sip, size_t *length)
{
    *length = 0;
    if (!sip || !sip->sip_payload || !sip->sip_payload->pl_data)
        return "";
    if (sip->sip_content_type && sip->sip_content_type->c_type &&
        strcasecmp(sip->sip_content_type->c_type, SDP_TYPE) != 0)
        return "";
    *length = sip->sip_payload->pl_len;
    return sip->sip_payload->pl_data;
}

void dialog_learn(struct dialog *dialog, const sip_t *sip)
{
    if (sip->sip_allow) {
        dialog->peer_update = false;
        msg_param_t const *items = sip->sip_allow->k_items;
        for (size_t i = 0; items && items[i]; i++)
            if (strcasecmp(items[i], "UPDATE") == 0)
                dialog->peer_update = true;
    }
    if (sip->sip_supported || sip->sip_require) {
        dialog->peer_timer = sip_has_feature(sip->sip_supported, "timer") ||
                             sip_has_feature(sip->sip_require, "timer");
        dialog->peer_reliable = sip_has_feature(sip->sip_supported, "100rel") ||
                                sip_has_feature(sip->sip_require, "100rel");
    }
}

void tell_progress(struct dialog *dialog, int status, const char *body, size_t length)
{
    if (dialog->handler->progress)
        dialog->handler->progress(dialog->owner, status, body, length);
}

bool tell_offered(struct dialog *dialog, const char *offer, size_t length, struct text *answer)
{
    return dialog->handler->offered &&
           dialog->handler->offered(dialog->owner, offer, length, answer);
}

void tell_agreed(struct dialog *dialog, int status, const char *answer, size_t length)
{
    if (dialog->handler->agreed)
        dialog->handler->agreed(dialog->owner, status, answer, length);
}

void tell_refreshed(struct dialog *dialog, bool by_peer, bool ok)
{
    if (ok)
        dialog->end.refreshes++;
    if (dialog->handler->refreshed)
        dialog->handler->refreshed(dialog->owner, by_peer, ok);
}

/* ---- what our messages say ---- */

void dialog_add_supported(const struct dialog *dialog, struct text *lines)
{
    text_add(lines, "Supported: ");
    if (dialog->options.reliable != USE_DISABLED)
        text_add(lines, "100rel, ");
    if (dialog->options.timer != USE_DISABLED)
        text_add(lines, "timer, ");
    text_add(lines, "replaces, norefersub\r\n");
}

void dialog_reply(struct dialog *dialog, nta_incoming_t *irq, int status, const char *phrase,
                  const char *sdp, const char *lines)
{
    struct text own = {0};
    sip_unknown_t header[1];
    if (status < 300)
        add_line(&own, "Contact: ", dialog->user->contact);
    text_add(&own, OUR_LINES);
    dialog_add_supported(dialog, &own);
    if (sdp)
        text_add(&own, "Content-Type: " SDP_TYPE "\r\n");
    nta_incoming_treply(irq, status, phrase, SIPTAG_UNKNOWN(lines_header(&own, header)),
                        TAG_IF(lines, SIPTAG_HEADER_STR(lines)),
                        TAG_IF(sdp, SIPTAG_PAYLOAD_STR(sdp)), TAG_END());
    text_fini(&own);
}

int dialog_refuse(nta_incoming_t *irq, int status, const char *phrase, const char *line)
{
    nta_incoming_treply(irq, status, phrase, SIPTAG_USER_AGENT_STR(SIP_USER_AGENT),
                        TAG_IF(line, SIPTAG_HEADER_STR(line)), TAG_END());
    return status;
}
