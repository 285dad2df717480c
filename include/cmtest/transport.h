/*
 * transport: what SIP is carried over. One row per transport under runner/sip/transports/.
 */
#ifndef CMTEST_TRANSPORT_H
#define CMTEST_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct transport {
    const char *name; /* "tls": in a spec, in a URI's transport parameter, in reports */
    const char *help;
    const char *standard;
    uint16_t port;     /* default, RFC 3261 19.1.2 */
    const char *naptr; /* its NAPTR service, "SIPS+D2T" (RFC 3263 4.1) */
    const char *srv;   /* prefix of its SRV name, "_sips._tcp." */
    bool stream, secure;
};

/* NULL-terminated. */
extern const struct transport *const transports[];
const struct transport *transport_find(const char *name);

#endif
