/*
 * scripted: a registrar on a raw loopback socket that answers request after request from a list,
 * and a client whose registration it is, both on one loop. Nothing sleeps: the loop ends when the
 * test says so, and its patience only fails.
 */
#ifndef CMTEST_TEST_SCRIPTED_H
#define CMTEST_TEST_SCRIPTED_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/registration.h"
#include "sip/phone.h"
#include "registration_private.h"

#include <sofia-sip/nta_tag.h>
#include <sofia-sip/su_wait.h>

#define SCRIPT_REQUESTS 64
#define SCRIPT_SERVERS 3

/* One answer. In headers, $C is the Contact of the request without its parameters. The last step
 * before the empty one answers everything that comes after it. status "": silence. */
struct step {
    const char *status; /* "401 Unauthorized" */
    const char *headers;
    void (*write)(struct text *headers, unsigned request); /* instead of headers */
};

#define DIGEST_OF(realm, nonce, more) \
    "WWW-Authenticate: Digest realm=\"" realm "\", nonce=\"" nonce "\"" more "\r\n"
#define GRANTED "Contact: $C;expires=60\r\n"

struct scripted {
    struct loop *loop;
    const struct step *steps;
    bool stream;
    int listener, fd;
    uint16_t port;
    int watched[2]; /* registrations in the loop's root, 0: none */
    char buffer[65536];
    char *requests[SCRIPT_REQUESTS]; /* without retransmissions */
    unsigned count, repeats, options;
    bool mute_options;
    char branch[128];
};

static inline int scripted_socket(struct scripted *server, uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, (server->stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* The Contact without what is behind its URI. */
static inline void scripted_contact(const char *request, char *out, size_t size)
{
    const char *contact = header(request, "Contact", 0);
    const char *end = contact ? strchr(contact, '>') : NULL;
    snprintf(out, size, "%.*s", end ? (int)(end + 1 - contact) : 0, contact ? contact : "");
}

static inline void scripted_fill(struct text *text, const char *headers, const char *request)
{
    char contact[256];
    scripted_contact(request, contact, sizeof contact);
    for (const char *at = headers; *at; at++)
        if (at[0] == '$' && at[1] == 'C') {
            text_add(text, contact);
            at++;
        } else {
            text_add_bytes(text, at, 1);
        }
}

static inline void scripted_reply(struct scripted *server, const char *request,
                                  const struct step *step, const struct sockaddr_in *to)
{
    static const char *const copied[] = {"Via", "From", "Call-ID", "CSeq"};
    struct text text = {0}, headers = {0};
    text_printf(&text, "SIP/2.0 %s\r\n", step->status);
    for (size_t i = 0; i < 4; i++)
        text_printf(&text, "%s: %s\r\n", copied[i], header(request, copied[i], 0));
    text_printf(&text, "To: %s;tag=scripted\r\n", header(request, "To", 0));
    if (step->write)
        step->write(&headers, server->count);
    scripted_fill(&text,
                  step->write     ? text_get(&headers)
                  : step->headers ? step->headers
                                  : "",
                  request);
    text_add(&text, "Content-Length: 0\r\n\r\n");
    ssize_t sent = server->stream ? send(server->fd, text.data, text.length, MSG_NOSIGNAL)
                                  : sendto(server->fd, text.data, text.length, 0,
                                           (const struct sockaddr *)to, sizeof *to);
    assert_int_equal(sent, text.length);
    text_fini(&headers);
    text_fini(&text);
}

static inline void scripted_take(struct scripted *server, const char *request,
                                 const struct sockaddr_in *from)
{
    if (strncmp(request, "OPTIONS ", 8) == 0) {
        static const struct step refusal = {.status = "403 Forbidden"};
        server->options++;
        if (!server->mute_options)
            scripted_reply(server, request, &refusal, from);
        return;
    }
    const char *via = header(request, "Via", 0);
    assert_non_null(via);
    if (strcmp(via, server->branch) == 0) {
        server->repeats++;
        return;
    }
    snprintf(server->branch, sizeof server->branch, "%s", via);
    if (server->count < SCRIPT_REQUESTS)
        server->requests[server->count] = strdup(request);
    server->count++;
    const struct step *step = server->steps;
    if (step->status[0])
        scripted_reply(server, request, step, from);
    if (server->steps[1].status)
        server->steps++;
}

static inline int scripted_readable(su_root_magic_t *magic, su_wait_t *wait, su_wakeup_arg_t *arg)
{
    (void)magic;
    (void)wait;
    struct scripted *server = (struct scripted *)arg;
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    size_t have = server->stream ? strlen(server->buffer) : 0;
    ssize_t got = recvfrom(server->fd, server->buffer + have, sizeof server->buffer - 1 - have, 0,
                           (struct sockaddr *)&from, &size);
    if (got <= 0) {
        if (got == 0 && server->stream) {
            su_root_deregister(loop_su_root(server->loop), server->watched[1]);
            server->watched[1] = 0;
        }
        return 0;
    }
    server->buffer[have + (size_t)got] = '\0';
    for (size_t length; (length = whole_message(server->buffer)) > 0;) {
        char *request = strndup(server->buffer, length);
        memmove(server->buffer, server->buffer + length, strlen(server->buffer + length) + 1);
        scripted_take(server, request, &from);
        free(request);
    }
    return 0;
}

static inline int scripted_watch(struct scripted *server, int fd, su_wakeup_f take)
{
    su_wait_t wait;
    assert_int_equal(su_wait_create(&wait, fd, SU_WAIT_IN), 0);
    int index =
        su_root_register(loop_su_root(server->loop), &wait, take, (su_wakeup_arg_t *)server, 0);
    assert_true(index > 0);
    return index;
}

static inline int scripted_accept(su_root_magic_t *magic, su_wait_t *wait, su_wakeup_arg_t *arg)
{
    (void)magic;
    (void)wait;
    struct scripted *server = (struct scripted *)arg;
    if (server->watched[1])
        su_root_deregister(loop_su_root(server->loop), server->watched[1]);
    if (server->fd >= 0)
        close(server->fd);
    server->fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK);
    assert_true(server->fd >= 0);
    server->buffer[0] = '\0';
    server->watched[1] = scripted_watch(server, server->fd, scripted_readable);
    return 0;
}

/* steps end with an empty one. */
static inline void scripted_open(struct scripted *server, struct loop *loop,
                                 const struct step *steps, bool stream)
{
    *server =
        (struct scripted){.loop = loop, .steps = steps, .stream = stream, .listener = -1, .fd = -1};
    int fd = scripted_socket(server, &server->port);
    if (stream) {
        server->listener = fd;
        assert_int_equal(listen(fd, 4), 0);
        server->watched[0] = scripted_watch(server, fd, scripted_accept);
    } else {
        server->fd = fd;
        server->watched[1] = scripted_watch(server, fd, scripted_readable);
    }
}

static inline void scripted_close(struct scripted *server)
{
    for (int i = 0; i < 2; i++)
        if (server->watched[i])
            su_root_deregister(loop_su_root(server->loop), server->watched[i]);
    if (server->listener >= 0)
        close(server->listener);
    if (server->fd >= 0)
        close(server->fd);
    for (unsigned i = 0; i < SCRIPT_REQUESTS; i++)
        free(server->requests[i]);
}

/* ---- the client --------------------------------------------------------------------------- */

struct client {
    struct loop *loop;
    struct agent *agent;
    struct agent_user *user;
    struct identity identity;
    struct agent_server servers[SCRIPT_SERVERS];
    struct scripted registrars[SCRIPT_SERVERS]; /* of the same indexes; fd -1: nobody is there */
    struct registration *registration;
    struct event_registration done, lost;
    unsigned done_count, lost_count, ended_count, unanswered_count, sent, repeated, received;
    bool ended_ok;
    enum { STOPS_WHEN_DONE, LEAVES_WHEN_DONE, STAYS } does;
    /* Whatever the registration waits for between its REGISTERs is due at once, as if that time
     * had passed. How long it would have been is kept. */
    bool skips;
    int64_t waits[SCRIPT_REQUESTS];
    unsigned wait_count;
    struct loop_timer patience;
};

static inline void client_skip(struct client *client)
{
    struct registration *registration = client->registration;
    int64_t now = clock_now(), wait = registration->timer.due_ns - now;
    assert_true(loop_timer_is_set(&registration->timer));
    if (client->wait_count < SCRIPT_REQUESTS)
        client->waits[client->wait_count++] = wait;
    registration->lapses_ns -= wait;
    registration->attempt.first_ns -= wait;
    loop_timer_set(client->loop, &registration->timer, now, registration->timer.run, registration);
}

static inline void client_skip_wait(void *arg)
{
    struct client *client = arg;
    const struct registration *registration = client->registration;
    if (registration && !registration->request && loop_timer_is_set(&registration->timer))
        client_skip(client);
}

static inline void client_message(void *owner, const struct message *message)
{
    struct client *client = owner;
    client->repeated += message->facts.repeated;
    *(message->facts.sent ? &client->sent : &client->received) += 1;
    /* When the stack has handled it. */
    if (client->skips && !message->facts.sent)
        loop_post(client->loop, client_skip_wait, client);
}

static inline void client_done(void *owner, const struct event_registration *result)
{
    struct client *client = owner;
    client->done = *result;
    client->done_count++;
    if (client->does == LEAVES_WHEN_DONE && result->ok)
        registration_end(client->registration);
    else if (client->does != STAYS || !result->ok)
        loop_stop(client->loop);
}

static inline void client_lost(void *owner, const struct event_registration *result)
{
    struct client *client = owner;
    client->lost = *result;
    client->lost_count++;
    loop_stop(client->loop);
}

static inline void client_unanswered(void *owner, const char *server)
{
    struct client *client = owner;
    assert_non_null(strstr(server, "127.0.0.1:"));
    client->unanswered_count++;
    loop_stop(client->loop);
}

/* Everybody may free himself here. */
static inline void client_ended(void *owner, bool ok)
{
    struct client *client = owner;
    client->ended_ok = ok;
    client->ended_count++;
    registration_free(client->registration);
    client->registration = NULL;
    loop_stop(client->loop);
}

static inline void client_impatient(void *arg)
{
    struct client *client = arg;
    print_error("nothing happened in time: %u REGISTERs came\n", client->registrars[0].count);
    loop_stop(client->loop);
    assert_true(false);
}

static const struct registration_handler client_handler = {.message = client_message,
                                                           .done = client_done,
                                                           .lost = client_lost,
                                                           .unanswered = client_unanswered,
                                                           .ended = client_ended};

static inline bool client_ignores(void *owner, struct dialog *dialog)
{
    (void)owner;
    (void)dialog;
    return false;
}

/* A client of one registrar that does as it is told. */
static inline void client_open(struct client *client, const struct step *steps, bool stream)
{
    *client = (struct client){.loop = loop_new()};
    for (size_t i = 0; i < SCRIPT_SERVERS; i++)
        client->registrars[i].listener = client->registrars[i].fd = -1;
    scripted_open(&client->registrars[0], client->loop, steps, stream);
    client->agent = agent_new(client->loop, &(struct agent_config){.address = "127.0.0.1"});
    assert_non_null(client->agent);
    client->identity = (struct identity){.username = "alice",
                                         .domain = REALM,
                                         .credentials = {"alice", "secret-a", NULL},
                                         .servers = client->servers,
                                         .server_count = 1};
    client->servers[0] = (struct agent_server){"127.0.0.1", client->registrars[0].port,
                                               transport_find(stream ? "tcp" : "udp")};
}

/* One more server behind the others. */
static inline void client_add(struct client *client, const struct step *steps, bool stream)
{
    size_t index = client->identity.server_count++;
    scripted_open(&client->registrars[index], client->loop, steps, stream);
    client->servers[index] = (struct agent_server){"127.0.0.1", client->registrars[index].port,
                                                   transport_find(stream ? "tcp" : "udp")};
}

/* Timer F and the retransmissions a hundred times faster. */
static inline void client_hurries(struct client *client)
{
    nta_agent_set_params(client->agent->nta, NTATAG_SIP_T1(5), NTATAG_SIP_T2(40),
                         NTATAG_SIP_T1X64(320), TAG_END());
}

static inline void client_make(struct client *client, int32_t expires)
{
    client->user = agent_user_new(client->agent, &client->identity, 1, client_ignores, NULL);
    client->registration =
        registration_new(client->agent, client->user, expires, &client_handler, client);
}

static inline void client_run(struct client *client)
{
    loop_timer_set(client->loop, &client->patience, clock_now() + 20 * NS_PER_S, client_impatient,
                   client);
    loop_run(client->loop);
    loop_timer_cancel(&client->patience);
}

/* Registers until the test's end of it, and tells what became of it. */
static inline const struct event_registration *client_registers(struct client *client)
{
    client_make(client, 60);
    registration_start(client->registration);
    client_run(client);
    return &client->done;
}

static inline void client_close(struct client *client)
{
    registration_free(client->registration);
    agent_user_free(client->user);
    agent_free(client->agent);
    for (size_t i = 0; i < SCRIPT_SERVERS; i++)
        scripted_close(&client->registrars[i]);
    loop_free(client->loop);
}

/* The first request that has the text, from 0; -1: none. */
static inline int client_asked(const struct client *client, const char *text)
{
    const struct scripted *server = &client->registrars[0];
    for (unsigned i = 0; i < server->count && i < SCRIPT_REQUESTS; i++)
        if (strstr(server->requests[i], text))
            return (int)i;
    return -1;
}

#endif
