/*
 * endpoint_private: what endpoint.c (life), call.c (its one call), digits.c, caller.c and callee.c
 * (how it begins), session.c (descriptions and media), steps*.c (its scenario), transfer.c and
 * judge.c (how it went) share.
 */
#ifndef CMTEST_ENDPOINT_PRIVATE_H
#define CMTEST_ENDPOINT_PRIVATE_H

#include "cmtest/dialog.h"
#include "cmtest/endpoint.h"
#include "cmtest/message.h"
#include "cmtest/registration.h"
#include "cmtest/text.h"
#include "trace.h"

/* A call has one dialog, and a second one while it is transferred. */
#define LEGS 2

struct endpoint;

/* One dialog of the call and the session in it. */
struct leg {
    struct endpoint *endpoint;
    struct dialog *dialog; /* NULL: none, or over */
    struct dialog *past;   /* the one that is over: its late messages are still seen; NULL */
    bool caller;           /* the INVITE was ours */
    bool answered;         /* 2xx */
    bool offering;         /* an offer of ours waits for its answer */
    bool agreed;           /* there is media */
    bool leaving;          /* we hang up */
    struct session_local local;
    struct text said;            /* our description that went out last */
    uint64_t heard;              /* hash of the peer's, to know a repeated one */
    uint64_t spoken;             /* hash of ours that went with it */
    struct session_media *media; /* session_media_of(); perhaps what flows; NULL: none so far */
    /* On the clock_now() scale; 0: not reached. */
    int64_t bye_ns;      /* the first one, ours or the peer's */
    int64_t bye_sent_ns; /* our first one */
    int64_t bye_last_ns; /* our last one, perhaps to another fork */
    int64_t bye_done_ns; /* 2xx to ours */
};

/* What a session was before an offer that may fail. */
struct session_kept {
    struct session_local local;
    struct keying_secret secrets[KEYING_SUITES_MAX];
};

/* Times of one call on the clock_now() scale; 0: not reached. */
struct call {
    struct leg *legs[LEGS]; /* NULL: not needed so far; thousands only register */
    struct leg *leg;        /* that carries the media; NULL: no call */
    struct leg *pending;    /* a transfer on its way; NULL */
    bool pending_late;      /* nobody answered it in time */
    char *target;           /* of it */
    struct leg *consulted;  /* whom we ask before an attended transfer of ours; NULL */
    char *leave_headers;    /* of our BYE; NULL */
    bool invited, answered, confirmed, over;
    bool port_open, media_started, closing;
    bool hung_up;  /* by us, at the planned time */
    bool told;     /* EVENT_CALL is out */
    bool refused;  /* callee: by us, as planned */
    bool again;    /* callee: refused with 422, which asks the caller to come again */
    bool gave_up;  /* caller: nobody answered in time, and it was cancelled */
    bool moved;    /* it goes on in another dialog than it began in */
    bool receives; /* media of the peer was agreed at some time */
    char call_id[96];
    char trouble[192]; /* what went wrong on our side of the negotiation; empty */
    enum event_failure trouble_failure;
    int64_t invite_ns, trying_ns, ringing_ns, progress_ns, answer_ns, bye_ns, teardown_ns;
    int64_t end_ns; /* of the leg that was left */
    uint16_t rtp_port, rtcp_port;
    struct session_media *flowing; /* what the engine was told last; NULL: nothing */
    bool flowing_early;
    bool early_agreed; /* media was agreed before the answer */
    uint32_t offers, refreshes, redirects, repeats_sent, repeats_received;
    struct dialog_end *end; /* call_end(), call_ended() */
    struct stream_totals *totals;
    struct loop_timer timer; /* of a transfer */
    struct loop_timer rekeying;
    struct info_queue { /* digits that are to be sent by SIP INFO, the next one first */
        struct info_digit {
            char digit;
            int64_t tone_ns, gap_ns;
        } * digits; /* DIGIT_TEXT_MAX; NULL: there never was one */
        unsigned first, count;
        unsigned unanswered; /* INFOs of digits */
        struct loop_timer
            timer; /* until the next one may go; set: the last one's time is not over */
    } info;
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
    bool started; /* it registers, or did */
    bool registered, closing, interrupted;
    bool removing;                /* the registration, before the end */
    bool aborted;                 /* closed as soon as its media are */
    bool told;                    /* EVENT_OUTCOME, the last event but traces */
    struct event_outcome outcome; /* the severest so far */
    struct call call;
    struct trace trace;
    struct steps *steps;       /* its scenario; NULL: none */
    struct expected *expected; /* by message that something is expected of; NULL: none came */
    struct loop_timer timer;   /* ring, then duration */
};

/* ---- endpoint.c ---- */

void endpoint_emit(struct endpoint *endpoint, struct event *event);
void endpoint_move(struct endpoint *endpoint, enum endpoint_phase phase);
void endpoint_message(void *owner, const struct message *message);
/* Replaces the outcome when the new one is severer. reason may be NULL. */
void endpoint_worsen(struct endpoint *endpoint, enum endpoint_outcome outcome,
                     enum event_failure failure, uint16_t status, const char *reason,
                     const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The call (or the wait for one) is over: de-register and close. */
void endpoint_leave(struct endpoint *endpoint);
/* After endpoint_abort(), when the media are closed. */
void endpoint_cut_off(struct endpoint *endpoint);

/* ---- call_end.c ---- */

/* To be changed. */
struct dialog_end *call_end(struct call *call);
/* To be read, also when nothing has ended. */
const struct dialog_end *call_ended(const struct call *call);
/* What the engine counted of the media, and what it is so far. */
void call_count(struct call *call, const struct stream_totals *totals);
const struct stream_totals *call_totals(const struct call *call);

/* ---- call.c ---- */

/* A free leg, ready for a session; NULL when there is none. Opens the media port first; when that
 * fails the outcome says so. */
struct leg *call_leg(struct endpoint *endpoint, bool caller);
extern const struct dialog_handler call_handler;
void call_trouble(struct endpoint *endpoint, enum event_failure failure, const char *what,
                  const char *why);
/* A 2xx came or went. */
void call_answered(struct leg *leg, int64_t at_ns);
/* Until it is to hang up; loop time. */
void call_set_duration(struct endpoint *endpoint, int64_t from_ns);
void call_duration_over(void *endpoint);
void call_hang_up(struct endpoint *endpoint);
/* reason: value of a Reason header (RFC 3326); NULL. */
void call_hang_up_because(struct endpoint *endpoint, const char *reason);
/* Asks for the end of the media, once; false: there are none to wait for. */
bool call_close_media(struct endpoint *endpoint);
void leg_hang_up(struct leg *leg);
/* No message of a dialog that is over is of interest any more. */
void call_forget(struct endpoint *endpoint);
void call_free(struct endpoint *endpoint);

/* ---- caller.c, callee.c ---- */

void call_dial(struct endpoint *endpoint);
void caller_progress(void *owner, int status, const char *body, size_t length);
void caller_answered(void *owner, const char *body, size_t length);
bool call_invited(void *owner, struct dialog *dialog);
void callee_confirmed(void *owner, const char *body, size_t length);
/* A call that came and is not answered: 200, or what it is refused with. */
void callee_answer(struct endpoint *endpoint);
void callee_refuse(struct endpoint *endpoint, const struct refusal *refusal, const char *reason);

/* ---- session.c ---- */

bool session_open_port(struct endpoint *endpoint);
void session_prepare(struct leg *leg);
/* Our offer, NUL-terminated, until the next one. */
const char *session_make_offer(struct leg *leg);
void session_keep(const struct leg *leg, struct session_kept *kept);
/* Our keys are again those that were kept. */
void session_old_keys(struct leg *leg, const struct session_kept *kept);
/* Other keys of ours in what is said from now on. */
void session_new_keys(struct leg *leg);
/* An offer of what we are now, in the confirmed call. method: "INVITE" or "UPDATE". false: one is
 * under way or the state forbids it, and nothing was said. */
bool session_reoffer(struct leg *leg, const char *method);
/* NULL, and leg->said is the answer to go out; or why it cannot be. */
const char *session_make_answer(struct leg *leg, const char *offer, size_t length);
/* Our description is again what leg->local says, after an offer that came to nothing. */
void session_restate(struct leg *leg);
const char *session_take_answer(struct leg *leg, const char *answer, size_t length);
enum event_failure session_failure(const char *why);
/* 488, with a warning (RFC 3261 20.43) that tells the caller why. */
void session_refuse(struct dialog *dialog, const char *why);
/* Media runs as the leg has agreed, if it is the one that carries it. */
void session_flow(struct leg *leg);
/* What was agreed on last; all zero: nothing. Until something else is. */
const struct session_media *session_media_of(const struct leg *leg);
/* From now on that; NULL: nothing. Kept once, for most that is agreed on is what flows. */
void session_agree(struct leg *leg, const struct session_media *media);
bool session_offered(void *owner, const char *offer, size_t length, struct text *answer);
void session_agreed(void *owner, int status, const char *answer, size_t length);

/* ---- rekey.c ---- */

/* The next keys, when they change by themselves. */
void rekey_plan(struct endpoint *endpoint, int64_t from_ns);
/* ---- digits.c ---- */

/* A request of the peer inside of the dialog. */
void digits_request(void *owner, const struct dialog_message *message);
void digits_replied(void *owner, const char *method, int status);
/* Those that wait are not sent any more. */
void digits_drop(struct endpoint *endpoint);

/* ---- steps*.c: without a scenario nothing of it has any effect ---- */

void steps_start(struct endpoint *endpoint);
void steps_occurred(struct endpoint *endpoint, enum occurrence_kind kind);
void steps_happened(struct endpoint *endpoint, const struct occurrence *occurrence);
/* It happened a little before now. */
void steps_occurred_at(struct endpoint *endpoint, enum occurrence_kind kind, int64_t at_ns);
/* An offer of ours was answered, and the media is as agreed. */
void steps_agreed(struct leg *leg, int status);
void steps_refreshed(struct endpoint *endpoint, bool by_peer, bool ok);
/* A message of the endpoint, before the stack handles it. */
void steps_message(struct endpoint *endpoint, const struct message *message);
/* A request within the dialog leaves that is none of the scenario's. */
void steps_requested(struct leg *leg);
/* The oldest request within its dialog was answered: whether it was the scenario's. */
bool steps_replied(struct leg *leg, int status);
/* The call goes on in another leg, and an offer in this one changes nothing any more. gone: its
 * dialog has ended too, so that no request is answered. */
void steps_left(struct leg *leg, bool gone);
void steps_digit(struct endpoint *endpoint, const struct event_digit *digit);
void steps_reregistered(struct endpoint *endpoint, const struct event_registration *result);
/* A REGISTER that it asked for is not answered yet. */
bool steps_registering(const struct endpoint *endpoint);
void steps_deregistered(struct endpoint *endpoint, bool ok);
/* The ACK to our answer came. */
void steps_confirmed(struct endpoint *endpoint);
/* A REFER of ours was answered; how the call goes that it asked for. */
void steps_referred(struct leg *leg, int status);
void steps_refer_progress(void *owner, int status, bool final);
/* Who was to be asked first has answered; or that call is over. */
void steps_consulted(struct leg *leg);
void steps_consultation_over(struct leg *leg, const struct dialog_end *end);
/* The call is over: nothing more is begun. well: our BYE, if there was one, was answered. */
void steps_freeze(struct endpoint *endpoint, bool well);
/* What is still under way or was left out is told; once. */
void steps_end(struct endpoint *endpoint);
void steps_free(struct endpoint *endpoint);

/* ---- transfer.c ---- */

bool transfer_referred(void *owner, const struct dialog_referral *referral);
/* An INVITE that replaces our call. */
bool transfer_replaced(struct endpoint *endpoint, struct dialog *dialog);
void transfer_progress(struct leg *leg, int status);
/* The new leg is answered and carries the media from now on. */
void transfer_done(struct leg *leg);
/* It came to nothing. */
void transfer_failed(struct leg *leg, const struct dialog_end *end);

/* ---- expected.c ---- */

/* The outcome is compared with what the group expects, and is a success when it is that. Once. */
void expected_settle(struct endpoint *endpoint);
/* A message of the endpoint, which may be one of those that something is expected of. */
void expected_message(struct endpoint *endpoint, const struct message *message);
/* Of malloc(), without credentials. */
char *message_copy(const struct message *message);

/* ---- judge.c ---- */

/* The call is over and its media closed: outcome, EVENT_CALL, and leave. */
void call_wind_up(struct endpoint *endpoint);
/* EVENT_CALL of a call that was never made. */
void call_tell_not_attempted(struct endpoint *endpoint);
/* EVENT_CALL of one that is cut off now. */
void call_tell_aborted(struct endpoint *endpoint);
/* Why an INVITE found no 2xx. who: "the INVITE". */
void judge_refusal(struct endpoint *endpoint, const struct dialog_end *end, const char *who);

#endif
