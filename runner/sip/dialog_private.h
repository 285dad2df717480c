/*
 * dialog_private: what the files of a dialog (dialog*.c) share.
 *
 *   dialog.c           life and death, BYE
 *   dialog_caller.c    our INVITE and its final responses; dialog_early.c its provisional ones;
 *                      dialog_redirect.c where a 3xx leads
 *   dialog_callee.c    the peer's INVITE; dialog_admission.c what is refused before anybody rings;
 *                      dialog_reliable.c our provisional responses
 *   dialog_offer.c     re-INVITE and UPDATE, both roles; dialog_timer.c session timers
 *   dialog_request.c   other requests, both roles; dialog_refer.c REFER
 *   dialog_errand.c    how any request of ours inside of a dialog is sent
 */
#ifndef CMTEST_DIALOG_PRIVATE_H
#define CMTEST_DIALOG_PRIVATE_H

#include "cmtest/dialog.h"
#include "sip_private.h"
#include "wire.h"

#define SDP_TYPE "application/sdp"

/* What a peer may make us keep. */
#define FORKS_MAX 16
#define REDIRECTS_MAX 16
#define QUEUE_MAX 64
#define PROGRESS_MAX 8

enum dialog_state {
    DIALOG_CALLING,   /* caller: INVITE out, no final answer */
    DIALOG_INCOMING,  /* callee: not answered */
    DIALOG_ANSWERED,  /* callee: 2xx out, no ACK */
    DIALOG_CONFIRMED, /* both */
    DIALOG_LEAVING,   /* our BYE is out */
    DIALOG_ENDED
};

/* One early dialog of the caller: a To tag of a provisional response. */
struct fork {
    struct fork *next; /* the newest first */
    nta_leg_t *leg;
    uint32_t rseq; /* of the last reliable response; 0: none */
    bool agreed;   /* offer and answer are exchanged */
    bool left;     /* its peer has sent BYE */
    char *answer;  /* from a reliable response; NULL */
    size_t answer_length;
};

/* One request of ours inside of the dialog, over its challenges and repetitions. */
struct errand;
/* Its final response; status 0 and perhaps no message: none came from the network. true: the
 * errand was sent again or will be; false: it is freed. */
typedef bool errand_fn(struct errand *errand, int status, const sip_t *sip);

struct errand {
    struct errand *next;
    struct dialog *dialog;
    nta_leg_t *leg; /* NULL: its early dialog is gone */
    nta_outgoing_t *transaction;
    sip_method_t method;
    char *name;
    char *type, *body, *headers; /* NULL: none */
    errand_fn *done;
    bool challenged;
    bool reconnected; /* sent once more, because its connection was gone */
    unsigned attempts;
    bool refresh;  /* of the session */
    uint32_t rseq; /* re-INVITE: of the last reliable response */
};

/* A provisional response that waits for the PRACK of the one before. */
struct waiting_progress {
    int status;
    char *sdp;
};

/* RFC 4028. */
struct session_timer {
    uint32_t expires; /* s; 0: no timer */
    uint32_t min;     /* the largest Min-SE that a 422 told us */
    bool ours;        /* we refresh */
    struct loop_timer refresh, expiry;
};

struct redirect {
    char *uri;
    int q; /* thousandths */
    bool tried;
};

struct dialog {
    struct agent *agent;
    struct agent_user *user;
    const struct dialog_handler *handler;
    void *owner;
    struct dialog_options options;
    enum dialog_state state;
    bool caller;
    /* What the peer can, by its last Allow and Supported. */
    bool peer_update, peer_timer, peer_reliable;
    int64_t second_ns; /* of the waits of RFC 3261 14.1 and RFC 4028; tests make it short */
    nta_leg_t *leg;    /* caller until a 2xx: the one without a remote tag */
    struct wire_watch watch;
    struct authenticator authenticator;
    struct errand *errands; /* on their way, or waiting for a timer */
    struct errand *queue;   /* in order, to be sent one after the other */
    struct errand *current; /* of the queue, on its way */
    char call_id[96];

    /* caller */
    nta_outgoing_t *invite;
    char *target;  /* its Request-URI */
    char *headers; /* further ones; NULL */
    size_t server; /* of the identity's, that it went to */
    uint32_t cseq; /* of that INVITE */
    unsigned failovers, too_small, fork_count;
    struct fork *forks, *told;  /* told: the one whose body the owner heard of last */
    struct redirect *redirects; /* REDIRECTS_MAX; NULL: there never was one */
    size_t redirect_count;

    /* callee */
    nta_incoming_t *incoming;         /* the peer's INVITE or re-INVITE, until its ACK */
    nta_reliable_t *reliable;         /* waits for its PRACK */
    struct waiting_progress *waiting; /* PROGRESS_MAX; NULL: there never was one */
    size_t waiting_count;
    char *held_sdp;          /* of the answer that waits for that PRACK */
    char *invitation_key;    /* in agent->invitations; NULL */
    char *replaced[3];       /* Replaces of the INVITE: Call-ID, our tag, its tag; NULL */
    char *session_lines;     /* what the 2xx says of session timers; NULL */
    const sip_t *invitation; /* while the user is asked */
    struct loop_timer lapse; /* of an INVITE with Expires */

    /* offers and answers */
    char *offer; /* caller: of our INVITE, NULL; callee: the peer's body */
    size_t offer_length;
    char *description;      /* what refreshes by re-INVITE carry */
    struct errand *offerer; /* our re-INVITE or UPDATE, also while it waits to be tried again */
    struct loop_timer retry;

    struct session_timer session;

    /* REFER */
    unsigned referrals;  /* of the peer, so far */
    uint32_t refer_cseq; /* of the one that is accepted */

    char *parting; /* headers of our CANCEL or BYE */
    int64_t bye_ns;
    struct dialog_end end;
    struct loop_timer ending; /* ended() is told from the loop, never from inside a call */

    bool direct;       /* caller: redirected to where no server of ours needs to be asked */
    bool answer_held;  /* callee: until a PRACK comes */
    bool described;    /* callee: a reliable response carried our answer or offer, */
    bool early_agreed; /* and it has been acknowledged */
    bool our_offer;    /* in a response of ours, and not answered yet */
    bool referring;    /* a REFER of ours is out: NOTIFYs may come */
    bool referred;     /* one of the peer's is accepted: we send NOTIFYs */
    bool hangup_wanted;
};

/* ---- dialog.c ----------------------------------------------------------------------------- */

struct dialog *dialog_make(struct agent *agent, struct agent_user *user);
/* Begins to look at its messages. */
void dialog_watch(struct dialog *dialog);
/* Tells ended() from the loop. First call wins. */
void dialog_finish(struct dialog *dialog);
void dialog_finish_with(struct dialog *dialog, int status, const char *phrase);
/* BYE, with the headers that dialog_hangup() was given. */
void dialog_leave(struct dialog *dialog);
/* The same on our own account, with a Reason (RFC 3326). */
void dialog_give_up(struct dialog *dialog, int cause, const char *text);
/* BYE of the peer; fork: NULL in a dialog that is no early one. */
int dialog_take_bye(struct dialog *dialog, struct fork *fork, nta_incoming_t *irq,
                    const sip_t *sip);
/* Keeps the Reason header of a message. */
void dialog_note_cause(struct dialog *dialog, const sip_t *sip);
/* Learns from Allow and Supported. */
void dialog_learn(struct dialog *dialog, const sip_t *sip);
/* The session description of a message, "" when there is none or it is of another type. */
const char *dialog_body(const sip_t *sip, size_t *length);
/* A copy of so many bytes with a NUL behind them; of a string that may be NULL. */
char *bytes_copy(const char *bytes, size_t length);
char *string_copy(const char *string);

/* Defaults of the handler. */
void tell_progress(struct dialog *dialog, int status, const char *body, size_t length);
bool tell_offered(struct dialog *dialog, const char *offer, size_t length, struct text *answer);
void tell_agreed(struct dialog *dialog, int status, const char *answer, size_t length);
void tell_refreshed(struct dialog *dialog, bool by_peer, bool ok);

/* ---- what our messages say ---------------------------------------------------------------- */

/* "100rel, timer, ..." */
void dialog_add_supported(const struct dialog *dialog, struct text *lines);
/* A response with Contact, Allow, Supported, and an SDP body unless NULL; lines: further headers,
 * NULL. */
void dialog_reply(struct dialog *dialog, nta_incoming_t *irq, int status, const char *phrase,
                  const char *sdp, const char *lines);
/* The same as a return value of a request callback, with one header line. */
int dialog_refuse(nta_incoming_t *irq, int status, const char *phrase, const char *line);

/* ---- dialog_errand.c ---------------------------------------------------------------------- */

/* Strings are copied, NULL for none. */
struct errand *errand_new(struct dialog *dialog, nta_leg_t *leg, sip_method_t method,
                          const char *name, errand_fn *done);
void errand_carry(struct errand *errand, const char *type, const char *body, const char *headers);
/* false: it could not be made; the errand stays as it is. */
bool errand_send(struct errand *errand);
/* Behind the others of the queue; false (and freed): the queue is full. */
bool errand_enqueue(struct errand *errand);
void errand_free(struct errand *errand);
/* Those that go through a leg that is about to be destroyed. */
void errands_forget(struct dialog *dialog, const nta_leg_t *leg);
void errands_free(struct dialog *dialog);
/* ACK to a 2xx, with SDP unless NULL; the stack repeats it for every repeated 2xx. */
void dialog_acknowledge(struct dialog *dialog, nta_leg_t *leg, uint32_t cseq, const char *sdp);

/* ---- caller ------------------------------------------------------------------------------- */

void dialog_cancel(struct dialog *dialog);
void dialog_take_provisional(struct dialog *dialog, int status, const sip_t *sip);
struct fork *fork_find(struct dialog *dialog, const char *tag);
/* Makes it when it is new; NULL: there are too many. */
struct fork *fork_of(struct dialog *dialog, const sip_t *sip);
/* A 2xx: its leg becomes the dialog's, all other early dialogs are forgotten. */
void forks_settle(struct dialog *dialog, struct fork *winner);
void forks_free(struct dialog *dialog);
/* PRACK, with an answer unless NULL. */
void dialog_send_prack(struct dialog *dialog, nta_leg_t *leg, uint32_t rseq, uint32_t cseq,
                       const char *answer);
/* Learns from a 3xx. */
void redirects_learn(struct dialog *dialog, const sip_t *sip);
/* Points the INVITE at the next one; false: none is left, or enough were followed. */
bool redirects_next(struct dialog *dialog);
void redirects_free(struct dialog *dialog);

/* ---- callee ------------------------------------------------------------------------------- */

/* The same INVITE by another way (RFC 3261 8.2.2.2). Another user of the agent is another UAS. */
bool dialog_is_merged(const struct agent_user *user, const sip_t *sip);
void dialog_keep_invitation(struct dialog *dialog, const sip_t *sip);
void dialog_forget_invitation(struct dialog *dialog);
/* 0, or the status that it was refused with. */
int admission_check(nta_incoming_t *irq, const sip_t *sip);
/* Require that nobody here understands: 420, or 0. */
int admission_require(nta_incoming_t *irq, const sip_t *sip);
/* 415 for a body that is encoded or no session description, or 0. */
int admission_body(nta_incoming_t *irq, const sip_t *sip);
/* What depends on the options; false: refused and finished. */
bool admission_options(struct dialog *dialog, const sip_t *sip);
void dialog_send_answer(struct dialog *dialog, const char *sdp);
/* Forgets the server transaction of the INVITE. */
void dialog_release(struct dialog *dialog);
void reliable_free(struct dialog *dialog);

/* ---- offers and timers -------------------------------------------------------------------- */

int dialog_take_invite(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip);
int dialog_take_update(struct dialog *dialog, struct fork *fork, nta_incoming_t *irq,
                       const sip_t *sip);
/* Forgets the offer that waits to be made again; one that is on its way is let go. */
void offerer_stop(struct dialog *dialog);

/* Session-Expires, Min-SE and Require of a request of ours. */
void session_ask(const struct dialog *dialog, bool initial, struct text *lines);
/* The peer's request: decides, and appends the headers of the 2xx. false: 422, with these headers.
 */
bool session_judge(struct dialog *dialog, const sip_t *sip, struct text *lines);
/* A 2xx to a request of ours. */
void session_accepted(struct dialog *dialog, const sip_t *sip);
/* From now; when there is a timer. */
void session_start(struct dialog *dialog);
void session_stop(struct dialog *dialog);
/* Our refresh was refused, though not for good. */
void session_refresh_failed(struct dialog *dialog);
/* A 422: true when it is worth trying again. */
bool session_too_small(struct dialog *dialog, const sip_t *sip, unsigned *tries);

/* ---- requests ----------------------------------------------------------------------------- */

/* What the peer sends inside the dialog (an nta_request_f). */
int dialog_take_request(nta_leg_magic_t *magic, nta_leg_t *leg, nta_incoming_t *irq,
                        const sip_t *sip);
/* The final response of what dialog_request() and dialog_refer() sent. */
bool dialog_request_done(struct errand *errand, int status, const sip_t *sip);
int dialog_take_refer(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip);
/* A NOTIFY about our REFER; 0: it is about something else. */
int dialog_take_refer_notify(struct dialog *dialog, nta_incoming_t *irq, const sip_t *sip);
/* A dialog of the user that a Replaces header means; NULL, and the status to refuse it with. */
struct dialog *dialog_by_replaces(const struct agent_user *user, const sip_replaces_t *replaces,
                                  int *status);

#endif
