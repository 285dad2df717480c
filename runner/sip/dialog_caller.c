#include "dialog_private.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <stdlib.h>
#include <string.h>

static void send_invite(struct dialog *dialog);

static void take_accept(struct dialog *dialog, const sip_t *sip)
{
    struct fork *fork = fork_of(dialog, sip);
    bool left = fork && fork->left, agreed = fork && fork->agreed;
    size_t length;
    const char *body = dialog_body(sip, &length);
    struct text answer = {0};
    char *early = NULL; /* the answer of this fork, if the owner has since heard of another one */
    size_t early_length = fork ? fork->answer_length : 0;
    if (fork && fork->answer && dialog->told != fork)
        early = bytes_copy(fork->answer, early_length);
    forks_settle(dialog, fork);
    nta_leg_client_reroute(dialog->leg, sip->sip_record_route, sip->sip_contact, 1);
    dialog_learn(dialog, sip);
    authenticator_informed(&dialog->authenticator, sip);
    dialog->end.status = (uint16_t)sip->sip_status->st_status;
    text_copy(dialog->end.reason, sizeof dialog->end.reason,
              sip->sip_status->st_phrase ? sip->sip_status->st_phrase : "");
    bool late = !dialog->offer && !agreed && length > 0;
    bool fits = !late || (!dialog->hangup_wanted && tell_offered(dialog, body, length, &answer));
    dialog_acknowledge(dialog, dialog->leg, sip->sip_cseq->cs_seq,
                       late && fits && answer.length ? answer.data : NULL);
    dialog->state = DIALOG_CONFIRMED;
    if (late && fits)
        dialog_describe(dialog, text_get(&answer));
    text_fini(&answer);
    if (left) { /* its BYE has overtaken its 2xx */
        dialog->end.by_peer = true;
        dialog_finish(dialog);
    } else if (dialog->hangup_wanted) { /* the CANCEL came too late */
        dialog_leave(dialog);
    } else if (!fits) {
        dialog_give_up(dialog, 488, "Not Acceptable Here");
    } else {
        session_accepted(dialog, sip);
        bool given = agreed || !dialog->offer;
        if (dialog->handler->answered)
            dialog->handler->answered(dialog->owner,
                                      early   ? early
                                      : given ? ""
                                              : body,
                                      early   ? early_length
                                      : given ? 0
                                              : length);
    }
    free(early);
}

/* The next server (RFC 3263 4.3): when this one cannot be reached, does not answer, or says 503. */
static bool fail_over(struct dialog *dialog, int status, bool real)
{
    struct agent_user *user = dialog->user;
    if (dialog->direct || (real && status != 503) ||
        ++dialog->failovers > user->identity->server_count)
        return false;
    /* Another dialog of the user may have found out before us. */
    return user->server != dialog->server || agent_user_failover(user);
}

static bool try_again(struct dialog *dialog, int status, const sip_t *sip)
{
    bool real = sip_is_real(sip);
    if (dialog->hangup_wanted)
        return false;
    if (!real)
        return fail_over(dialog, status, false);
    if (status == 401 || status == 407) {
        if (authenticator_challenged(&dialog->authenticator, sip))
            return true;
    }
    if (status == 422)
        return session_too_small(dialog, sip, &dialog->too_small);
    if (status == 503 && fail_over(dialog, status, true))
        return true;
    if (status >= 300 && status <= 302)
        redirects_learn(dialog, sip);
    return status < 600 && redirects_next(dialog);
}

static void note_warning(struct dialog *dialog, const sip_t *sip)
{
    const sip_warning_t *warning = sip->sip_warning;
    char *to = dialog->end.warning;
    if (!warning || warning->w_code < 300 || warning->w_code > 399)
        return;
    snprintf(to, sizeof dialog->end.warning, "%u %s", warning->w_code,
             warning->w_text ? warning->w_text : "");
    for (; *to; to++)
        if ((unsigned char)*to < ' ' || *to == 0x7f)
            *to = '?';
}

static void take_refusal(struct dialog *dialog, nta_outgoing_t *invite, int status,
                         const sip_t *sip)
{
    struct dialog_end *end = &dialog->end;
    if (!sip_is_real(sip) && status == 487) { /* cancelled before it went anywhere */
        dialog_finish_with(dialog, SIP_487_REQUEST_CANCELLED);
        return;
    }
    if (!sip_is_real(sip)) {
        end->unreachable = status != 408;
        if (end->unreachable)
            text_copy(end->trouble, sizeof end->trouble, agent_failure(dialog->agent, invite));
        dialog_finish_with(dialog, 0, end->unreachable ? "cannot be reached" : "no answer");
        return;
    }
    dialog_note_cause(dialog, sip);
    note_warning(dialog, sip);
    if (sip->sip_retry_after)
        end->retry_after = sip->sip_retry_after->af_delta > INT32_MAX
                               ? INT32_MAX
                               : (int32_t)sip->sip_retry_after->af_delta;
    end->refused_again =
        (status == 401 || status == 407) && authenticator_answered(&dialog->authenticator);
    dialog_finish_with(dialog, status, sip->sip_status->st_phrase);
}

static int take_response(nta_outgoing_magic_t *magic, nta_outgoing_t *invite, const sip_t *sip)
{
    struct dialog *dialog = (struct dialog *)magic;
    int status = nta_outgoing_status(invite);
    if (dialog->state != DIALOG_CALLING || invite != dialog->invite)
        return 0;
    if (status < 200) {
        if (sip_is_real(sip) && sip->sip_to)
            dialog_take_provisional(dialog, status, sip);
        return 0;
    }
    dialog->invite = NULL;
    if (status < 300 && sip_is_real(sip)) {
        take_accept(dialog, sip);
    } else if (try_again(dialog, status, sip)) {
        forks_free(dialog);
        send_invite(dialog);
    } else {
        forks_free(dialog);
        take_refusal(dialog, invite, status, sip);
    }
    outgoing_finish(invite);
    return 0;
}

static void send_invite(struct dialog *dialog)
{
    struct agent_user *user = dialog->user;
    const char *route = user->route;
    struct text lines = {0}, own = {0};
    sip_unknown_t header[1];
    if (dialog->headers)
        text_add(&lines, dialog->headers);
    dialog_add_supported(dialog, &lines);
    if (dialog->options.reliable == USE_REQUIRED)
        text_add(&lines, "Require: 100rel\r\n");
    add_line(&own, "Contact: ", user->contact);
    text_add(&own, OUR_LINES "Accept: " SDP_TYPE "\r\n");
    session_ask(dialog, true, &own);
    /* Those that its ACK has, too (RFC 3261 13.2.2.4), which the stack makes. */
    authenticator_headers(&dialog->authenticator, "INVITE", dialog->target, dialog->offer, &lines);
    if (dialog->offer)
        text_add(&own, "Content-Type: " SDP_TYPE "\r\n");
    dialog->server = user->server;
    dialog->invite = nta_outgoing_tcreate(
        dialog->leg, take_response, (nta_outgoing_magic_t *)dialog,
        dialog->direct ? NULL : (url_string_t *)user->url, SIP_METHOD_INVITE,
        (url_string_t *)dialog->target, NTATAG_PASS_100(1), TAG_IF(route, SIPTAG_ROUTE_STR(route)),
        SIPTAG_HEADER_STR(lines.data), SIPTAG_UNKNOWN(lines_header(&own, header)),
        TAG_IF(dialog->offer, SIPTAG_PAYLOAD_STR(dialog->offer)), TAG_END());
    text_fini(&lines);
    text_fini(&own);
    if (!dialog->invite) {
        dialog->end.unreachable = true;
        dialog_finish_with(dialog, 0, "the request could not be made");
        return;
    }
    dialog->cseq = nta_outgoing_cseq(dialog->invite);
}

/* In brackets, so that the URI keeps its parameters; without what no To may have (RFC 3261 19.1.1,
 * table 1). */
static void write_to(const char *target, struct text *to)
{
    su_home_t home[1] = {SU_HOME_INIT(home)};
    url_t *url = url_make(home, target);
    if (url && url->url_type > url_any) {
        url->url_headers = NULL;
        if (url->url_params)
            url->url_params = url_strip_param_string((char *)url->url_params, "method");
        text_add(to, "<");
        text_add(to, url_as_string(home, url));
        text_add(to, ">");
    } else {
        text_add(to, target); /* the stack will say no */
    }
    su_home_deinit(home);
}

struct dialog *dialog_invite(struct agent *agent, struct agent_user *user,
                             const struct dialog_request *request,
                             const struct dialog_handler *handler, void *owner)
{
    struct dialog *dialog = dialog_make(agent, user);
    dialog->handler = handler;
    dialog->owner = owner;
    dialog->options = request->options;
    dialog->caller = true;
    dialog->state = DIALOG_CALLING;
    dialog->target = mem_strdup(request->target);
    dialog->offer = string_copy(request->offer);
    dialog->description = string_copy(request->offer);
    dialog->headers = string_copy(request->headers);
    random_secret(dialog->call_id, 32);
    struct text to = {0};
    write_to(request->target, &to);
    dialog->leg =
        nta_leg_tcreate(agent->nta, dialog_take_request, (nta_leg_magic_t *)dialog,
                        SIPTAG_FROM_STR(request->from ? request->from : user->name),
                        SIPTAG_TO_STR(to.data), SIPTAG_CALL_ID_STR(dialog->call_id), TAG_END());
    text_fini(&to);
    if (dialog->leg)
        nta_leg_tag(dialog->leg, NULL);
    dialog_watch(dialog);
    authenticator_begin(&dialog->authenticator);
    send_invite(dialog);
    return dialog;
}

void dialog_cancel(struct dialog *dialog)
{
    /* The stack keeps the CANCEL back until a provisional response has come (RFC 3261 9.1). */
    nta_outgoing_tcancel(dialog->invite, NULL, NULL,
                         TAG_IF(dialog->parting, SIPTAG_HEADER_STR(dialog->parting)),
                         SIPTAG_USER_AGENT_STR(SIP_USER_AGENT), TAG_END());
}
