/*
 * registration: one binding at a registrar (RFC 3261 10): REGISTER with digest answers, the granted
 * time, refresh, and removal with Expires 0. Runs on its agent's thread.
 */
#ifndef CMTEST_REGISTRATION_H
#define CMTEST_REGISTRATION_H

#include "cmtest/agent.h"

struct registration;

struct registration_handler {
    /* Every message of the registration, out or in. May be NULL. */
    void (*message)(void *owner, const struct event_message *message);
    /* The first attempt ended: the binding is there, or it is not. Called once. */
    void (*done)(void *owner, const struct event_registration *result);
    /* The removal asked for by registration_end() was answered or timed out. Called once. */
    void (*ended)(void *owner, bool ok);
};

/* expires: seconds asked for. */
struct registration *registration_new(struct agent *agent, struct agent_user *user, int32_t expires,
                                      const struct registration_handler *handler, void *owner);
/* Drops a running transaction silently. */
void registration_free(struct registration *registration);

void registration_start(struct registration *registration);
/* REGISTER with Expires 0. Only after a done() that was ok. */
void registration_end(struct registration *registration);

#endif
