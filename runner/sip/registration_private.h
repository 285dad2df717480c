/*
 * registration_private: what registration.c shares with registration_result.c (what a response
 * means) and registration_keepalive.c.
 */
#ifndef CMTEST_REGISTRATION_PRIVATE_H
#define CMTEST_REGISTRATION_PRIVATE_H

#include "cmtest/registration.h"
#include "sip_private.h"
#include "wire.h"

enum registration_state {
    REGISTRATION_IDLE, /* not started, or nothing will happen any more */
    REGISTRATION_FIRST,
    REGISTRATION_HELD,
    REGISTRATION_REFRESHING,
    REGISTRATION_REMOVING,
    REGISTRATION_AGAIN /* after a removal */
};

/* From a first REGISTER to what is told about it. */
struct registration_attempt {
    int64_t first_ns;  /* its first REGISTER was sent */
    int64_t answer_ns; /* the last response came; 0: none */
    uint32_t requests; /* REGISTERs, without retransmissions */
    unsigned waits;    /* for a Retry-After */
    unsigned raises;   /* for a Min-Expires */
    bool on_wire;      /* first_ns is from the wire */
};

struct registration_keepalive {
    int64_t interval_ns; /* 0: none */
    nta_leg_t *leg;
    nta_outgoing_t *request;
    struct loop_timer timer;
    struct wire_watch watch;
    char call_id[64];
    bool told;
};

struct registration {
    struct agent_user *user;
    const struct registration_handler *handler;
    void *owner;
    enum registration_state state;
    int32_t asked; /* Expires of our REGISTERs; a 423 raises it */
    struct authenticator authenticator;
    nta_leg_t *leg;
    nta_outgoing_t *request;
    char *uri; /* Request-URI: the domain */
    char call_id[64];
    char *listed; /* what our Contact has become at the registrar; NULL: as we sent it */
    struct registration_attempt attempt;
    int64_t lapses_ns; /* the registrar forgets the binding, unless it is refreshed */
    bool prompted;     /* the refresh that is under way was asked for */
    bool removed;      /* by registration_end() */
    bool leaving;      /* registration_end() waits for the refresh that is under way */
    struct loop_timer timer;
    struct wire_watch watch;
    struct registration_keepalive *keepalive; /* NULL: there never was one */
};

/* An nta_request_f for legs on which only responses are expected. */
int registration_nothing_expected(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                                  const sip_t *sip);

/* host:port/transport of the server in use, 64 bytes. */
void registration_server(const struct registration *registration, char *out, size_t size);
/* What a final response to REGISTER says; sip NULL: the request could not even be made. */
void registration_result(const struct registration *registration, nta_outgoing_t *request,
                         const sip_t *sip, struct event_registration *result);
/* Whether it came from this machine's stack, which then means: no answer, or not reachable. */
bool registration_internal(const sip_t *sip);
/* Takes Service-Route (RFC 3608) from a 2xx: the Route of later requests of this user, but not of
 * REGISTER. */
void registration_learn_route(const struct registration *registration, const sip_t *sip);

/* Remembers under which URI a 2xx lists our binding. */
void registration_learn_binding(struct registration *registration, const sip_t *sip);

/* While the binding is there; stopping is free to repeat. */
void keepalive_start(struct registration *registration);
void keepalive_stop(struct registration *registration);

#endif
