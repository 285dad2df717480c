/*
 * agent: the SIP transport and transaction layer (RFC 3261 17, 18) of the endpoints at one local
 * address; and who they are. All on the thread of its loop.
 *
 * Built on sofia-sip's NTA, not NUA: one message, one call, and nothing is decided for us (NUA
 * scans a list of all registrations for every response, and knows only MD5). Registrations and
 * dialogs (registration.h, dialog.h) are made on an agent and must be freed before it.
 *
 * An agent listens on one ephemeral port for UDP and TCP (the same one), and for TLS on another.
 * Everybody on an agent shares its connections: one agent per endpoint gives each its own.
 */
#ifndef CMTEST_AGENT_H
#define CMTEST_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/digest.h"
#include "cmtest/event.h"
#include "cmtest/loop.h"
#include "cmtest/transport.h"

struct agent;
struct dialog;

/* Where requests go, found before the run (locate.h). */
struct agent_server {
    const char *host; /* numeric, IPv6 without brackets */
    uint16_t port;
    const struct transport *transport;
};

/* One account as the network sees it. Strings outlive what is made with it. */
struct identity {
    const char *username; /* of the address of record */
    const char *domain;
    struct digest_credentials credentials;
    const struct agent_server *servers; /* in the order of RFC 3263: the next when one fails */
    size_t server_count;                /* 1 or more */
    const char *route; /* of an outbound proxy: "<sip:edge.example.com;lr>", in every request
                          outside of a dialog; NULL */
};

/* How TLS is spoken; what it points at outlives the agent. NULL: no TLS. */
struct tls_profile;

struct agent_config {
    const char *address; /* numeric, of a local interface */
    const struct tls_profile *tls;
    /* Requests of more bytes than this leave by TCP although UDP was chosen (RFC 3261 18.1.1), and
     * by UDP when TCP is refused; 0: never. */
    uint32_t udp_limit;
    /* CRLF keepalive on idle TCP connections (RFC 5626 3.5.1), ns; 0: none. A pong that does not
     * come within 10 s closes the connection. */
    int64_t crlf_ns;
};

/* NULL when it cannot be bound; errno says why. config is copied. */
struct agent *agent_new(struct loop *loop, const struct agent_config *config);
/* Unfinished transactions are dropped without another message. */
void agent_free(struct agent *agent);
/* The same at the end of a process, which takes what the stack keeps of finished transactions
 * faster than it can be freed piece by piece. Connections of TLS are closed as they should be. */
void agent_leave(struct agent *agent);
const char *agent_address(const struct agent *agent);
/* Of both UDP and TCP, host byte order. */
uint16_t agent_port(const struct agent *agent);
/* Of TLS; 0 without it. */
uint16_t agent_tls_port(const struct agent *agent);
/* What the transport said when it last failed, one phrase ("certificate has expired"); "" when it
 * never did. Borrowed, until the next call into the agent. */
const char *agent_trouble(const struct agent *agent);

/* What went wrong at the SIP sockets of the calling thread since they were opened: datagrams that
 * had arrived and that the kernel dropped because their queue was full, the room of the smallest
 * queue in bytes (0: not known), and messages that the kernel did not take, by the reason. */
struct agent_losses {
    uint64_t dropped, queue;
    uint64_t full, memory, path, other; /* as event.h has them: enum health_refusal */
};
void agent_losses(struct agent_losses *losses);

/* Its address of record, sip:user@domain, escaped as RFC 3261 wants. Owned: free(). */
char *agent_aor(const struct identity *identity);

/* An INVITE outside of any dialog came for this user. Take it with dialog_adopt() and answer it
 * later, and return true; false refuses it with 486 Busy Here. */
typedef bool agent_invited_fn(void *owner, struct dialog *dialog);

/* Somebody who can be called at this agent. The Contact's user part is the username, or with
 * "-<id>" behind it when another user of the agent has the same one. Freed by agent_user_free(). */
struct agent_user;
struct agent_user *agent_user_new(struct agent *agent, const struct identity *identity, uint32_t id,
                                  agent_invited_fn *invited, void *owner);
void agent_user_free(struct agent_user *user);
/* The server that its requests go to now, and the step to the next one (RFC 3263 4.3); false: that
 * was the last. */
const struct agent_server *agent_user_server(const struct agent_user *user);
bool agent_user_failover(struct agent_user *user);

/* A way to a server: the local numeric address that packets to it leave from, INET6_ADDRSTRLEN
 * bytes or more. false: errno. Sends nothing. */
bool agent_route(const struct agent_server *server, char *local, size_t size);

#endif
