/* What the witness knows of a descriptor. */
#include "wire_private.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

void wire_socket_forget(struct wire_socket *of)
{
    wire_stream_forget(&of->in);
    wire_stream_forget(&of->out);
}

static void address_format(const struct sockaddr_storage *address, char *out, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "";
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    out[0] = '\0';
    if (address->ss_family == AF_INET) {
        inet_ntop(AF_INET, &four->sin_addr, host, sizeof host);
        snprintf(out, size, "%s:%u", host, ntohs(four->sin_port));
    } else if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        inet_ntop(AF_INET, &six->sin6_addr.s6_addr[12], host, sizeof host);
        snprintf(out, size, "%s:%u", host, ntohs(six->sin6_port));
    } else if (address->ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof host);
        snprintf(out, size, "[%s]:%u", host, ntohs(six->sin6_port));
    }
}

void wire_socket_peer(struct wire_socket *of, const void *address, socklen_t length)
{
    struct sockaddr_storage peer = {0};
    if (!address || length == 0 || length > sizeof peer)
        return;
    memcpy(&peer, address, length);
    if (of->remote[0] && memcmp(&peer, &of->peer, sizeof peer) == 0)
        return;
    of->peer = peer;
    address_format(&peer, of->remote, sizeof of->remote);
}

void wire_socket_learn(struct wire_socket *of, int fd, bool secure)
{
    wire_socket_forget(of);
    *of = (struct wire_socket){0};
    int type = SOCK_DGRAM;
    socklen_t length = sizeof type;
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
    of->stream = type != SOCK_DGRAM;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    of->transport = secure ? "tls" : of->stream ? "tcp" : "udp";
    struct sockaddr_storage address = {0};
    length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) == 0)
        address_format(&address, of->local, sizeof of->local);
    length = sizeof address;
    if (of->stream && getpeername(fd, (struct sockaddr *)&address, &length) == 0)
        wire_socket_peer(of, &address, length);
}
