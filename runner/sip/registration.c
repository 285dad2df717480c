#include "cmtest/registration.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"
#include "sip_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct registration {
    struct agent_user *user;
    const struct registration_handler *handler;
    void *owner;
    int32_t expires;
    struct authenticator authenticator;
    nta_leg_t *leg;
    nta_outgoing_t *request;
    char *uri; /* Request-URI: the domain */
    char call_id[64];
    int64_t sent_ns; /* of the first REGISTER of this attempt */
    bool removing;
    bool done; /* told the owner */
    struct loop_timer refresh;
};

static int nothing_expected(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                            const sip_t *sip)
{
    (void)magic;
    (void)leg;
    (void)irq;
    return sip->sip_request->rq_method == sip_method_ack ? 0 : 481;
}

struct registration *registration_new(struct agent *agent, struct agent_user *user, int32_t expires,
                                      const struct registration_handler *handler, void *owner)
{
    struct registration *registration = mem_alloc(sizeof *registration);
    registration->user = user;
    registration->handler = handler;
    registration->owner = owner;
    registration->expires = expires;
    authenticator_init(&registration->authenticator, &user->identity->credentials);
    char domain[256];
    host_format(user->identity->domain, domain, sizeof domain);
    struct text uri = {0};
    text_printf(&uri, "sip:%s", domain);
    registration->uri = uri.data;
    random_secret(registration->call_id, 32);
    registration->leg = nta_leg_tcreate(
        agent->nta, nothing_expected, (nta_leg_magic_t *)registration, SIPTAG_FROM_STR(user->aor),
        SIPTAG_TO_STR(user->aor), SIPTAG_CALL_ID_STR(registration->call_id), TAG_END());
    if (registration->leg)
        nta_leg_tag(registration->leg, NULL);
    return registration;
}

void registration_free(struct registration *registration)
{
    if (!registration)
        return;
    loop_timer_cancel(&registration->refresh);
    if (registration->request)
        nta_outgoing_destroy(registration->request);
    if (registration->leg)
        nta_leg_destroy(registration->leg);
    free(registration->uri);
    free(registration);
}

static void tell(const struct registration *registration, const struct event_message *facts)
{
    struct message message = {.facts = *facts, .at_ns = clock_now(), .bytes = ""};
    registration->handler->message(registration->owner, &message);
}

static void finish(struct registration *registration, const struct event_registration *result)
{
    if (registration->removing) {
        registration->handler->ended(registration->owner, result->ok);
        return;
    }
    if (registration->done)
        return; /* a refresh; a lost binding shows where it matters: in calls that do not come */
    registration->done = true;
    registration->handler->done(registration->owner, result);
}

/* What the registrar granted us: the expires of our own binding, else the Expires header. */
static int32_t granted(const struct registration *registration, const sip_t *sip)
{
    const struct agent_user *user = registration->user;
    for (const sip_contact_t *contact = sip->sip_contact; contact; contact = contact->m_next)
        if (contact->m_url->url_user && strcmp(contact->m_url->url_user, user->contact_user) == 0 &&
            contact->m_expires)
            return (int32_t)strtol(contact->m_expires, NULL, 10);
    return sip->sip_expires ? (int32_t)sip->sip_expires->ex_delta : -1;
}

static void send_register(struct registration *registration);

static void refresh(void *arg)
{
    struct registration *registration = arg;
    if (registration->request || registration->removing)
        return;
    authenticator_begin(&registration->authenticator);
    send_register(registration);
}

static void fill_result(const struct registration *registration, const sip_t *sip,
                        struct event_registration *result)
{
    const struct agent_server *server = agent_user_server(registration->user);
    char host[48];
    host_format(server->host, host, sizeof host);
    *result = (struct event_registration){.expires = -1, .retry_after = -1, .time_ns = EVENT_NONE};
    snprintf(result->server, sizeof result->server, "%s:%u/%s", host,
             server->port ? server->port : server->transport->port, server->transport->name);
    text_copy(result->realm, sizeof result->realm,
              authenticator_realm(&registration->authenticator));
    /* What NTA makes up itself (408, 503) did not come from the network. */
    if (!sip || !sip->sip_status || nta_sip_is_internal(sip)) {
        result->timed_out = !sip || !sip->sip_status || sip->sip_status->st_status == 408;
        text_copy(result->reason, sizeof result->reason,
                  result->timed_out ? "no answer" : "cannot be reached");
        return;
    }
    const char *phrase = sip->sip_status->st_phrase;
    result->status = (uint16_t)sip->sip_status->st_status;
    result->ok = result->status >= 200 && result->status < 300;
    result->time_ns = clock_now() - registration->sent_ns;
    if (result->ok)
        result->expires = granted(registration, sip);
    text_copy(result->reason, sizeof result->reason, phrase ? phrase : "");
}

static void take_final(struct registration *registration, int status, const sip_t *sip)
{
    if ((status == 401 || status == 407) && sip &&
        authenticator_challenged(&registration->authenticator, sip)) {
        send_register(registration);
        return;
    }
    struct event_registration result;
    fill_result(registration, sip, &result);
    if (result.ok && !registration->removing && result.expires > 1)
        loop_timer_set(registration->user->agent->loop, &registration->refresh,
                       clock_now() + result.expires * (NS_PER_S / 4 * 3), refresh, registration);
    finish(registration, &result);
}

static int take_response(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    struct registration *registration = (struct registration *)magic;
    int status = nta_outgoing_status(request);
    if (sip && sip->sip_status && !nta_sip_is_internal(sip) && registration->handler->message) {
        struct event_message message;
        message_of_response(&message, sip, false);
        tell(registration, &message);
    }
    if (status < 200)
        return 0;
    registration->request = NULL;
    take_final(registration, status, sip);
    /* Last: over TCP the response goes with its transaction. */
    nta_outgoing_destroy(request);
    return 0;
}

static void send_register(struct registration *registration)
{
    struct agent_user *user = registration->user;
    struct text headers = {0};
    authenticator_headers(&registration->authenticator, "REGISTER", registration->uri, NULL,
                          &headers);
    char expires[16];
    snprintf(expires, sizeof expires, "%d", registration->removing ? 0 : registration->expires);
    registration->request = nta_outgoing_tcreate(
        registration->leg, take_response, (nta_outgoing_magic_t *)registration,
        (url_string_t *)user->url, SIP_METHOD_REGISTER, (url_string_t *)registration->uri,
        SIPTAG_CONTACT_STR(user->contact), SIPTAG_EXPIRES_STR(expires),
        SIPTAG_USER_AGENT_STR(SIP_USER_AGENT), SIPTAG_ALLOW_STR(SIP_ALLOW),
        TAG_IF(headers.length, SIPTAG_HEADER_STR(headers.data)), TAG_END());
    text_fini(&headers);
    if (!registration->request) {
        struct event_registration result;
        fill_result(registration, NULL, &result);
        result.timed_out = false;
        text_copy(result.reason, sizeof result.reason, "the request could not be made");
        finish(registration, &result);
        return;
    }
    if (registration->handler->message) {
        struct event_message message;
        message_of_request(&message, "REGISTER", nta_outgoing_cseq(registration->request),
                           registration->call_id, true);
        tell(registration, &message);
    }
}

void registration_start(struct registration *registration)
{
    registration->sent_ns = clock_now();
    authenticator_begin(&registration->authenticator);
    send_register(registration);
}

void registration_end(struct registration *registration)
{
    loop_timer_cancel(&registration->refresh);
    registration->removing = true;
    registration->sent_ns = clock_now();
    if (registration->request) {
        nta_outgoing_destroy(registration->request);
        registration->request = NULL;
    }
    authenticator_begin(&registration->authenticator);
    send_register(registration);
}
