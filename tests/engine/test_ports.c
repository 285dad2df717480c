/* Pairs of sockets, and what their packets are marked with, as the one who gets them sees it. */
#include "support/specification.h"

#include "ports.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT "of this test"
#define PATIENCE_MS 60000 /* only a guard against hanging */

/* A listener that is told the octet of each packet; -1: this machine has no such address. */
static int listener(int family, struct sockaddr_storage *address, socklen_t *length)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(family, SOCK_DGRAM, 0), on = 1;
    bool six = family == AF_INET6;
    *length = six ? sizeof v6 : sizeof v4;
    if (fd < 0 || bind(fd, six ? (void *)&v6 : (void *)&v4, *length) != 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    assert_int_equal(getsockname(fd, (struct sockaddr *)address, length), 0);
    assert_int_equal(setsockopt(fd, six ? IPPROTO_IPV6 : IPPROTO_IP,
                                six ? IPV6_RECVTCLASS : IP_RECVTOS, &on, sizeof on),
                     0);
    return fd;
}

static int octet_of(struct msghdr *message)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_TOS)
            return *CMSG_DATA(part);
        if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_TCLASS) {
            int octet;
            memcpy(&octet, CMSG_DATA(part), sizeof octet);
            return octet;
        }
    }
    return -1;
}

/* Other programs of this machine may send to a port that was theirs a moment ago. */
static int receive_octet(int fd)
{
    char text[sizeof TEXT];
    union {
        struct cmsghdr align;
        char bytes[256];
    } control;
    struct iovec part = {text, sizeof text};
    struct msghdr message;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ssize_t length;
    do {
        message = (struct msghdr){.msg_iov = &part,
                                  .msg_iovlen = 1,
                                  .msg_control = &control,
                                  .msg_controllen = sizeof control};
        assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
        length = recvmsg(fd, &message, 0);
        assert_true(length >= 0);
    } while (length != sizeof text || memcmp(text, TEXT, sizeof text) != 0);
    return octet_of(&message);
}

/* Of RTP and of RTCP. */
static void check(int family, const char *address, uint8_t dscp)
{
    struct ports ports;
    struct sockaddr_storage to = {0};
    socklen_t length;
    int fds[2], peer = listener(family, &to, &length);
    uint16_t port;
    if (peer < 0)
        skip();
    ports_init(&ports, 42000, 42999, (uint64_t)getpid(), 0, 1);
    assert_int_equal(
        ports_open(&ports, address, &(struct port_marks){.dscp = dscp}, &fds[0], &fds[1], &port),
        0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sendto(fds[i], TEXT, sizeof TEXT, 0, (struct sockaddr *)&to, length),
                         sizeof TEXT);
        assert_int_equal(receive_octet(peer), dscp << 2);
        close(fds[i]);
    }
    close(peer);
}

static void packets_of_both_sockets_are_marked(void **state)
{
    (void)state;
    check(AF_INET, "127.0.0.1", 46);
    check(AF_INET, "127.0.0.1", 63);
}

static void without_a_class_they_are_best_effort(void **state)
{
    (void)state;
    check(AF_INET, "127.0.0.1", 0);
}

static void ipv6_has_its_own_field_for_it(void **state)
{
    (void)state;
    check(AF_INET6, "::1", 34);
}

static void a_socket_of_rtcp_that_was_closed_comes_back_as_it_was(void **state)
{
    (void)state;
    struct ports ports;
    struct sockaddr_storage to = {0};
    struct sockaddr_in own;
    socklen_t length, size = sizeof own;
    int fds[2], peer = listener(AF_INET, &to, &length);
    uint16_t port;
    ports_init(&ports, 42000, 42999, (uint64_t)getpid(), 0, 1);
    assert_int_equal(
        ports_open(&ports, "127.0.0.1", &(struct port_marks){.dscp = 46}, &fds[0], &fds[1], &port),
        0);
    assert_int_equal(ports_reopen(fds[0]), -1); /* it is still there */
    close(fds[1]);
    fds[1] = ports_reopen(fds[0]);
    assert_true(fds[1] >= 0);
    assert_int_equal(getsockname(fds[1], (struct sockaddr *)&own, &size), 0);
    assert_int_equal(ntohs(own.sin_port), port + 1);
    assert_int_equal(sendto(fds[1], TEXT, sizeof TEXT, 0, (struct sockaddr *)&to, length),
                     sizeof TEXT);
    assert_int_equal(receive_octet(peer), 46 << 2);
    close(fds[0]);
    close(fds[1]);
    close(peer);
}

static void the_rtcp_port_may_come_later(void **state)
{
    (void)state;
    struct ports ports;
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    uint16_t port;
    int rtp, rtcp;
    ports_init(&ports, 43000, 43999, (uint64_t)getpid(), 0, 1);
    assert_int_equal(
        ports_open(&ports, "127.0.0.1", &(struct port_marks){.dscp = 0}, &rtp, NULL, &port), 0);
    rtcp = ports_reopen(rtp);
    assert_true(rtcp >= 0);
    assert_int_equal(getsockname(rtcp, (struct sockaddr *)&own, &size), 0);
    assert_int_equal(ntohs(own.sin_port), port + 1);
    close(rtp);
    close(rtcp);
}

SPECIFICATION(cmocka_unit_test(packets_of_both_sockets_are_marked),
              cmocka_unit_test(a_socket_of_rtcp_that_was_closed_comes_back_as_it_was),
              cmocka_unit_test(the_rtcp_port_may_come_later),
              cmocka_unit_test(without_a_class_they_are_best_effort),
              cmocka_unit_test(ipv6_has_its_own_field_for_it))
