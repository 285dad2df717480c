/* How an agent's requests travel: large ones, refused ones, kept connections, IPv6. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "sip_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE (20 * NS_PER_S)

/* ---- somebody who listens by UDP and TCP on one port ---- */

enum { KEEPS_TCP_CLOSED = 1, CLOSES_AFTER_REQUEST = 2 };

struct peer {
    int family, manner;
    int udp, tcp, connection, stop[2];
    uint16_t port;
    pthread_t thread;
    _Atomic unsigned pings;
    /* read when it has stopped */
    unsigned datagrams, segments, connections, closed;
    char last[8192];
};

static void reply(const char *request, int fd, const struct sockaddr_storage *to, socklen_t size)
{
    static const char *const copied[] = {"Via", "From", "To", "Call-ID", "CSeq"};
    char text[4096] = "SIP/2.0 200 OK\r\n";
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        char start[32];
        snprintf(start, sizeof start, "\r\n%s: ", copied[i]);
        const char *line = strcasestr(request, start);
        size_t length = strlen(text);
        if (line)
            snprintf(text + length, sizeof text - length, "%.*s%s\r\n",
                     (int)strcspn(line + 2, "\r"), line + 2,
                     strcmp(copied[i], "To") == 0 ? ";tag=peer" : "");
    }
    strcat(text, "Content-Length: 0\r\n\r\n");
    if (to)
        sendto(fd, text, strlen(text), 0, (const struct sockaddr *)to, size);
    else
        send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void take_datagram(struct peer *peer)
{
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    ssize_t got =
        recvfrom(peer->udp, peer->last, sizeof peer->last - 1, 0, (struct sockaddr *)&from, &size);
    if (got <= 4)
        return;
    peer->last[got] = '\0';
    peer->datagrams++;
    reply(peer->last, peer->udp, &from, size);
}

static void drop_connection(struct peer *peer)
{
    close(peer->connection);
    peer->connection = -1;
    peer->closed++;
}

static void take_bytes(struct peer *peer)
{
    static _Thread_local char bytes[16384];
    static _Thread_local size_t have;
    ssize_t got = recv(peer->connection, bytes + have, sizeof bytes - 1 - have, 0);
    if (got <= 0) {
        drop_connection(peer);
        have = 0;
        return;
    }
    have += (size_t)got;
    bytes[have] = '\0';
    /* Those of a while come at once when we were not let run. */
    while (strncmp(bytes, "\r\n\r\n", 4) == 0) {
        peer->pings++;
        memmove(bytes, bytes + 4, have - 4 + 1);
        have -= 4;
        send(peer->connection, "\r\n", 2, MSG_NOSIGNAL);
    }
    const char *end = strstr(bytes, "\r\n\r\n"), *length = strcasestr(bytes, "Content-Length:");
    if (!end || !length || have < (size_t)(end + 4 - bytes) + strtoul(length + 15, NULL, 10))
        return;
    text_copy(peer->last, sizeof peer->last, bytes);
    peer->segments++;
    have = 0;
    if (peer->manner & CLOSES_AFTER_REQUEST)
        drop_connection(peer);
    else
        reply(peer->last, peer->connection, NULL, 0);
}

static void *listen_to_all(void *arg)
{
    struct peer *peer = arg;
    int listening = peer->manner & KEEPS_TCP_CLOSED ? -1 : peer->tcp;
    for (;;) {
        struct pollfd ready[4] = {{.fd = peer->stop[0], .events = POLLIN},
                                  {.fd = peer->udp, .events = POLLIN},
                                  {.fd = listening, .events = POLLIN},
                                  {.fd = peer->connection, .events = POLLIN}};
        poll(ready, 4, -1);
        if (ready[0].revents)
            return NULL;
        if (ready[1].revents)
            take_datagram(peer);
        if (ready[3].revents)
            take_bytes(peer);
        if (ready[2].revents && peer->connection < 0) {
            peer->connection = accept(peer->tcp, NULL, NULL);
            peer->connections++;
        }
    }
}

static socklen_t address_of(int family, uint16_t port, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    out->ss_family = (sa_family_t)family;
    if (family == AF_INET6) {
        ((struct sockaddr_in6 *)out)->sin6_addr = in6addr_loopback;
        ((struct sockaddr_in6 *)out)->sin6_port = htons(port);
        return sizeof(struct sockaddr_in6);
    }
    ((struct sockaddr_in *)out)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ((struct sockaddr_in *)out)->sin_port = htons(port);
    return sizeof(struct sockaddr_in);
}

static uint16_t port_of(const struct sockaddr_storage *address)
{
    return ntohs(address->ss_family == AF_INET6 ? ((struct sockaddr_in6 *)address)->sin6_port
                                                : ((struct sockaddr_in *)address)->sin_port);
}

/* A free port of TCP may be another program's of UDP: then the kernel is asked for another one.
 * What is not free is kept until one is, or the kernel might give it again.
 * false: there is no such family here. */
static bool bind_both(struct peer *peer)
{
    int taken[64];
    size_t count = 0;
    bool bound = false;
    while (!bound && count < sizeof taken / sizeof *taken) {
        struct sockaddr_storage address;
        socklen_t size = address_of(peer->family, 0, &address);
        peer->tcp = taken[count++] = socket(peer->family, SOCK_STREAM, 0);
        peer->udp = socket(peer->family, SOCK_DGRAM, 0);
        if (bind(peer->tcp, (struct sockaddr *)&address, size) < 0) {
            close(peer->udp);
            break;
        }
        assert_int_equal(getsockname(peer->tcp, (struct sockaddr *)&address, &size), 0);
        peer->port = port_of(&address);
        bound = bind(peer->udp, (struct sockaddr *)&address, size) == 0;
        if (!bound)
            close(peer->udp);
    }
    for (size_t i = 0; i + bound < count; i++)
        close(taken[i]);
    return bound;
}

/* false: there is no such family here. */
static bool peer_start(struct peer *peer)
{
    if (!peer->family)
        peer->family = AF_INET;
    peer->connection = -1;
    if (!bind_both(peer))
        return false;
    /* Bound and not listening, it refuses, and nobody else can listen there instead. */
    if (!(peer->manner & KEEPS_TCP_CLOSED))
        assert_int_equal(listen(peer->tcp, 4), 0);
    assert_int_equal(pipe(peer->stop), 0);
    assert_int_equal(pthread_create(&peer->thread, NULL, listen_to_all, peer), 0);
    return true;
}

static void peer_stop(struct peer *peer)
{
    assert_int_equal(write(peer->stop[1], "", 1), 1);
    pthread_join(peer->thread, NULL);
    close(peer->stop[0]);
    close(peer->stop[1]);
    close(peer->udp);
    close(peer->tcp);
    if (peer->connection >= 0)
        close(peer->connection);
}

/* ---- an agent with one user ---- */

struct scene {
    struct peer peer;
    struct agent_config config;
    const char *transport; /* "udp" when not set */
    struct loop *loop;
    struct agent *agent;
    struct agent_server servers[2];
    struct identity identity;
    struct agent_user *user;
    struct loop_timer patience;
    int status;
    bool internal;
    char failure[128];
};

static void stop_waiting(void *arg)
{
    struct scene *scene = arg;
    loop_stop(scene->loop);
}

static void wait_for(struct scene *scene, int64_t patience_ns)
{
    loop_timer_set(scene->loop, &scene->patience, clock_now() + patience_ns, stop_waiting, scene);
    loop_run(scene->loop);
    loop_timer_cancel(&scene->patience);
}

static bool open_scene(struct scene *scene)
{
    if (!peer_start(&scene->peer))
        return false;
    bool ipv6 = scene->peer.family == AF_INET6;
    const char *host = ipv6 ? "::1" : "127.0.0.1";
    scene->config.address = host;
    scene->loop = loop_new();
    scene->agent = agent_new(scene->loop, &scene->config);
    assert_non_null(scene->agent);
    for (int i = 0; i < 2; i++)
        scene->servers[i] = (struct agent_server){
            .host = host,
            .port = scene->peer.port,
            .transport = transport_find(scene->transport ? scene->transport : "udp")};
    scene->identity.username = "alice";
    scene->identity.domain = "example.test";
    scene->identity.servers = scene->servers;
    scene->identity.server_count = 2;
    scene->user = agent_user_new(scene->agent, &scene->identity, 1, NULL, NULL);
    return true;
}

static void close_scene(struct scene *scene)
{
    agent_user_free(scene->user);
    agent_free(scene->agent);
    loop_free(scene->loop);
    peer_stop(&scene->peer);
}

static int take_response(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    struct scene *scene = (struct scene *)magic;
    scene->status = nta_outgoing_status(request);
    if (scene->status < 200)
        return 0;
    scene->internal = !sip || nta_sip_is_internal(sip);
    text_copy(scene->failure, sizeof scene->failure, agent_failure(scene->agent, request));
    loop_stop(scene->loop);
    return 0;
}

/* An OPTIONS of about so many bytes. */
static void ask(struct scene *scene, size_t bytes)
{
    char *body = calloc(1, bytes + 1);
    memset(body, 'x', bytes);
    const char *route = scene->user->route;
    scene->status = 0;
    nta_outgoing_t *request = nta_outgoing_tcreate(
        scene->agent->outside, take_response, (nta_outgoing_magic_t *)scene,
        (url_string_t *)scene->user->url, SIP_METHOD_OPTIONS,
        (url_string_t *)"sip:bob@example.test", SIPTAG_FROM_STR(scene->user->aor),
        SIPTAG_TO_STR("<sip:bob@example.test>"), SIPTAG_CONTACT_STR(scene->user->contact),
        TAG_IF(route, SIPTAG_ROUTE_STR(route)), SIPTAG_CONTENT_TYPE_STR("text/plain"),
        SIPTAG_PAYLOAD_STR(body), TAG_END());
    assert_non_null(request);
    wait_for(scene, PATIENCE);
    nta_outgoing_destroy(request);
    free(body);
}

static void small_request_leaves_by_udp(void **state)
{
    (void)state;
    struct scene scene = {.config.udp_limit = 1300};
    assert_true(open_scene(&scene));
    ask(&scene, 100);
    assert_int_equal(scene.status, 200);
    close_scene(&scene);
    assert_int_equal(scene.peer.datagrams, 1);
    assert_int_equal(scene.peer.connections, 0);
}

static void large_request_leaves_by_tcp(void **state)
{
    (void)state;
    struct scene scene = {.config.udp_limit = 1300};
    assert_true(open_scene(&scene));
    ask(&scene, 1400);
    assert_int_equal(scene.status, 200);
    close_scene(&scene);
    assert_int_equal(scene.peer.datagrams, 0);
    assert_int_equal(scene.peer.segments, 1);
    assert_non_null(strstr(scene.peer.last, "Via: SIP/2.0/TCP "));
}

static void large_request_leaves_by_udp_when_tcp_is_refused(void **state)
{
    (void)state;
    struct scene scene = {.config.udp_limit = 1300, .peer.manner = KEEPS_TCP_CLOSED};
    assert_true(open_scene(&scene));
    ask(&scene, 1400);
    assert_int_equal(scene.status, 200);
    close_scene(&scene);
    assert_true(scene.peer.datagrams >= 1);
    assert_non_null(strstr(scene.peer.last, "Via: SIP/2.0/UDP "));
}

static void limit_may_be_another_one(void **state)
{
    (void)state;
    struct scene scene = {.config.udp_limit = 600};
    assert_true(open_scene(&scene));
    ask(&scene, 10);
    ask(&scene, 600);
    close_scene(&scene);
    assert_int_equal(scene.peer.datagrams, 1);
    assert_int_equal(scene.peer.segments, 1);
}

static void without_a_limit_udp_stays_udp(void **state)
{
    (void)state;
    struct scene scene = {.config.udp_limit = 0};
    assert_true(open_scene(&scene));
    ask(&scene, 6000);
    assert_int_equal(scene.status, 200);
    close_scene(&scene);
    assert_int_equal(scene.peer.datagrams, 1);
    assert_int_equal(scene.peer.connections, 0);
}

static void ipv6_works_over_both(void **state)
{
    (void)state;
    struct scene scene = {.config.udp_limit = 1300, .peer.family = AF_INET6};
    if (!open_scene(&scene))
        skip();
    assert_non_null(strstr(scene.user->contact, "@[::1]:"));
    ask(&scene, 100);
    assert_int_equal(scene.status, 200);
    ask(&scene, 1400);
    assert_int_equal(scene.status, 200);
    close_scene(&scene);
    assert_int_equal(scene.peer.datagrams, 1);
    assert_int_equal(scene.peer.segments, 1);
}

static void connection_is_kept(void **state)
{
    (void)state;
    struct scene scene = {.transport = "tcp"};
    assert_true(open_scene(&scene));
    assert_non_null(strstr(scene.user->contact, ";transport=tcp>"));
    for (int i = 0; i < 5; i++)
        ask(&scene, 100);
    close_scene(&scene);
    assert_int_equal(scene.peer.segments, 5);
    assert_int_equal(scene.peer.connections, 1);
}

static void refused_connection_is_named(void **state)
{
    (void)state;
    struct scene scene = {.transport = "tcp", .peer.manner = KEEPS_TCP_CLOSED};
    assert_true(open_scene(&scene));
    ask(&scene, 100);
    assert_int_equal(scene.status, 503);
    assert_true(scene.internal);
    assert_string_equal(scene.failure, strerror(ECONNREFUSED));
    assert_string_equal(agent_trouble(scene.agent), strerror(ECONNREFUSED));
    close_scene(&scene);
}

static void request_fails_at_once_when_its_connection_is_closed(void **state)
{
    (void)state;
    struct scene scene = {.transport = "tcp", .peer.manner = CLOSES_AFTER_REQUEST};
    assert_true(open_scene(&scene));
    ask(&scene, 100);
    assert_int_equal(scene.status, 503);
    assert_true(scene.internal);
    assert_string_equal(scene.failure, "the peer closed the connection");
    close_scene(&scene);
    assert_int_equal(scene.peer.segments, 1);
}

static void route_of_the_proxy_is_in_the_request(void **state)
{
    (void)state;
    struct scene scene = {.identity.route = "<sip:edge.example.test;lr>"};
    assert_true(open_scene(&scene));
    ask(&scene, 100);
    assert_int_equal(scene.status, 200);
    close_scene(&scene);
    assert_non_null(strstr(scene.peer.last, "\r\nRoute: <sip:edge.example.test;lr>\r\n"));
    assert_memory_equal(scene.peer.last, "OPTIONS sip:bob@example.test SIP/2.0\r\n", 38);
}

static void failover_goes_through_the_servers_once(void **state)
{
    (void)state;
    struct scene scene = {.transport = NULL};
    assert_true(open_scene(&scene));
    scene.servers[1].transport = transport_find("tcp");
    assert_ptr_equal(agent_user_server(scene.user), &scene.servers[0]);
    assert_null(strstr(scene.user->contact, "transport"));
    assert_true(agent_user_failover(scene.user));
    assert_ptr_equal(agent_user_server(scene.user), &scene.servers[1]);
    assert_non_null(strstr(scene.user->contact, ";transport=tcp>"));
    ask(&scene, 100);
    assert_int_equal(scene.status, 200);
    assert_false(agent_user_failover(scene.user));
    close_scene(&scene);
    assert_int_equal(scene.peer.segments, 1);
}

static void idle_connection_is_pinged(void **state)
{
    (void)state;
    struct scene scene = {.transport = "tcp", .config.crlf_ns = 100 * NS_PER_MS};
    assert_true(open_scene(&scene));
    ask(&scene, 100);
    for (int64_t end = clock_now() + PATIENCE; scene.peer.pings < 2 && clock_now() < end;)
        wait_for(&scene, 20 * NS_PER_MS);
    ask(&scene, 100);
    assert_int_equal(scene.status, 200);
    close_scene(&scene);
    assert_true(scene.peer.pings >= 2);
    assert_int_equal(scene.peer.connections, 1);
}

static void connection_is_not_pinged_unasked(void **state)
{
    (void)state;
    struct scene scene = {.transport = "tcp"};
    assert_true(open_scene(&scene));
    ask(&scene, 100);
    wait_for(&scene, 200 * NS_PER_MS);
    close_scene(&scene);
    assert_int_equal(scene.peer.pings, 0);
}

static void address_that_is_not_ours_cannot_be_bound(void **state)
{
    (void)state;
    struct loop *loop = loop_new();
    assert_null(agent_new(loop, &(struct agent_config){.address = "192.0.2.1"}));
    assert_int_equal(errno, EADDRNOTAVAIL);
    loop_free(loop);
}

SPECIFICATION(cmocka_unit_test(small_request_leaves_by_udp),
              cmocka_unit_test(large_request_leaves_by_tcp),
              cmocka_unit_test(large_request_leaves_by_udp_when_tcp_is_refused),
              cmocka_unit_test(limit_may_be_another_one),
              cmocka_unit_test(without_a_limit_udp_stays_udp),
              cmocka_unit_test(ipv6_works_over_both), cmocka_unit_test(connection_is_kept),
              cmocka_unit_test(refused_connection_is_named),
              cmocka_unit_test(request_fails_at_once_when_its_connection_is_closed),
              cmocka_unit_test(route_of_the_proxy_is_in_the_request),
              cmocka_unit_test(failover_goes_through_the_servers_once),
              cmocka_unit_test(idle_connection_is_pinged),
              cmocka_unit_test(connection_is_not_pinged_unasked),
              cmocka_unit_test(address_that_is_not_ours_cannot_be_bound))
