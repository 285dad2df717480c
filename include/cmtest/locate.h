/*
 * locate: from a name to the servers behind it (RFC 3263 4): NAPTR, SRV, A and AAAA, through
 * sofia-sip's resolver. Asks the network and waits for it: before a run only.
 */
#ifndef CMTEST_LOCATE_H
#define CMTEST_LOCATE_H

#include <netinet/in.h>
#include "cmtest/agent.h"

#define LOCATE_MAX 16

struct locate_query {
    const char *host;                  /* name or numeric address, IPv6 without brackets */
    uint16_t port;                     /* 0: as SRV or the transport says */
    const struct transport *transport; /* NULL: auto, RFC 3263 4.1 */
    bool secure;                       /* auto: only what is secure */
    uint64_t seed;                     /* of the weighted choice among equals (RFC 2782) */
};

/* Servers in the order in which they are to be tried; strings inside. IPv4 before IPv6 for one
 * name: most SIP servers listen on nothing else. */
struct located {
    struct agent_server servers[LOCATE_MAX];
    char hosts[LOCATE_MAX][INET6_ADDRSTRLEN];
    size_t count;  /* 0: none */
    char why[160]; /* then, one sentence that names what was asked */
};

/* The resolver reads /etc/resolv.conf, or the file that CMTEST_RESOLV_CONF names. */
void locate(const struct locate_query *query, struct located *located);

#endif
