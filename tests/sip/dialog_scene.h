/*
 * dialog_scene: parties with an agent each, and a peer whose every message is written by hand, on
 * one loop. A test is a script: it does something, and waits for what it expects to be told or
 * sent. Nothing sleeps; only patience has an end.
 */
#ifndef CMTEST_TEST_DIALOG_SCENE_H
#define CMTEST_TEST_DIALOG_SCENE_H

#include "phone.h"
#include "dialog_private.h"

#include <stdarg.h>
#include <sofia-sip/nta_tag.h>

#define SDP_OFFER "v=0 offer"
#define SDP_ANSWER "v=0 answer"
#define SDP_OTHER "v=0 other"

struct scene;

struct party {
    struct scene *scene;
    const char *name;
    struct agent *agent;
    struct agent_user *user;
    struct identity identity;
    struct agent_server servers[2];
    struct dialog_options options;
    struct dialog *dialog, *older; /* the last one, and the one before */
    const char *answer;            /* what offered() says; NULL: it refuses */
    bool refers, refuses;          /* REFERs are taken; INVITEs are not */
    const char *leaves;            /* hangs up inside of the call that tells this; NULL */
    char told[16384];              /* what the dialogs have told, in order */
    size_t heard;                  /* so much of it was waited for */
    char wire[16384];              /* ">INVITE <100 ..." of all its dialogs */
    struct dialog_end end;
    unsigned ended;
    char target[256], replaces[256];
};

struct peer {
    int fd;
    uint16_t port;
    char message[8192], request[8192]; /* the last one; the last request */
    char call_id[128], ours[256], theirs[256], contact[256];
    uint32_t cseq;
    unsigned branch;
};

struct scene {
    struct loop *loop;
    struct party alice, bob, carol;
    struct peer peer;
    struct loop_timer tick;
};

/* ---- what a party is told ---- */

static inline void note(struct party *party, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void note(struct party *party, const char *format, ...)
{
    size_t used = strlen(party->told);
    va_list args;
    va_start(args, format);
    vsnprintf(party->told + used, sizeof party->told - used, format, args);
    va_end(args);
    bool leaves =
        party->leaves && strncmp(party->told + used, party->leaves, strlen(party->leaves)) == 0;
    used = strlen(party->told);
    snprintf(party->told + used, sizeof party->told - used, "; ");
    if (leaves)
        dialog_hangup(party->dialog, NULL);
}

static inline void on_message(void *owner, const struct message *message)
{
    struct party *party = owner;
    const struct event_message *facts = &message->facts;
    size_t used = strlen(party->wire);
    char status[8];
    snprintf(status, sizeof status, "%u", facts->status);
    snprintf(party->wire + used, sizeof party->wire - used, "%s%s%s ", facts->repeated ? "+" : "",
             facts->sent ? ">" : "<", facts->status ? status : facts->method);
}

static inline void on_progress(void *owner, int status, const char *body, size_t length)
{
    note(owner, "progress %d%s%.*s", status, length ? " " : "", (int)length, body);
}

static inline void on_answered(void *owner, const char *body, size_t length)
{
    note(owner, "answered%s%.*s", length ? " " : "", (int)length, body);
}

static inline void on_confirmed(void *owner, const char *body, size_t length)
{
    note(owner, "confirmed%s%.*s", length ? " " : "", (int)length, body);
}

static inline bool on_offered(void *owner, const char *offer, size_t length, struct text *answer)
{
    struct party *party = owner;
    note(party, "offered%s%.*s", length ? " " : "", (int)length, offer);
    if (party->answer)
        text_add(answer, party->answer);
    return party->answer != NULL;
}

static inline void on_agreed(void *owner, int status, const char *body, size_t length)
{
    note(owner, "agreed %d%s%.*s", status, length ? " " : "", (int)length, body);
}

static inline void on_refreshed(void *owner, bool by_peer, bool ok)
{
    note(owner, "refreshed by %s%s", by_peer ? "peer" : "us", ok ? "" : ": no");
}

static inline void on_request(void *owner, const struct dialog_message *message)
{
    note(owner, "request %s %s %.*s", message->method, message->type, (int)message->length,
         message->body);
}

static inline void on_replied(void *owner, const char *method, int status)
{
    note(owner, "replied %s %d", method, status);
}

static inline bool on_referred(void *owner, const struct dialog_referral *referral)
{
    struct party *party = owner;
    note(party, "referred");
    text_copy(party->target, sizeof party->target, referral->target);
    text_copy(party->replaces, sizeof party->replaces,
              referral->replaces ? referral->replaces : "");
    return party->refers;
}

static inline void on_refer_progress(void *owner, int status, bool final)
{
    note(owner, "transfer %d%s", status, final ? " final" : "");
}

static inline void on_ended(void *owner, const struct dialog_end *end)
{
    struct party *party = owner;
    party->end = *end;
    party->ended++;
    note(party, "ended %u", end->status);
}

static const struct dialog_handler party_handler = {.message = on_message,
                                                    .progress = on_progress,
                                                    .answered = on_answered,
                                                    .confirmed = on_confirmed,
                                                    .offered = on_offered,
                                                    .agreed = on_agreed,
                                                    .refreshed = on_refreshed,
                                                    .request = on_request,
                                                    .replied = on_replied,
                                                    .referred = on_referred,
                                                    .refer_progress = on_refer_progress,
                                                    .ended = on_ended};

static inline void take_dialog(struct party *party, struct dialog *dialog)
{
    assert_null(party->older);
    party->older = party->dialog;
    party->dialog = dialog;
}

static inline bool on_invited(void *owner, struct dialog *dialog)
{
    struct party *party = owner;
    size_t length;
    if (party->refuses)
        return false;
    take_dialog(party, dialog);
    const char *offer = dialog_offer(dialog, &length);
    note(party, "invited%s%.*s", length ? " " : "", (int)length, offer);
    dialog_adopt(dialog, &party->options, &party_handler, party);
    return true;
}

/* ---- time ---- */

static inline void stop_loop(void *arg)
{
    struct scene *scene = arg;
    loop_stop(scene->loop);
}

/* Lets the loop work for about a millisecond. */
static inline void work(struct scene *scene)
{
    loop_timer_set(scene->loop, &scene->tick, clock_now() + NS_PER_MS, stop_loop, scene);
    loop_run(scene->loop);
}

static inline void work_for(struct scene *scene, int64_t ns)
{
    for (int64_t end = clock_now() + ns; clock_now() < end;)
        work(scene);
}

/* Until this is told, behind what was waited for before. */
static inline void await(struct party *party, const char *text)
{
    int64_t deadline = clock_now() + PATIENCE;
    const char *found;
    while (!(found = strstr(party->told + party->heard, text)) && clock_now() < deadline)
        work(party->scene);
    if (!found)
        print_error("%s: waited for \"%s\", was told: %s\nwire: %s\n", party->name, text,
                    party->told, party->wire);
    assert_non_null(found);
    party->heard = (size_t)(found - party->told) + strlen(text);
}

static inline void assert_told(const struct party *party, const char *all)
{
    assert_string_equal(party->told, all);
}

static inline void assert_wire(const struct party *party, const char *piece)
{
    if (!strstr(party->wire, piece))
        print_error("%s: \"%s\" is not in: %s\n", party->name, piece, party->wire);
    assert_non_null(strstr(party->wire, piece));
}

/* ---- parties ---- */

static inline void party_open(struct scene *scene, struct party *party, const char *name)
{
    party->scene = scene;
    party->name = name;
    party->answer = SDP_ANSWER;
    party->agent = agent_new(scene->loop, &(struct agent_config){.address = "127.0.0.1"});
    assert_non_null(party->agent);
    party->identity = (struct identity){.username = name,
                                        .domain = "example.test",
                                        .credentials = {.username = name, .password = "secret"},
                                        .servers = party->servers,
                                        .server_count = 1};
    party->servers[0] =
        (struct agent_server){.host = "127.0.0.1", .port = 9, .transport = transport_find("udp")};
}

/* Its requests go to this port from now on. */
static inline void party_uses(struct party *party, uint16_t port)
{
    agent_user_free(party->user);
    party->servers[0].port = port;
    party->user = agent_user_new(party->agent, &party->identity, 1, on_invited, party);
}

/* The timers of RFC 3261, twenty times as fast. */
static inline void hurry(struct party *party)
{
    nta_agent_set_params(party->agent->nta, NTATAG_SIP_T1(25), NTATAG_SIP_T2(200),
                         NTATAG_SIP_T4(250), NTATAG_SIP_T1X64(400), TAG_END());
}

static inline void peer_open(struct peer *peer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    peer->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(peer->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(peer->fd, (struct sockaddr *)&address, &size), 0);
    peer->port = ntohs(address.sin_port);
}

static inline void scene_open(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->loop = loop_new();
    party_open(scene, &scene->alice, "alice");
    party_open(scene, &scene->bob, "bob");
    party_open(scene, &scene->carol, "carol");
    peer_open(&scene->peer);
    party_uses(&scene->alice, agent_port(scene->bob.agent));
    party_uses(&scene->bob, agent_port(scene->alice.agent));
    party_uses(&scene->carol, agent_port(scene->alice.agent));
}

static inline void party_close(struct party *party)
{
    dialog_free(party->dialog);
    dialog_free(party->older);
    agent_user_free(party->user);
    agent_free(party->agent);
}

static inline void scene_close(struct scene *scene)
{
    party_close(&scene->alice);
    party_close(&scene->bob);
    party_close(&scene->carol);
    close(scene->peer.fd);
    loop_timer_cancel(&scene->tick);
    loop_free(scene->loop);
}

static inline void call(struct party *party, const char *target, const char *offer,
                        const char *headers)
{
    struct dialog_request request = {
        .target = target, .offer = offer, .headers = headers, .options = party->options};
    take_dialog(party, NULL);
    party->dialog = dialog_invite(party->agent, party->user, &request, &party_handler, party);
}

/* alice calls bob, who answers; both have offer and answer. */
static inline void scene_connect(struct scene *scene)
{
    call(&scene->alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene->bob, "invited");
    dialog_answer(scene->bob.dialog, SDP_ANSWER);
    await(&scene->alice, "answered");
    await(&scene->bob, "confirmed");
}

static inline void scene_hang_up(struct scene *scene)
{
    dialog_hangup(scene->alice.dialog, NULL);
    await(&scene->alice, "ended 200");
    await(&scene->bob, "ended 200");
}

/* ---- the peer by hand ---- */

static inline void peer_send(struct scene *scene, const struct party *to, const char *text)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(agent_port(to->agent))};
    size_t length = strlen(text);
    assert_int_equal(
        sendto(scene->peer.fd, text, length, 0, (struct sockaddr *)&address, sizeof address),
        length);
}

/* The next message, or NULL. */
static inline const char *peer_receive(struct scene *scene, int64_t patience)
{
    struct peer *peer = &scene->peer;
    int64_t deadline = clock_now() + patience;
    do {
        ssize_t got = recv(peer->fd, peer->message, sizeof peer->message - 1, 0);
        if (got > 0) {
            peer->message[got] = '\0';
            return peer->message;
        }
        work(scene);
    } while (clock_now() < deadline);
    return NULL;
}

/* The next message begins so; repetitions of earlier ones are passed over when `past` names them.
 */
static inline const char *peer_expect_past(struct scene *scene, const char *beginning,
                                           const char *past)
{
    struct peer *peer = &scene->peer;
    const char *message;
    do
        message = peer_receive(scene, PATIENCE);
    while (message && past && strncmp(message, past, strlen(past)) == 0);
    if (!message || strncmp(message, beginning, strlen(beginning)) != 0)
        print_error("peer: expected \"%s\", got\n%s\n", beginning, message ? message : "nothing");
    assert_non_null(message);
    assert_memory_equal(message, beginning, strlen(beginning));
    if (strncmp(message, "SIP/2.0", 7) != 0)
        memcpy(peer->request, message, strlen(message) + 1);
    return message;
}

static inline const char *peer_expect(struct scene *scene, const char *beginning)
{
    return peer_expect_past(scene, beginning, NULL);
}

static inline void peer_expect_nothing(struct scene *scene)
{
    const char *message = peer_receive(scene, QUIET);
    if (message)
        print_error("peer: unexpected\n%s\n", message);
    assert_null(message);
}

/* Answers a request; extra: header lines with CRLF. tag: of the To header. */
static inline void peer_reply_to(struct scene *scene, const struct party *party,
                                 const char *request, const char *status, const char *tag,
                                 const char *extra, const char *sdp)
{
    static const char *const copied[] = {"Via", "Record-Route", "From", "Call-ID", "CSeq"};
    struct text text = {0};
    text_printf(&text, "SIP/2.0 %s\r\n", status);
    for (size_t i = 0; i < 5; i++)
        for (unsigned n = 0; header(request, copied[i], n); n++)
            text_printf(&text, "%s: %s\r\n", copied[i], header(request, copied[i], n));
    const char *to = header(request, "To", 0);
    bool tagged = strstr(to, ";tag=") || !tag;
    text_printf(&text, "To: %s%s%s\r\n", to, tagged ? "" : ";tag=", tagged ? "" : tag);
    if (!strstr(extra, "Contact:"))
        text_printf(&text, "Contact: <sip:peer@127.0.0.1:%u>\r\n", scene->peer.port);
    text_add(&text, extra);
    if (*sdp)
        text_add(&text, "Content-Type: application/sdp\r\n");
    text_printf(&text, "Content-Length: %zu\r\n\r\n%s", strlen(sdp), sdp);
    peer_send(scene, party, text.data);
    text_fini(&text);
}

/* Answers the last request of alice. */
static inline void peer_reply(struct scene *scene, const char *status, const char *tag,
                              const char *extra, const char *sdp)
{
    peer_reply_to(scene, &scene->alice, scene->peer.request, status, tag, extra, sdp);
}

/* Learns the dialog from a request of the party (or a response to the peer's own). */
static inline void peer_learn(struct peer *peer, const char *message, const char *tag)
{
    bool response = strncmp(message, "SIP/2.0", 7) == 0;
    text_copy(peer->call_id, sizeof peer->call_id, header(message, "Call-ID", 0));
    const char *from = header(message, "From", 0), *to = header(message, "To", 0);
    const char *theirs = response ? to : from, *ours = response ? from : to;
    text_copy(peer->theirs, sizeof peer->theirs, theirs);
    snprintf(peer->ours, sizeof peer->ours, "%s%s%s", ours, tag ? ";tag=" : "", tag ? tag : "");
    const char *contact = header(message, "Contact", 0);
    if (contact) {
        text_copy(peer->contact, sizeof peer->contact, strchr(contact, '<') + 1);
        *strchr(peer->contact, '>') = '\0';
    }
}

/* A request inside of the dialog that peer_learn() has seen. cseq 0: the next one. */
static inline void peer_request_as(struct scene *scene, const struct party *party,
                                   const char *method, uint32_t cseq, const char *extra,
                                   const char *type, const char *body)
{
    struct peer *peer = &scene->peer;
    struct text text = {0};
    if (!cseq)
        cseq = ++peer->cseq;
    text_printf(&text,
                "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-%u-%u;rport\r\n"
                "Max-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n",
                method, peer->contact, peer->port, peer->port, ++peer->branch, peer->ours,
                peer->theirs, peer->call_id, cseq, method);
    if (!strstr(extra, "Contact:"))
        text_printf(&text, "Contact: <sip:peer@127.0.0.1:%u>\r\n", peer->port);
    text_add(&text, extra);
    if (*body)
        text_printf(&text, "Content-Type: %s\r\n", type);
    text_printf(&text, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
    peer_send(scene, party, text.data);
    text_fini(&text);
}

static inline void peer_request(struct scene *scene, const struct party *party, const char *method,
                                const char *extra, const char *body)
{
    peer_request_as(scene, party, method, 0, extra, SDP_TYPE, body);
}

/* An INVITE (or another request) of the peer to bob, outside of any dialog. */
static inline void peer_invite(struct scene *scene, const char *method, const char *extra,
                               const char *body)
{
    static unsigned calls;
    struct peer *peer = &scene->peer;
    snprintf(peer->call_id, sizeof peer->call_id, "peer-call-%u", ++calls);
    snprintf(peer->ours, sizeof peer->ours, "<sip:peer@127.0.0.1:%u>;tag=peer", peer->port);
    text_copy(peer->theirs, sizeof peer->theirs, "<sip:bob@example.test>");
    snprintf(peer->contact, sizeof peer->contact, "sip:bob@127.0.0.1:%u",
             agent_port(scene->bob.agent));
    peer_request_as(scene, &scene->bob, method, 0, extra, SDP_TYPE, body);
}

/* alice calls the peer. */
static inline void peer_is_called(struct scene *scene)
{
    party_uses(&scene->alice, scene->peer.port);
    call(&scene->alice, "sip:peer@example.test", SDP_OFFER, NULL);
    peer_expect(scene, "INVITE ");
}

/* ... and is answered. */
static inline void peer_connects(struct scene *scene, const char *extra)
{
    struct peer *peer = &scene->peer;
    peer_is_called(scene);
    peer_learn(peer, peer->request, "peer");
    peer_reply(scene, "200 OK", "peer", extra, SDP_ANSWER);
    peer_expect(scene, "ACK ");
    await(&scene->alice, "answered");
}

/* The peer calls bob, who answers. */
static inline void peer_calls(struct scene *scene, const char *extra)
{
    struct peer *peer = &scene->peer;
    peer_invite(scene, "INVITE", extra, SDP_OFFER);
    await(&scene->bob, "invited");
    dialog_answer(scene->bob.dialog, SDP_ANSWER);
    peer_expect(scene, "SIP/2.0 200");
    peer_learn(peer, peer->message, NULL);
    peer_request_as(scene, &scene->bob, "ACK", peer->cseq, "", SDP_TYPE, "");
    await(&scene->bob, "confirmed");
}

#endif
