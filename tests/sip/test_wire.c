/* What passes the sockets of an agent is seen: its own bytes against raw sockets. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "cmtest/tls.h"
#include "sip_private.h"
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
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
    int64_t at_ns; /* of the last one that was received */
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
    if (!facts->sent)
        seen->at_ns = message->at_ns;
    snprintf(seen->last, sizeof seen->last, "%.*s", (int)message->length, message->bytes);
    if (seen->scene && ++seen->scene->count == seen->scene->wanted)
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
             "OPTIONS sip:127.0.0.1 SIP/2.0\r\n"
             "Via: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK-%s;rport\r\n"
             "Max-Forwards: 70\r\nf: <sip:raw@test.example>;tag=theirs\r\n"
             "t: <sip:127.0.0.1>\r\ni: %s\r\nCSeq: 7 OPTIONS\r\nl: %zu\r\n\r\n%s",
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

/* The kernel begins to stamp a moment after it was asked to for the first time. */
static void a_datagram_has_the_time_of_its_arrival_and_not_of_its_reading(void **state)
{
    (void)state;
    int64_t behind = 0;
    for (unsigned i = 0; i < 20 && behind < 20 * NS_PER_MS; i++) {
        struct scene scene;
        struct seen seen = {.scene = &scene};
        char call_id[8];
        open_scene(&scene, false);
        snprintf(call_id, sizeof call_id, "at-%u", i);
        wire_watch(&seen.watch, call_id, "ours", take, &seen);
        const char *text = request(&scene, "UDP", call_id, "");
        for (unsigned twice = 0; twice < 2; twice++) {
            assert_int_equal(send(scene.peer, text, strlen(text), 0), strlen(text));
            clock_sleep_until(clock_now() + twice * 30 * NS_PER_MS);
            int64_t read_ns = clock_now();
            run(&scene, 2);
            behind = read_ns - seen.at_ns;
        }
        wire_unwatch(&seen.watch);
        close_scene(&scene);
    }
    assert_in_range(behind, 20 * NS_PER_MS, NS_PER_S);
}

static void a_retransmission_is_known_by_its_bytes(void **state)
{
    (void)state;
    struct scene scene;
    struct seen seen = {.scene = &scene};
    open_scene(&scene, false);
    wire_watch(&seen.watch, "twice", "ours", take, &seen);
    const char *text = request(&scene, "UDP", "twice", "");
    for (int i = 0; i < 2; i++)
        assert_int_equal(send(scene.peer, text, strlen(text), 0), strlen(text));
    run(&scene, 4);
    assert_string_equal(seen.log, "<OPTIONS >200 +<OPTIONS +>200 ");
    assert_false(seen.facts[1].repeated);
    assert_true(seen.facts[3].repeated);
    close_scene(&scene);
}

static int no_answer_expected(nta_outgoing_magic_t *magic, nta_outgoing_t *request,
                              const sip_t *sip)
{
    (void)magic;
    (void)request;
    (void)sip;
    return 0;
}

static int refuse(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq, const sip_t *sip)
{
    (void)magic;
    (void)leg;
    (void)irq;
    (void)sip;
    return 481;
}

static void what_the_stack_repeats_by_itself_is_seen(void **state)
{
    (void)state;
    struct scene scene;
    struct seen seen = {.scene = &scene};
    char url[64];
    open_scene(&scene, false); /* the peer stays silent */
    nta_leg_t *leg = nta_leg_tcreate(
        scene.agent->nta, refuse, NULL, SIPTAG_FROM_STR("<sip:a@test.example>"),
        SIPTAG_TO_STR("<sip:a@test.example>"), SIPTAG_CALL_ID_STR("silence"), TAG_END());
    assert_non_null(leg);
    nta_leg_tag(leg, "ours");
    wire_watch(&seen.watch, "silence", "ours", take, &seen);
    snprintf(url, sizeof url, "sip:127.0.0.1:%u;transport=udp", scene.port);
    nta_outgoing_t *request =
        nta_outgoing_tcreate(leg, no_answer_expected, NULL, (url_string_t *)url,
                             SIP_METHOD_REGISTER, (url_string_t *)"sip:test.example", TAG_END());
    assert_non_null(request);
    assert_string_equal(seen.log, ">REGISTER ");
    run(&scene, 1);
    assert_string_equal(seen.log, ">REGISTER +>REGISTER ");
    nta_outgoing_destroy(request);
    nta_leg_destroy(leg);
    close_scene(&scene);
}

/* ---- connections ----------------------------------------------------------------------------- */

#define STEP 7 /* bytes at a time */

static void send_step(void *arg)
{
    struct scene *scene = arg;
    size_t length = strnlen(scene->script, STEP);
    assert_int_equal(send(scene->peer, scene->script, length, MSG_NOSIGNAL), length);
    scene->script += length;
    if (*scene->script)
        loop_timer_set(scene->loop, &scene->step, clock_now(), send_step, scene);
}

static void messages_in_pieces_on_a_connection_are_whole(void **state)
{
    (void)state;
    struct scene scene;
    struct seen one = {.scene = &scene}, two = {.scene = &scene};
    struct text script = {0};
    open_scene(&scene, true);
    wire_watch(&one.watch, "first", "ours", take, &one);
    wire_watch(&two.watch, "second", "ours", take, &two);
    text_add(&script, "\r\n\r\n");
    text_add(&script, request(&scene, "TCP", "first", "a body\r\n\r\nof lines"));
    text_add(&script, "\r\n");
    const char *second = request(&scene, "TCP", "second", "");
    text_add(&script, second);
    scene.script = text_get(&script);
    loop_timer_set(scene.loop, &scene.step, clock_now(), send_step, &scene);
    run(&scene, 4);
    assert_string_equal(one.log, "<OPTIONS >200 ");
    assert_string_equal(two.log, "<OPTIONS >200 ");
    assert_string_equal(two.facts[0].transport, "tcp");
    assert_int_equal(two.facts[0].length, strlen(second));
    text_fini(&script);
    close_scene(&scene);
}

static void a_descriptor_that_is_used_again_is_another_connection(void **state)
{
    (void)state;
    struct scene scene;
    struct seen seen = {.scene = &scene};
    char before[64];
    open_scene(&scene, true);
    wire_watch(&seen.watch, "old", "ours", take, &seen);
    const char *text = request(&scene, "TCP", "old", "");
    assert_int_equal(send(scene.peer, text, strlen(text), 0), strlen(text));
    assert_int_equal(send(scene.peer, "OPTIONS sip:cut SI", 18, 0), 18);
    run(&scene, 2);
    snprintf(before, sizeof before, "%s", seen.facts[0].remote);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    close(scene.peer);
    scene.peer = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_port = htons(agent_port(scene.agent));
    assert_int_equal(connect(scene.peer, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(scene.peer, (struct sockaddr *)&address, &size), 0);
    scene.port = ntohs(address.sin_port);
    wire_watch(&seen.watch, "new", "ours", take, &seen);
    text = request(&scene, "TCP", "new", "");
    assert_int_equal(send(scene.peer, text, strlen(text), 0), strlen(text));
    run(&scene, 2);
    assert_string_equal(seen.log, "<OPTIONS >200 <OPTIONS >200 ");
    assert_string_not_equal(seen.facts[2].remote, before);
    close_scene(&scene);
}

static int end_request(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    (void)magic;
    (void)sip;
    if (nta_outgoing_status(request) >= 200)
        nta_outgoing_destroy(request);
    return 0;
}

static void the_inside_of_tls_is_seen_by_both_ends(void **state)
{
    (void)state;
    struct scene scene;
    struct seen client = {.scene = &scene}, server = {.scene = &scene};
    struct tls_fault fault;
    char url[64], body[6000];
    struct tls_profile *profile =
        tls_profile_new(&(struct tls_config){.verify = TLS_VERIFY_SKIP}, &fault);
    assert_non_null(profile);
    open_scene(&scene, false);
    const struct agent_config config = {.address = "127.0.0.1", .tls = profile};
    struct agent *ends[2] = {agent_new(scene.loop, &config), agent_new(scene.loop, &config)};
    assert_true(ends[0] && ends[1]);
    nta_leg_t *leg = nta_leg_tcreate(
        ends[0]->nta, refuse, NULL, SIPTAG_FROM_STR("<sip:a@test.example>"),
        SIPTAG_TO_STR("<sip:a@test.example>"), SIPTAG_CALL_ID_STR("inside"), TAG_END());
    assert_non_null(leg);
    nta_leg_tag(leg, "ours");
    wire_watch(&client.watch, "inside", "ours", take, &client);
    wire_watch(&server.watch, "inside", "theirs", take, &server);
    snprintf(url, sizeof url, "sips:127.0.0.1:%s;transport=tls", ends[1]->tls_port);
    /* More than one buffer of the stack. */
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    assert_non_null(nta_outgoing_tcreate(leg, end_request, NULL, (url_string_t *)url,
                                         SIP_METHOD_OPTIONS, (url_string_t *)"sip:test.example",
                                         SIPTAG_PAYLOAD_STR(body), TAG_END()));
    run(&scene, 4);
    assert_string_equal(client.log, ">OPTIONS <200 ");
    assert_string_equal(server.log, "<OPTIONS >200 ");
    assert_string_equal(client.facts[0].transport, "tls");
    assert_string_equal(client.facts[0].local, server.facts[0].remote);
    assert_string_equal(server.facts[1].local, client.facts[1].remote);
    assert_int_equal(client.facts[0].length, server.facts[0].length);
    assert_true(client.facts[0].length > sizeof body);
    nta_leg_destroy(leg);
    agent_free(ends[0]);
    agent_free(ends[1]);
    close_scene(&scene);
    tls_profile_free(profile);
}

/* ---- who a message is for -------------------------------------------------------------------- */

static void what_came_before_its_watch_waited(void **state)
{
    (void)state;
    struct scene scene;
    struct seen first = {.scene = &scene}, late = {0};
    open_scene(&scene, false);
    wire_watch(&first.watch, "other", "ours", take, &first);
    const char *text = request(&scene, "UDP", "early", "");
    assert_int_equal(send(scene.peer, text, strlen(text), 0), strlen(text));
    text = request(&scene, "UDP", "other", "");
    assert_int_equal(send(scene.peer, text, strlen(text), 0), strlen(text));
    run(&scene, 2);
    wire_watch(&late.watch, "early", "ours", take, &late);
    assert_string_equal(late.log, "<OPTIONS >200 ");
    assert_string_equal(late.facts[0].transport, "udp");
    wire_unwatch(&late.watch);
    /* Once. */
    late.log[0] = '\0';
    wire_watch(&late.watch, "early", "ours", take, &late);
    assert_string_equal(late.log, "");
    close_scene(&scene);
}

static void nobody_looks_on_a_thread_without_an_agent(void **state)
{
    (void)state;
    struct seen seen = {0};
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    wire_watch(&seen.watch, "x", "y", take, &seen);
    static char text[] = "OPTIONS sip:a SIP/2.0\r\nCall-ID: x\r\nFrom: <sip:a>;tag=y\r\n\r\n";
    su_iovec_t piece = {.siv_base = text, .siv_len = sizeof text - 1};
    assert_int_equal(su_vsend(pair[0], &piece, 1, 0, NULL, 0), sizeof text - 1);
    assert_string_equal(seen.log, "");
    wire_unwatch(&seen.watch);
    wire_begin();
    wire_watch(&seen.watch, "x", "y", take, &seen);
    assert_int_equal(su_vsend(pair[0], &piece, 1, 0, NULL, 0), sizeof text - 1);
    assert_string_equal(seen.log, ">OPTIONS ");
    wire_end();
    wire_unwatch(&seen.watch); /* after the end, too */
    assert_int_equal(su_vsend(pair[0], &piece, 1, 0, NULL, 0), sizeof text - 1);
    assert_string_equal(seen.log, ">OPTIONS ");
    close(pair[0]);
    close(pair[1]);
}

static void a_failed_call_keeps_its_error(void **state)
{
    (void)state;
    char byte;
    su_iovec_t piece = {.siv_base = &byte, .siv_len = 1};
    wire_begin();
    assert_int_equal(su_vrecv(-1, &piece, 1, 0, NULL, NULL), -1);
    assert_int_equal(errno, EBADF);
    assert_int_equal(su_vsend(-1, &piece, 1, 0, NULL, 0), -1);
    assert_int_equal(errno, EBADF);
    wire_end();
}

SPECIFICATION(cmocka_unit_test(watched_datagrams_are_seen_both_ways),
              cmocka_unit_test(a_datagram_has_the_time_of_its_arrival_and_not_of_its_reading),
              cmocka_unit_test(a_retransmission_is_known_by_its_bytes),
              cmocka_unit_test(what_the_stack_repeats_by_itself_is_seen),
              cmocka_unit_test(messages_in_pieces_on_a_connection_are_whole),
              cmocka_unit_test(a_descriptor_that_is_used_again_is_another_connection),
              cmocka_unit_test(the_inside_of_tls_is_seen_by_both_ends),
              cmocka_unit_test(what_came_before_its_watch_waited),
              cmocka_unit_test(nobody_looks_on_a_thread_without_an_agent),
              cmocka_unit_test(a_failed_call_keeps_its_error))
