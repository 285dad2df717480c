/* What is left of a transaction that has its final response. The stack keeps it for as long as a
 * message of it may be repeated (timers D, H, I, J and K), and with it the whole of both messages:
 * far more than an endpoint itself needs. */
#include "transaction.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/tport.h>

bool sip_is_real(const sip_t *sip)
{
    return sip && sip->sip_status && !nta_sip_is_internal(sip);
}

/* Everything that was in a message, and so many bytes to be sent in its place; 0: none. */
static void refill(msg_t *message, sip_t *sip, size_t length)
{
    su_home_t *home = msg_home(message), old[1] = {SU_HOME_INIT(old)},
              fresh[1] = {SU_HOME_INIT(fresh)};
    sip_payload_t *whole = NULL;
    if (length && su_home_init(fresh) == 0)
        whole = sip_payload_create(fresh, NULL, (isize_t)length);
    char *to = whole ? whole->pl_data : NULL;
    for (msg_header_t *at = to ? *msg_chain_head(message) : NULL; at; at = at->sh_succ) {
        memcpy(to, at->sh_data, at->sh_len);
        to += at->sh_len;
    }
    if (!whole == !length && su_home_move(old, home) == 0) {
        size_t kept = offsetof(sip_t, sip_error);
        memset((char *)sip + kept, 0, sizeof *sip - kept);
        su_home_move(home, fresh);
        sip->sip_payload = whole;
        *msg_chain_head(message) = (msg_header_t *)whole;
        if (whole)
            whole->pl_common->h_prev = msg_chain_head(message);
    }
    su_home_deinit(old);
    su_home_deinit(fresh);
}

/* The stack never looks at the content of a response again. */
static void empty_response(nta_outgoing_t *request)
{
    msg_t *response = nta_outgoing_getresponse(request);
    sip_t *sip = response ? sip_object(response) : NULL;
    if (sip_is_real(sip))
        refill(response, sip, 0);
    msg_destroy(response);
}

static bool by_udp(const sip_t *sip)
{
    return sip && sip->sip_via && strcasecmp(sip->sip_via->v_protocol, sip_transport_udp) == 0;
}

/* Of a response of ours only its bytes may be asked for again. */
static void keep_bytes(nta_incoming_t *request)
{
    msg_t *response = nta_incoming_getresponse(request);
    sip_t *sip = response ? sip_object(response) : NULL;
    size_t length = 0;
    bool encoded = by_udp(sip);
    for (msg_header_t *at = encoded ? *msg_chain_head(response) : NULL; at; at = at->sh_succ) {
        encoded = encoded && at->sh_data;
        length += at->sh_len;
    }
    if (encoded && length > 0)
        refill(response, sip, length);
    msg_destroy(response);
}

/* What the stack makes the ACK to a refusal of (RFC 3261 17.1.1.3), and knows a response by. */
static bool needed(const sip_t *sip, const msg_header_t *header)
{
    const void *const needed[] = {sip->sip_request,
                                  sip->sip_via,
                                  sip->sip_from,
                                  sip->sip_to,
                                  sip->sip_call_id,
                                  sip->sip_cseq,
                                  sip->sip_max_forwards,
                                  sip->sip_route,
                                  sip->sip_accept_contact,
                                  sip->sip_reject_contact,
                                  sip->sip_request_disposition};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        for (const msg_header_t *at = needed[i]; at; at = at->sh_next)
            if (at == header)
                return true;
    return false;
}

/* Nothing of it waits in a socket: else its bytes are still to be sent. */
static bool is_out(nta_outgoing_t *request, const sip_t *sip)
{
    if (!by_udp(sip))
        return false;
    tport_t *tport = nta_outgoing_transport(request);
    bool out = tport && tport_queuelen(tport) == 0;
    tport_unref(tport);
    return out;
}

/* With the list of its parameters, which a parser has made apart. */
static void free_header(su_home_t *home, msg_header_t *header)
{
    size_t at = header->sh_class->hc_params;
    void *list = NULL;
    if (at > 0)
        memcpy(&list, (char *)header + at, sizeof list);
    if (list && su_in_home(home, list))
        su_free(home, list);
    msg_header_free(home, header);
}

void header_drop(msg_t *message, sip_t *sip, msg_header_t *header)
{
    msg_header_remove(message, (msg_pub_t *)sip, header);
    free_header(msg_home(message), header);
}

/* Whether the words of the first line are where it came. */
static bool is_as_received(const sip_t *sip)
{
    const sip_request_t *first = sip->sip_request;
    const char *bytes = first ? first->rq_common->h_data : NULL,
               *host = bytes ? first->rq_url->url_host : NULL;
    return !bytes || (host >= bytes && host < bytes + first->rq_common->h_len);
}

/* received: its bytes are what its headers were read from, and stay; those that it was sent on with
 * begin with another first line. sent: its headers may be asked for, the server transaction of a
 * request has copies. */
static void slim_request(msg_t *message, sip_t *sip, bool received, bool sent)
{
    su_home_t *home = msg_home(message);
    msg_header_t *next, *header = *msg_chain_head(message);
    const char *end = NULL; /* of the bytes of the header before: more of the same buffer */
    bool written = !received || !is_as_received(sip);
    for (; header; header = next) {
        char *bytes = (char *)(uintptr_t)header->sh_data;
        next = header->sh_succ;
        if (written && bytes && bytes != end && su_in_home(home, bytes))
            su_free(home, bytes);
        end = bytes ? bytes + header->sh_len : NULL;
        header->sh_data = NULL;
        header->sh_len = 0;
        if (sent && needed(sip, header))
            continue;
        header_drop(message, sip, header);
    }
}

void outgoing_finish(nta_outgoing_t *request)
{
    if (nta_outgoing_status(request) >= 200) {
        msg_t *message = nta_outgoing_getrequest(request);
        sip_t *sip = message ? sip_object(message) : NULL;
        empty_response(request);
        if (is_out(request, sip))
            slim_request(message, sip, false, true);
        msg_destroy(message);
    }
    nta_outgoing_destroy(request);
}

void incoming_finish(nta_incoming_t *request)
{
    if (nta_incoming_status(request) >= 200) {
        msg_t *message = nta_incoming_getrequest(request);
        sip_t *sip = message ? sip_object(message) : NULL;
        keep_bytes(request);
        if (sip)
            slim_request(message, sip, true, false);
        msg_destroy(message);
    }
    nta_incoming_destroy(request);
}

void relayed_finish(nta_incoming_t *incoming, nta_outgoing_t *outgoing)
{
    if (outgoing && nta_outgoing_status(outgoing) >= 200) {
        msg_t *message = nta_outgoing_getrequest(outgoing);
        sip_t *sip = message ? sip_object(message) : NULL;
        keep_bytes(incoming);
        if (is_out(outgoing, sip))
            slim_request(message, sip, true, true);
        msg_destroy(message);
    }
    nta_incoming_destroy(incoming);
    nta_outgoing_destroy(outgoing);
}
