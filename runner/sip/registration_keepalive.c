/* OPTIONS to the server within an interval, so that what stands between keeps the way open. */
#include "registration_private.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>

static void send_options(void *arg);

static void take_wire(void *owner, const struct message *message)
{
    const struct registration *registration = owner;
    if (registration->handler->message)
        registration->handler->message(registration->owner, message);
}

static void next(struct registration *registration)
{
    struct registration_keepalive *keepalive = registration->keepalive;
    loop_timer_set(registration->user->agent->loop, &keepalive->timer,
                   clock_now() + keepalive->interval_ns, send_options, registration);
}

/* Any final response shows that the way is open, a refusal too. */
static int take_response(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    struct registration *registration = (struct registration *)magic;
    struct registration_keepalive *keepalive = registration->keepalive;
    if (nta_outgoing_status(request) < 200)
        return 0;
    keepalive->request = NULL;
    next(registration);
    if (registration_internal(sip) && !keepalive->told && registration->handler->unanswered) {
        char server[64];
        registration_server(registration, server, sizeof server);
        keepalive->told = true;
        registration->handler->unanswered(registration->owner, server);
    }
    outgoing_finish(request);
    return 0;
}

static bool make_leg(struct registration *registration)
{
    struct registration_keepalive *keepalive = registration->keepalive;
    const struct agent_user *user = registration->user;
    if (keepalive->leg)
        return true;
    random_secret(keepalive->call_id, 32);
    keepalive->leg = nta_leg_tcreate(user->agent->nta, registration_nothing_expected,
                                     (nta_leg_magic_t *)registration, SIPTAG_FROM_STR(user->name),
                                     SIPTAG_TO_STR(registration->uri),
                                     SIPTAG_CALL_ID_STR(keepalive->call_id), TAG_END());
    const char *tag = keepalive->leg ? nta_leg_tag(keepalive->leg, NULL) : NULL;
    if (tag)
        wire_watch(&keepalive->watch, keepalive->call_id, tag, take_wire, registration);
    return keepalive->leg != NULL;
}

static void send_options(void *arg)
{
    struct registration *registration = arg;
    struct registration_keepalive *keepalive = registration->keepalive;
    const struct agent_user *user = registration->user;
    const char *route = user->identity->route;
    if (make_leg(registration))
        keepalive->request = nta_outgoing_tcreate(
            keepalive->leg, take_response, (nta_outgoing_magic_t *)registration,
            (url_string_t *)user->url, SIP_METHOD_OPTIONS, (url_string_t *)registration->uri,
            TAG_IF(route, SIPTAG_ROUTE_STR(route)), SIPTAG_CONTACT_STR(user->contact),
            SIPTAG_USER_AGENT_STR(SIP_USER_AGENT), TAG_END());
    if (!keepalive->request)
        next(registration);
}

void registration_keepalive(struct registration *registration, int64_t interval_ns)
{
    if (!registration->keepalive && interval_ns > 0)
        registration->keepalive = mem_alloc(sizeof *registration->keepalive);
    if (registration->keepalive)
        registration->keepalive->interval_ns = interval_ns;
    if (interval_ns <= 0)
        keepalive_stop(registration);
    else if (registration->state == REGISTRATION_HELD)
        keepalive_start(registration);
}

void keepalive_start(struct registration *registration)
{
    struct registration_keepalive *keepalive = registration->keepalive;
    if (keepalive && keepalive->interval_ns > 0 && !keepalive->request &&
        !loop_timer_is_set(&keepalive->timer))
        next(registration);
}

void keepalive_stop(struct registration *registration)
{
    struct registration_keepalive *keepalive = registration->keepalive;
    if (!keepalive)
        return;
    loop_timer_cancel(&keepalive->timer);
    if (keepalive->request)
        nta_outgoing_destroy(keepalive->request);
    keepalive->request = NULL;
    wire_unwatch(&keepalive->watch);
    if (keepalive->leg)
        nta_leg_destroy(keepalive->leg);
    keepalive->leg = NULL;
}
