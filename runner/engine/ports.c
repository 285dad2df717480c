#include "ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

void ports_init(struct ports *ports, uint16_t first, uint16_t last, uint64_t seed, uint32_t worker,
                uint32_t workers)
{
    uint64_t pairs = last > first ? (uint64_t)(last - first + 1) / 2 : 1;
    uint64_t pair = (seed % pairs + worker * pairs / workers) % pairs;
    *ports = (struct ports){first, last, (uint16_t)(first + 2 * pair)};
}

/* What the routers on the way see: six bits of the TOS octet (RFC 2474). */
static bool mark(int fd, int family, uint8_t dscp)
{
    int octet = dscp << 2;
    if (!dscp)
        return true;
    return family == AF_INET6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &octet, sizeof octet) == 0
                              : setsockopt(fd, IPPROTO_IP, IP_TOS, &octet, sizeof octet) == 0;
}

static bool give_room(int fd, uint32_t bytes)
{
    int room = (int)bytes;
    return !bytes || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room) == 0;
}

static int bind_port(const char *address, uint16_t port, const struct port_marks *marks, int *fd)
{
    char service[8];
    snprintf(service, sizeof service, "%u", port);
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found;
    if (getaddrinfo(address, service, &hints, &found) != 0)
        return EADDRNOTAVAIL;
    *fd = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, failed = 0;
    if (*fd < 0 || setsockopt(*fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ||
        !mark(*fd, found->ai_family, marks->dscp) || !give_room(*fd, marks->receive_buffer) ||
        bind(*fd, found->ai_addr, found->ai_addrlen) < 0)
        failed = errno;
    freeaddrinfo(found);
    if (failed && *fd >= 0)
        close(*fd);
    return failed;
}

int ports_open(struct ports *ports, const char *address, const struct port_marks *marks,
               int *rtp_fd, int *rtcp_fd, uint16_t *rtp_port)
{
    for (int tries = 0; tries < (ports->last - ports->first + 1) / 2; tries++) {
        uint16_t port = ports->next;
        ports->next = port + 3 > ports->last ? ports->first : (uint16_t)(port + 2);
        int failed = bind_port(address, port, marks, rtp_fd);
        if (!failed) {
            if (rtcp_fd)
                failed = bind_port(address, (uint16_t)(port + 1), marks, rtcp_fd);
            if (!failed) {
                *rtp_port = port;
                return 0;
            }
            close(*rtp_fd);
        }
        if (failed != EADDRINUSE && failed != EACCES)
            return failed;
    }
    return EADDRINUSE;
}

/* Of two sockets of the same family. */
static bool copy_marks(int from, int to, int family)
{
    int level = family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP, octet, room, on = 1;
    int name = family == AF_INET6 ? IPV6_TCLASS : IP_TOS;
    socklen_t size = sizeof(int);
    /* The kernel tells twice what it was asked for. */
    return getsockopt(from, level, name, &octet, &size) == 0 &&
           getsockopt(from, SOL_SOCKET, SO_RCVBUF, &room, &size) == 0 && (room /= 2) > 0 &&
           setsockopt(to, level, name, &octet, sizeof octet) == 0 &&
           setsockopt(to, SOL_SOCKET, SO_RCVBUF, &room, sizeof room) == 0 &&
           setsockopt(to, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0;
}

int ports_reopen(int rtp_fd)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    if (getsockname(rtp_fd, (struct sockaddr *)&address, &length) != 0)
        return -1;
    /* The port stands at the same place in both families. */
    struct sockaddr_in *ip = (void *)&address;
    ip->sin_port = htons((uint16_t)(ntohs(ip->sin_port) + 1));
    int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && copy_marks(rtp_fd, fd, address.ss_family) &&
        bind(fd, (const struct sockaddr *)&address, length) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}
