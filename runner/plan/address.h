/* address: hosts and URIs as they may be written in a spec. Pure functions. */
#ifndef CMTEST_PLAN_ADDRESS_H
#define CMTEST_PLAN_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
    char host[256]; /* without brackets */
    uint16_t port;  /* 0: not given */
    bool ipv6;
};

/* host, host:port, [ipv6], [ipv6]:port. NULL when it is one; else what is wrong (static). */
const char *address_parse(const char *text, struct address *address);

/* A name of RFC 1123 or an IPv4 address, a dot at its end allowed: NULL; else what is wrong. */
const char *host_fault(const char *host);

/* Whether a spec's call is meant as a URI and not as a group name. */
bool uri_looks_like_one(const char *text);
/* NULL when it is a SIP URI that can be called; else what is wrong (static). */
const char *uri_fault(const char *text);

#endif
