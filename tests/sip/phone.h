/*
 * phone: hand-written SIP over real loopback sockets, for the tests of the embedded registrar. It
 * knows no transactions: a test sends text, and says which message it expects next.
 */
#ifndef CMTEST_TEST_PHONE_H
#define CMTEST_TEST_PHONE_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cmtest/digest.h"
#include "cmtest/loop.h"
#include "cmtest/registrar.h"

#define PATIENCE (60 * NS_PER_S) /* only a guard against hanging */
#define QUIET (30 * NS_PER_MS)
#define REALM "test.example"

/* ---- a registrar on a thread of its own ---- */

struct world {
    struct registrar_config config;
    struct loop_thread *thread;
    struct registrar *registrar;
    struct registrar_counts counts; /* when it has stopped */
    int why;                        /* errno of a registrar that did not start */
};

static inline bool world_begin(struct loop *loop, void *arg)
{
    struct world *world = arg;
    world->registrar = registrar_new(loop, &world->config);
    world->why = errno;
    return world->registrar != NULL;
}

static inline void world_finish(void *arg)
{
    struct world *world = arg;
    registrar_counts(world->registrar, &world->counts);
    registrar_free(world->registrar);
}

static inline void world_prepare(struct world *world, enum digest_algorithm algorithm)
{
    static const struct registrar_account accounts[] = {
        {"alice", "secret-a"}, {"bob", "secret-b"}, {"carol", "secret-c"}};
    *world = (struct world){.config = {.address = "127.0.0.1",
                                       .realm = REALM,
                                       .algorithm = algorithm,
                                       .accounts = accounts,
                                       .account_count = 3,
                                       .expires_max = 3600}};
}

static inline void world_start(struct world *world, enum digest_algorithm algorithm)
{
    world_prepare(world, algorithm);
    world->thread = loop_thread_start("registrar", world_begin, world_finish, world);
    assert_non_null(world->thread);
}

static inline void world_stop(struct world *world)
{
    loop_thread_stop(world->thread);
}

/* ---- reading messages ---- */

/* The index-th header of that name; NULL when there is none. */
static inline const char *header(const char *message, const char *name, unsigned index)
{
    static _Thread_local char value[4][2048];
    static _Thread_local unsigned turn;
    size_t length = strlen(name);
    for (const char *line = strstr(message, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncmp(line, "\r\n", 2) == 0)
            break;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':' || index-- > 0)
            continue;
        line += length + 1;
        line += strspn(line, " ");
        char *out = value[turn++ % 4];
        snprintf(out, sizeof value[0], "%.*s", (int)strcspn(line, "\r"), line);
        return out;
    }
    return NULL;
}

static inline unsigned headers(const char *message, const char *name)
{
    unsigned count = 0;
    while (header(message, name, count))
        count++;
    return count;
}

static inline const char *body(const char *message)
{
    const char *end = strstr(message, "\r\n\r\n");
    return end ? end + 4 : "";
}

/* Bytes of the first whole message in the buffer, 0 when more is needed. */
static inline size_t whole_message(const char *buffer)
{
    const char *end = strstr(buffer, "\r\n\r\n");
    if (!end)
        return 0;
    const char *length = header(buffer, "Content-Length", 0);
    size_t total = (size_t)(end + 4 - buffer) + (length ? strtoul(length, NULL, 10) : 0);
    return strlen(buffer) >= total ? total : 0;
}

/* ---- a phone ---- */

struct phone {
    int fd;
    bool stream;
    uint16_t port, server;
    const char *user, *password;
    char call_id[64];
    uint32_t cseq;
    unsigned branch;
    char buffer[65536];  /* received, not yet looked at (streams) */
    char message[65536]; /* the last one received */
};

static inline void phone_open(struct phone *phone, const struct world *world, const char *user,
                              const char *password, bool stream)
{
    static unsigned calls;
    memset(phone, 0, sizeof *phone);
    phone->stream = stream;
    phone->user = user;
    phone->password = password;
    phone->server = registrar_port(world->registrar);
    snprintf(phone->call_id, sizeof phone->call_id, "call-%u-%s", ++calls, user);
    phone->fd = socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(phone->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(phone->fd, (struct sockaddr *)&address, &size), 0);
    phone->port = ntohs(address.sin_port);
    address.sin_port = htons(phone->server);
    assert_int_equal(connect(phone->fd, (struct sockaddr *)&address, size), 0);
}

static inline void phone_close(struct phone *phone)
{
    close(phone->fd);
}

static inline void phone_send(struct phone *phone, const char *bytes, size_t length)
{
    /* A datagram may meet the ICMP error of an earlier one. */
    if (send(phone->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
        assert_int_equal(send(phone->fd, bytes, length, MSG_NOSIGNAL), length);
}

static inline bool phone_wait(const struct phone *phone, int64_t deadline)
{
    int64_t left = deadline - clock_now();
    struct pollfd ready = {.fd = phone->fd, .events = POLLIN};
    return left > 0 && poll(&ready, 1, (int)(left / NS_PER_MS) + 1) > 0;
}

/* The next message, or NULL when none comes in time. */
static inline const char *phone_receive(struct phone *phone, int64_t patience)
{
    int64_t deadline = clock_now() + patience;
    size_t have = strlen(phone->buffer);
    for (;;) {
        size_t length = phone->stream ? whole_message(phone->buffer) : have;
        if (length > 0) {
            memcpy(phone->message, phone->buffer, length);
            phone->message[length] = '\0';
            memmove(phone->buffer, phone->buffer + length, have + 1 - length);
            return phone->message;
        }
        if (!phone_wait(phone, deadline))
            return NULL;
        ssize_t got = recv(phone->fd, phone->buffer + have, sizeof phone->buffer - 1 - have, 0);
        if (got < 0 && errno == ECONNREFUSED)
            continue;
        if (got <= 0)
            return NULL;
        have += (size_t)got;
        phone->buffer[have] = '\0';
    }
}

static inline const char *phone_expect(struct phone *phone, const char *beginning)
{
    const char *message = phone_receive(phone, PATIENCE);
    if (!message)
        print_error("%s: expected \"%s\", nothing came\n", phone->user, beginning);
    else if (strncmp(message, beginning, strlen(beginning)) != 0)
        print_error("%s: expected \"%s\", got\n%s\n", phone->user, beginning, message);
    assert_non_null(message);
    assert_memory_equal(message, beginning, strlen(beginning));
    return message;
}

static inline void phone_expect_silence(struct phone *phone)
{
    const char *message = phone_receive(phone, QUIET);
    if (message)
        print_error("%s: unexpected message\n%s\n", phone->user, message);
    assert_null(message);
}

static inline const char *phone_transport(const struct phone *phone)
{
    return phone->stream ? "TCP" : "UDP";
}

/* A request outside of any dialog. extra: more header lines, each with CR LF. */
static inline void phone_request(struct phone *phone, const char *method, const char *uri,
                                 const char *to, const char *extra, const char *content)
{
    char text[8192];
    bool ack = strcmp(method, "ACK") == 0;
    int length = snprintf(
        text, sizeof text,
        "%s %s SIP/2.0\r\n"
        "Via: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK-%s-%u;rport\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:%s@" REALM ">;tag=from-%s\r\nTo: %s\r\n"
        "Call-ID: %s\r\nCSeq: %u %s\r\n"
        "Contact: <sip:%s@127.0.0.1:%u;transport=%s>\r\n%sContent-Length: %zu\r\n\r\n%s",
        method, uri, phone_transport(phone), phone->port, phone->call_id, ++phone->branch,
        phone->user, phone->user, to, phone->call_id, ack ? phone->cseq : ++phone->cseq, method,
        phone->user, phone->port, phone_transport(phone), extra, strlen(content), content);
    phone_send(phone, text, (size_t)length);
}

/* The challenge of a 401 or 407. */
static inline void phone_challenge(struct digest_challenge *challenge, const char *message)
{
    bool proxy = strncmp(message, "SIP/2.0 407", 11) == 0;
    const char *found = header(message, proxy ? "Proxy-Authenticate" : "WWW-Authenticate", 0);
    assert_non_null(found);
    assert_memory_equal(found, "Digest ", 7);
    char value[2048];
    const char *params[32] = {NULL};
    size_t count = 0;
    text_copy(value, sizeof value, found + 7);
    for (char *item = strtok(value, ","); item && count < 31; item = strtok(NULL, ","))
        params[count++] = item;
    assert_true(digest_challenge_parse(params, challenge));
}

/* The same request again, with an answer to the challenge that was received. */
static inline void phone_answer_challenge(struct phone *phone, const char *method, const char *uri,
                                          const char *to, const char *extra, const char *content)
{
    struct digest_challenge challenge;
    bool proxy = strncmp(phone->message, "SIP/2.0 407", 11) == 0;
    phone_challenge(&challenge, phone->message);
    struct digest_credentials credentials = {phone->user, phone->password, NULL};
    struct digest_request request = {method, uri, content, strlen(content)};
    struct text lines = {0};
    text_printf(&lines, "%s%s: ", extra, proxy ? "Proxy-Authorization" : "Authorization");
    digest_answer(&challenge, &credentials, &request, 1, "cnonce", &lines);
    text_add(&lines, "\r\n");
    phone_request(phone, method, uri, to, text_get(&lines), content);
    text_fini(&lines);
}

/* A request of that phone, challenge and answer included; the reply is the next message. */
static inline void phone_authorized(struct phone *phone, const char *method, const char *uri,
                                    const char *to, const char *extra, const char *content)
{
    bool registering = strcmp(method, "REGISTER") == 0;
    phone_request(phone, method, uri, to, extra, content);
    phone_expect(phone, registering ? "SIP/2.0 401" : "SIP/2.0 407");
    if (strcmp(method, "INVITE") == 0)
        phone_request(phone, "ACK", uri, header(phone->message, "To", 0), "", "");
    phone_answer_challenge(phone, method, uri, to, extra, content);
}

static inline void phone_register(struct phone *phone, const char *extra)
{
    char to[64];
    snprintf(to, sizeof to, "<sip:%s@" REALM ">", phone->user);
    phone_authorized(phone, "REGISTER", "sip:" REALM, to, extra, "");
}

/* Opens a phone and registers it. */
static inline void phone_ready(struct phone *phone, const struct world *world, const char *user,
                               const char *password, bool stream)
{
    phone_open(phone, world, user, password, stream);
    phone_register(phone, "");
    phone_expect(phone, "SIP/2.0 200");
}

/* Answers the request that was received last: its Vias, From, Call-ID, CSeq and Record-Routes. */
static inline void phone_reply(struct phone *phone, const char *request, const char *status,
                               const char *tag, const char *content)
{
    struct text text = {0};
    text_printf(&text, "SIP/2.0 %s\r\n", status);
    static const char *const copied[] = {"Via", "Record-Route", "From", "Call-ID", "CSeq"};
    for (size_t i = 0; i < 5; i++) {
        for (unsigned n = 0; header(request, copied[i], n); n++)
            text_printf(&text, "%s: %s\r\n", copied[i], header(request, copied[i], n));
    }
    const char *to = header(request, "To", 0);
    text_printf(&text, "To: %s%s%s\r\n", to,
                strstr(to, ";tag=") ? "" : ";tag=", strstr(to, ";tag=") ? "" : tag);
    text_printf(&text, "Contact: <sip:%s@127.0.0.1:%u;transport=%s>\r\n", phone->user, phone->port,
                phone_transport(phone));
    text_printf(&text, "Content-Length: %zu\r\n\r\n%s", strlen(content), content);
    phone_send(phone, text.data, text.length);
    text_fini(&text);
}

#endif
