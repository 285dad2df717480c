/*
 * agent: the SIP transport and transaction layer (RFC 3261 17, 18) of the endpoints at one local
 * address, UDP and TCP on one ephemeral port; and who they are. All on the thread of its loop.
 *
 * Built on sofia-sip's NTA, not NUA: one message, one call, and nothing is decided for us (NUA
 * scans a list of all registrations for every response, and knows only MD5). Registrations and
 * dialogs (registration.h, dialog.h) are made on an agent and must be freed before it.
 */
#ifndef CMTEST_AGENT_H
#define CMTEST_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/digest.h"
#include "cmtest/event.h"
#include "cmtest/loop.h"

struct agent;
struct dialog;

/* Where requests go: the registrar or proxy. host: numeric (IPv6 without brackets) or a name. */
struct agent_server {
    const char *host;
    uint16_t port; /* 0: by the transport */
    bool tcp;
};

/* One account as the network sees it. Strings outlive what is made with it. */
struct identity {
    const char *username; /* of the address of record */
    const char *domain;
    struct digest_credentials credentials;
    struct agent_server server;
};

/* address: numeric, of a local interface. NULL when it cannot be bound; errno says why. */
struct agent *agent_new(struct loop *loop, const char *address);
/* Unfinished transactions are dropped without another message. */
void agent_free(struct agent *agent);
const char *agent_address(const struct agent *agent);
/* Of both UDP and TCP, host byte order. */
uint16_t agent_port(const struct agent *agent);

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

/* The way to a server: its numeric address (an IPv4 one first: most SIP servers listen on nothing
 * else) and the local numeric address that packets to it leave from; both INET6_ADDRSTRLEN bytes or
 * more. false: errno or a name that does not resolve; *why is then a sentence (borrowed). Asks the
 * system's resolver, which may block: before the run only. */
bool agent_route(const struct agent_server *server, char *remote, char *local, size_t size,
                 const char **why);

#endif
