#include "registrar_core.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/tport_tag.h>
#include <sofia-sip/url.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "cmtest/arena.h"

#define BIND_ATTEMPTS 50
#define MESSAGE_LIMIT 65535
#define SOCKET_BUFFER (4 * 1024 * 1024)

bool registrar_serves(const struct registrar *registrar, const url_t *url)
{
    if (!url->url_host || (url->url_type != url_sip && url->url_type != url_sips))
        return false;
    const char *port = url->url_port && *url->url_port ? url->url_port : NULL;
    bool same_port = strcmp(port ? port : "5060", registrar->port_text) == 0;
    if (strcasecmp(url->url_host, registrar->address) == 0 && same_port)
        return true;
    return strcasecmp(url->url_host, registrar->realm) == 0 && (!port || same_port);
}

/* Not through a NUL: "alice%00x" is not alice. */
static bool unescape_user(const url_t *url, char *out, size_t size)
{
    if (!url->url_user || strlen(url->url_user) >= size || strstr(url->url_user, "%00"))
        return false;
    url_unescape(out, url->url_user);
    return true;
}

bool registrar_names(const url_t *url, const char *username)
{
    char user[256];
    return unescape_user(url, user, sizeof user) && strcmp(user, username) == 0;
}

struct account *registrar_account(const struct registrar *registrar, const url_t *url)
{
    char user[256];
    return unescape_user(url, user, sizeof user) ? location_find(&registrar->location, user) : NULL;
}

bool registrar_is_loopback(const url_t *url)
{
    char host[64];
    size_t length = url->url_host ? strlen(url->url_host) : 0;
    if (length == 0 || length >= sizeof host || url_has_param(url, "maddr"))
        return false;
    bool bracketed = url->url_host[0] == '[' && url->url_host[length - 1] == ']' && length > 2;
    snprintf(host, sizeof host, "%.*s", (int)(bracketed ? length - 2 : length),
             url->url_host + bracketed);
    struct in_addr four;
    struct in6_addr six;
    if (!bracketed && inet_pton(AF_INET, host, &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/* ---- which request goes where ---- */

static void serve(struct registrar *registrar, msg_t *msg, sip_t *sip)
{
    struct passage passage = registrar_take_routes(registrar, msg, sip);
    sip_method_t method = sip->sip_request->rq_method;
    const url_t *uri = sip->sip_request->rq_url;
    bool own = !sip->sip_route && registrar_serves(registrar, uri);
    bool nobody = !uri->url_user || !*uri->url_user;
    if (method == sip_method_cancel)
        registrar_reply(registrar, msg, SIP_481_NO_TRANSACTION, TAG_END());
    else if (uri->url_type != url_sip && method != sip_method_ack)
        registrar_reply(registrar, msg, SIP_416_UNSUPPORTED_URI, TAG_END());
    else if (uri->url_headers && method != sip_method_ack)
        registrar_reply(registrar, msg, 400, "Headers In Request-URI", TAG_END());
    else if (method == sip_method_register && own)
        registrar_register(registrar, msg, sip);
    else if (method == sip_method_register)
        registrar_reply(registrar, msg, 403, "Not This Domain", TAG_END());
    else if (method == sip_method_options && own && nobody)
        registrar_reply(registrar, msg, SIP_200_OK, SIPTAG_ALLOW_STR(REGISTRAR_ALLOW), TAG_END());
    else
        registrar_proxy(registrar, msg, sip, passage);
}

static int receive(struct registrar *registrar, nta_agent_t *agent, msg_t *msg, sip_t *sip)
{
    (void)agent;
    if (sip->sip_status)
        relay_stray_response(registrar, msg, sip);
    else
        serve(registrar, msg, sip);
    return 0;
}

/* ---- sockets ---- */

static nta_agent_t *open_agent(struct registrar *registrar, const char *host, uint16_t port)
{
    char url[128], number[8] = "*";
    if (port)
        snprintf(number, sizeof number, "%u", (unsigned)port);
    snprintf(url, sizeof url, "sip:%s:%s;transport=udp", host, number);
    /* Loopback carries 64 kB, so nothing must move to TCP for its size. Timer C is the relay's. */
    return nta_agent_create(
        loop_su_root(registrar->loop), URL_STRING_MAKE(url), receive, registrar, NTATAG_UA(0),
        NTATAG_SERVER_RPORT(1), NTATAG_CANCEL_487(0), NTATAG_TIMER_C(NTA_TIME_MAX),
        NTATAG_MAX_PROCEEDING(1000000), NTATAG_UDP_MTU(65535), NTATAG_MAXSIZE(MESSAGE_LIMIT),
        NTATAG_BAD_REQ_MASK((unsigned)~(sip_mask_response | sip_mask_pref | sip_mask_privacy)),
        TPTAG_UDP_RMEM(SOCKET_BUFFER), TPTAG_UDP_WMEM(SOCKET_BUFFER), TPTAG_STUN_SERVER(0),
        TAG_END());
}

/* UDP first; TCP must then get the same number. */
static bool open_both(struct registrar *registrar, const char *host, uint16_t port)
{
    registrar->agent = open_agent(registrar, host, port);
    if (!registrar->agent)
        return false;
    const sip_via_t *via = nta_agent_via(registrar->agent);
    const char *number = via && via->v_port ? via->v_port : "5060";
    char url[128];
    snprintf(registrar->port_text, sizeof registrar->port_text, "%s", number);
    snprintf(url, sizeof url, "sip:%s:%s;transport=tcp", host, registrar->port_text);
    if (nta_agent_add_tport(registrar->agent, URL_STRING_MAKE(url), TPTAG_QUEUESIZE(1024),
                            TAG_END()) == 0)
        return true;
    nta_agent_destroy(registrar->agent);
    registrar->agent = NULL;
    return false;
}

/* sofia-sip loses the reason of a failed bind, so it is asked for again. */
static int why_not_bound(const char *address, uint16_t port)
{
    static const int kinds[] = {SOCK_DGRAM, SOCK_STREAM};
    char number[8];
    int why = 0;
    snprintf(number, sizeof number, "%u", (unsigned)port);
    for (size_t i = 0; i < 2 && !why; i++) {
        struct addrinfo hints = {.ai_socktype = kinds[i],
                                 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
        struct addrinfo *found = NULL;
        if (getaddrinfo(address, number, &hints, &found) != 0)
            return EADDRNOTAVAIL;
        int fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, 0);
        if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) < 0)
            why = errno;
        if (fd >= 0)
            close(fd);
        freeaddrinfo(found);
    }
    return why ? why : EADDRINUSE;
}

static bool open_sockets(struct registrar *registrar, const char *address, uint16_t port)
{
    bool open = false;
    for (int attempt = 0; attempt < (port ? 1 : BIND_ATTEMPTS) && !open; attempt++)
        open = open_both(registrar, registrar->address, port);
    if (!open) {
        errno = why_not_bound(address, port);
        return false;
    }
    registrar->port = (uint16_t)strtoul(registrar->port_text, NULL, 10);
    static const char *const transports[] = {[CARRIER_UDP] = "udp", [CARRIER_TCP] = "tcp"};
    for (size_t i = 0; i < 2; i++)
        snprintf(registrar->record_route[i], sizeof registrar->record_route[i],
                 "<sip:%s:%s;transport=%s;lr>", registrar->address, registrar->port_text,
                 transports[i]);
    return true;
}

static char *address_of(const char *address)
{
    /* A URI wants brackets around IPv6. */
    if (!strchr(address, ':') || address[0] == '[')
        return mem_strdup(address);
    size_t size = strlen(address) + 3;
    char *bracketed = mem_alloc(size);
    snprintf(bracketed, size, "[%s]", address);
    return bracketed;
}

struct registrar *registrar_new(struct loop *loop, const struct registrar_config *config)
{
    struct registrar *registrar = mem_alloc(sizeof *registrar);
    registrar->loop = loop;
    registrar->address = address_of(config->address);
    registrar->realm = mem_strdup(config->realm);
    registrar->algorithm = config->algorithm;
    registrar->expires_max = config->expires_max > 0 ? config->expires_max : 3600;
    registrar->ringing_limit_ns = 185 * NS_PER_S;
    registrar->cancel_patience_ns = 32 * NS_PER_S;
    location_init(&registrar->location, config->accounts, config->account_count);
    nonces_init(&registrar->nonces);
    url_t url[1];
    url_init(url, url_sip);
    url->url_host = registrar->address;
    bool local = registrar_is_loopback(url);
    if (!local)
        errno = EADDRNOTAVAIL;
    if (local && open_sockets(registrar, config->address, config->port))
        return registrar;
    int why = errno;
    registrar_free(registrar);
    errno = why;
    return NULL;
}

void registrar_free(struct registrar *registrar)
{
    if (!registrar)
        return;
    relay_free_all(registrar);
    if (registrar->agent)
        nta_agent_destroy(registrar->agent);
    location_fini(&registrar->location);
    nonces_fini(&registrar->nonces);
    free(registrar->address);
    free(registrar->realm);
    free(registrar);
}

uint16_t registrar_port(const struct registrar *registrar)
{
    return registrar->port;
}

void registrar_counts(const struct registrar *registrar, struct registrar_counts *counts)
{
    *counts = registrar->counts;
    counts->bindings = location_bindings(&registrar->location, clock_now());
}
