/*
 * moments: times and addresses that only an endpoint's timeline tells. Private to runner/verdict.
 */
#ifndef VERDICT_MOMENTS_H
#define VERDICT_MOMENTS_H

#include "cmtest/result.h"

/* UTC nanoseconds, or EVENT_NONE. */
int64_t moment_sent(const struct result_endpoint *endpoint, const char *method);
int64_t moment_phase(const struct result_endpoint *endpoint, enum endpoint_phase phase);
/* When the binding was granted. */
int64_t moment_registered(const struct result_endpoint *endpoint);

/* address:port that the endpoint's SIP messages went to or came from; NULL when not known. */
const char *moment_signalling(const struct result_endpoint *endpoint);

/* Of "address:port[/transport]", IPv6 in brackets. A name is neither private nor public. Private:
 * RFC 1918, 6598 and 4193, and link-local. Public: neither that nor loopback. */
bool address_is_private(const char *address);
bool address_is_public(const char *address);

#endif
