/* Datagrams that wait in a socket together are taken together, and none is lost or heard twice. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "sip_private.h"
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sofia-sip/su.h>

#define TURNS_MAX 2000

struct scene {
    struct loop *loop;
    struct agent *agent;
    int peer;
    uint16_t port; /* its own */
};

static int bound_socket(struct sockaddr_in *address)
{
    socklen_t size = sizeof *address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    *address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(bind(fd, (struct sockaddr *)address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)address, &size), 0);
    return fd;
}

static void open_scene(struct scene *scene)
{
    struct sockaddr_in address;
    scene->loop = loop_new();
    scene->agent = agent_new(scene->loop, &(struct agent_config){.address = "127.0.0.1"});
    assert_non_null(scene->agent);
    scene->peer = bound_socket(&address);
    scene->port = ntohs(address.sin_port);
    address.sin_port = htons(agent_port(scene->agent));
    assert_int_equal(connect(scene->peer, (struct sockaddr *)&address, sizeof address), 0);
}

static void close_scene(struct scene *scene)
{
    agent_free(scene->agent);
    loop_free(scene->loop);
    close(scene->peer);
}

static void ask(const struct scene *scene, unsigned number)
{
    char text[512];
    int length = snprintf(text, sizeof text,
                          "OPTIONS sip:127.0.0.1 SIP/2.0\r\n"
                          "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-%u;rport\r\n"
                          "Max-Forwards: 70\r\nf: <sip:raw@test.example>;tag=theirs\r\n"
                          "t: <sip:127.0.0.1>\r\ni: ahead\r\nCSeq: %u OPTIONS\r\nl: 0\r\n\r\n",
                          scene->port, number, number);
    assert_int_equal(send(scene->peer, text, (size_t)length, 0), length);
}

/* Waits for the answers to the requests of these numbers; returns in how many turns they came. */
static unsigned answered(const struct scene *scene, unsigned from, unsigned to)
{
    unsigned turns = 0;
    for (unsigned number = from; number <= to;) {
        char answer[2048], cseq[32];
        ssize_t got = recv(scene->peer, answer, sizeof answer - 1, MSG_DONTWAIT);
        if (got < 0) {
            assert_true(turns++ < TURNS_MAX);
            loop_step(scene->loop);
            continue;
        }
        answer[got] = '\0';
        snprintf(cseq, sizeof cseq, "CSeq: %u OPTIONS\r\n", number++);
        assert_memory_equal(answer, "SIP/2.0 200 ", 12);
        assert_non_null(strstr(answer, cseq));
    }
    return turns;
}

static void what_waits_is_answered_in_a_few_turns_and_in_its_order(void **state)
{
    struct scene scene;
    (void)state;
    open_scene(&scene);
    ask(&scene, 1);
    answered(&scene, 1, 1);
    for (unsigned number = 2; number <= 21; number++)
        ask(&scene, number);
    assert_in_range(answered(&scene, 2, 21), 1, 10);
    close_scene(&scene);
}

/* An empty datagram and one of a single byte are no messages, and hide none. */
static void what_is_no_message_takes_none_with_it(void **state)
{
    struct scene scene;
    (void)state;
    open_scene(&scene);
    ask(&scene, 1);
    answered(&scene, 1, 1);
    for (unsigned number = 2; number <= 9; number++) {
        assert_int_equal(send(scene.peer, "", 0, 0), 0);
        ask(&scene, number);
        assert_int_equal(send(scene.peer, "x", number % 2, 0), number % 2);
    }
    answered(&scene, 2, 9);
    close_scene(&scene);
}

static void what_was_read_of_a_socket_is_gone_with_it(void **state)
{
    struct sockaddr_in own, next;
    int fd = bound_socket(&own);
    char byte = 'x';
    su_iovec_t piece = {.siv_base = &byte, .siv_len = 1};
    (void)state;
    wire_begin();
    assert_int_equal(su_vsend(fd, &piece, 1, 0, (su_sockaddr_t *)&own, sizeof own), 1);
    assert_int_equal(su_getmsgsize(fd), 1);
    assert_int_equal(su_close(fd), 0);
    int again = bound_socket(&next);
    assert_int_equal(again, fd);
    assert_int_equal(su_vrecv(again, &piece, 1, MSG_DONTWAIT, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
    wire_end();
    close(again);
}

/* RFC 1122 4.1.3.3: the ICMP error is of an earlier datagram. */
static void an_error_of_an_earlier_datagram_hinders_no_later_one(void **state)
{
    struct sockaddr_in gone, there, own;
    int closed = bound_socket(&gone), peer = bound_socket(&there), fd = bound_socket(&own);
    char byte = 'x';
    int on = 1;
    su_iovec_t piece = {.siv_base = &byte, .siv_len = 1};
    (void)state;
    close(closed);
    wire_begin();
    assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on), 0);
    assert_int_equal(su_vsend(fd, &piece, 1, 0, (su_sockaddr_t *)&gone, sizeof gone), 1);
    struct pollfd wait = {.fd = fd};
    assert_int_equal(poll(&wait, 1, 10000), 1);
    assert_int_equal(su_soerror(fd), 0); /* as the stack asks before it sends */
    assert_int_equal(su_vsend(fd, &piece, 1, 0, (su_sockaddr_t *)&there, sizeof there), 1);
    assert_int_equal(recv(peer, &byte, 1, 0), 1);
    wire_end();
    close(fd);
    close(peer);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(what_waits_is_answered_in_a_few_turns_and_in_its_order),
              cmocka_unit_test(what_is_no_message_takes_none_with_it),
              cmocka_unit_test(what_was_read_of_a_socket_is_gone_with_it),
              cmocka_unit_test(an_error_of_an_earlier_datagram_hinders_no_later_one))
/* clang-format on */
