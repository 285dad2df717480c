/* What is left of a client transaction of ours that has its final response. The stack keeps it for
 * as long as that response may be repeated (timers D and K), and with it the whole of both
 * messages: far more than an endpoint itself needs. */
#include "dialog_private.h"

#include <stddef.h>
#include <strings.h>

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/tport.h>

/* The stack never looks at the content of a response again. */
static void empty_response(nta_outgoing_t *request)
{
    msg_t *response = nta_outgoing_getresponse(request);
    sip_t *sip = response ? sip_object(response) : NULL;
    if (sip_is_real(sip)) {
        su_home_t content[1] = {SU_HOME_INIT(content)};
        if (su_home_move(content, msg_home(response)) == 0) {
            size_t kept = offsetof(sip_t, sip_error);
            memset((char *)sip + kept, 0, sizeof *sip - kept);
            *msg_chain_head(response) = NULL;
        }
        su_home_deinit(content);
    }
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
    if (!sip || !sip->sip_via || strcasecmp(sip->sip_via->v_protocol, sip_transport_udp) != 0)
        return false;
    tport_t *tport = nta_outgoing_transport(request);
    bool out = tport && tport_queuelen(tport) == 0;
    tport_unref(tport);
    return out;
}

static void slim_request(nta_outgoing_t *request)
{
    msg_t *message = nta_outgoing_getrequest(request);
    sip_t *sip = message ? sip_object(message) : NULL;
    if (is_out(request, sip)) {
        su_home_t *home = msg_home(message);
        msg_header_t *next, *header = *msg_chain_head(message);
        for (; header; header = next) {
            void *bytes = (void *)(uintptr_t)header->sh_data;
            next = header->sh_succ;
            if (su_in_home(home, bytes)) /* where a buffer begins */
                su_free(home, bytes);
            header->sh_data = NULL;
            header->sh_len = 0;
            if (needed(sip, header))
                continue;
            msg_header_remove(message, (msg_pub_t *)sip, header);
            msg_header_free(home, header);
        }
    }
    msg_destroy(message);
}

void outgoing_finish(nta_outgoing_t *request)
{
    if (nta_outgoing_status(request) >= 200) {
        empty_response(request);
        slim_request(request);
    }
    nta_outgoing_destroy(request);
}
