#include "cmtest/locate.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

void locate(const struct locate_query *query, struct located *located)
{
    static const int families[] = {AF_INET, AF_INET6};
    const struct transport *transport = query->transport ? query->transport : transport_find("udp");
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *found = NULL;
    located->count = 0;
    int failed = getaddrinfo(query->host, NULL, &hints, &found);
    if (failed) {
        snprintf(located->why, sizeof located->why, "%s: %s", query->host,
                 failed == EAI_SYSTEM ? strerror(errno) : gai_strerror(failed));
        return;
    }
    for (int i = 0; i < 2; i++)
        for (struct addrinfo *at = found; at && located->count < LOCATE_MAX; at = at->ai_next) {
            char *host = located->hosts[located->count];
            if (at->ai_family != families[i] ||
                getnameinfo(at->ai_addr, at->ai_addrlen, host, INET6_ADDRSTRLEN, NULL, 0,
                            NI_NUMERICHOST) != 0)
                continue;
            located->servers[located->count++] =
                (struct agent_server){.host = host,
                                      .port = query->port ? query->port : transport->port,
                                      .transport = transport};
        }
    freeaddrinfo(found);
}
