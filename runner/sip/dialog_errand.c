#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

struct errand *errand_new(struct dialog *dialog, nta_leg_t *leg, sip_method_t method,
                          const char *name, errand_fn *done)
{
    struct errand *errand = mem_alloc(sizeof *errand);
    errand->dialog = dialog;
    errand->leg = leg;
    errand->method = method;
    errand->name = mem_strdup(name);
    errand->done = done;
    return errand;
}

void errand_carry(struct errand *errand, const char *type, const char *body, const char *headers)
{
    errand->type = string_copy(type);
    errand->body = string_copy(body);
    errand->headers = string_copy(headers);
}

static void unlink_errand(struct errand **list, const struct errand *errand)
{
    for (; *list; list = &(*list)->next)
        if (*list == errand) {
            *list = errand->next;
            return;
        }
}

/* An INVITE that is still open must live on to acknowledge its refusal; but no longer than one may
 * come, since without that nothing would ever end it (RFC 3261 17.1.1.2: Proceeding). */
static void abandon(nta_outgoing_t *invite)
{
    nta_outgoing_bind(invite, NULL, NULL);
    nta_outgoing_tcancel(invite, NULL, NULL, NTATAG_CANCEL_408(1), TAG_END());
}

void errand_free(struct errand *errand)
{
    struct dialog *dialog = errand->dialog;
    unlink_errand(&dialog->errands, errand);
    unlink_errand(&dialog->queue, errand);
    if (dialog->current == errand)
        dialog->current = NULL;
    if (dialog->offerer == errand)
        dialog->offerer = NULL;
    if (errand->transaction) {
        if (errand->method == sip_method_invite && nta_outgoing_status(errand->transaction) < 200)
            abandon(errand->transaction);
        else
            nta_outgoing_destroy(errand->transaction);
    }
    free(errand->name);
    free(errand->type);
    free(errand->body);
    free(errand->headers);
    free(errand);
}

void errands_free(struct dialog *dialog)
{
    struct errand **lists[] = {&dialog->errands, &dialog->queue};
    for (size_t i = 0; i < 2; i++)
        while (*lists[i]) {
            struct errand *first = *lists[i];
            *lists[i] = first->next;
            errand_free(first);
        }
}

void errands_forget(struct dialog *dialog, const nta_leg_t *leg)
{
    for (struct errand *errand = dialog->errands; errand; errand = errand->next)
        if (errand->leg == leg)
            errand->leg = NULL;
    for (struct errand *errand = dialog->queue; errand; errand = errand->next)
        if (errand->leg == leg)
            errand->leg = NULL;
}

/* What stands in the request line (RFC 3261 12.2.1.1), as the stack will write it. Owned by home.
 */
static const char *request_uri(su_home_t *home, const struct errand *errand)
{
    const sip_route_t *route = NULL;
    const sip_contact_t *target = NULL;
    nta_leg_get_route(errand->leg, &route, &target);
    if (route && !url_has_param(route->r_url, "lr"))
        target = NULL; /* a strict router, itself */
    else
        route = NULL;
    url_t *url = url_hdup(home, route ? route->r_url : target ? target->m_url : NULL);
    if (!url)
        return NULL;
    url->url_headers = NULL;
    if (url->url_params)
        url->url_params = url_strip_param_string((char *)url->url_params, "method");
    return url_as_string(home, url);
}

static void add_credentials(struct errand *errand, struct text *lines)
{
    su_home_t home[1] = {SU_HOME_INIT(home)};
    struct dialog *dialog = errand->dialog;
    const char *uri = request_uri(home, errand);
    if (!uri)
        uri = dialog->target;
    if (uri)
        authenticator_headers(&dialog->authenticator, errand->name, uri, errand->body, lines);
    su_home_deinit(home);
}

/* Worth another try with credentials? A first challenge always is. */
static bool challenged(struct errand *errand, int status, const sip_t *sip)
{
    struct dialog *dialog = errand->dialog;
    if ((status != 401 && status != 407) || !sip_is_real(sip) || !errand->leg)
        return false;
    /* Another request of the dialog may have been challenged meanwhile, which is no refusal. */
    if (!errand->challenged)
        authenticator_begin(&dialog->authenticator);
    errand->challenged = true;
    return authenticator_challenged(&dialog->authenticator, sip);
}

/* The connection was closed or reset by a peer that is idle, or starts anew, before the stack could
 * know it: one more try opens another. Only what does no harm when it is done twice. */
static bool reconnects(struct errand *errand, int status, const sip_t *sip)
{
    bool harmless = errand->method == sip_method_bye || errand->method == sip_method_update ||
                    errand->method == sip_method_invite || errand->method == sip_method_prack;
    if (status != 503 || sip_is_real(sip) || !harmless || errand->reconnected || !errand->leg)
        return false;
    errand->reconnected = true;
    return true;
}

static void send_next(struct dialog *dialog)
{
    while (!dialog->current && dialog->queue) {
        struct errand *errand = dialog->queue;
        dialog->queue = errand->next;
        errand->next = NULL;
        /* A subscription outlives the call in its dialog (RFC 5057); nothing else does. */
        bool due = dialog->state < DIALOG_LEAVING || errand->method == sip_method_notify;
        if (due && errand_send(errand)) {
            dialog->current = errand;
            return;
        }
        if (!due || !errand->done(errand, 0, NULL))
            errand_free(errand);
    }
}

/* A BYE that found nobody: was it sent at all? */
static void note_lost_bye(struct dialog *dialog, nta_outgoing_t *bye, int status)
{
    dialog->end.bye_unsent = status != 408;
    if (dialog->end.bye_unsent)
        text_copy(dialog->end.trouble, sizeof dialog->end.trouble,
                  agent_failure(dialog->agent, bye));
}

static int take_response(nta_outgoing_magic_t *magic, nta_outgoing_t *transaction, const sip_t *sip)
{
    struct errand *errand = (struct errand *)magic;
    struct dialog *dialog = errand->dialog;
    int status = nta_outgoing_status(transaction);
    if (status < 200) {
        if (errand->method == sip_method_invite && sip && sip->sip_rseq && sip->sip_cseq &&
            sip_has_feature(sip->sip_require, "100rel") &&
            sip->sip_rseq->rs_response > errand->rseq && errand->leg) {
            errand->rseq = (uint32_t)sip->sip_rseq->rs_response;
            nta_outgoing_setrseq(transaction, errand->rseq);
            dialog_send_prack(dialog, errand->leg, errand->rseq, sip->sip_cseq->cs_seq, NULL);
        }
        return 0;
    }
    if (errand->method == sip_method_bye && !sip_is_real(sip))
        note_lost_bye(dialog, transaction, status);
    errand->transaction = NULL;
    if (status < 300 && sip_is_real(sip))
        authenticator_informed(&dialog->authenticator, sip);
    bool again = challenged(errand, status, sip) || reconnects(errand, status, sip);
    bool kept = again && errand_send(errand);
    if (!kept)
        kept = errand->done(errand, sip_is_real(sip) ? status : 0, sip);
    outgoing_finish(transaction);
    if (!kept)
        errand_free(errand);
    send_next(dialog);
    return 0;
}

bool errand_send(struct errand *errand)
{
    struct dialog *dialog = errand->dialog;
    const sip_route_t *route = NULL;
    const sip_contact_t *target = NULL;
    if (!errand->leg)
        return false;
    struct text lines = {0}, own = {0};
    sip_unknown_t header[1];
    bool refreshes = errand->method == sip_method_invite || errand->method == sip_method_update;
    bool target_too =
        refreshes || errand->method == sip_method_refer || errand->method == sip_method_notify;
    if (errand->headers)
        text_add(&lines, errand->headers);
    /* Of an INVITE the stack looks whether it says 100rel, and its ACK has its credentials. */
    struct text *seen = errand->method == sip_method_invite ? &lines : &own;
    dialog_add_supported(dialog, seen);
    if (target_too)
        add_line(&own, "Contact: ", dialog->user->contact);
    text_add(&own, target_too ? OUR_LINES : OUR_NAME);
    if (refreshes)
        session_ask(dialog, false, &own);
    add_credentials(errand, seen);
    if (errand->body && errand->type)
        add_line(&own, "Content-Type: ", errand->type);
    /* Without a route or a Contact the only way that is known is the first one. */
    nta_leg_get_route(errand->leg, &route, &target);
    const char *way = route || target ? NULL : dialog->user->url;
    const char *uri = target ? NULL : dialog->target;
    errand->transaction =
        nta_outgoing_tcreate(errand->leg, take_response, (nta_outgoing_magic_t *)errand,
                             (url_string_t *)way, errand->method, errand->name, (url_string_t *)uri,
                             TAG_IF(lines.data, SIPTAG_HEADER_STR(lines.data)),
                             SIPTAG_UNKNOWN(lines_header(&own, header)),
                             TAG_IF(errand->body, SIPTAG_PAYLOAD_STR(errand->body)), TAG_END());
    text_fini(&lines);
    text_fini(&own);
    if (!errand->transaction)
        return false;
    unlink_errand(&dialog->errands, errand);
    errand->next = dialog->errands;
    dialog->errands = errand;
    return true;
}

bool errand_enqueue(struct errand *errand)
{
    struct dialog *dialog = errand->dialog;
    struct errand **last = &dialog->queue;
    size_t length = 0;
    for (; *last; last = &(*last)->next)
        length++;
    if (length >= QUEUE_MAX) {
        errand_free(errand);
        return false;
    }
    *last = errand;
    send_next(dialog);
    return true;
}

void dialog_acknowledge(struct dialog *dialog, nta_leg_t *leg, uint32_t cseq, const char *sdp)
{
    sip_cseq_t of_invite[1];
    sip_unknown_t header[1];
    struct text own = {0};
    const sip_route_t *route = NULL;
    const sip_contact_t *target = NULL;
    nta_leg_get_route(leg, &route, &target);
    const char *way = route || target ? NULL : dialog->user->url;
    sip_cseq_init(of_invite);
    of_invite->cs_seq = cseq;
    of_invite->cs_method = sip_method_ack;
    of_invite->cs_method_name = "ACK";
    text_add(&own, OUR_NAME);
    if (sdp)
        text_add(&own, "Content-Type: " SDP_TYPE "\r\n");
    nta_outgoing_t *ack =
        nta_outgoing_tcreate(leg, NULL, NULL, (url_string_t *)way, SIP_METHOD_ACK, NULL,
                             SIPTAG_CSEQ(of_invite), SIPTAG_UNKNOWN(lines_header(&own, header)),
                             TAG_IF(sdp, SIPTAG_PAYLOAD_STR(sdp)), TAG_END());
    text_fini(&own);
    /* It stays in the stack for as long as the 2xx may be repeated (RFC 3261 13.2.2.4). */
    if (ack)
        nta_outgoing_destroy(ack);
}
