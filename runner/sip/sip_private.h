/*
 * sip_private: what agent.c, registration.c, dialog*.c and authenticator.c share inside runner/sip.
 */
#ifndef CMTEST_SIP_PRIVATE_H
#define CMTEST_SIP_PRIVATE_H

#include "cmtest/agent.h"
#include "cmtest/text.h"
#include "tls_private.h"

struct agent;
struct dialog;
struct registration;

#include <sofia-sip/nta.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include "transaction.h"

struct agent {
    struct loop *loop;
    nta_agent_t *nta;
    nta_leg_t *outside; /* takes what belongs to no dialog */
    char *address;
    char port[8];      /* of UDP and TCP */
    char tls_port[8];  /* "" without TLS */
    char trouble[128]; /* agent_trouble() */
    struct tls_link tls;
    void *users;       /* tsearch tree by contact user */
    void *invitations; /* tsearch tree of dialogs by what a merged INVITE has in common */
};

struct agent_user {
    struct agent *agent;
    const struct identity *identity;
    char *contact_user;  /* escaped; key in agent->users */
    char *aor;           /* sip:user@domain */
    char *name;          /* <sip:user@domain>: what follows is no part of it, whatever user is */
    char *contact;       /* <sip:user@ip:port;transport=...> */
    char *url;           /* of the server: sip:host:port;transport=udp */
    const char *route;   /* for SIPTAG_ROUTE_STR of requests outside of a dialog; NULL: none */
    char *service_route; /* what a registrar made of it (RFC 3608), or NULL */
    size_t server;       /* of identity->servers, the one in use */
    agent_invited_fn *invited;
    void *owner;
};

/* Why the stack itself answered a request (nta_sip_is_internal: 503), or nobody did: one phrase, ""
 * when nothing is known; agent_trouble() says the same from now on. Ask before the request is
 * destroyed. */
const char *agent_failure(struct agent *agent, nta_outgoing_t *request);

/* Lines of headers of ours, each with its end, as one header for the stack: what it needs not look
 * at it then does not parse, nor keep piece by piece. The text is changed, and borrowed. NULL:
 * there are none. */
sip_unknown_t *lines_header(struct text *lines, sip_unknown_t *header);
/* One more; name has its colon. */
void add_line(struct text *lines, const char *name, const char *value);

/* Takes an INVITE that is outside of any dialog: makes the dialog and asks the user. Returns what
 * an NTA request callback returns. */
int dialog_incoming(struct agent *agent, struct agent_user *user, nta_incoming_t *irq,
                    const sip_t *sip);

/* By the user part of a Request-URI; NULL. */
struct agent_user *agent_find_user(const struct agent *agent, const char *contact_user);
/* What belongs to no dialog (an nta_request_f). */
int agent_take_outside(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                       const sip_t *sip);
/* 200 to OPTIONS with all that we can; user may be NULL. Like the next a return value of a request
 * callback. */
int agent_answer_options(nta_incoming_t *irq, const struct agent_user *user);
/* 405 or 501, with Allow. */
int agent_refuse_method(nta_incoming_t *irq, const sip_t *sip);
/* Whether the body of a MESSAGE is of a type that could be shown (RFC 3428 7). */
#define MESSAGE_TYPES "text/plain, text/html, message/cpim, application/im-iscomposing+xml"
bool message_type_known(const sip_t *sip);

#define SIP_ALLOW "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY, MESSAGE"
#define SIP_USER_AGENT "cmtest/" CMTEST_VERSION
/* What we are, in lines_header(). */
#define OUR_NAME "User-Agent: " SIP_USER_AGENT "\r\n"
#define OUR_LINES OUR_NAME "Allow: " SIP_ALLOW "\r\n"

/* ---- authenticator: credentials over the requests of one user (registration or dialog) ----- */

#define AUTHENTICATOR_SLOTS 4
/* Challenges to one request: a proxy's, the server's, a stale nonce of each, and some to spare. */
#define AUTHENTICATOR_ROUNDS 6

struct authenticator {
    const struct digest_credentials *credentials;
    unsigned rounds;   /* challenges to the request that is under way */
    unsigned last;     /* slot of the last challenge that was answered */
    char trouble[128]; /* why the last challenge could not be answered */
    struct authenticator_slot {
        bool used;
        bool proxy; /* Proxy-Authorization, else Authorization */
        uint32_t nonce_count;
        unsigned refusals;          /* of the request that is under way */
        char *challenge;            /* packed, for thousands keep one */
    } * slots[AUTHENTICATOR_SLOTS]; /* owned; NULL: there was no such challenge yet */
};

void authenticator_init(struct authenticator *authenticator,
                        const struct digest_credentials *credentials);
void authenticator_fini(struct authenticator *authenticator);
/* A new request begins: what was learned stays (and is used at once), refusals are forgotten. */
void authenticator_begin(struct authenticator *authenticator);
/* Learns from a 401/407. true: it is worth trying again with authenticator_headers(); false: the
 * credentials were refused, or no challenge can be answered. */
bool authenticator_challenged(struct authenticator *authenticator, const sip_t *response);
/* Appends an Authorization or Proxy-Authorization line for every known challenge. */
void authenticator_headers(struct authenticator *authenticator, const char *method, const char *uri,
                           const char *body, struct text *lines);
/* A 2xx: its Authentication-Info may name the next nonce (RFC 7616 3.5). */
void authenticator_informed(struct authenticator *authenticator, const sip_t *response);
/* Whether a challenge to the request that is under way was answered. */
bool authenticator_answered(const struct authenticator *authenticator);
/* Why the last challenge could not be answered, one phrase; "" when it could. */
const char *authenticator_trouble(const struct authenticator *authenticator);
/* Realm of the last challenge that was answered, "" when none. */
const char *authenticator_realm(const struct authenticator *authenticator);

/* Percent-escapes what may not stand in a SIP user part (RFC 3261 25.1). Owned. */
char *user_escape(const char *username);
/* [host] for IPv6. */
void host_format(const char *host, char *out, size_t size);

#endif
