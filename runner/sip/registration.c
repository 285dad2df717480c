#include "registration_private.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_tag.h>

/* Somebody waits for the result of a registration: a Retry-After is only worth waiting for while a
 * silent server would not have been given up either (timer F, RFC 3261 17.1.2.2). */
#define WAIT_LIMIT (32 * NS_PER_S)
#define WAITS_MAX 3
/* A registrar whose Min-Expires grows each time has no minimum. */
#define RAISES_MAX 2
/* RFC 3261 bounds Expires by 2^32 - 1; nobody means more than a month. */
#define ASKED_MAX (30 * 24 * 3600)
/* Whatever a peer combines: challenges, waits and servers. */
#define REQUESTS_MAX 40
/* Closer than this to the last one, and to the end, another refresh makes no sense. */
#define REFRESH_MIN (NS_PER_S / 2)

int registration_nothing_expected(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                                  const sip_t *sip)
{
    (void)magic;
    (void)leg;
    (void)irq;
    return sip->sip_request->rq_method == sip_method_ack ? 0 : 481;
}

/* Inside of the stack's call that moved the bytes. */
static void take_wire(void *owner, const struct message *message)
{
    struct registration *registration = owner;
    struct registration_attempt *attempt = &registration->attempt;
    if (!message->facts.sent) {
        attempt->answer_ns = message->at_ns;
    } else if (!attempt->on_wire) {
        attempt->on_wire = true;
        attempt->first_ns = message->at_ns;
    }
    if (registration->handler->message)
        registration->handler->message(registration->owner, message);
}

struct registration *registration_new(struct agent *agent, struct agent_user *user, int32_t expires,
                                      const struct registration_handler *handler, void *owner)
{
    struct registration *registration = mem_alloc(sizeof *registration);
    registration->user = user;
    registration->handler = handler;
    registration->owner = owner;
    registration->asked = expires;
    authenticator_init(&registration->authenticator, &user->identity->credentials);
    char domain[256];
    host_format(user->identity->domain, domain, sizeof domain);
    struct text uri = {0};
    text_printf(&uri, "sip:%s", domain);
    registration->uri = uri.data;
    random_secret(registration->call_id, 32);
    registration->leg =
        nta_leg_tcreate(agent->nta, registration_nothing_expected, (nta_leg_magic_t *)registration,
                        SIPTAG_FROM_STR(user->name), SIPTAG_TO_STR(user->name),
                        SIPTAG_CALL_ID_STR(registration->call_id), TAG_END());
    const char *tag = registration->leg ? nta_leg_tag(registration->leg, NULL) : NULL;
    if (tag)
        wire_watch(&registration->watch, registration->call_id, tag, take_wire, registration);
    return registration;
}

void registration_free(struct registration *registration)
{
    if (!registration)
        return;
    keepalive_stop(registration);
    free(registration->keepalive);
    loop_timer_cancel(&registration->timer);
    if (registration->request)
        nta_outgoing_destroy(registration->request);
    wire_unwatch(&registration->watch);
    if (registration->leg)
        nta_leg_destroy(registration->leg);
    authenticator_fini(&registration->authenticator);
    free(registration->uri);
    free(registration->listed);
    free(registration);
}

/* ---- one attempt: REGISTERs until there is something to tell ------------------------------ */

static void send_register(struct registration *registration);
static void settle(struct registration *registration, struct event_registration *result);

static void set_timer(struct registration *registration, int64_t due_ns, void (*run)(void *))
{
    loop_timer_set(registration->user->agent->loop, &registration->timer, due_ns, run,
                   registration);
}

static void begin(struct registration *registration, enum registration_state state)
{
    loop_timer_cancel(&registration->timer);
    registration->state = state;
    registration->attempt = (struct registration_attempt){.first_ns = clock_now()};
    authenticator_begin(&registration->authenticator);
    send_register(registration);
}

/* A wait, or another server: what was refused before may now be right. */
static void send_anew(void *arg)
{
    struct registration *registration = arg;
    authenticator_begin(&registration->authenticator);
    send_register(registration);
}

/* When this attempt is not worth another wait. */
static int64_t deadline(const struct registration *registration)
{
    return registration->state == REGISTRATION_REFRESHING
               ? registration->lapses_ns
               : registration->attempt.first_ns + WAIT_LIMIT;
}

/* 423 (RFC 3261 10.2.8). Of a removal it makes no sense: more time is not what was asked for. */
static bool raise_expires(struct registration *registration, const sip_t *sip)
{
    if (registration->state == REGISTRATION_REMOVING || !sip->sip_min_expires ||
        registration->attempt.raises >= RAISES_MAX)
        return false;
    unsigned long least = sip->sip_min_expires->me_delta;
    if (least <= (unsigned long)registration->asked || least > ASKED_MAX)
        return false;
    registration->attempt.raises++;
    registration->asked = (int32_t)least;
    return true;
}

/* The responses that may carry a Retry-After (RFC 3261 20.33, table 3). */
static bool may_be_retried(unsigned status)
{
    static const unsigned statuses[] = {404, 413, 480, 486, 500, 503, 600, 603};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i] == status)
            return true;
    return false;
}

static bool wait_and_retry(struct registration *registration,
                           const struct event_registration *result)
{
    int64_t due_ns = clock_now() + result->retry_after * NS_PER_S;
    if (result->retry_after < 0 || !may_be_retried(result->status) ||
        registration->attempt.waits >= WAITS_MAX || due_ns > deadline(registration))
        return false;
    registration->attempt.waits++;
    set_timer(registration, due_ns, send_anew);
    return true;
}

/* RFC 3263 4.3; before any wait that this one asks for (RFC 3261 21.5.4). Only the first
 * registration has the time to try all servers. */
static bool next_server(struct registration *registration, const sip_t *sip,
                        const struct event_registration *result)
{
    if (!registration_internal(sip) && result->status != 503)
        return false;
    if (registration->state != REGISTRATION_FIRST && clock_now() >= deadline(registration))
        return false;
    return agent_user_failover(registration->user);
}

static void take_final(struct registration *registration, nta_outgoing_t *request, const sip_t *sip)
{
    struct event_registration result;
    /* A refresh that nobody needs any more is over, however it was answered. */
    bool unneeded = registration->leaving && registration->state == REGISTRATION_REFRESHING;
    bool more = !unneeded && registration->attempt.requests < REQUESTS_MAX;
    unsigned status = registration_internal(sip) ? 0 : (unsigned)sip->sip_status->st_status;
    if (status >= 200 && status < 300)
        authenticator_informed(&registration->authenticator, sip);
    if ((status == 401 || status == 407) && more &&
        authenticator_challenged(&registration->authenticator, sip)) {
        send_register(registration);
        return;
    }
    if (status == 423 && more && raise_expires(registration, sip)) {
        send_register(registration);
        return;
    }
    registration_result(registration, request, sip, &result);
    if (more && next_server(registration, sip, &result)) {
        send_anew(registration);
        return;
    }
    if (more && wait_and_retry(registration, &result))
        return;
    if (result.ok && registration->state != REGISTRATION_REMOVING) {
        registration_learn_binding(registration, sip);
        registration_learn_route(registration, sip);
    }
    settle(registration, &result);
}

static int take_response(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    struct registration *registration = (struct registration *)magic;
    if (nta_outgoing_status(request) < 200)
        return 0;
    registration->request = NULL;
    take_final(registration, request, sip);
    outgoing_finish(request);
    return 0;
}

/* From the loop, so that nobody is told inside of a call of his own. */
static void could_not_send(void *arg)
{
    struct registration *registration = arg;
    struct event_registration result;
    registration_result(registration, NULL, NULL, &result);
    settle(registration, &result);
}

/* The refresh is still not answered when the binding ends. */
static void lapse(void *arg)
{
    struct registration *registration = arg;
    struct event_registration result;
    nta_outgoing_destroy(registration->request);
    registration->request = NULL;
    registration_result(registration, NULL, NULL, &result);
    result.timed_out = true;
    text_copy(result.reason, sizeof result.reason, "no answer before the binding expired");
    settle(registration, &result);
}

static void send_register(struct registration *registration)
{
    struct agent_user *user = registration->user;
    const char *route = user->identity->route;
    struct text lines = {0};
    sip_unknown_t header[1];
    add_line(&lines, "Contact: ", user->contact);
    text_printf(&lines, "Expires: %d\r\n",
                registration->state == REGISTRATION_REMOVING ? 0 : registration->asked);
    text_add(&lines, OUR_LINES);
    authenticator_headers(&registration->authenticator, "REGISTER", registration->uri, NULL,
                          &lines);
    registration->attempt.requests++;
    registration->request = nta_outgoing_tcreate(
        registration->leg, take_response, (nta_outgoing_magic_t *)registration,
        (url_string_t *)user->url, SIP_METHOD_REGISTER, (url_string_t *)registration->uri,
        TAG_IF(route, SIPTAG_ROUTE_STR(route)), SIPTAG_UNKNOWN(lines_header(&lines, header)),
        TAG_END());
    text_fini(&lines);
    if (!registration->request)
        set_timer(registration, clock_now(), could_not_send);
    else if (registration->state == REGISTRATION_REFRESHING)
        set_timer(registration, registration->lapses_ns, lapse);
}

/* ---- the life of a binding ---------------------------------------------------------------- */

static void refresh(void *arg)
{
    begin(arg, REGISTRATION_REFRESHING);
}

/* The binding is there for so long. Refreshed after three quarters of that, so that even a slow
 * registrar has the rest; but no later than 5 s before the end, and not in the first half (RFC 3261
 * 10.2.4 leaves it to us). */
static void hold(struct registration *registration, int32_t granted)
{
    int64_t life = (granted > 0 ? granted : registration->asked) * NS_PER_S, wait = life / 4 * 3;
    if (wait > life - 5 * NS_PER_S)
        wait = life - 5 * NS_PER_S;
    if (wait < life / 2)
        wait = life / 2;
    int64_t now = clock_now();
    registration->state = REGISTRATION_HELD;
    registration->lapses_ns = now + life;
    set_timer(registration, now + wait, refresh);
    keepalive_start(registration);
}

/* Refusals of what we are, which another try will not change, and those that may pass. */
static bool may_pass(const struct event_registration *result)
{
    switch (result->status) {
    case 0: /* nobody answered */
    case 408:
    case 480:
    case 486:
    case 500:
    case 502:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

/* Tries again in the middle of what is left; a Retry-After that did not fit forbids that. */
static void refresh_failed(struct registration *registration, struct event_registration *result)
{
    int64_t now = clock_now(), left = registration->lapses_ns - now;
    if (may_pass(result) && result->retry_after < 0 && left / 2 >= REFRESH_MIN) {
        registration->state = REGISTRATION_HELD;
        set_timer(registration, now + left / 2, refresh);
        return;
    }
    keepalive_stop(registration);
    registration->state = REGISTRATION_IDLE;
    result->failure = FAILURE_REFRESH;
    if (registration->handler->lost)
        registration->handler->lost(registration->owner, result);
}

/* The last thing of each attempt: the owner may free the registration when he is told. */
static void settle(struct registration *registration, struct event_registration *result)
{
    enum registration_state state = registration->state;
    loop_timer_cancel(&registration->timer);
    registration->state = REGISTRATION_IDLE;
    if (state == REGISTRATION_REMOVING) {
        registration->removed = true;
        registration->handler->ended(registration->owner, result->ok);
        return;
    }
    if (registration->leaving) {
        /* Who was silent for all of timer F will not hear the removal either. */
        if (result->timed_out)
            registration->handler->ended(registration->owner, false);
        else
            begin(registration, REGISTRATION_REMOVING);
        return;
    }
    if (result->ok)
        hold(registration, result->expires);
    if (registration->prompted) {
        registration->prompted = false;
        if (registration->handler->refreshed)
            registration->handler->refreshed(registration->owner, result);
    }
    if (state == REGISTRATION_FIRST)
        registration->handler->done(registration->owner, result);
    else if (!result->ok && state == REGISTRATION_REFRESHING)
        refresh_failed(registration, result);
}

void registration_start(struct registration *registration)
{
    begin(registration, REGISTRATION_FIRST);
}

void registration_end(struct registration *registration)
{
    keepalive_stop(registration);
    registration->leaving = true;
    /* RFC 3261 10.2: one REGISTER at a time. */
    if (!registration->request)
        begin(registration, REGISTRATION_REMOVING);
}

bool registration_refresh(struct registration *registration)
{
    bool again = registration->removed && registration->state == REGISTRATION_IDLE;
    if (!again && (registration->state != REGISTRATION_HELD || registration->leaving))
        return false;
    registration->prompted = true;
    registration->leaving = registration->removed = false;
    begin(registration, again ? REGISTRATION_AGAIN : REGISTRATION_REFRESHING);
    return true;
}
