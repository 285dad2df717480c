/* What is refused before anybody rings (RFC 3261 8.2, 3262 3, 4028 9, 3891 3). */
#include "dialog_private.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- merged requests ---- */

static char *key_of(const struct agent_user *user, const sip_t *sip)
{
    struct text key = {0};
    text_printf(&key, "%p %u %s %s", (const void *)user, sip->sip_cseq->cs_seq,
                sip->sip_from->a_tag ? sip->sip_from->a_tag : "", sip->sip_call_id->i_id);
    return key.data;
}

static int compare_keys(const void *a, const void *b)
{
    const struct dialog *x = a, *y = b;
    return strcmp(x->invitation_key, y->invitation_key);
}

bool dialog_is_merged(const struct agent_user *user, const sip_t *sip)
{
    struct dialog like = {.invitation_key = key_of(user, sip)};
    bool found = tfind(&like, &user->agent->invitations, compare_keys) != NULL;
    free(like.invitation_key);
    return found;
}

void dialog_keep_invitation(struct dialog *dialog, const sip_t *sip)
{
    dialog->invitation_key = key_of(dialog->user, sip);
    if (!tsearch(dialog, &dialog->agent->invitations, compare_keys))
        abort();
}

void dialog_forget_invitation(struct dialog *dialog)
{
    if (!dialog->invitation_key)
        return;
    tdelete(dialog, &dialog->agent->invitations, compare_keys);
    free(dialog->invitation_key);
    dialog->invitation_key = NULL;
}

/* ---- extensions and bodies ---- */

static bool understood(const char *extension)
{
    static const char *const all[] = {"100rel", "timer", "replaces", "norefersub"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcasecmp(extension, all[i]) == 0)
            return true;
    return false;
}

int admission_require(nta_incoming_t *irq, const sip_t *sip)
{
    struct text line = {0};
    for (const sip_require_t *require = sip->sip_require; require;
         require = (const sip_require_t *)require->k_next) {
        for (size_t i = 0; require->k_items && require->k_items[i]; i++)
            if (!understood(require->k_items[i]))
                text_printf(&line, "%s%s",
                            line.length ? ", " : "Unsupported: ", require->k_items[i]);
    }
    int status = 0;
    if (line.length) {
        text_add(&line, "\r\n");
        status = dialog_refuse(irq, SIP_420_BAD_EXTENSION, line.data);
    }
    text_fini(&line);
    return status;
}

int admission_body(nta_incoming_t *irq, const sip_t *sip)
{
    if (!sip->sip_payload || !sip->sip_payload->pl_len)
        return 0;
    const sip_content_encoding_t *encoding = sip->sip_content_encoding;
    for (size_t i = 0; encoding && encoding->k_items && encoding->k_items[i]; i++)
        if (strcasecmp(encoding->k_items[i], "identity") != 0)
            return dialog_refuse(irq, SIP_415_UNSUPPORTED_MEDIA, "Accept-Encoding: identity\r\n");
    const sip_content_type_t *type = sip->sip_content_type;
    if (type && type->c_type && strcasecmp(type->c_type, SDP_TYPE) != 0)
        return dialog_refuse(irq, SIP_415_UNSUPPORTED_MEDIA, "Accept: " SDP_TYPE "\r\n");
    return 0;
}

/* May the answer be a session description? */
static bool takes_sdp(const sip_accept_t *accept)
{
    if (!accept)
        return true;
    for (; accept; accept = accept->ac_next) {
        const char *type = accept->ac_type;
        if (type && (strcasecmp(type, SDP_TYPE) == 0 || strcasecmp(type, "application/*") == 0 ||
                     strcmp(type, "*/*") == 0))
            return true;
    }
    return false;
}

int admission_check(nta_incoming_t *irq, const sip_t *sip)
{
    int status = admission_require(irq, sip);
    if (!status)
        status = admission_body(irq, sip);
    if (!status && !takes_sdp(sip->sip_accept))
        status = 406;
    return status;
}

static void refuse(struct dialog *dialog, int status, const char *phrase, const char *line)
{
    dialog_refuse(dialog->incoming, status, phrase, line);
    dialog_release(dialog);
    dialog_finish_with(dialog, status, phrase);
}

bool admission_options(struct dialog *dialog, const sip_t *sip)
{
    const struct dialog_options *options = &dialog->options;
    struct text unsupported = {0};
    if (options->reliable == USE_DISABLED && sip_has_feature(sip->sip_require, "100rel"))
        text_add(&unsupported, "Unsupported: 100rel");
    if (options->timer == USE_DISABLED && sip_has_feature(sip->sip_require, "timer"))
        text_printf(&unsupported, "%stimer", unsupported.length ? ", " : "Unsupported: ");
    if (unsupported.length) {
        text_add(&unsupported, "\r\n");
        refuse(dialog, SIP_420_BAD_EXTENSION, unsupported.data);
        text_fini(&unsupported);
        return false;
    }
    if (options->reliable == USE_REQUIRED && !dialog->peer_reliable) {
        refuse(dialog, SIP_421_EXTENSION_REQUIRED, "Require: 100rel\r\n");
        return false;
    }
    if (options->timer == USE_REQUIRED && !dialog->peer_timer) {
        refuse(dialog, SIP_421_EXTENSION_REQUIRED, "Require: timer\r\n");
        return false;
    }
    struct text lines = {0};
    bool good = session_judge(dialog, sip, &lines);
    if (!good)
        refuse(dialog, 422, "Session Interval Too Small", lines.data);
    else
        dialog->session_lines = string_copy(lines.data);
    text_fini(&lines);
    return good;
}

/* ---- Replaces ---- */

static bool same(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

struct dialog *dialog_by_replaces(const struct agent_user *user, const sip_replaces_t *replaces,
                                  int *status)
{
    *status = 481;
    nta_leg_t *leg = nta_leg_by_replaces(user->agent->nta, replaces);
    struct dialog *dialog = (struct dialog *)nta_leg_magic(leg, dialog_take_request);
    if (!dialog || dialog->user != user || !same(nta_leg_get_tag(leg), replaces->rp_to_tag) ||
        !same(nta_leg_get_rtag(leg), replaces->rp_from_tag))
        return NULL;
    switch (dialog->state) {
    case DIALOG_LEAVING:
    case DIALOG_ENDED:
        *status = 603;
        return NULL;
    case DIALOG_INCOMING: /* early, and not begun by us */
        return NULL;
    case DIALOG_ANSWERED:
    case DIALOG_CONFIRMED:
        if (replaces->rp_early_only) {
            *status = 486;
            return NULL;
        }
        break;
    case DIALOG_CALLING:
        break;
    }
    *status = 0;
    return dialog;
}

struct dialog *dialog_replaced(const struct dialog *dialog)
{
    if (!dialog->replaced[0])
        return NULL;
    sip_replaces_t replaces;
    int status;
    sip_replaces_init(&replaces);
    replaces.rp_call_id = dialog->replaced[0];
    replaces.rp_to_tag = dialog->replaced[1];
    replaces.rp_from_tag = dialog->replaced[2];
    return dialog_by_replaces(dialog->user, &replaces, &status);
}
