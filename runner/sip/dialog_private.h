/*
 * dialog_private: what the two sides of a dialog (dialog_caller.c, dialog_callee.c) share with
 * dialog.c.
 */
#ifndef CMTEST_DIALOG_PRIVATE_H
#define CMTEST_DIALOG_PRIVATE_H

#include "cmtest/dialog.h"
#include "sip_private.h"

enum dialog_state {
    DIALOG_CALLING,   /* caller: INVITE out, no final answer */
    DIALOG_INCOMING,  /* callee: not answered */
    DIALOG_ANSWERED,  /* callee: 2xx out, no ACK */
    DIALOG_CONFIRMED, /* both */
    DIALOG_LEAVING,   /* our BYE is out */
    DIALOG_ENDED
};

struct dialog {
    struct agent *agent;
    struct agent_user *user;
    const struct dialog_handler *handler;
    void *owner;
    enum dialog_state state;
    nta_leg_t *leg;
    nta_outgoing_t *invite, *ack, *bye; /* ours */
    nta_incoming_t *incoming;           /* the peer's INVITE */
    struct authenticator authenticator;
    char *target;  /* caller: Request-URI of the INVITE */
    char *headers; /* caller: further ones of the INVITE; NULL */
    char *offer;   /* caller: its body; callee: the peer's body */
    size_t offer_length;
    char call_id[96];
    bool hangup_wanted;
    int64_t bye_ns;
    struct dialog_end end;
    struct loop_timer ending; /* ended() is told from the loop, never from inside a call */
};

struct dialog *dialog_make(struct agent *agent, struct agent_user *user);
/* Tells ended() from the loop. First call wins. */
void dialog_finish(struct dialog *dialog);
void dialog_tell(struct dialog *dialog, const struct event_message *message);
void dialog_tell_request(struct dialog *dialog, const char *method, uint32_t cseq, bool sent);
void dialog_tell_reply(struct dialog *dialog, const char *method, uint32_t cseq, int status,
                       const char *phrase);
void dialog_send_bye(struct dialog *dialog);
/* What the peer sends inside the dialog (an nta_request_f). */
int dialog_take_request(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                        const sip_t *sip);
/* Caller: CANCEL. */
void dialog_cancel(struct dialog *dialog);
/* The body of a message, "" when there is none. */
const char *dialog_body(const sip_t *sip, size_t *length);

#endif
