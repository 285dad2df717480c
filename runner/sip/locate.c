#include "cmtest/locate.h"
#include "cmtest/text.h"
#include "cmtest/loop.h"
#include "cmtest/random.h"
#include "resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PATIENCE_S 5
/* Of the records of one answer, so many are looked at. */
#define RECORDS_MAX 32

struct search {
    const struct locate_query *query;
    struct located *located;
    struct resolver *resolver;
    struct random random;
    int64_t patience_ns;
    bool refused; /* SRV says that there is no such service (RFC 2782: target ".") */
};

static void add(struct located *located, const char *host, uint16_t port,
                const struct transport *transport)
{
    for (size_t i = 0; i < located->count; i++)
        if (located->servers[i].port == port && located->servers[i].transport == transport &&
            strcmp(located->hosts[i], host) == 0)
            return;
    if (located->count == LOCATE_MAX)
        return;
    char *kept = located->hosts[located->count];
    text_copy(kept, INET6_ADDRSTRLEN, host);
    located->servers[located->count++] =
        (struct agent_server){.host = kept, .port = port, .transport = transport};
}

/* ---- addresses of one name ------------------------------------------------------------------- */

static size_t from_hosts(struct search *search, const char *name, uint16_t port,
                         const struct transport *transport)
{
    static const int families[] = {AF_INET, AF_INET6};
    char addresses[LOCATE_MAX][INET6_ADDRSTRLEN];
    size_t total = 0;
    for (int i = 0; i < 2; i++) {
        size_t count = hosts_find(name, families[i], addresses, LOCATE_MAX);
        for (size_t k = 0; k < count; k++)
            add(search->located, addresses[k], port, transport);
        total += count;
    }
    return total;
}

static size_t from_dns(struct search *search, const char *name, uint16_t port,
                       const struct transport *transport)
{
    size_t total = 0;
    for (int i = 0; i < 2; i++) {
        uint16_t type = i ? sres_type_aaaa : sres_type_a;
        sres_record_t **records = resolver_ask(search->resolver, type, name);
        for (size_t k = 0; records && records[k] && k < RECORDS_MAX; k++, total++) {
            char text[INET6_ADDRSTRLEN];
            const void *ip =
                i ? (const void *)&records[k]->sr_aaaa->aaaa_addr : &records[k]->sr_a->a_addr;
            if (inet_ntop(i ? AF_INET6 : AF_INET, ip, text, sizeof text))
                add(search->located, text, port, transport);
        }
        resolver_drop(search->resolver, records);
    }
    return total;
}

/* What else this machine knows names by (mDNS, LDAP, search domains). Only when its DNS is alive,
 * since this may ask it again and cannot be bounded. */
static size_t from_system(struct search *search, const char *name, uint16_t port,
                          const struct transport *transport)
{
    static const int families[] = {AF_INET, AF_INET6};
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *found = NULL;
    size_t total = 0;
    if (resolver_outcome(search->resolver) == RESOLVED_SILENCE || resolver_file() ||
        getaddrinfo(name, NULL, &hints, &found) != 0)
        return 0;
    for (int i = 0; i < 2; i++)
        for (const struct addrinfo *at = found; at; at = at->ai_next) {
            char host[INET6_ADDRSTRLEN];
            if (at->ai_family != families[i] ||
                getnameinfo(at->ai_addr, at->ai_addrlen, host, sizeof host, NULL, 0,
                            NI_NUMERICHOST) != 0)
                continue;
            add(search->located, host, port, transport);
            total++;
        }
    freeaddrinfo(found);
    return total;
}

static void add_name(struct search *search, const char *name, uint16_t port,
                     const struct transport *transport)
{
    if (!from_hosts(search, name, port, transport) && !from_dns(search, name, port, transport))
        from_system(search, name, port, transport);
}

/* ---- SRV ------------------------------------------------------------------------------------- */

/* RFC 2782: the lowest priority first, and among equals by lot, the heavier the likelier. */
static size_t draw(struct search *search, sres_srv_record_t *const *left, size_t count)
{
    uint64_t total = 0, mark;
    uint16_t priority = UINT16_MAX;
    for (size_t i = 0; i < count; i++)
        if (left[i]->srv_priority < priority)
            priority = left[i]->srv_priority;
    for (size_t i = 0; i < count; i++)
        total += left[i]->srv_priority == priority ? left[i]->srv_weight : 0u;
    mark = random_below(&search->random, total + 1);
    size_t chosen = count;
    for (int weighted = 0; weighted < 2; weighted++) /* those without weight come first */
        for (size_t i = 0; i < count; i++) {
            if (left[i]->srv_priority != priority || (left[i]->srv_weight > 0) != weighted)
                continue;
            chosen = i;
            if (left[i]->srv_weight >= mark)
                return chosen;
            mark -= left[i]->srv_weight;
        }
    return chosen;
}

/* Whether there are any. */
static bool add_service(struct search *search, const char *name, const struct transport *transport)
{
    sres_srv_record_t *left[RECORDS_MAX];
    size_t count = 0;
    sres_record_t **records = resolver_ask(search->resolver, sres_type_srv, name);
    while (records && count < RECORDS_MAX && records[count]) {
        left[count] = records[count]->sr_srv;
        count++;
    }
    bool any = count > 0;
    while (count > 0) {
        size_t next = draw(search, left, count);
        const sres_srv_record_t *srv = left[next];
        if (srv->srv_target[0] == '\0' || strcmp(srv->srv_target, ".") == 0)
            search->refused = true;
        else
            add_name(search, srv->srv_target, srv->srv_port, transport);
        left[next] = left[--count];
    }
    resolver_drop(search->resolver, records);
    return any;
}

static bool add_usual_service(struct search *search, const struct transport *transport)
{
    char name[320];
    snprintf(name, sizeof name, "%s%s", transport->srv, search->query->host);
    return add_service(search, name, transport);
}

/* ---- NAPTR ----------------------------------------------------------------------------------- */

static const struct transport *offered(const struct search *search, const sres_naptr_record_t *row)
{
    if (strcasecmp(row->na_flags, "s") != 0 || row->na_regexp[0])
        return NULL;
    for (size_t i = 0; transports[i]; i++)
        if (strcasecmp(row->na_services, transports[i]->naptr) == 0)
            return transports[i]->secure || !search->query->secure ? transports[i] : NULL;
    return NULL;
}

/* Sorted by order and preference already. Whether one of them is for us (RFC 3263 4.1). */
static bool add_by_naptr(struct search *search)
{
    sres_record_t **records = resolver_ask(search->resolver, sres_type_naptr, search->query->host);
    bool any = false;
    for (size_t i = 0; records && records[i] && i < RECORDS_MAX; i++) {
        const struct transport *transport = offered(search, records[i]->sr_naptr);
        if (!transport)
            continue;
        any = true;
        add_service(search, records[i]->sr_naptr->na_replace, transport);
    }
    resolver_drop(search->resolver, records);
    return any;
}

static bool add_by_srv(struct search *search)
{
    bool any = false;
    for (size_t i = 0; transports[i]; i++)
        if (transports[i]->secure || !search->query->secure)
            any |= add_usual_service(search, transports[i]);
    return any;
}

/* ---- all --------------------------------------------------------------------------------------
 */

static bool is_numeric(const char *host)
{
    struct in6_addr ip;
    return inet_pton(AF_INET, host, &ip) == 1 || inet_pton(AF_INET6, host, &ip) == 1;
}

static bool is_in_hosts(const char *host)
{
    char address[1][INET6_ADDRSTRLEN];
    return hosts_find(host, AF_INET, address, 1) || hosts_find(host, AF_INET6, address, 1);
}

static void say_why(const struct search *search)
{
    char *why = search->located->why;
    size_t size = sizeof search->located->why;
    const char *host = search->query->host;
    if (search->refused)
        snprintf(why, size, "DNS says that %.80s has no such SIP service (SRV target \".\")", host);
    else if (resolver_outcome(search->resolver) == RESOLVED_SILENCE)
        snprintf(why, size, "no DNS server answered within %g s when asked for %.80s",
                 (double)search->patience_ns / NS_PER_S, host);
    else if (resolver_outcome(search->resolver) == RESOLVED_FAILURE)
        snprintf(why, size, "the DNS server could not answer when asked for %.80s", host);
    else if (resolver_outcome(search->resolver) == RESOLVED_NO_NAME)
        snprintf(why, size, "DNS knows no name %.100s", host);
    else
        snprintf(why, size, "DNS has no address for %.100s", host);
}

static void by_dns(struct search *search)
{
    const struct locate_query *query = search->query;
    const struct transport *usual = query->transport ? query->transport
                                    : query->secure  ? transport_find("tls")
                                                     : transport_find("udp");
    bool found = false;
    if (!query->port && !query->transport)
        found = add_by_naptr(search) || add_by_srv(search);
    else if (!query->port)
        found = add_usual_service(search, query->transport);
    if (!found)
        add_name(search, query->host, query->port ? query->port : usual->port, usual);
    if (!search->located->count)
        say_why(search);
}

void locate(const struct locate_query *query, struct located *located)
{
    locate_within(query, PATIENCE_S * NS_PER_S, located);
}

void locate_within(const struct locate_query *query, int64_t patience_ns, struct located *located)
{
    const struct transport *usual = query->transport ? query->transport
                                    : query->secure  ? transport_find("tls")
                                                     : transport_find("udp");
    uint16_t port = query->port ? query->port : usual->port;
    struct search search = {.query = query, .located = located, .patience_ns = patience_ns};
    located->count = 0;
    located->why[0] = '\0';
    random_init(&search.random, query->seed);
    if (is_numeric(query->host)) {
        add(located, query->host, port, usual);
        return;
    }
    /* What the machine itself says of a name is an address; it has no services. */
    if (is_in_hosts(query->host)) {
        from_hosts(&search, query->host, port, usual);
        return;
    }
    search.resolver = resolver_new(clock_now() + patience_ns);
    if (!search.resolver) {
        snprintf(located->why, sizeof located->why, "no resolver for %.80s: %s", query->host,
                 strerror(errno));
        return;
    }
    by_dns(&search);
    resolver_free(search.resolver);
}
