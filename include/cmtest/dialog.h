/*
 * dialog: one INVITE dialog (RFC 3261 12-15), either side, and nothing of media: bodies are bytes.
 * Narrow on purpose, so that the SIP stack under it could change. Runs on its agent's thread.
 *
 * Done inside, by the RFCs, without being told: 401/407, ACK (also of repeated 2xx), 2xx again
 * until ACK, PRACK and reliable provisional responses (3262), 422 and session refreshes (4028), 491
 * and its wait (3261 14.1), forked early dialogs and further 2xx (13.2.2.4: ACK, then BYE), CANCEL
 * against a 200 on its way, answers to OPTIONS, INFO, MESSAGE, NOTIFY.
 * Who carries which body (RFC 3264, 3262, 3311, 6337) is decided here; what is in it, by the owner.
 */
#ifndef CMTEST_DIALOG_H
#define CMTEST_DIALOG_H

#include "cmtest/agent.h"
#include "cmtest/message.h"
#include "cmtest/text.h"

enum dialog_use { USE_DISABLED, USE_SUPPORTED, USE_REQUIRED };
enum dialog_refresher { REFRESHER_ANY, REFRESHER_UAC, REFRESHER_UAS };

/* What one side does of the extensions. Copied. */
struct dialog_options {
    enum dialog_use reliable; /* 100rel, RFC 3262 */
    enum dialog_use timer;    /* RFC 4028 */
    uint32_t timer_expires;   /* Session-Expires that is asked for, s; >= 90 */
    uint32_t timer_min;       /* Min-SE, s; >= 90 */
    enum dialog_refresher refresher;
    bool soft_expiry;   /* a missing refresh is told, and the call goes on */
    unsigned redirects; /* caller: so many 3xx are followed */
};

/* How a dialog ended. */
struct dialog_end {
    bool by_peer;        /* its BYE or CANCEL, else ours or a refusal */
    bool bye_failed;     /* our BYE got no 2xx (timeout, error; 481 counts as gone and is fine) */
    bool expired;        /* ended by us, because no session refresh came (RFC 4028) */
    bool no_ack;         /* callee: the 2xx was never acknowledged (timer H) */
    bool unreachable;    /* status 0: could not be sent, as opposed to not answered */
    bool refused_again;  /* 401 or 407 although the challenge was answered */
    bool bye_unsent;     /* our BYE could not be sent, as opposed to not answered: `trouble` */
    uint16_t bye_status; /* of the response that refused our BYE; 0: none came */
    uint16_t status;     /* final status of the INVITE: 200 when it was established; 0: none came */
    char reason[64];     /* its reason phrase */
    char cause[64];      /* Reason header (RFC 3326) of the final response, CANCEL or BYE */
    char warning[160];   /* Warning header (RFC 3261 20.43) of the final response: code and text */
    char trouble[128];   /* what the transport said, when unreachable or unsent; may be empty */
    int32_t retry_after; /* seconds, of the final response; -1 */
    uint32_t redirects;  /* followed */
    uint32_t refreshes;  /* session refreshes that went well */
    int64_t teardown_ns; /* our BYE -> its final response; EVENT_NONE */
};

/* A request inside of the dialog (or a MESSAGE) that the owner may care for. Borrowed. */
struct dialog_message {
    const char *method; /* "INFO", "MESSAGE", "NOTIFY" */
    const char *type;   /* Content-Type without parameters, lower case; "" */
    const char *body;
    size_t length;
};

/* A REFER that came (RFC 3515). Borrowed. */
struct dialog_referral {
    const char *target;   /* URI to call, without headers */
    const char *replaces; /* value of the Replaces header to send with it, unescaped; NULL */
    const char *by;       /* Referred-By, or "" */
};

/* Each may be NULL where the default serves. */
struct dialog_handler {
    /* Every message of the dialog as it crossed the wire, out or in, repeated ones too. */
    void (*message)(void *owner, const struct message *message);
    /* Caller: a provisional response (100..199) of any fork. Its body, when there is one, is an
     * answer to the INVITE's offer: early media. When the fork that answers is not the one whose
     * body was told last, answered() tells its body again. */
    void (*progress)(void *owner, int status, const char *body, size_t length);
    /* Caller: 2xx to the INVITE; the ACK has been sent. The body is the answer (empty when a
     * reliable provisional response brought it, or when the INVITE had no offer: offered() was
     * called before then). */
    void (*answered)(void *owner, const char *body, size_t length);
    /* Callee: the ACK to our 2xx came; its body is the answer to our offer there, if any. */
    void (*confirmed)(void *owner, const char *body, size_t length);
    /* The peer offers: in a re-INVITE, an UPDATE, or (late offer) in the response to our INVITE.
     * length 0: a re-INVITE without SDP wants our offer. Append the SDP, and return true; false
     * refuses with 488 (a late offer: the call is ended). NULL: 488. */
    bool (*offered)(void *owner, const char *offer, size_t length, struct text *answer);
    /* What came of an offer of ours, other than the first INVITE's: status 200 and the answer, or
     * the refusal (the session stays as it was; 0: no answer). Also the answer in a PRACK or ACK
     * to an offer that offered() or a reliable response made, and the refusal of a re-INVITE that
     * asked for an offer, or of a session refresh. */
    void (*agreed)(void *owner, int status, const char *answer, size_t length);
    /* A session refresh went well; or (ok false) did not come in time and soft_expiry let it be. */
    void (*refreshed)(void *owner, bool by_peer, bool ok);
    void (*request)(void *owner, const struct dialog_message *message);
    /* The final response to dialog_request(), dialog_refer(): status 0 when none came. */
    void (*replied)(void *owner, const char *method, int status);
    /* Somebody wants us to call somebody else: true accepts with 202, and the owner tells how it
     * goes with dialog_refer_report(); false: 603. NULL: 603. */
    bool (*referred)(void *owner, const struct dialog_referral *referral);
    /* How the call goes that our REFER asked for, from the NOTIFYs' sipfrag; final: the last. Of a
     * peer that will send no NOTIFY (Refer-Sub: false, RFC 4488), the status that accepted it. */
    void (*refer_progress)(void *owner, int status, bool final);
    /* Over: refused, hung up by either side, or failed. Called once, last; the dialog may be freed
     * in it. */
    void (*ended)(void *owner, const struct dialog_end *end);
};

struct dialog_request {
    const char *target;  /* a SIP URI */
    const char *offer;   /* SDP; NULL: none, the peer offers (late offer) */
    const char *from;    /* a name-addr without a tag; NULL: the user's address of record */
    const char *headers; /* further lines, each ended by CRLF; NULL */
    struct dialog_options options;
};

/* Calls from user. The strings are copied. */
struct dialog *dialog_invite(struct agent *agent, struct agent_user *user,
                             const struct dialog_request *request,
                             const struct dialog_handler *handler, void *owner);

/* Callee, in agent_invited_fn: makes the new dialog one's own. false: it is refused already, for
 * what the options forbid (420, 421, 422), and ended() follows. */
bool dialog_adopt(struct dialog *dialog, const struct dialog_options *options,
                  const struct dialog_handler *handler, void *owner);
/* The INVITE's body; length 0 when there was none (late offer). Borrowed. */
const char *dialog_offer(const struct dialog *dialog, size_t *length);
/* The dialog of the same user that the INVITE is to replace (RFC 3891); NULL. Answer the new one,
 * then hang up the old one. */
struct dialog *dialog_replaced(const struct dialog *dialog);

/* Callee, while unanswered. 101..199; sdp: the answer, or when the INVITE had none and both sides
 * do 100rel the offer; NULL. Reliable when both sides can (a 100rel that is required of us and
 * cannot be is refused with 421 before). */
void dialog_progress(struct dialog *dialog, int status, const char *sdp);
/* 200. sdp NULL: a reliable provisional response carried it. Waits for a PRACK that is under way.
 */
void dialog_answer(struct dialog *dialog, const char *sdp);
/* Then ended(). phrase NULL: the usual one. headers: further lines, each ended by CRLF (Contact of
 * a 302, Reason, Retry-After); NULL. */
void dialog_reject(struct dialog *dialog, int status, const char *phrase, const char *headers);

/* Both, in the confirmed dialog; one offer at a time: false when one is under way or the state
 * forbids it. method: "INVITE" or "UPDATE" (also early). offer NULL with INVITE: the peer offers.
 */
bool dialog_renegotiate(struct dialog *dialog, const char *method, const char *offer);
/* A session refresh now (RFC 4028 7.4): method "UPDATE" or "INVITE", NULL: UPDATE when the peer
 * allows it; offer is the unchanged description, for an INVITE. false: as dialog_renegotiate(). */
bool dialog_refresh(struct dialog *dialog, const char *method, const char *offer);
/* Whether the peer has said that it takes UPDATE (RFC 3311). */
bool dialog_peer_updates(const struct dialog *dialog);
/* The description that refreshes by re-INVITE carry: call it whenever ours changes. Copied. */
void dialog_describe(struct dialog *dialog, const char *sdp);
/* INFO, MESSAGE, OPTIONS, ... replied() follows. type and body NULL: without one. They leave one
 * after the other; false: too many wait already, or there is no dialog yet or any more. */
bool dialog_request(struct dialog *dialog, const char *method, const char *type, const char *body,
                    const char *headers);
/* REFER: blind to target; attended when other is given: to its peer, replacing it. */
bool dialog_refer(struct dialog *dialog, const char *target, const struct dialog *other);
/* As the one who was referred: a NOTIFY with this status line; a final one ends the subscription.
 */
void dialog_refer_report(struct dialog *dialog, int status, const char *phrase);

/* Ends it in whatever state it is: CANCEL, BYE, or 480 by the callee before its answer. ended()
 * follows. Called twice: no effect. headers: further lines (Reason); NULL. */
void dialog_hangup(struct dialog *dialog, const char *headers);

/* Without another message. */
void dialog_free(struct dialog *dialog);

const char *dialog_call_id(const struct dialog *dialog);

#endif
