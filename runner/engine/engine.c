#include "engine_private.h"
#include "cmtest/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Encoding them takes the time of signalling. */
#define TONES_MAX_NS (20 * NS_PER_S)

/* ---- media_service: the endpoints' door to sockets and pacing -------------------------------- */

static int open_ports(void *service, uint32_t id, uint16_t *rtp_port, uint16_t *rtcp_port)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    uint32_t group = engine->plan->endpoints[id].group;
    bool own = engine->plan->groups[group].port_last != 0;
    int failed =
        ports_open(own ? &engine->own_ports[group] : &engine->ports, engine->addresses[group],
                   engine->plan->groups[group].dscp, &seat->rtp_fd, &seat->rtcp_fd, rtp_port);
    if (failed)
        return failed;
    seat->port_open = true;
    *rtcp_port = (uint16_t)(*rtp_port + 1);
    return 0;
}

static void set_hearing(struct engine *engine, uint32_t id)
{
    const struct plan_endpoint *planned = &engine->plan->endpoints[id];
    const struct plan_group *group = &engine->plan->groups[planned->group];
    pacer_hear(engine->pacer, id, &group->hearing, group->name, planned->index);
}

/* What the session descriptions agreed on, with our certificate. */
static struct session_media with_identity(const struct engine *engine,
                                          const struct session_media *media)
{
    struct session_media whole = *media;
    whole.keying.identity = engine->identity;
    return whole;
}

static void start_stream(void *service, uint32_t id, const struct session_media *media, bool early)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    struct session_media whole = with_identity(engine, media);
    seat->media_started = true;
    seat->audio_began_ns = clock_now();
    media_impair_stream(engine, id);
    set_hearing(engine, id);
    pacer_start(engine->pacer, id, seat->rtp_fd, seat->rtcp_fd, &whole,
                frames_of(engine, id, media), early, random_next(&engine->random));
}

static void update_stream(void *service, uint32_t id, const struct session_media *media, bool early)
{
    struct engine *engine = service;
    struct session_media whole = with_identity(engine, media);
    pacer_update(engine->pacer, id, &whole, media->codec ? frames_of(engine, id, media) : NULL,
                 early);
    media_play_on(engine, id, media);
}

static const char *send_digits(void *service, uint32_t id, const struct session_media *media,
                               const struct digits *digits)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    uint32_t count = (uint32_t)strlen(digits->text);
    int64_t now = clock_now(), length_ns = count * (digits->tone_ns + digits->gap_ns);
    const struct frames *frames = NULL;
    /* Those that a change of the media has ended are never told. */
    if (now > seat->digits_over_ns + NS_PER_S)
        seat->digits = 0;
    if (seat->digits + count > DIGIT_TEXT_MAX)
        return "too many digits wait already";
    struct dtmf_timing timing = {.tone_ms = (uint32_t)(digits->tone_ns / NS_PER_MS),
                                 .gap_ms = (uint32_t)(digits->gap_ns / NS_PER_MS)};
    if (digits->method == DIGIT_INBAND) {
        if (length_ns > TONES_MAX_NS)
            return "digits in the audio last 20 s at most at a time";
        dtmf_timing_lead(&timing, media->codec);
        frames = frames_of_digits(engine, media, digits->text, &timing);
        if (!frames)
            return "there is no more room for encoded audio";
    }
    seat->digits += count;
    seat->digits_over_ns = (seat->digits_over_ns > now ? seat->digits_over_ns : now) + length_ns;
    pacer_digits(engine->pacer, id, frames, digits->text, &timing);
    return NULL;
}

static void quiet_stream(void *service, uint32_t id)
{
    struct engine *engine = service;
    pacer_quiet(engine->pacer, id);
}

static void close_stream(void *service, uint32_t id)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    if (seat->media_started) {
        pacer_close(engine->pacer, id);
        return;
    }
    if (seat->port_open) {
        close(seat->rtp_fd);
        close(seat->rtcp_fd);
        seat->port_open = false;
    }
    endpoint_media_closed(seat->endpoint, false, NULL);
}

static const struct media_service media_service = {.open = open_ports,
                                                   .start = start_stream,
                                                   .update = update_stream,
                                                   .digits = send_digits,
                                                   .play = media_play,
                                                   .mute = media_mute,
                                                   .impair = media_impair,
                                                   .flows = partner_flows,
                                                   .quiet = quiet_stream,
                                                   .close = close_stream};

struct closing {
    struct seat *seat;
    struct stream_totals totals;
};

static void take_closed(void *arg)
{
    struct closing *closing = arg;
    closing->seat->port_open = false;
    if (closing->seat->endpoint)
        endpoint_media_closed(closing->seat->endpoint, true, &closing->totals);
    free(closing);
}

/* On the media thread. */
static void stream_closed(void *owner, uint32_t id, const struct stream_totals *totals)
{
    struct engine *engine = owner;
    struct closing *closing = mem_alloc(sizeof *closing);
    closing->seat = &engine->seats[id];
    closing->totals = *totals;
    loop_post(engine->loop, take_closed, closing);
}

struct failing {
    struct seat *seat;
    char why[256];
};

static void take_failed(void *arg)
{
    struct failing *failing = arg;
    if (failing->seat->endpoint)
        endpoint_media_failed(failing->seat->endpoint, failing->why);
    free(failing);
}

/* On the media thread. */
static void stream_failed(void *owner, uint32_t id, const char *why)
{
    struct engine *engine = owner;
    struct failing *failing = mem_alloc(sizeof *failing);
    failing->seat = &engine->seats[id];
    text_copy(failing->why, sizeof failing->why, why);
    loop_post(engine->loop, take_failed, failing);
}

struct telling {
    struct seat *seat;
    struct event_digit digit;
    int64_t at_ns;
};

static void take_digit(void *arg)
{
    struct telling *telling = arg;
    struct seat *seat = telling->seat;
    if (telling->digit.direction == DIRECTION_SEND && seat->digits)
        seat->digits--;
    if (seat->endpoint)
        endpoint_digit(seat->endpoint, &telling->digit, telling->at_ns);
    free(telling);
}

/* On the media thread. */
static void stream_told_digit(void *owner, uint32_t id, const struct event_digit *digit,
                              int64_t at_ns)
{
    struct engine *engine = owner;
    struct telling *telling = mem_alloc(sizeof *telling);
    *telling = (struct telling){.seat = &engine->seats[id], .digit = *digit, .at_ns = at_ns};
    loop_post(engine->loop, take_digit, telling);
}

struct changing {
    struct seat *seat;
    enum stream_change change;
    int64_t at_ns;
};

static void take_change(void *arg)
{
    struct changing *changing = arg;
    if (changing->seat->endpoint)
        endpoint_media_changed(changing->seat->endpoint, changing->change, changing->at_ns);
    free(changing);
}

/* On the media thread. */
static void stream_told_change(void *owner, uint32_t id, enum stream_change change, int64_t at_ns)
{
    struct engine *engine = owner;
    struct changing *changing = mem_alloc(sizeof *changing);
    *changing = (struct changing){.seat = &engine->seats[id], .change = change, .at_ns = at_ns};
    loop_post(engine->loop, take_change, changing);
}

/* ---- endpoint_handler ----------------------------------------------------------------------- */

static void take_event(void *owner, const struct event *event)
{
    struct engine *engine = owner;
    if (event->kind == EVENT_OUTCOME)
        engine->seats[event->endpoint].severity = outcome_severity(event->outcome.outcome);
    engine->config.event(engine->config.to, event);
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
        .seed = random_next(&engine->random),
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
    for (uint32_t id = 0; id < engine->plan->endpoint_count; id++)
        if (!engine->seats[id].closed)
            endpoint_abort(engine->seats[id].endpoint, why);
}

/* Agents are bound to the thread of their loop, so they are made on it. */
static bool begin(struct loop *loop, void *arg)
{
    struct engine *engine = arg;
    const struct plan *plan = engine->plan;
    engine->loop = loop;
    if (!agents_make(engine) || !outside_open(engine)) {
        int saved = errno;
        agents_free(engine);
        errno = saved;
        return false;
    }
    engine->started_ns = clock_now();
    for (uint32_t id = 0; id < plan->endpoint_count; id++)
        make_endpoint(engine, id);
    loop_timer_set(loop, &engine->deadline, engine->started_ns + plan->deadline_ns, over_deadline,
                   engine);
    dispatch_start(engine);
    return true;
}

static void end(void *arg)
{
    struct engine *engine = arg;
    loop_timer_cancel(&engine->deadline);
    /* Before the endpoints: it tells them. */
    commands_free(engine->commands);
    engine->commands = NULL;
    for (uint32_t id = 0; id < engine->plan->endpoint_count; id++) {
        loop_timer_cancel(&engine->seats[id].timer);
        endpoint_free(engine->seats[id].endpoint);
        engine->seats[id].endpoint = NULL;
        free(engine->seats[id].target);
    }
    agents_free(engine);
}

static void prepare_ports(struct engine *engine)
{
    const struct plan *plan = engine->plan;
    engine->own_ports = arena_array(engine->arena, plan->group_count, sizeof *engine->own_ports);
    for (size_t i = 0; i < plan->group_count; i++)
        ports_init(&engine->own_ports[i], plan->groups[i].port_first, plan->groups[i].port_last, 0);
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
    random_init(&engine->random, plan->seed);
    ports_init(&engine->ports, PORTS_FIRST, PORTS_LAST, random_next(&engine->random));
    engine->seats = arena_array(engine->arena, plan->endpoint_count, sizeof *engine->seats);
    engine->meters = arena_array(engine->arena, plan->endpoint_count, sizeof *engine->meters);
    for (uint32_t id = 0; id < plan->endpoint_count; id++)
        for (int direction = 0; direction < 2; direction++)
            meter_init(&engine->meters[id][direction]);
    engine->gates = arena_array(engine->arena, plan->group_count, sizeof *engine->gates);
    engine->open_seats = (uint32_t)plan->endpoint_count;
    prepare_ports(engine);
    if (!frames_prepare(engine, why, why_size) || !identity_prepare(engine, why, why_size) ||
        !agents_prepare(engine, why, why_size)) {
        dtls_identity_free(engine->identity);
        arena_free(engine->arena);
        free(engine);
        return NULL;
    }
    engine->pacer =
        pacer_new(config->event, config->to, stream_closed, engine, (uint32_t)plan->endpoint_count);
    pacer_on_failure(engine->pacer, stream_failed);
    pacer_on_digit(engine->pacer, stream_told_digit);
    pacer_on_change(engine->pacer, stream_told_change);
    pacer_on_packet(engine->pacer, engine->meters);
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
    for (uint32_t id = 0; id < engine->plan->endpoint_count; id++) {
        loop_timer_cancel(&engine->seats[id].timer);
        if (!engine->seats[id].closed)
            endpoint_interrupt(engine->seats[id].endpoint);
    }
    if (!engine->finished)
        loop_timer_set(engine->loop, &engine->deadline, clock_now() + ENGINE_GRACE_NS,
                       over_deadline, engine);
}

void engine_interrupt(struct engine *engine)
{
    loop_post(engine->loop, interrupt, engine);
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
