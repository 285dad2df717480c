/* REFER and what its NOTIFYs say (RFC 3515, 3891, 3892, 4488), both roles. */
#include "dialog_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sofia-sip/sip_extra.h>

#define SIPFRAG_TYPE "message/sipfrag;version=2.0"
/* How long the subscription of a REFER lives, s. */
#define SUBSCRIPTION 180

/* ---- ours ---- */

/* %XX for whatever cannot stand in a header of a URI (RFC 3261 25.1, hvalue). */
static void add_escaped(struct text *out, const char *value)
{
    for (; *value; value++)
        if (isalnum((unsigned char)*value) || strchr("-_.!~*'()", *value))
            text_add_bytes(out, value, 1);
        else
            text_printf(out, "%%%02X", (unsigned char)*value);
}

/* Appends the URI of the other dialog's peer, with a Replaces that means this dialog to it. */
static bool add_attended(const struct dialog *other, const char *target, struct text *out)
{
    const sip_contact_t *contact = NULL;
    if (other->state != DIALOG_CONFIRMED || nta_leg_get_route(other->leg, NULL, &contact) < 0)
        return false;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    const char *uri = target ? target : contact ? url_as_string(home, contact->m_url) : NULL;
    /* As its peer sees it: to-tag is the peer's (RFC 3891 3). */
    const sip_replaces_t *names = nta_leg_make_replaces(other->leg, home, 0);
    bool good = uri && names && names->rp_to_tag && names->rp_from_tag;
    if (good) {
        struct text replaces = {0};
        text_printf(&replaces, "%s;to-tag=%s;from-tag=%s", names->rp_call_id, names->rp_to_tag,
                    names->rp_from_tag);
        text_printf(out, "<%s?Replaces=", uri);
        add_escaped(out, replaces.data);
        text_add(out, ">");
        text_fini(&replaces);
    }
    su_home_deinit(home);
    return good;
}

static bool refuses_subscription(const sip_t *sip)
{
    const sip_refer_sub_t *wish = sip_refer_sub(sip);
    return wish && wish->rs_value && strcasecmp(wish->rs_value, "false") == 0;
}

static bool refer_done(struct errand *errand, int status, const sip_t *sip)
{
    struct dialog *dialog = errand->dialog;
    bool silent = status >= 200 && status < 300 && refuses_subscription(sip);
    if (status < 200 || status >= 300 || silent)
        dialog->referring = false;
    bool again = dialog_request_done(errand, status, sip);
    /* No NOTIFY will ever tell more (RFC 4488 4). */
    if (silent && dialog->state < DIALOG_ENDED && dialog->handler->refer_progress)
        dialog->handler->refer_progress(dialog->owner, status, true);
    return again;
}

bool dialog_refer(struct dialog *dialog, const char *target, const struct dialog *other)
{
    struct text headers = {0};
    if (dialog->state != DIALOG_CONFIRMED || (!target && !other))
        return false;
    text_add(&headers, "Refer-To: ");
    bool good = true;
    if (other)
        good = add_attended(other, target, &headers);
    else
        text_printf(&headers, "<%s>", target);
    text_printf(&headers, "\r\nReferred-By: <%s>\r\n", dialog->user->aor);
    if (good) {
        struct errand *refer = errand_new(dialog, dialog->leg, SIP_METHOD_REFER, refer_done);
        errand_carry(refer, NULL, NULL, headers.data);
        dialog->referring = true;
        good = errand_enqueue(refer);
    }
    text_fini(&headers);
    return good;
}

/* The status line of a sipfrag; 0: it has none. */
static int sipfrag_status(const sip_t *sip)
{
    char line[32] = "";
    if (!sip->sip_payload || !sip->sip_payload->pl_data)
        return 0;
    size_t length = sip->sip_payload->pl_len;
    if (length >= sizeof line)
        length = sizeof line - 1;
    memcpy(line, sip->sip_payload->pl_data, length);
    int status = 0;
    if (sscanf(line, "SIP/2.0 %3d", &status) != 1 || status < 100 || status > 699)
        return 0;
    return status;
}

int dialog_take_refer_notify(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip)
{
    if (!dialog->referring)
        return 481;
    if (!sip->sip_subscription_state || !sip->sip_subscription_state->ss_substate)
        return 400;
    int status = sipfrag_status(sip);
    bool over = strcasecmp(sip->sip_subscription_state->ss_substate, "terminated") == 0;
    if (!status && !over)
        return 400;
    if (over)
        dialog->referring = false;
    dialog_reply(dialog, irq, SIP_200_OK, NULL, NULL);
    if (dialog->state < DIALOG_ENDED && dialog->handler->refer_progress)
        dialog->handler->refer_progress(dialog->owner, status, over || status >= 200);
    return 200;
}

/* ---- the peer's ---- */

static bool notified(struct errand *errand, int status, const sip_t *sip)
{
    (void)sip;
    if (status < 200 || status >= 300) /* nobody listens any more */
        errand->dialog->referred = false;
    return false;
}

void dialog_refer_report(struct dialog *dialog, int status, const char *phrase)
{
    struct text headers = {0}, body = {0};
    if (!dialog->referred || !dialog->leg)
        return;
    if (!phrase)
        phrase = sip_status_phrase(status);
    text_add(&headers, "Event: refer");
    if (dialog->referrals > 1)
        text_printf(&headers, ";id=%u", dialog->refer_cseq);
    if (status >= 200)
        text_add(&headers, "\r\nSubscription-State: terminated;reason=noresource\r\n");
    else
        text_printf(&headers, "\r\nSubscription-State: active;expires=%d\r\n", SUBSCRIPTION);
    text_printf(&body, "SIP/2.0 %d %s\r\n", status, phrase ? phrase : "");
    struct errand *notify = errand_new(dialog, dialog->leg, SIP_METHOD_NOTIFY, notified);
    errand_carry(notify, SIPFRAG_TYPE, body.data, headers.data);
    if (status >= 200)
        dialog->referred = false;
    errand_enqueue(notify);
    text_fini(&headers);
    text_fini(&body);
}

/* Splits "<sip:c@host?Replaces=...>" into the URI to call and what to send with it. */
static bool read_target(su_home_t *home, const sip_refer_to_t *refer_to,
                        struct dialog_referral *referral)
{
    url_t *url = url_hdup(home, refer_to->r_url);
    if (!url || (url->url_type != url_sip && url->url_type != url_sips) || !url->url_host)
        return false;
    const char *headers = url->url_headers;
    url->url_headers = NULL;
    if (url->url_params)
        url->url_params = url_strip_param_string((char *)url->url_params, "method");
    referral->target = url_as_string(home, url);
    for (; headers && *headers; headers += strcspn(headers, "&"), headers += *headers == '&') {
        if (strncasecmp(headers, "Replaces=", 9) != 0)
            continue;
        isize_t length = (isize_t)strcspn(headers + 9, "&");
        char *value = su_strndup(home, headers + 9, length);
        referral->replaces = value ? url_unescape(value, value) : NULL;
        /* It goes into a header line of ours. */
        if (referral->replaces && strpbrk(referral->replaces, "\r\n"))
            referral->replaces = NULL;
    }
    return referral->target != NULL;
}

static const char *referrer(su_home_t *home, const sip_t *sip)
{
    const char *by = sip->sip_referred_by
                         ? sip_header_as_string(home, (sip_header_t *)sip->sip_referred_by)
                         : NULL;
    return by ? by : "";
}

int dialog_take_refer(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip)
{
    su_home_t home[1] = {SU_HOME_INIT(home)};
    struct dialog_referral referral = {.by = ""};
    int status = 202;
    if (dialog->state != DIALOG_CONFIRMED)
        status = 481;
    else if (!sip->sip_refer_to || sip->sip_refer_to->r_next || sip->sip_error)
        status = 400;
    else if (!read_target(home, sip->sip_refer_to, &referral))
        status = 416;
    else if (dialog->referred)
        status = 491; /* one at a time */
    if (status == 202) {
        bool quiet = refuses_subscription(sip);
        referral.by = referrer(home, sip);
        dialog->referrals++;
        dialog->refer_cseq = sip->sip_cseq->cs_seq;
        dialog->referred = false;
        if (!dialog->handler->referred || !dialog->handler->referred(dialog->owner, &referral)) {
            status = 603;
        } else {
            dialog_reply(dialog, irq, SIP_202_ACCEPTED, NULL,
                         quiet ? "Refer-Sub: false\r\n" : NULL);
            dialog->referred = !quiet;
            dialog_refer_report(dialog, SIP_100_TRYING);
        }
    }
    su_home_deinit(home);
    return status;
}
