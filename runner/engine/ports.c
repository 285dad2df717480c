#include "ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

void ports_init(struct ports *ports, uint16_t first, uint16_t last, uint64_t seed)
{
    uint64_t pairs = last > first ? (uint64_t)(last - first + 1) / 2 : 1;
    *ports = (struct ports){first, last, (uint16_t)(first + 2 * (seed % pairs))};
}

static int bind_port(const char *address, uint16_t port, int *fd)
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
        bind(*fd, found->ai_addr, found->ai_addrlen) < 0)
        failed = errno;
    freeaddrinfo(found);
    if (failed && *fd >= 0)
        close(*fd);
    return failed;
}

int ports_open(struct ports *ports, const char *address, int *rtp_fd, int *rtcp_fd,
               uint16_t *rtp_port)
{
    for (int tries = 0; tries < (ports->last - ports->first + 1) / 2; tries++) {
        uint16_t port = ports->next;
        ports->next = port + 3 > ports->last ? ports->first : (uint16_t)(port + 2);
        int failed = bind_port(address, port, rtp_fd);
        if (!failed) {
            failed = bind_port(address, (uint16_t)(port + 1), rtcp_fd);
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
