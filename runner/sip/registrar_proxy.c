#include "registrar_core.h"

#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/url.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CROSSINGS_LIMIT 4 /* of one request over this proxy; more is a loop */

bool hop_of_url(struct hop *hop, const url_t *url, enum carrier fallback)
{
    static const char *const names[] = {[CARRIER_UDP] = "udp", [CARRIER_TCP] = "tcp"};
    char transport[16] = "";
    if (url->url_type != url_sip || !registrar_is_loopback(url))
        return false;
    hop->carrier = fallback;
    isize_t length =
        url->url_params ? url_param(url->url_params, "transport", transport, sizeof transport) : 0;
    if (length >= (isize_t)sizeof transport)
        return false;
    if (length > 1) {
        if (strcasecmp(transport, "tcp") == 0)
            hop->carrier = CARRIER_TCP;
        else if (strcasecmp(transport, "udp") == 0)
            hop->carrier = CARRIER_UDP;
        else
            return false;
    }
    long port = url->url_port && *url->url_port ? strtol(url->url_port, NULL, 10) : 5060;
    if (port < 1 || port > 65535)
        return false;
    int written = snprintf(hop->url, sizeof hop->url, "sip:%s:%ld;transport=%s", url->url_host,
                           port, names[hop->carrier]);
    return written > 0 && (size_t)written < sizeof hop->url;
}

struct passage registrar_take_routes(const struct registrar *registrar, msg_t *msg, sip_t *sip)
{
    struct passage passage = {false, CARRIER_UDP};
    while (sip->sip_route && registrar_serves(registrar, sip->sip_route->r_url)) {
        const char *params = sip->sip_route->r_url->url_params;
        char transport[16] = "";
        passage.recorded = params && url_has_param(sip->sip_route->r_url, "lr");
        passage.carrier = params &&
                                  url_param(params, "transport", transport, sizeof transport) > 1 &&
                                  strcasecmp(transport, "tcp") == 0
                              ? CARRIER_TCP
                              : CARRIER_UDP;
        sip_route_remove(msg, sip);
    }
    return passage;
}

static bool is_loop(const struct registrar *registrar, const sip_t *sip)
{
    unsigned crossings = 0;
    for (const sip_via_t *via = sip->sip_via; via; via = via->v_next) {
        if (via->v_port && strcmp(via->v_port, registrar->port_text) == 0 &&
            strcmp(via->v_host, registrar->address) == 0)
            crossings++;
    }
    return crossings >= CROSSINGS_LIMIT;
}

/* The next hop, and the new Request-URI when it is one of our accounts. Returns 0 or the status to
 * refuse with. */
static int find_target(struct registrar *registrar, const sip_t *sip, enum carrier fallback,
                       struct hop *hop, const char **contact, const char **phrase)
{
    const url_t *uri = sip->sip_request->rq_url;
    *contact = NULL;
    *phrase = "Embedded Registrar Serves Loopback Only";
    if (sip->sip_route)
        return hop_of_url(hop, sip->sip_route->r_url, CARRIER_UDP) ? 0 : 403;
    if (!registrar_serves(registrar, uri))
        return hop_of_url(hop, uri, fallback) ? 0 : 403;
    struct account *account = registrar_account(registrar, uri);
    *phrase = sip_404_Not_found;
    if (!account)
        return 404;
    const struct binding *binding = account_newest(account, clock_now());
    *phrase = "Not Registered";
    if (!binding)
        return 480;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    su_home_init(home);
    const url_t *url = url_make(home, binding->uri);
    bool reachable = url && hop_of_url(hop, url, CARRIER_UDP);
    su_home_deinit(home);
    *contact = binding->uri;
    return reachable ? 0 : 480;
}

/* Who is it from? Only a person with an account may place requests, and only as himself. */
static bool admit(struct registrar *registrar, msg_t *msg, const sip_t *sip)
{
    struct account *account = NULL;
    enum access_result access =
        registrar_access(registrar, sip, sip->sip_proxy_authorization, &account);
    if (access != ACCESS_GRANTED) {
        registrar_refuse(registrar, msg, access, true);
        return false;
    }
    const url_t *from = sip->sip_from->a_url;
    if (registrar_serves(registrar, from) && !registrar_names(from, account->username)) {
        registrar->counts.refused++;
        registrar_reply(registrar, msg, 403, "From Is Not Your Address", TAG_END());
        return false;
    }
    return true;
}

static void proxy_ack(struct registrar *registrar, msg_t *msg, sip_t *sip, struct passage passage)
{
    struct hop hop;
    const char *contact, *phrase;
    /* An ACK that does not follow our route answers a refusal of ours, which kept no state. */
    bool good = passage.recorded && !is_loop(registrar, sip) &&
                (!sip->sip_max_forwards || sip->sip_max_forwards->mf_count > 0) &&
                find_target(registrar, sip, passage.carrier, &hop, &contact, &phrase) == 0;
    if (good)
        relay_ack(registrar, msg, sip, &hop, contact);
    else
        msg_destroy(msg);
}

void registrar_proxy(struct registrar *registrar, msg_t *msg, sip_t *sip, struct passage passage)
{
    if (sip->sip_request->rq_method == sip_method_ack) {
        proxy_ack(registrar, msg, sip, passage);
        return;
    }
    if (sip->sip_max_forwards && sip->sip_max_forwards->mf_count == 0) {
        registrar_reply(registrar, msg, SIP_483_TOO_MANY_HOPS, TAG_END());
        return;
    }
    if (is_loop(registrar, sip)) {
        registrar_reply(registrar, msg, SIP_482_LOOP_DETECTED, TAG_END());
        return;
    }
    if (sip->sip_proxy_require) {
        registrar_reply(registrar, msg, SIP_420_BAD_EXTENSION,
                        SIPTAG_UNSUPPORTED((sip_unsupported_t *)sip->sip_proxy_require), TAG_END());
        return;
    }
    bool inside = sip->sip_to->a_tag && passage.recorded;
    if (!inside && !admit(registrar, msg, sip))
        return;
    struct hop hop;
    const char *contact, *phrase;
    int status = find_target(registrar, sip, passage.carrier, &hop, &contact, &phrase);
    if (status) {
        registrar_reply(registrar, msg, status, phrase, TAG_END());
        return;
    }
    if (!inside && sip->sip_request->rq_method == sip_method_invite)
        registrar->counts.invites++;
    relay_start(registrar, msg, sip, &hop, contact);
}
