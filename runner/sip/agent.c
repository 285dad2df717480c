#include "sip_private.h"
#include "cmtest/arena.h"
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>

/* Kernel buffers for a burst of a whole worker's signalling on one UDP socket. */
#define UDP_BUFFER (4 * 1024 * 1024)
/* A request of any size leaves by UDP. */
#define UDP_ANY 65535
/* How long a pong (RFC 5626 4.4.1) may take. */
#define PONG_MS 10000
/* INVITEs that may wait for an answer at once: all endpoints of a worker. */
#define PROCEEDING_MAX 100000

static int compare_users(const void *a, const void *b)
{
    const struct agent_user *x = a, *y = b;
    return strcmp(x->contact_user, y->contact_user);
}

struct agent_user *agent_find_user(const struct agent *agent, const char *contact_user)
{
    struct agent_user key = {.contact_user = (char *)contact_user};
    void *found = contact_user ? tfind(&key, &agent->users, compare_users) : NULL;
    return found ? *(struct agent_user **)found : NULL;
}

/* The stack loses the errno of what went wrong; the same call by hand has it again. */
static int why_not_bound(const char *address)
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found;
    if (getaddrinfo(address, NULL, &hints, &found) != 0)
        return EADDRNOTAVAIL;
    int fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int why = fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) < 0 ? errno : EADDRNOTAVAIL;
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    return why;
}

/* UDP and TCP on the one ephemeral port: no transport in the URL. */
static bool listen_plainly(struct agent *agent, const struct agent_config *config, const char *host)
{
    char url[INET6_ADDRSTRLEN + 16];
    unsigned crlf_ms = (unsigned)(config->crlf_ns / NS_PER_MS);
    snprintf(url, sizeof url, "sip:%s:*", host);
    agent->nta = nta_agent_create(
        loop_su_root(agent->loop), (url_string_t *)url, NULL, NULL, NTATAG_UA(1),
        NTATAG_UDP_MTU(config->udp_limit ? config->udp_limit : UDP_ANY),
        NTATAG_MAX_PROCEEDING(PROCEEDING_MAX), NTATAG_SERVER_RPORT(1), NTATAG_CLIENT_RPORT(1),
        TPTAG_UDP_RMEM(UDP_BUFFER), TPTAG_UDP_WMEM(UDP_BUFFER), TPTAG_STUN_SERVER(0),
        /* Who waits for a response on a connection that is closed is told at once. */
        TPTAG_SDWN_ERROR(1), TPTAG_PONG2PING(1), TPTAG_KEEPALIVE(crlf_ms),
        TPTAG_PINGPONG(crlf_ms ? PONG_MS : 0), TAG_END());
    const sip_via_t *via = agent->nta ? nta_agent_via(agent->nta) : NULL;
    if (!via || !via->v_port)
        return false;
    text_copy(agent->port, sizeof agent->port, via->v_port);
    return true;
}

static bool listen_securely(struct agent *agent, const struct agent_config *config,
                            const char *host)
{
    char url[INET6_ADDRSTRLEN + 32];
    agent->tls.profile = config->tls;
    snprintf(url, sizeof url, "sips:%s:*;transport=tls", host);
    tls_making(&agent->tls);
    int failed = nta_agent_add_tport(agent->nta, (url_string_t *)url,
                                     TPTAG_CERTIFICATE(TLS_NO_FOLDER), TAG_END());
    tls_made();
    for (const sip_via_t *via = nta_agent_via(agent->nta); via && !failed; via = via->v_next)
        if (via->v_port && strcasecmp(via->v_protocol, sip_transport_tls) == 0)
            text_copy(agent->tls_port, sizeof agent->tls_port, via->v_port);
    return agent->tls_port[0] != '\0';
}

void agent_losses(struct agent_losses *losses)
{
    wire_losses(losses);
}

struct agent *agent_new(struct loop *loop, const struct agent_config *config)
{
    char host[INET6_ADDRSTRLEN + 2];
    struct agent *agent = mem_alloc(sizeof *agent);
    wire_begin();
    host_format(config->address, host, sizeof host);
    agent->loop = loop;
    agent->address = mem_strdup(config->address);
    if (listen_plainly(agent, config, host) &&
        (!config->tls || listen_securely(agent, config, host)))
        agent->outside = nta_leg_tcreate(agent->nta, agent_take_outside, (nta_leg_magic_t *)agent,
                                         NTATAG_NO_DIALOG(1), TAG_END());
    if (!agent->outside) {
        agent_free(agent);
        errno = why_not_bound(config->address);
        return NULL;
    }
    return agent;
}

void agent_free(struct agent *agent)
{
    if (!agent)
        return;
    if (agent->outside)
        nta_leg_destroy(agent->outside);
    if (agent->nta)
        nta_agent_destroy(agent->nta);
    wire_end();
    free(agent->address);
    free(agent);
}

void agent_leave(struct agent *agent)
{
#ifdef __SANITIZE_ADDRESS__
    bool looked_for = true; /* leaks are */
#else
    bool looked_for = false;
#endif
    if (agent && (looked_for || agent->tls_port[0]))
        agent_free(agent);
}

static const char tls_not_answered[] = "the TLS handshake was not answered";

const char *agent_trouble(const struct agent *agent)
{
    if (agent->tls.trouble[0])
        return agent->tls.trouble;
    return agent->trouble[0] || !agent->tls.shaking ? agent->trouble : tls_not_answered;
}

/* error: what the socket said last, 0: nothing. */
static const char *connection_trouble(nta_outgoing_t *request, int error)
{
    tport_t *tport = nta_outgoing_transport(request);
    bool stream = tport && tport_is_tcp(tport);
    bool connecting = stream && !tport_is_connected(tport);
    tport_unref(tport);
    if (nta_outgoing_status(request) == 408)
        return connecting ? "no connection within the time of the request" : "";
    if (error && error != EPIPE && error != ECONNRESET)
        return strerror(error);
    return stream ? "the peer closed the connection" : "";
}

static const char *tls_trouble(struct agent *agent, nta_outgoing_t *request, int error)
{
    tls_last_words(&agent->tls);
    if (agent->tls.trouble[0])
        return agent->tls.trouble;
    if (!agent->tls.shaking)
        return connection_trouble(request, error);
    return nta_outgoing_status(request) == 408
               ? tls_not_answered
               : "the peer closed the connection during the TLS handshake";
}

const char *agent_failure(struct agent *agent, nta_outgoing_t *request)
{
    msg_t *message = nta_outgoing_getrequest(request);
    const sip_t *sip = message ? sip_object(message) : NULL;
    int error = message ? msg_errno(message) : 0;
    bool tls = sip && sip->sip_via && strcasecmp(sip->sip_via->v_protocol, sip_transport_tls) == 0;
    text_copy(agent->trouble, sizeof agent->trouble,
              tls ? tls_trouble(agent, request, error) : connection_trouble(request, error));
    msg_destroy(message);
    return agent->trouble;
}

const char *agent_address(const struct agent *agent)
{
    return agent->address;
}

uint16_t agent_port(const struct agent *agent)
{
    return (uint16_t)strtoul(agent->port, NULL, 10);
}

uint16_t agent_tls_port(const struct agent *agent)
{
    return (uint16_t)strtoul(agent->tls_port, NULL, 10);
}

void host_format(const char *host, char *out, size_t size)
{
    snprintf(out, size, strchr(host, ':') ? "[%s]" : "%s", host);
}

char *user_escape(const char *username)
{
    /* unreserved and user-unreserved of RFC 3261 25.1 */
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.!~*'()&=+$,;?/";
    struct text out = {0};
    text_add(&out, "");
    for (const char *at = username; *at; at++)
        if (strchr(plain, *at))
            text_add_bytes(&out, at, 1);
        else
            text_printf(&out, "%%%02X", (unsigned char)*at);
    return out.data;
}

static char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));
static char *format(const char *pattern, ...)
{
    struct text out = {0};
    va_list args;
    va_start(args, pattern);
    text_vprintf(&out, pattern, args);
    va_end(args);
    return out.data;
}

char *agent_aor(const struct identity *identity)
{
    char domain[256];
    host_format(identity->domain, domain, sizeof domain);
    char *escaped = user_escape(identity->username);
    char *aor = format("sip:%s@%s", escaped, domain);
    free(escaped);
    return aor;
}

/* The URL that the stack sends to: numeric, so that it looks up nothing. */
static void point_at_server(struct agent_user *user)
{
    const struct agent_server *server = agent_user_server(user);
    char host[INET6_ADDRSTRLEN + 2];
    host_format(server->host, host, sizeof host);
    free(user->url);
    user->url =
        format("sip:%s:%u;transport=%s", host,
               server->port ? server->port : server->transport->port, server->transport->name);
}

const struct agent_server *agent_user_server(const struct agent_user *user)
{
    return &user->identity->servers[user->server];
}

/* Where the peer reaches us: over what we reach it. */
static char *contact_of(const struct agent_user *user, const struct transport *transport)
{
    const struct agent *agent = user->agent;
    char address[INET6_ADDRSTRLEN + 2];
    host_format(agent->address, address, sizeof address);
    const char *port = transport->secure ? agent->tls_port : agent->port;
    return transport->stream ? format("<sip:%s@%s:%s;transport=%s>", user->contact_user, address,
                                      port, transport->name)
                             : format("<sip:%s@%s:%s>", user->contact_user, address, port);
}

bool agent_user_failover(struct agent_user *user)
{
    if (user->server + 1 >= user->identity->server_count)
        return false;
    user->server++;
    point_at_server(user);
    free(user->contact);
    user->contact = contact_of(user, agent_user_server(user)->transport);
    return true;
}

struct agent_user *agent_user_new(struct agent *agent, const struct identity *identity, uint32_t id,
                                  agent_invited_fn *invited, void *owner)
{
    struct agent_user *user = mem_alloc(sizeof *user);
    char *escaped = user_escape(identity->username);
    user->agent = agent;
    user->identity = identity;
    user->invited = invited;
    user->owner = owner;
    user->contact_user = mem_strdup(escaped);
    for (uint32_t suffix = id; agent_find_user(agent, user->contact_user); suffix++) {
        free(user->contact_user);
        user->contact_user = format("%s-%u", escaped, suffix);
    }
    user->aor = agent_aor(identity);
    user->name = format("<%s>", user->aor);
    user->route = identity->route;
    user->contact = contact_of(user, identity->servers[0].transport);
    point_at_server(user);
    free(escaped);
    if (!tsearch(user, &agent->users, compare_users))
        abort();
    return user;
}

void agent_user_free(struct agent_user *user)
{
    if (!user)
        return;
    if (agent_find_user(user->agent, user->contact_user) == user)
        tdelete(user, &user->agent->users, compare_users);
    free(user->contact_user);
    free(user->aor);
    free(user->name);
    free(user->contact);
    free(user->url);
    free(user->service_route);
    free(user);
}

static bool numeric(const struct sockaddr *address, socklen_t length, char *out, size_t size)
{
    return getnameinfo(address, length, out, (socklen_t)size, NULL, 0, NI_NUMERICHOST) == 0;
}

/* Connecting a UDP socket sends nothing, but the kernel picks our address for the way. */
bool agent_route(const struct agent_server *server, char *local, size_t size)
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *to;
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    if (getaddrinfo(server->host, "5060", &hints, &to) != 0) {
        errno = EINVAL;
        return false;
    }
    int fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) == 0 &&
              getsockname(fd, (struct sockaddr *)&own, &length) == 0 &&
              numeric((struct sockaddr *)&own, length, local, size);
    int saved = errno;
    if (fd >= 0)
        close(fd);
    freeaddrinfo(to);
    errno = saved;
    return ok;
}
