/* endpoint_private: what endpoint.c (life) and call.c (its one call) share. */
#ifndef CMTEST_ENDPOINT_PRIVATE_H
#define CMTEST_ENDPOINT_PRIVATE_H

#include "cmtest/dialog.h"
#include "cmtest/endpoint.h"
#include "cmtest/message.h"
#include "cmtest/registration.h"
#include "cmtest/text.h"
#include "trace.h"

/* Times of one call on the clock_now() scale; 0: not reached. */
struct call {
    struct dialog *dialog;
    bool invited, answered, confirmed, over;
    bool port_open, media_started, closing;
    bool hung_up; /* by us, at the planned time */
    bool told;    /* EVENT_CALL is out */
    bool refused; /* callee: by us, as planned */
    bool gave_up; /* caller: nobody answered in time, and it was cancelled */
    uint16_t status;
    char reason[64], call_id[96];
    char trouble[192]; /* what went wrong on our side of the negotiation; empty */
    int64_t invite_ns, trying_ns, ringing_ns, progress_ns, answer_ns, bye_ns, end_ns;
    struct session_local local;
    struct session_media media;
    struct dialog_end end;
    struct stream_totals totals;
    bool offered; /* our SDP in the 2xx was an offer: the ACK brings the answer */
};

struct endpoint {
    struct endpoint_config config;
    struct agent *agent;
    struct loop *loop;
    const struct media_service *media;
    void *service;
    const struct endpoint_handler *handler;
    void *owner;
    struct agent_user *user;
    struct registration *registration;
    enum endpoint_phase phase;
    bool registered, closing, interrupted;
    struct event_outcome outcome; /* the severest so far */
    struct call call;
    struct trace trace;
    struct loop_timer timer; /* ring, then duration */
};

void endpoint_emit(struct endpoint *endpoint, struct event *event);
void endpoint_move(struct endpoint *endpoint, enum endpoint_phase phase);
void endpoint_message(void *owner, const struct message *message);
/* Replaces the outcome when the new one is severer. reason and detail may be NULL. */
void endpoint_worsen(struct endpoint *endpoint, enum endpoint_outcome outcome, uint16_t status,
                     const char *reason, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The call (or the wait for one) is over: de-register and close. */
void endpoint_leave(struct endpoint *endpoint);

void call_dial(struct endpoint *endpoint);
bool call_invited(void *owner, struct dialog *dialog);
void call_hang_up(struct endpoint *endpoint);
void call_free(struct endpoint *endpoint);
/* EVENT_CALL of a call that was never made. */
void call_tell_not_attempted(struct endpoint *endpoint);
/* EVENT_CALL of one that is cut off now. */
void call_tell_aborted(struct endpoint *endpoint);

#endif
