/* What passes the sockets of an agent is seen: its own bytes against raw sockets. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "sip_private.h"
#include "wire.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sofia-sip/su.h>

struct seen {
    struct scene *scene;
    struct wire_watch watch;
    unsigned wanted;
    char log[1024]; /* "<OPTIONS >200 ", repeated ones with a '+' */
    struct event_message facts[16];
    unsigned count;
    char last[4096];
};

struct scene {
    struct loop *loop;
    struct agent *agent;
    int peer;      /* a raw socket */
    uint16_t port; /* its own */
    struct loop_timer patience, step;
    unsigned wanted, count; /* messages to wait for */
    const char *script;     /* what the peer still sends, a few bytes at a time */
};

static void take(void *owner, const struct message *message)
{
    struct seen *seen = owner;
    const struct event_message *facts = &message->facts;
    size_t length = strlen(seen->log);
    char status[8];
    snprintf(status, sizeof status, "%u", facts->status);
    snprintf(seen->log + length, sizeof seen->log - length, "%s%s%s ", facts->repeated ? "+" : "",
             facts->sent ? ">" : "<", facts->status ? status : facts->method);
    assert_true(seen->count < 16);
    seen->facts[seen->count++] = *facts;
    assert_int_equal(facts->length, message->length);
    snprintf(seen->last, sizeof seen->last, "%.*s", (int)message->length, message->bytes);
    if (seen->scene && ++seen->scene->count >= seen->scene->wanted)
        loop_stop(seen->scene->loop);
}

static void impatient(void *arg)
{
    struct scene *scene = arg;
    loop_stop(scene->loop);
}

static void open_scene(struct scene *scene, bool stream)
{
    *scene = (struct scene){.loop = loop_new()};
    scene->agent = agent_new(scene->loop, &(struct agent_config){.address = "127.0.0.1"});
    assert_non_null(scene->agent);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    scene->peer = socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0);
    assert_int_equal(bind(scene->peer, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(scene->peer, (struct sockaddr *)&address, &size), 0);
    scene->port = ntohs(address.sin_port);
    address.sin_port = htons(agent_port(scene->agent));
    assert_int_equal(connect(scene->peer, (struct sockaddr *)&address, size), 0);
}

static void run(struct scene *scene, unsigned wanted)
{
    scene->wanted = scene->count + wanted;
    loop_timer_set(scene->loop, &scene->patience, clock_now() + 10 * NS_PER_S, impatient, scene);
    loop_run(scene->loop);
    loop_timer_cancel(&scene->patience);
    loop_timer_cancel(&scene->step);
    assert_int_equal(scene->count, scene->wanted);
}

static void close_scene(struct scene *scene)
{
    agent_free(scene->agent);
    close(scene->peer);
    loop_free(scene->loop);
}

static char *request(const struct scene *scene, const char *transport, const char *call_id,
                     const char *content)
{
    static char text[2048];
    snprintf(text, sizeof text,
             "OPTIONS sip:anybody@127.0.0.1 SIP/2.0\r\n"
             "Via: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK-%s;rport\r\n"
             "Max-Forwards: 70\r\nf: <sip:raw@test.example>;tag=theirs\r\n"
             "t: <sip:anybody@127.0.0.1>\r\ni: %s\r\nCSeq: 7 OPTIONS\r\nl: %zu\r\n\r\n%s",
             transport, scene->port, call_id, call_id, strlen(content), content);
    return text;
}

static void watched_datagrams_are_seen_both_ways(void **state)
{
    (void)state;
    struct scene scene;
    struct seen seen = {.scene = &scene};
    char local[64], remote[64];
    open_scene(&scene, false);
    wire_watch(&seen.watch, "one", "ours", take, &seen);
    const char *text = request(&scene, "UDP", "one", "");
    assert_int_equal(send(scene.peer, text, strlen(text), 0), strlen(text));
    int64_t before = clock_now();
    run(&scene, 2);
    assert_true(clock_now() > before);
    assert_string_equal(seen.log, "<OPTIONS >200 ");
    snprintf(local, sizeof local, "127.0.0.1:%u", agent_port(scene.agent));
    snprintf(remote, sizeof remote, "127.0.0.1:%u", scene.port);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(seen.facts[i].transport, "udp");
        assert_string_equal(seen.facts[i].local, local);
        assert_string_equal(seen.facts[i].remote, remote);
        assert_string_equal(seen.facts[i].method, "OPTIONS");
        assert_string_equal(seen.facts[i].call_id, "one");
        assert_int_equal(seen.facts[i].cseq, 7);
    }
    assert_string_equal(seen.facts[1].reason, "OK");
    char answer[4096];
    ssize_t got = recv(scene.peer, answer, sizeof answer - 1, 0);
    assert_true(got > 0);
    answer[got] = '\0';
    assert_string_equal(answer, seen.last);
    wire_unwatch(&seen.watch);
    close_scene(&scene);
}

SPECIFICATION(cmocka_unit_test(watched_datagrams_are_seen_both_ways))
