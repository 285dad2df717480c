/*
 * A relay couples the server transaction of a request that came in with the client transaction
 * that carries it on. It ends with the final response; a 2xx that is sent again later, and its
 * ACK, pass without state, as RFC 3261 16.7 and 16.11 want it.
 */
#include "registrar_core.h"
#include "transaction.h"

#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/url.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "cmtest/arena.h"

struct relay {
    struct registrar *registrar;
    struct relay *next, **slot;
    nta_incoming_t *incoming;
    nta_outgoing_t *outgoing;
    struct loop_timer timer; /* INVITE only, from the first provisional response on */
    struct hop hop;
    bool reliable;    /* the caller requires 100rel */
    bool provisional; /* something came back: CANCEL may be sent */
    bool cancelled;   /* by the caller */
    bool cancel_sent;
};

static void relay_end(struct relay *relay)
{
    loop_timer_cancel(&relay->timer);
    /* At once, since NTA walks over finished transactions that nobody destroyed. */
    relayed_finish(relay->incoming, relay->outgoing);
    *relay->slot = relay->next;
    if (relay->next)
        relay->next->slot = relay->slot;
    free(relay);
}

void relay_free_all(struct registrar *registrar)
{
    /* Transactions end with their agent. */
    while (registrar->relays) {
        struct relay *relay = registrar->relays;
        registrar->relays = relay->next;
        loop_timer_cancel(&relay->timer);
        free(relay);
    }
}

static void answer(struct relay *relay, int status, const char *phrase)
{
    nta_incoming_treply(relay->incoming, status, phrase, TAG_END());
    relay_end(relay);
}

/* NTA's own cancel ends the INVITE transaction on the spot when it goes over TCP, and the 487 would
 * find nobody; so the CANCEL is made here, and the INVITE waits for its answer as usual. */
static void send_cancel(struct relay *relay)
{
    relay->cancel_sent = true;
    msg_t *request = nta_outgoing_getrequest(relay->outgoing);
    const sip_t *invite = sip_object(request);
    msg_t *msg = nta_msg_create(relay->registrar->agent, 0);
    sip_t *sip = sip_object(msg);
    su_home_t *home = msg_home(msg);
    sip_via_t via[1] = {*invite->sip_via};
    via->v_next = NULL;
    sip_add_tl(msg, sip, SIPTAG_VIA(via), SIPTAG_ROUTE(invite->sip_route),
               SIPTAG_FROM(invite->sip_from), SIPTAG_TO(invite->sip_to),
               SIPTAG_CALL_ID(invite->sip_call_id), SIPTAG_MAX_FORWARDS(invite->sip_max_forwards),
               TAG_END());
    const url_string_t *uri = (const url_string_t *)invite->sip_request->rq_url;
    sip_header_insert(msg, sip,
                      (sip_header_t *)sip_request_create(home, SIP_METHOD_CANCEL, uri, NULL));
    sip_header_insert(
        msg, sip,
        (sip_header_t *)sip_cseq_create(home, invite->sip_cseq->cs_seq, SIP_METHOD_CANCEL));
    nta_outgoing_t *cancel =
        nta_outgoing_mcreate(relay->registrar->agent, NULL, NULL, URL_STRING_MAKE(relay->hop.url),
                             msg, NTATAG_USER_VIA(1), TAG_END());
    if (cancel)
        nta_outgoing_destroy(cancel); /* it finishes by itself */
    else
        msg_destroy(msg);
    msg_destroy(request);
}

static void on_timer(void *arg);

static void arm(struct relay *relay)
{
    int64_t patience = relay->cancel_sent ? relay->registrar->cancel_patience_ns
                                          : relay->registrar->ringing_limit_ns;
    loop_timer_set(relay->registrar->loop, &relay->timer, clock_now() + patience, on_timer, relay);
}

static void on_timer(void *arg)
{
    struct relay *relay = arg;
    if (relay->cancel_sent) {
        answer(relay, SIP_408_REQUEST_TIMEOUT);
        return;
    }
    send_cancel(relay);
    arm(relay);
}

static int on_cancel(struct relay *relay, nta_incoming_t *incoming, const sip_t *sip)
{
    (void)incoming;
    if (!sip || !sip->sip_request || sip->sip_request->rq_method != sip_method_cancel)
        return 0;
    relay->cancelled = true;
    if (relay->provisional && !relay->cancel_sent) {
        send_cancel(relay);
        arm(relay);
    }
    return 0;
}

static void pass_back(struct relay *relay)
{
    msg_t *msg = nta_outgoing_getresponse(relay->outgoing);
    sip_t *sip = sip_object(msg);
    if (!sip_via_remove(msg, sip) || !sip->sip_via) {
        bool final = sip->sip_status->st_status >= 200;
        msg_destroy(msg);
        if (final)
            nta_incoming_treply(relay->incoming, 502, "Response Without Via", TAG_END());
        return;
    }
    int status = sip->sip_status->st_status;
    /* NTA would make such a response reliable by itself, and eat the PRACK. */
    if (relay->reliable && status < 200 && !sip->sip_rseq)
        msg_destroy(msg);
    else
        nta_incoming_mreply(relay->incoming, msg);
}

static void on_provisional(struct relay *relay, int status)
{
    bool invite = nta_outgoing_method(relay->outgoing) == sip_method_invite;
    relay->provisional = true;
    if (status > 100)
        pass_back(relay);
    if (!invite || relay->cancel_sent)
        return;
    if (relay->cancelled)
        send_cancel(relay);
    arm(relay);
}

static int on_response(struct relay *relay, nta_outgoing_t *outgoing, const sip_t *sip)
{
    int status = nta_outgoing_status(outgoing);
    if (nta_sip_is_internal(sip)) {
        /* Made by NTA: nobody answered in time, or nobody is there. */
        if (status == 408)
            answer(relay, SIP_408_REQUEST_TIMEOUT);
        else
            answer(relay, 480, "Callee Is Not Reachable");
    } else if (status < 200) {
        on_provisional(relay, status);
    } else {
        pass_back(relay);
        relay_end(relay);
    }
    return 0;
}

/* ---- what a proxy changes in a request (RFC 3261 16.6) ---- */

static void retarget(msg_t *msg, sip_t *sip, const char *contact)
{
    sip_request_t *old = sip->sip_request;
    sip_request_t *request = sip_request_create(msg_home(msg), old->rq_method, old->rq_method_name,
                                                URL_STRING_MAKE(contact), NULL);
    if (!request)
        return;
    header_drop(msg, sip, (msg_header_t *)old);
    sip_header_insert(msg, sip, (sip_header_t *)request);
}

static void count_down(msg_t *msg, sip_t *sip)
{
    if (sip->sip_max_forwards) {
        sip->sip_max_forwards->mf_count--;
        sip_fragment_clear(sip->sip_max_forwards->mf_common);
    } else {
        sip_add_tl(msg, sip, SIPTAG_MAX_FORWARDS_STR("70"), TAG_END());
    }
}

static enum carrier carrier_of(const sip_via_t *via)
{
    const char *transport = sip_via_transport(via);
    return transport && strcasecmp(transport, "TCP") == 0 ? CARRIER_TCP : CARRIER_UDP;
}

/* When the two sides use different transports, each gets a URI of its own (RFC 5658). */
static void record_route(const struct registrar *registrar, msg_t *msg, sip_t *sip,
                         enum carrier from, enum carrier to)
{
    sip_method_t method = sip->sip_request->rq_method;
    if (sip->sip_to->a_tag || (method != sip_method_invite && method != sip_method_subscribe &&
                               method != sip_method_refer))
        return;
    sip_add_tl(msg, sip, SIPTAG_RECORD_ROUTE_STR(registrar->record_route[from]), TAG_END());
    if (from != to)
        sip_add_tl(msg, sip, SIPTAG_RECORD_ROUTE_STR(registrar->record_route[to]), TAG_END());
}

/* Credentials for this realm have served their purpose. */
static void drop_credentials(const struct registrar *registrar, msg_t *msg, sip_t *sip)
{
    const msg_auth_t *used = registrar_credentials(registrar, sip->sip_proxy_authorization);
    if (used)
        header_drop(msg, sip, (msg_header_t *)(uintptr_t)used);
}

static void prepare(const struct registrar *registrar, msg_t *msg, sip_t *sip,
                    const struct hop *hop, const char *contact)
{
    enum carrier from = carrier_of(sip->sip_via);
    if (contact)
        retarget(msg, sip, contact);
    count_down(msg, sip);
    record_route(registrar, msg, sip, from, hop->carrier);
    drop_credentials(registrar, msg, sip);
}

void relay_start(struct registrar *registrar, msg_t *msg, sip_t *sip, const struct hop *hop,
                 const char *contact)
{
    nta_incoming_t *incoming = nta_incoming_create(registrar->agent, NULL, msg, sip, TAG_END());
    if (!incoming)
        return;
    struct relay *relay = mem_alloc(sizeof *relay);
    relay->registrar = registrar;
    relay->incoming = incoming;
    relay->hop = *hop;
    relay->reliable = sip->sip_require && sip_has_feature(sip->sip_require, "100rel");
    relay->next = registrar->relays;
    relay->slot = &registrar->relays;
    if (relay->next)
        relay->next->slot = &relay->next;
    registrar->relays = relay;
    nta_incoming_bind(incoming, on_cancel, relay);
    if (sip->sip_request->rq_method == sip_method_invite)
        nta_incoming_treply(incoming, SIP_100_TRYING, TAG_END());

    /* The server transaction keeps copies of the headers it needs, so the message itself goes on.
     */
    msg_t *onward = nta_incoming_getrequest(incoming);
    prepare(registrar, onward, sip_object(onward), hop, contact);
    relay->outgoing =
        nta_outgoing_mcreate(registrar->agent, on_response, relay, URL_STRING_MAKE(relay->hop.url),
                             onward, NTATAG_PASS_100(1), TAG_END());
    if (!relay->outgoing) {
        msg_destroy(onward);
        answer(relay, SIP_500_INTERNAL_SERVER_ERROR);
    }
}

void relay_ack(struct registrar *registrar, msg_t *msg, sip_t *sip, const struct hop *hop,
               const char *contact)
{
    prepare(registrar, msg, sip, hop, contact);
    if (!nta_outgoing_mcreate(registrar->agent, NULL, NULL, URL_STRING_MAKE(hop->url), msg,
                              NTATAG_STATELESS(1), TAG_END()))
        msg_destroy(msg);
}

void relay_stray_response(struct registrar *registrar, msg_t *msg, sip_t *sip)
{
    const sip_via_t *own = sip->sip_via, *next = own ? own->v_next : NULL;
    int status = sip->sip_status->st_status;
    /* Only a 2xx to INVITE outlives its transaction. */
    bool good = next && sip->sip_cseq->cs_method == sip_method_invite && status >= 200 &&
                status < 300 && own->v_port && !next->v_maddr &&
                strcmp(own->v_host, registrar->address) == 0 &&
                strcmp(own->v_port, registrar->port_text) == 0;
    if (good) {
        /* It must not make us look up a name. */
        url_t url[1];
        url_init(url, url_sip);
        url->url_host = next->v_received ? next->v_received : next->v_host;
        good = registrar_is_loopback(url);
    }
    if (good)
        nta_msg_tsend(registrar->agent, msg, NULL, TAG_END());
    else
        msg_destroy(msg);
}
