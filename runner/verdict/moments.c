#include "moments.h"

#include <arpa/inet.h>
#include <string.h>

int64_t moment_sent(const struct result_endpoint *endpoint, const char *method)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind == EVENT_MESSAGE && moment->message->sent &&
            moment->message->status == 0 && strcmp(moment->message->method, method) == 0)
            return moment->at_ns;
    }
    return EVENT_NONE;
}

int64_t moment_phase(const struct result_endpoint *endpoint, enum endpoint_phase phase)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind == EVENT_PHASE && moment->phase == phase)
            return moment->at_ns;
    }
    return EVENT_NONE;
}

int64_t moment_registered(const struct result_endpoint *endpoint)
{
    if (!endpoint->registered_known || !endpoint->registration.ok)
        return EVENT_NONE;
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        if (endpoint->timeline[i].kind == EVENT_REGISTRATION)
            return endpoint->timeline[i].at_ns;
    return moment_phase(endpoint, PHASE_REGISTERED);
}

const char *moment_signalling(const struct result_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++) {
        const struct result_moment *moment = &endpoint->timeline[i];
        if (moment->kind == EVENT_MESSAGE && moment->message->route->remote[0])
            return moment->message->route->remote;
    }
    return NULL;
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* The host of "[v6]:port/transport" and "v4:port". */
static void host_of(const char *address, char *out, size_t size)
{
    bool bracket = address[0] == '[';
    const char *from = bracket ? address + 1 : address;
    size_t length = strcspn(from, bracket ? "]" : ":/");
    if (length >= size)
        length = size - 1;
    memcpy(out, from, length);
    out[length] = '\0';
}

enum reach { REACH_UNKNOWN, REACH_LOOPBACK, REACH_PRIVATE, REACH_PUBLIC };

static enum reach reach_of_v4(uint32_t address)
{
    if (address >> 24 == 127 || address == 0)
        return REACH_LOOPBACK;
    if (address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8 ||
        address >> 16 == 0xa9fe || address >> 22 == 0x191)
        return REACH_PRIVATE;
    return REACH_PUBLIC;
}

static enum reach reach_of(const char *address)
{
    char host[INET6_ADDRSTRLEN + 1];
    struct in_addr v4;
    struct in6_addr v6;
    host_of(address, host, sizeof(host));
    if (inet_pton(AF_INET, host, &v4) == 1)
        return reach_of_v4(ntohl(v4.s_addr));
    if (inet_pton(AF_INET6, host, &v6) != 1)
        return REACH_UNKNOWN;
    if (IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_UNSPECIFIED(&v6))
        return REACH_LOOPBACK;
    if (IN6_IS_ADDR_LINKLOCAL(&v6) || (v6.s6_addr[0] & 0xfe) == 0xfc)
        return REACH_PRIVATE;
    return REACH_PUBLIC;
}

bool address_is_private(const char *address)
{
    return reach_of(address) == REACH_PRIVATE;
}

bool address_is_public(const char *address)
{
    return reach_of(address) == REACH_PUBLIC;
}
