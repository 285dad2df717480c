/*
 * registration: one binding at a registrar (RFC 3261 10): REGISTER with digest answers, the granted
 * time, refresh, and removal with Expires 0. Runs on its agent's thread.
 *
 * Done inside: 401/407 (several challenges, stale, nonce count, nextnonce), 423 and Min-Expires
 * (10.2.8; twice, up to 30 days), 503 and other responses with Retry-After (20.33; three times, up
 * to 32 s after the first REGISTER, or while the binding lives), the next server when one cannot be
 * reached, is silent or says 503 without a Retry-After that fits (RFC 3263 4.3). Service-Route
 * (3608) becomes the Route of the user's later requests; Path is ignored. Whatever a peer combines,
 * 40 REGISTERs are the most from a start to what is told about it.
 *
 * A 2xx that does not list our Contact, or grants 0 s, is no success: ok is false, the failure
 * FAILURE_REFUSED, and the reason says it.
 */
#ifndef CMTEST_REGISTRATION_H
#define CMTEST_REGISTRATION_H

#include "cmtest/agent.h"
#include "cmtest/message.h"

struct registration;

struct registration_handler {
    /* Every message of the registration as it crossed the wire, out or in, repeated ones too. May
     * be NULL. */
    void (*message)(void *owner, const struct message *message);
    /* The first attempt ended: the binding is there, or it is not. Called once. */
    void (*done)(void *owner, const struct event_registration *result);
    /* A later refresh was refused or not answered, and the binding is gone or will be. Called at
     * most once. May be NULL. */
    void (*lost)(void *owner, const struct event_registration *result);
    /* What registration_refresh() asked for was answered, or not; lost() may follow. May be NULL.
     */
    void (*refreshed)(void *owner, const struct event_registration *result);
    /* An OPTIONS of registration_keepalive() got no answer at all. Called at most once. May be
     * NULL. server: host:port/transport, borrowed. */
    void (*unanswered)(void *owner, const char *server);
    /* The removal asked for by registration_end() was answered or timed out. Called once. Freeing
     * the registration in any of these but message() is fine. */
    void (*ended)(void *owner, bool ok);
};

/* expires: seconds asked for. */
struct registration *registration_new(struct agent *agent, struct agent_user *user, int32_t expires,
                                      const struct registration_handler *handler, void *owner);
/* Drops a running transaction silently. */
void registration_free(struct registration *registration);

void registration_start(struct registration *registration);
/* REGISTER with Expires 0, when no other one is under way. Only after a done() that was ok. */
void registration_end(struct registration *registration);
/* REGISTER now, before its time, or again after a removal that ended() told of; refreshed()
 * follows, unless the registration is ended or freed before. false: there is no binding, or another
 * REGISTER is under way. */
bool registration_refresh(struct registration *registration);
/* OPTIONS to the server every interval (ns) as long as the binding is there; 0: none. */
void registration_keepalive(struct registration *registration, int64_t interval_ns);

#endif
