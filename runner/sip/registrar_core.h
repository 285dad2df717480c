/*
 * registrar_core: what the files of the embedded registrar share.
 *
 *   registrar.c           sockets, life, and which request goes where
 *   registrar_access.c    challenges and the check of credentials
 *   registrar_nonce.c     the nonces that were given out
 *   registrar_location.c  accounts, and where each is reachable now
 *   registrar_binding.c   REGISTER
 *   registrar_proxy.c     routing of everything else
 *   registrar_relay.c     one request on its way through, and its responses back
 */
#ifndef SIP_REGISTRAR_CORE_H
#define SIP_REGISTRAR_CORE_H

#include "cmtest/registrar.h"

struct relay;
#define NTA_AGENT_MAGIC_T struct registrar
#define NTA_OUTGOING_MAGIC_T struct relay
#define NTA_INCOMING_MAGIC_T struct relay
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/sip.h>

#define REGISTRAR_ALLOW "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, MESSAGE"

/* ---- location service: pure, `now` is an argument ---- */

#define BINDINGS_LIMIT 16  /* contacts of one account */
#define CONTACT_LIMIT 1024 /* bytes of one Contact */

struct binding {
    struct binding *next;
    char *uri;
    char *params; /* those of the header, each with its ';', without expires */
    char *call_id;
    uint32_t cseq;
    int64_t expires_ns;
};

/* A binding to be; everything borrowed. */
struct wanted_binding {
    const char *uri;
    const char *params;
    const char *call_id;
    uint32_t cseq;
    int64_t expires_ns;
};

struct account {
    struct account *next; /* in its bucket */
    char *username;
    char *password;
    struct binding *bindings; /* the newest first */
};

struct location {
    struct account *accounts;
    size_t count;
    struct account **buckets;
    size_t mask;
};

void location_init(struct location *location, const struct registrar_account *accounts,
                   size_t count);
void location_fini(struct location *location);
struct account *location_find(const struct location *location, const char *username);
uint64_t location_bindings(const struct location *location, int64_t now);

/* Forgets what has expired. */
void account_expire(struct account *account, int64_t now);
/* The newest binding that is alive, or NULL. */
const struct binding *account_newest(struct account *account, int64_t now);
/* The same contact by the URI comparison of RFC 3261 19.1.4, or NULL. */
struct binding *account_binding(struct account *account, const char *uri);
/* Adds or renews; the strings are copied. false: the account has BINDINGS_LIMIT others. */
bool account_bind(struct account *account, const struct wanted_binding *wanted);
void account_unbind(struct account *account, struct binding *binding);

/* ---- nonces ---- */

#define NONCE_LIFETIME (300 * NS_PER_S)
#define NONCE_LENGTH 48

struct nonces {
    struct nonce **blocks;
    uint64_t serial; /* of the last one */
};

void nonces_init(struct nonces *nonces);
void nonces_fini(struct nonces *nonces);
void nonces_issue(struct nonces *nonces, int64_t now, char out[NONCE_LENGTH + 1]);
/* false: not ours, too old, or this count was used before by another request. request: any value
 * that a retransmission has in common with its first transmission. */
bool nonces_use(struct nonces *nonces, const char *nonce, uint32_t count, uint64_t request,
                int64_t now);

/* ---- the registrar ---- */

struct registrar {
    struct loop *loop;
    nta_agent_t *agent;
    char *address;
    char *realm;
    uint16_t port;
    char port_text[8];
    char record_route[2][96]; /* by enum carrier */
    enum digest_algorithm algorithm;
    int32_t expires_max;
    int64_t ringing_limit_ns;   /* timer C, RFC 3261 16.6: more than 3 minutes */
    int64_t cancel_patience_ns; /* for the answer to a CANCEL, RFC 3261 9.1: 64*T1 */
    struct location location;
    struct nonces nonces;
    struct relay *relays;
    struct registrar_counts counts;
};

/* Answers without keeping a transaction: a retransmitted request is simply judged again, so
 * thousands of registrations leave nothing behind. Takes msg. */
#define registrar_reply(registrar, msg, ...) nta_msg_treply((registrar)->agent, msg, __VA_ARGS__)

/* Is the URI's host this server, by address or by domain? The user part is not looked at. */
bool registrar_serves(const struct registrar *registrar, const url_t *url);
/* Is its user part, unescaped, this name? */
bool registrar_names(const url_t *url, const char *username);
/* The account of the user part, or NULL. */
struct account *registrar_account(const struct registrar *registrar, const url_t *url);
/* A numeric loopback host, and no maddr that would lead elsewhere. */
bool registrar_is_loopback(const url_t *url);

enum access_result {
    ACCESS_GRANTED,
    ACCESS_CHALLENGE, /* none for our realm */
    ACCESS_STALE,     /* right, but the nonce is used up */
    ACCESS_MALFORMED,
    ACCESS_DENIED /* unknown user or wrong password */
};

/* *account is set when granted. headers: the Authorization or Proxy-Authorization list. */
enum access_result registrar_access(struct registrar *registrar, const sip_t *sip,
                                    const msg_auth_t *headers, struct account **account);
/* The one of our realm in the list, or NULL. */
const msg_auth_t *registrar_credentials(const struct registrar *registrar,
                                        const msg_auth_t *headers);
/* Answers a request whose access was not granted: 401 or 407, 400, 403. Takes msg. */
void registrar_refuse(struct registrar *registrar, msg_t *msg, enum access_result result,
                      bool proxy);

enum carrier { CARRIER_UDP, CARRIER_TCP };

/* What our own Route headers told: whether this request follows a route that we recorded, and the
 * transport of the side it goes to. */
struct passage {
    bool recorded;
    enum carrier carrier;
};

/* Removes our own Route headers from the top. */
struct passage registrar_take_routes(const struct registrar *registrar, msg_t *msg, sip_t *sip);

/* Both take msg. */
void registrar_register(struct registrar *registrar, msg_t *msg, sip_t *sip);
void registrar_proxy(struct registrar *registrar, msg_t *msg, sip_t *sip, struct passage passage);

/* ---- relays ---- */

/* The next hop. */
struct hop {
    enum carrier carrier;
    char url[128];
};

/* false: the URI cannot be reached from here (not loopback, no such transport). fallback: for a
 * URI that names no transport. */
bool hop_of_url(struct hop *hop, const url_t *url, enum carrier fallback);

/* Sends the request on, with state. contact: the new Request-URI, or NULL to keep it.
 * Takes msg. */
void relay_start(struct registrar *registrar, msg_t *msg, sip_t *sip, const struct hop *hop,
                 const char *contact);
void relay_free_all(struct registrar *registrar);
/* Without state; takes msg. */
void relay_ack(struct registrar *registrar, msg_t *msg, sip_t *sip, const struct hop *hop,
               const char *contact);
void relay_stray_response(struct registrar *registrar, msg_t *msg, sip_t *sip);

#endif
