#include "engine_private.h"
#include "cmtest/random.h"
#include "cmtest/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- endpoint_handler ----------------------------------------------------------------------- */

static void take_event(void *owner, const struct event *event)
{
    struct engine *engine = owner;
    if (event->kind == EVENT_OUTCOME)
        engine->seats[event->endpoint].severity = outcome_severity(event->outcome.outcome);
    engine->config.event(engine->config.to, event);
    if (event->kind == EVENT_PHASE || event->kind == EVENT_OUTCOME)
        outside_lend_ear(engine, event->endpoint);
}

static void take_registered(void *owner, uint32_t id, bool ok)
{
    dispatch_registered(owner, id, ok);
}

static void take_endpoint_closed(void *owner, uint32_t id)
{
    outside_closed(owner, id);
    evidence_closed(owner, id);
    dispatch_closed(owner, id);
}

static const struct endpoint_handler endpoint_handler = {.event = take_event,
                                                         .registered = take_registered,
                                                         .digit = partner_digit,
                                                         .signal = outside_signal,
                                                         .address = outside_address,
                                                         .run = outside_run,
                                                         .closed = take_endpoint_closed};

/* ---- making ---------------------------------------------------------------------------------- */

uint64_t engine_seed(const struct engine *engine, uint32_t id, uint32_t number)
{
    struct random random;
    random_init(&random, engine->plan->seed + (((uint64_t)id + 1) << 32) + number);
    return random_next(&random);
}

struct identity engine_identity(const struct engine *engine, uint32_t id)
{
    const struct plan *plan = engine->plan;
    const struct plan_endpoint *planned = &plan->endpoints[id];
    const struct plan_registrar *registrar =
        &plan->registrars[plan->groups[planned->group].registrar];
    const struct plan_account *account = planned->account;
    return (struct identity){
        .username = account->username,
        .domain = registrar->domain,
        .credentials = {.username = account->auth_user,
                        .password = account->password,
                        .realm = account->realm},
        .servers = engine->located[plan->groups[planned->group].registrar].servers,
        .server_count = engine->located[plan->groups[planned->group].registrar].count,
        .route = registrar->route,
    };
}

/* A callee lasts as long as its caller; nobody knows how long an outside one does. */
static int64_t length_of(const struct plan *plan, const struct plan_endpoint *planned)
{
    if (planned->caller)
        return planned->duration_ns;
    return planned->partner != ROSTER_NONE ? plan->endpoints[planned->partner].duration_ns
                                           : plan->duration_ns;
}

static void make_endpoint(struct engine *engine, uint32_t id)
{
    const struct plan *plan = engine->plan;
    const struct plan_endpoint *planned = &plan->endpoints[id];
    const struct plan_group *group = &plan->groups[planned->group];
    struct seat *seat = &engine->seats[id];
    seat->engine = engine;
    seat->id = id;
    media_usual(engine, id);
    bool caller = planned->caller;
    if (planned->uri)
        seat->target = mem_strdup(planned->uri);
    else if (caller) {
        struct identity callee = engine_identity(engine, planned->partner);
        seat->target = agent_aor(&callee);
    }
    const struct plan_group *target =
        caller && group->call == CALL_GROUP ? &plan->groups[group->target] : NULL;
    bool may_leave = planned->partner != ROSTER_NONE &&
                     plan_may_leave(&plan->groups[plan->endpoints[planned->partner].group]);
    struct endpoint_config config = {
        .id = id,
        .identity = engine_identity(engine, id),
        .role = caller ? ROLE_CALLER : ROLE_CALLEE,
        .counted = caller || !group->called,
        .target = seat->target,
        .peer_decides = !caller && !group->called,
        .expires = plan->registrars[group->registrar].expires,
        .keepalive_ns = plan->registrars[group->registrar].options_ns,
        .delay_ns = group->delay_ns,
        .ring_ns = group->ring_ns,
        .dialog = group->dialog,
        .early_media = group->early_media,
        .never = group->never,
        .reject = group->reject,
        .phrase = group->phrase,
        .reason = group->reason,
        .redirect = group->redirect,
        .late_offer = group->late_offer,
        .hangup_ns = caller ? 0 : group->answer_ns,
        .peer_hangup_ns = target ? target->answer_ns : 0,
        .from = group->from,
        .headers = group->headers,
        .patience_ns = PLAN_PATIENCE_NS + (target && !target->never ? plan_ring_ns(target) : 0),
        .duration_ns = length_of(plan, planned),
        .codecs = group->codecs,
        .params = group->params,
        .codec_count = group->codec_count,
        .security = group->security,
        .rekey_ns = group->rekey_ns,
        .deferred = group->deferred,
        .feedback = group->feedback,
        .mux = group->mux,
        .extended_reports = group->hearing.extended_reports,
        .script = &group->script,
        .expect = &group->expect,
        .peer_may_leave = may_leave,
        .seed = engine_seed(engine, id, 0),
        .compactor = engine->compactor,
    };
    if (engine->identity)
        config.security.fingerprint = dtls_identity_fingerprint(engine->identity);
    seat->endpoint = endpoint_new(seat->agent, engine->loop, &config, &media_service, engine,
                                  &endpoint_handler, engine);
}

static void over_deadline(void *arg)
{
    struct engine *engine = arg;
    const char *why = engine->interrupted ? "cut off: it did not end within 5 s of the interruption"
                                          : "cut off: the run had reached its deadline";
    for (uint32_t i = 0; i < engine->own_count; i++)
        if (!engine->seats[engine->own[i]].closed)
            endpoint_abort(engine->seats[engine->own[i]].endpoint, why);
}

/* Before the first of it a worker has only been made ready. */
static void set_off(struct engine *engine, int64_t start_ns)
{
    engine->started_ns = start_ns;
    engine->going = true;
    loop_timer_set(engine->loop, &engine->deadline, start_ns + engine->plan->deadline_ns,
                   over_deadline, engine);
    dispatch_start(engine);
}

/* Agents are bound to the thread of their loop, so they are made on it. */
static bool begin(struct loop *loop, void *arg)
{
    struct engine *engine = arg;
    engine->loop = loop;
    if (!agents_make(engine) || !outside_open(engine)) {
        int saved = errno;
        agents_free(engine);
        errno = saved;
        return false;
    }
    engine->started_ns = clock_now();
    watch_begin(engine);
    engine->compactor = compactor_new();
    for (uint32_t i = 0; i < engine->own_count; i++)
        make_endpoint(engine, engine->own[i]);
    for (uint32_t i = 0; i < engine->own_count; i++)
        outside_lend_ear(engine, engine->own[i]);
    if (!engine->config.share)
        set_off(engine, engine->started_ns);
    return true;
}

static void end(void *arg)
{
    struct engine *engine = arg;
    loop_timer_cancel(&engine->deadline);
    watch_end(engine);
    /* Before the endpoints: it tells them. */
    commands_free(engine->commands);
    engine->commands = NULL;
    for (uint32_t i = 0; i < engine->own_count; i++) {
        struct seat *seat = &engine->seats[engine->own[i]];
        loop_timer_cancel(&seat->timer);
        endpoint_free(seat->endpoint);
        seat->endpoint = NULL;
        media_idle_forget(seat);
        free(seat->target);
    }
    compactor_free(engine->compactor);
    agents_free(engine);
}

static void prepare_ports(struct engine *engine)
{
    const struct plan *plan = engine->plan;
    engine->own_ports = arena_array(engine->arena, plan->group_count, sizeof *engine->own_ports);
    uint32_t workers = engine->config.share ? engine->config.share->workers : 1;
    struct random random;
    random_init(&random, plan->seed);
    ports_init(&engine->ports, PORTS_FIRST, PORTS_LAST, random_next(&random), engine->config.worker,
               workers);
    for (size_t i = 0; i < plan->group_count; i++)
        ports_init(&engine->own_ports[i], plan->groups[i].port_first, plan->groups[i].port_last, 0,
                   engine->config.worker, workers);
}

static void take_own(struct engine *engine)
{
    const struct share *share = engine->config.share;
    uint32_t all = (uint32_t)engine->plan->endpoint_count;
    engine->own = arena_array(engine->arena, all, sizeof *engine->own);
    for (uint32_t id = 0; id < all; id++)
        if (!share || share->worker_of[id] == engine->config.worker)
            engine->own[engine->own_count++] = id;
    engine->open_seats = engine->own_count;
}

/* One certificate for all: making one takes longer than many handshakes. */
static bool identity_prepare(struct engine *engine, char *why, size_t why_size)
{
    for (size_t i = 0; i < engine->plan->group_count && !engine->identity; i++) {
        if (!engine->plan->groups[i].security.dtls)
            continue;
        engine->identity = dtls_identity_new(clock_utc(clock_now()) / NS_PER_S);
        if (!engine->identity) {
            snprintf(why, why_size, "OpenSSL cannot make a certificate for DTLS-SRTP");
            return false;
        }
    }
    return true;
}

static void forget(struct engine *engine)
{
    agents_forget(engine);
    dtls_identity_free(engine->identity);
    arena_free(engine->arena);
    free(engine);
}

struct engine *engine_start(const struct plan *plan, const struct engine_config *config, char *why,
                            size_t why_size)
{
    struct engine *engine = mem_alloc(sizeof *engine);
    engine->plan = plan;
    engine->config = *config;
    engine->arena = arena_new();
    take_own(engine);
    engine->seats = arena_array(engine->arena, plan->endpoint_count, sizeof *engine->seats);
    engine->meters = arena_array(engine->arena, plan->endpoint_count, sizeof *engine->meters);
    for (uint32_t id = 0; id < plan->endpoint_count; id++)
        for (int direction = 0; direction < 2; direction++)
            meter_init(&engine->meters[id][direction]);
    engine->gates = arena_array(engine->arena, plan->group_count, sizeof *engine->gates);
    prepare_ports(engine);
    if (!frames_prepare(engine, why, why_size) || !identity_prepare(engine, why, why_size) ||
        !agents_prepare(engine, why, why_size)) {
        dtls_identity_free(engine->identity);
        arena_free(engine->arena);
        free(engine);
        return NULL;
    }
    media_begin(engine);
    engine->thread = loop_thread_start("signalling", begin, end, engine);
    if (!engine->thread) {
        snprintf(why, why_size, "no SIP socket could be opened at %s: %s",
                 engine->unbound ? engine->unbound : "any address", strerror(errno));
        pacer_free(engine->pacer);
        forget(engine);
        return NULL;
    }
    return engine;
}

static void interrupt(void *arg)
{
    struct engine *engine = arg;
    if (engine->interrupted || engine->finished)
        return;
    engine->interrupted = true;
    for (uint32_t i = 0; i < engine->own_count; i++) {
        struct seat *seat = &engine->seats[engine->own[i]];
        loop_timer_cancel(&seat->timer);
        if (!seat->closed)
            endpoint_interrupt(seat->endpoint);
    }
    if (!engine->finished)
        loop_timer_set(engine->loop, &engine->deadline, clock_now() + ENGINE_GRACE_NS,
                       over_deadline, engine);
}

void engine_interrupt(struct engine *engine)
{
    loop_post(engine->loop, interrupt, engine);
}

struct going {
    struct engine *engine;
    uint32_t group;
    int64_t at_ns;
};

static void post(struct engine *engine, void (*run)(void *arg), uint32_t group, int64_t at_ns)
{
    struct going *going = mem_alloc(sizeof *going);
    *going = (struct going){engine, group, at_ns};
    loop_post(engine->loop, run, going);
}

static void go(void *arg)
{
    struct going *going = arg;
    if (!going->engine->going && !going->engine->interrupted)
        set_off(going->engine, going->at_ns);
    free(going);
}

void engine_go(struct engine *engine, int64_t start_ns)
{
    post(engine, go, 0, start_ns);
}

static void open_gate(void *arg)
{
    struct going *going = arg;
    dispatch_open(going->engine, going->group, going->at_ns);
    free(going);
}

void engine_gate(struct engine *engine, uint32_t group, int64_t opened_ns)
{
    post(engine, open_gate, group, opened_ns);
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    /* The pacer stops first, for it posts to the loop; and is there until the loop has ended, for
     * endpoints that still live speak to it. */
    pacer_stop(engine->pacer);
    loop_thread_stop(engine->thread);
    pacer_free(engine->pacer);
    forget(engine);
}
