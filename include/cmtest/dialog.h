/*
 * dialog: one INVITE dialog (RFC 3261 12-15), either side, and nothing of media: bodies are bytes.
 * Narrow on purpose, so that the SIP stack under it could change. Runs on its agent's thread.
 *
 * 401/407 are answered inside; 2xx is acknowledged inside; retransmissions are the stack's.
 */
#ifndef CMTEST_DIALOG_H
#define CMTEST_DIALOG_H

#include "cmtest/agent.h"

/* How a dialog ended. */
struct dialog_end {
    bool by_peer;        /* its BYE or CANCEL, else ours or a refusal */
    bool bye_failed;     /* our BYE got no 2xx (timeout, error; 481 counts as gone and is fine) */
    uint16_t status;     /* final status of the INVITE: 200 when it was established; 0: none came */
    char reason[64];     /* its reason phrase */
    bool no_ack;         /* callee: the 2xx was never acknowledged (timer H) */
    int64_t teardown_ns; /* our BYE -> its final response; EVENT_NONE */
};

struct dialog_handler {
    /* Every message of the dialog, out or in. May be NULL. */
    void (*message)(void *owner, const struct event_message *message);
    /* Caller: a provisional response (100..199), body may be empty. */
    void (*progress)(void *owner, int status, const char *body, size_t length);
    /* Caller: 2xx to the INVITE; the ACK has been sent. */
    void (*answered)(void *owner, const char *body, size_t length);
    /* Callee: the ACK to our 2xx came. */
    void (*confirmed)(void *owner, const char *body, size_t length);
    /* Over: refused, hung up by either side, or failed. Called once, last; the dialog may be freed
     * in it. */
    void (*ended)(void *owner, const struct dialog_end *end);
};

struct dialog_request {
    const char *target;  /* a SIP URI */
    const char *offer;   /* SDP */
    const char *from;    /* a name-addr without a tag; NULL: the user's address of record */
    const char *headers; /* further lines, each ended by CRLF; NULL */
};

/* Calls from user. The strings are copied. */
struct dialog *dialog_invite(struct agent *agent, struct agent_user *user,
                             const struct dialog_request *request,
                             const struct dialog_handler *handler, void *owner);

/* Callee, in agent_invited_fn: makes the new dialog one's own. */
void dialog_adopt(struct dialog *dialog, const struct dialog_handler *handler, void *owner);
/* The INVITE's body; length 0 when there was none (late offer). Borrowed. */
const char *dialog_offer(const struct dialog *dialog, size_t *length);

/* Callee, while unanswered. */
void dialog_ring(struct dialog *dialog);
void dialog_answer(struct dialog *dialog, const char *sdp);
/* Then ended(). phrase NULL: the usual one. */
void dialog_reject(struct dialog *dialog, int status, const char *phrase);

/* Ends it in whatever state it is: CANCEL, BYE, or 480 by the callee before its answer. ended()
 * follows. Called twice: no effect. */
void dialog_hangup(struct dialog *dialog);

/* Without another message. */
void dialog_free(struct dialog *dialog);

const char *dialog_call_id(const struct dialog *dialog);

#endif
