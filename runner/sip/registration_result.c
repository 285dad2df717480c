/* What a final response to REGISTER says. */
#include "registration_private.h"
#include "cmtest/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sofia-sip/url.h>

bool registration_internal(const sip_t *sip)
{
    return !sip || !sip->sip_status || nta_sip_is_internal(sip);
}

void registration_server(const struct registration *registration, char *out, size_t size)
{
    const struct agent_server *server = agent_user_server(registration->user);
    char host[48];
    host_format(server->host, host, sizeof host);
    snprintf(out, size, "%s:%u/%s", host, server->port ? server->port : server->transport->port,
             server->transport->name);
}

/* Seconds as a peer wrote them; -1 when they are none. */
static int32_t seconds(const char *text)
{
    char *end;
    if (!text || *text < '0' || *text > '9')
        return -1;
    unsigned long value = strtoul(text, &end, 10);
    return *end ? -1 : value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

/* Our own binding among those that the registrar lists (RFC 3261 10.3 step 8): our URI, or what it
 * was listed as before; else our user part, because what stands between may have rewritten the
 * host. Another device of the same user has that too, so it is no proof that ours is still there.
 */
static const sip_contact_t *own_contact(const struct registration *registration, const sip_t *sip)
{
    const struct agent_user *user = registration->user;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    sip_contact_t *own = sip_contact_make(home, user->contact);
    url_t *listed = registration->listed ? url_make(home, registration->listed) : NULL;
    const sip_contact_t *found = NULL, *before = NULL, *similar = NULL;
    for (const sip_contact_t *at = sip->sip_contact; own && at && !found; at = at->m_next) {
        const char *name = at->m_url->url_user;
        if (url_cmp(at->m_url, own->m_url) == 0)
            found = at;
        else if (!before && listed && url_cmp(at->m_url, listed) == 0)
            before = at;
        else if (!similar && name && strcmp(name, user->contact_user) == 0)
            similar = at;
    }
    su_home_deinit(home);
    if (registration->state == REGISTRATION_REMOVING)
        similar = NULL;
    return found ? found : before ? before : similar;
}

void registration_learn_binding(struct registration *registration, const sip_t *sip)
{
    su_home_t home[1] = {SU_HOME_INIT(home)};
    const sip_contact_t *own = own_contact(registration, sip);
    sip_contact_t *sent = sip_contact_make(home, registration->user->contact);
    free(registration->listed);
    registration->listed = NULL;
    if (own && sent && url_cmp(own->m_url, sent->m_url) != 0) {
        const char *uri = url_as_string(home, own->m_url);
        registration->listed = uri ? mem_strdup(uri) : NULL;
    }
    su_home_deinit(home);
}

/* 2xx: what was granted; but a binding that is not there is no success, whatever the status. */
static void take_binding(const struct registration *registration, const sip_t *sip,
                         struct event_registration *result)
{
    const sip_contact_t *own = own_contact(registration, sip);
    int32_t expires = own ? seconds(own->m_expires) : -1;
    if (own && expires < 0 && sip->sip_expires)
        expires = sip->sip_expires->ex_delta > INT32_MAX ? INT32_MAX
                                                         : (int32_t)sip->sip_expires->ex_delta;
    const char *but = NULL;
    if (registration->state == REGISTRATION_REMOVING)
        but = own && expires != 0 ? "the binding is still listed" : NULL;
    else if (!own)
        but = "our Contact is not among its bindings";
    else if (expires == 0)
        but = "it grants 0 seconds";
    else
        result->expires = expires;
    result->ok = !but;
    if (but) {
        result->failure = FAILURE_REFUSED;
        snprintf(result->reason, sizeof result->reason, "OK, but %s", but);
    }
}

static void take_refusal(const struct registration *registration, struct event_registration *result)
{
    bool challenge = result->status == 401 || result->status == 407;
    result->failure = FAILURE_REFUSED;
    if (result->status < 400)
        result->failure = FAILURE_REDIRECTED;
    else if (challenge && authenticator_answered(&registration->authenticator))
        result->failure = FAILURE_CREDENTIALS;
    else if (challenge)
        text_copy(result->trouble, sizeof result->trouble,
                  authenticator_trouble(&registration->authenticator));
}

/* The stack's own 408 and 503. */
static void take_silence(const struct registration *registration, nta_outgoing_t *request,
                         const sip_t *sip, struct event_registration *result)
{
    const struct agent_user *user = registration->user;
    result->timed_out = !sip->sip_status || sip->sip_status->st_status == 408;
    text_copy(result->reason, sizeof result->reason,
              result->timed_out ? "no answer" : "cannot be reached");
    text_copy(result->trouble, sizeof result->trouble, agent_failure(user->agent, request));
    if (agent_user_server(user)->transport->secure && user->agent->tls.trouble[0])
        result->failure = FAILURE_TLS;
    else if (result->timed_out && !result->trouble[0])
        result->failure = FAILURE_NO_ANSWER;
    else
        result->failure = FAILURE_UNREACHABLE; /* also: no connection in all that time */
}

void registration_result(const struct registration *registration, nta_outgoing_t *request,
                         const sip_t *sip, struct event_registration *result)
{
    const struct registration_attempt *attempt = &registration->attempt;
    *result = (struct event_registration){
        .expires = -1, .retry_after = -1, .time_ns = EVENT_NONE, .attempts = attempt->requests};
    registration_server(registration, result->server, sizeof result->server);
    text_copy(result->realm, sizeof result->realm,
              authenticator_realm(&registration->authenticator));
    if (!sip) {
        result->failure = FAILURE_LOCAL;
        text_copy(result->reason, sizeof result->reason, "the request could not be made");
        return;
    }
    if (registration_internal(sip)) {
        take_silence(registration, request, sip, result);
        return;
    }
    const char *phrase = sip->sip_status->st_phrase;
    result->status = (uint16_t)sip->sip_status->st_status;
    result->time_ns = (attempt->answer_ns ? attempt->answer_ns : clock_now()) - attempt->first_ns;
    text_copy(result->reason, sizeof result->reason, phrase ? phrase : "");
    if (sip->sip_retry_after)
        result->retry_after = sip->sip_retry_after->af_delta > INT32_MAX
                                  ? INT32_MAX
                                  : (int32_t)sip->sip_retry_after->af_delta;
    if (result->status < 300)
        take_binding(registration, sip, result);
    else
        take_refusal(registration, result);
}

/* Of a hostile one, no more than this. */
#define SERVICE_ROUTE_MAX 1024

/* "<sip:a;lr>, <sip:b;lr>"; empty when one of them is no loose router, as they all must be. */
static void write_route(const sip_route_t *route, struct text *out)
{
    su_home_t home[1] = {SU_HOME_INIT(home)};
    for (; route; route = route->r_next) {
        const char *url = url_as_string(home, route->r_url);
        if (!url || !url_has_param(route->r_url, "lr") ||
            out->length + strlen(url) > SERVICE_ROUTE_MAX) {
            text_clear(out);
            break;
        }
        text_printf(out, "%s<%s>", out->length ? ", " : "", url);
    }
    su_home_deinit(home);
}

void registration_learn_route(const struct registration *registration, const sip_t *sip)
{
    struct agent_user *user = registration->user;
    struct text service = {0}, whole = {0};
    write_route(sip->sip_service_route, &service);
    const char *proxy = user->identity->route;
    /* An outbound proxy stays in front, unless the registrar names it itself. */
    if (service.length && proxy && strncmp(text_get(&service), proxy, strlen(proxy)) != 0)
        text_printf(&whole, "%s, ", proxy);
    text_add(&whole, text_get(&service));
    free(user->service_route);
    user->service_route = service.length ? whole.data : NULL;
    user->route = user->service_route ? user->service_route : proxy;
    if (!user->service_route)
        text_fini(&whole);
    text_fini(&service);
}
