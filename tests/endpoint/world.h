/*
 * world: one endpoint (alice) with a media service that only takes notes, two phones (bob, carol)
 * that do what a test says, and the embedded registrar between them.
 */
#ifndef TESTS_ENDPOINT_WORLD_H
#define TESTS_ENDPOINT_WORLD_H

#include "support/real_time.h"
#include "cmtest/arena.h"
#include "cmtest/dialog.h"
#include "cmtest/endpoint.h"
#include "cmtest/registrar.h"
#include "cmtest/registration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REALM "test.example"
#define PATIENCE_NS (60 * NS_PER_S)
#define OFFER SDP_OF("1", "sendrecv", "7000", "8")
#define SDP_OF(version, direction, port, formats)                                  \
    "v=0\r\no=bob 1 " version " IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n" \
    "t=0 0\r\nm=audio " port " RTP/AVP " formats "\r\na=" direction "\r\n"

struct world;

struct phone {
    struct world *world;
    const char *name;
    struct identity identity;
    struct agent *agent;
    struct agent_user *user;
    struct registration *registration;
    struct dialog *dialog;
    bool registered, over;
    struct dialog_end end;
    char said[2048];       /* the last description that it heard */
    int agreed, referral;  /* last status of its own offer; of its REFER */
    char replaces[400];    /* what a Replaces that means its call would say */
    char referred_by[128]; /* of the last INVITE that came */
    const char *answer;    /* NULL: it rings */
    uint16_t reject;
    bool refuses; /* later offers */
};

struct world {
    struct loop *loop;
    struct loop_thread *thread;
    struct registrar *registrar;
    struct agent_server server;
    struct endpoint *endpoint;
    struct agent *agent;
    struct phone bob, carol;
    struct loop_timer patience, step;
    void (*begin)(struct world *world);   /* all are registered */
    void (*talking)(struct phone *phone); /* its call is answered */
    void (*ringing)(struct phone *phone, int status);
    void (*answered_offer)(struct phone *phone); /* agreed was set */
    void (*incoming)(struct phone *phone);
    bool closed;
    char media[1024]; /* "open start(8,+-,early) update(8,--) quiet close" */
    struct event_call call;
    struct event_outcome outcome;
    unsigned outcomes, late_events;
    char phases[128];
    struct stream_totals totals;
    unsigned pass;
    /* Digits of alice; what comes to the phones. NULL: nobody wants to know. */
    void (*digit)(const struct event_digit *digit, int64_t at_ns);
    void (*request)(const struct dialog_message *message);
};

/* ---- the registrar, on a thread of its own ---- */

static inline bool world_registrar(struct loop *loop, void *arg)
{
    static const struct registrar_account accounts[] = {
        {"alice", "secret"}, {"bob", "secret"}, {"carol", "secret"}};
    struct world *world = arg;
    struct registrar_config config = {.address = "127.0.0.1",
                                      .realm = REALM,
                                      .accounts = accounts,
                                      .account_count = 3,
                                      .expires_max = 3600};
    world->registrar = registrar_new(loop, &config);
    return world->registrar != NULL;
}

static inline void world_no_registrar(void *arg)
{
    struct world *world = arg;
    registrar_free(world->registrar);
}

/* ---- the media service ---- */

static inline void note(struct world *world, const char *what)
{
    size_t length = strlen(world->media);
    snprintf(world->media + length, sizeof world->media - length, "%s%s", length ? " " : "", what);
}

static inline int media_open(void *service, uint32_t id, uint16_t *rtp, uint16_t *rtcp)
{
    (void)id;
    *rtp = 6000;
    *rtcp = 6001;
    note(service, "open");
    return 0;
}

static inline void note_media(struct world *world, const char *what,
                              const struct session_media *media, bool early)
{
    char text[64];
    const struct sockaddr_in *rtp = (const void *)&media->rtp;
    snprintf(text, sizeof text, "%s(%s:%u%s%s%s)", what, media->codec ? media->codec->name : "none",
             ntohs(rtp->sin_port), media->may_send ? ",send" : "",
             media->may_receive ? ",receive" : "", early ? ",early" : "");
    note(world, text);
}

static inline void media_start(void *service, uint32_t id, const struct session_media *media,
                               bool early)
{
    (void)id;
    note_media(service, "start", media, early);
}

static inline void media_update(void *service, uint32_t id, const struct session_media *media,
                                bool early)
{
    (void)id;
    note_media(service, "update", media, early);
}

static inline void media_quiet(void *service, uint32_t id)
{
    (void)id;
    note(service, "quiet");
}

static inline void media_closed(void *arg)
{
    struct world *world = arg;
    endpoint_media_closed(world->endpoint, strstr(world->media, "start") != NULL, &world->totals);
}

static inline void media_close(void *service, uint32_t id)
{
    struct world *world = service;
    (void)id;
    note(world, "close");
    loop_post(world->loop, media_closed, world);
}

static const struct media_service world_media = {.open = media_open,
                                                 .start = media_start,
                                                 .update = media_update,
                                                 .quiet = media_quiet,
                                                 .close = media_close};

/* ---- the endpoint's owner ---- */

static inline void world_event(void *owner, const struct event *event)
{
    struct world *world = owner;
    size_t length = strlen(world->phases);
    if (world->outcomes && event->kind != EVENT_TRACE)
        world->late_events++;
    if (event->kind == EVENT_CALL)
        world->call = event->call;
    if (event->kind == EVENT_PHASE)
        snprintf(world->phases + length, sizeof world->phases - length, "%s%s", length ? " " : "",
                 phase_name(event->phase));
    if (event->kind == EVENT_OUTCOME) {
        world->outcome = event->outcome;
        world->outcomes++;
    }
}

static inline void world_start_if_ready(struct world *world)
{
    if (endpoint_phase_now(world->endpoint) == PHASE_REGISTERED && world->bob.registered &&
        world->carol.registered)
        world->begin(world);
}

static inline void world_registered(void *owner, uint32_t id, bool ok)
{
    (void)id;
    assert_true(ok);
    world_start_if_ready(owner);
}

static inline void stop_when_quiet(struct world *world)
{
    bool bob = !world->bob.dialog || world->bob.over;
    bool carol = !world->carol.dialog || world->carol.over;
    if (world->closed && bob && carol)
        loop_stop(world->loop);
}

static inline void world_closed(void *owner, uint32_t id)
{
    struct world *world = owner;
    (void)id;
    world->closed = true;
    stop_when_quiet(world);
}

static inline void world_digit(void *owner, uint32_t id, const struct event_digit *digit,
                               int64_t at_ns)
{
    struct world *world = owner;
    (void)id;
    if (world->digit)
        world->digit(digit, at_ns);
}

static const struct endpoint_handler world_owner = {.event = world_event,
                                                    .registered = world_registered,
                                                    .digit = world_digit,
                                                    .closed = world_closed};

/* ---- phones ---- */

static inline void part_of(const char *bytes, const char *name, char *out, size_t size)
{
    const char *line = strstr(bytes, name);
    const char *tag = line ? strstr(line, ";tag=") : NULL;
    *out = '\0';
    if (tag)
        snprintf(out, size, "%.*s", (int)strcspn(tag + 5, ";\r\n"), tag + 5);
}

static inline void phone_message(void *owner, const struct message *message)
{
    struct phone *phone = owner;
    char to[100], from[100];
    char *bytes = mem_alloc(message->length + 1);
    memcpy(bytes, message->bytes, message->length);
    if (message->facts.status == 200 && strcmp(message->facts.method, "INVITE") == 0) {
        part_of(bytes, "\r\nTo:", to, sizeof to);
        part_of(bytes, "\r\nFrom:", from, sizeof from);
        /* As the other end sees it. */
        snprintf(phone->replaces, sizeof phone->replaces, "%s;to-tag=%s;from-tag=%s",
                 message->facts.call_id, message->facts.sent ? from : to,
                 message->facts.sent ? to : from);
    }
    const char *by = strstr(bytes, "\r\nReferred-By: ");
    if (by && !message->facts.sent)
        snprintf(phone->referred_by, sizeof phone->referred_by, "%.*s", (int)strcspn(by + 15, "\r"),
                 by + 15);
    free(bytes);
}

static inline void hear(struct phone *phone, const char *body, size_t length)
{
    if (length)
        snprintf(phone->said, sizeof phone->said, "%.*s", (int)length, body);
}

static inline void phone_talking(struct phone *phone)
{
    if (phone->world->talking)
        phone->world->talking(phone);
}

static inline void phone_answered(void *owner, const char *body, size_t length)
{
    hear(owner, body, length);
    phone_talking(owner);
}

static inline void phone_progress(void *owner, int status, const char *body, size_t length)
{
    struct phone *phone = owner;
    hear(phone, body, length);
    if (phone->world->ringing)
        phone->world->ringing(phone, status);
}

static inline bool phone_offered(void *owner, const char *offer, size_t length, struct text *answer)
{
    struct phone *phone = owner;
    hear(phone, offer, length);
    if (phone->refuses || !phone->answer)
        return false;
    text_add(answer, phone->answer);
    return true;
}

static inline void phone_agreed(void *owner, int status, const char *answer, size_t length)
{
    struct phone *phone = owner;
    phone->agreed = status;
    hear(phone, answer, length);
    if (phone->world->answered_offer)
        phone->world->answered_offer(phone);
}

static inline void phone_referral(void *owner, int status, bool final)
{
    struct phone *phone = owner;
    (void) final;
    phone->referral = status;
}

static inline void phone_request(void *owner, const struct dialog_message *message)
{
    struct phone *phone = owner;
    if (phone->world->request)
        phone->world->request(message);
}

static inline void phone_ended(void *owner, const struct dialog_end *end)
{
    struct phone *phone = owner;
    phone->end = *end;
    phone->over = true;
    stop_when_quiet(phone->world);
}

static const struct dialog_handler phone_handler = {.message = phone_message,
                                                    .progress = phone_progress,
                                                    .answered = phone_answered,
                                                    .confirmed = phone_answered,
                                                    .offered = phone_offered,
                                                    .agreed = phone_agreed,
                                                    .refer_progress = phone_referral,
                                                    .request = phone_request,
                                                    .ended = phone_ended};

static const struct dialog_options phone_options = {.reliable = USE_SUPPORTED};

static inline bool phone_invited(void *owner, struct dialog *dialog)
{
    struct phone *phone = owner;
    size_t length;
    if (phone->dialog)
        return false;
    phone->dialog = dialog;
    dialog_adopt(dialog, &phone_options, &phone_handler, phone);
    const char *offer = dialog_offer(dialog, &length);
    hear(phone, offer, length);
    dialog_progress(dialog, 180, NULL);
    if (phone->world->incoming)
        phone->world->incoming(phone);
    else if (phone->reject)
        dialog_reject(dialog, phone->reject, NULL, NULL);
    else if (phone->answer)
        dialog_answer(dialog, phone->answer);
    return true;
}

static inline void phone_registered(void *owner, const struct event_registration *result)
{
    struct phone *phone = owner;
    assert_true(result->ok);
    phone->registered = true;
    world_start_if_ready(phone->world);
}

static inline void phone_unregistered(void *owner, bool ok)
{
    (void)owner;
    (void)ok;
}

static const struct registration_handler phone_registration = {.done = phone_registered,
                                                               .ended = phone_unregistered};

static inline struct identity identity_of(const char *name, struct world *world)
{
    return (struct identity){.username = name,
                             .domain = REALM,
                             .credentials = {.username = name, .password = "secret"},
                             .servers = &world->server,
                             .server_count = 1};
}

static inline void phone_open(struct phone *phone, struct world *world, const char *name)
{
    phone->world = world;
    phone->name = name;
    phone->identity = identity_of(name, world);
    phone->agent = agent_new(world->loop, &(struct agent_config){.address = "127.0.0.1"});
    assert_non_null(phone->agent);
    phone->user = agent_user_new(phone->agent, &phone->identity, 0, phone_invited, phone);
    phone->registration =
        registration_new(phone->agent, phone->user, 3600, &phone_registration, phone);
    registration_start(phone->registration);
}

static inline void phone_close(struct phone *phone)
{
    dialog_free(phone->dialog);
    registration_free(phone->registration);
    agent_user_free(phone->user);
    agent_free(phone->agent);
}

/* Calls alice. headers: further lines; NULL. */
static inline void phone_call(struct phone *phone, const char *offer, const char *headers)
{
    struct dialog_request request = {
        .target = "sip:alice@" REALM, .offer = offer, .headers = headers, .options = phone_options};
    phone->dialog = dialog_invite(phone->agent, phone->user, &request, &phone_handler, phone);
}

static inline void hang_up(struct phone *phone)
{
    dialog_hangup(phone->dialog, NULL);
}

/* ---- a test ---- */

static inline void world_too_slow(void *arg)
{
    struct world *world = arg;
    loop_stop(world->loop);
}

static inline void after_ms(struct world *world, int64_t ms, void (*run)(void *arg), void *arg)
{
    loop_timer_set(world->loop, &world->step, clock_now() + ms * NS_PER_MS, run, arg);
}

/* The configuration of an endpoint that would answer at once, or call bob. */
static inline struct endpoint_config usual(struct world *world, enum roster_role role)
{
    static const struct codec *usual_codecs[2];
    usual_codecs[0] = codec_find("pcma");
    usual_codecs[1] = codec_find("pcmu");
    return (struct endpoint_config){.id = 0,
                                    .identity = identity_of("alice", world),
                                    .role = role,
                                    .counted = true,
                                    .target = "sip:bob@" REALM,
                                    .peer_decides = role == ROLE_CALLEE,
                                    .expires = 3600,
                                    .dialog = {.reliable = USE_SUPPORTED},
                                    .patience_ns = 10 * NS_PER_S,
                                    .duration_ns = 5 * NS_PER_S,
                                    .codecs = usual_codecs,
                                    .codec_count = 2,
                                    .seed = 42};
}

static inline void world_prepare(struct world *world)
{
    world->totals = (struct stream_totals){.packets_received = 50, .first_packet_ns = 1};
    world->loop = loop_new();
    world->thread = loop_thread_start("registrar", world_registrar, world_no_registrar, world);
    assert_non_null(world->thread);
    world->server = (struct agent_server){.host = "127.0.0.1",
                                          .port = registrar_port(world->registrar),
                                          .transport = transport_find("udp")};
    world->agent = agent_new(world->loop, &(struct agent_config){.address = "127.0.0.1"});
    phone_open(&world->bob, world, "bob");
    phone_open(&world->carol, world, "carol");
}

/* Until the endpoint has closed, or patience is over. */
static inline void world_run(struct world *world)
{
    struct loop_lag lag;
    endpoint_start(world->endpoint);
    loop_timer_set(world->loop, &world->patience, clock_now() + PATIENCE_NS, world_too_slow, world);
    loop_run(world->loop);
    loop_timer_cancel(&world->patience);
    loop_timer_cancel(&world->step);
    loop_lag_take(world->loop, &lag);
    note_lag(lag.max_ns);
}

static inline void world_play(struct world *world, const struct endpoint_config *config)
{
    world->endpoint =
        endpoint_new(world->agent, world->loop, config, &world_media, world, &world_owner, world);
    world_run(world);
    if (!world->closed)
        fail_msg("still open after %s; media: %s", world->phases, world->media);
    assert_int_equal(world->outcomes, 1);
    assert_int_equal(world->late_events, 0);
}

static inline void world_end(struct world *world)
{
    endpoint_free(world->endpoint);
    phone_close(&world->bob);
    phone_close(&world->carol);
    agent_free(world->agent);
    loop_thread_stop(world->thread);
    loop_free(world->loop);
}

static inline void assert_outcome(const struct world *world, enum endpoint_outcome outcome,
                                  enum event_failure failure, const char *detail)
{
    if (world->outcome.outcome != outcome || world->outcome.failure != failure ||
        strcmp(world->outcome.detail, detail) != 0)
        fail_msg("outcome %s, failure \"%s\": %s; media: %s", outcome_name(world->outcome.outcome),
                 failure_name(world->outcome.failure), world->outcome.detail, world->media);
}

#endif
