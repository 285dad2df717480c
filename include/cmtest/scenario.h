/*
 * scenario: the words of a step, what starts it and what it does, and the steps of a group as they
 * are run (player.h). One row per word under runner/scenario/actions/ and
 * runner/scenario/triggers/, listed in their table.def. A row is the word of a spec, with the keys
 * that it takes (field.h).
 */
#ifndef CMTEST_SCENARIO_H
#define CMTEST_SCENARIO_H

#include "cmtest/assertion.h"
#include "cmtest/event.h"
#include "cmtest/field.h"
#include "cmtest/text.h"

struct step;
struct audio;
struct impairment_config;

/* ---- what can be done ---- */

#define PROPOSAL_CODECS_MAX 16

/* What is to be offered; what is not said stays as it was. Its
 * words live as long as the script. */
struct proposal {
    const char *direction; /* "sendonly", ...; NULL */
    bool zero;             /* with the unspecified address, the old way to hold (RFC 3264 8.4) */
    bool rekey;            /* with new SRTP keys */
    bool update;           /* by UPDATE (RFC 3311), else by re-INVITE */
    const char *codecs[PROPOSAL_CODECS_MAX]; /* the preferred one first */
    size_t codec_count;
    uint32_t ptime_ms;         /* of the packets that we want to receive; 0 */
    const struct audio *audio; /* what is sent when the offer was accepted; NULL */
};

/* Digits to send. */
struct order {
    const char *method; /* "rtp", "info", "inband", "both": by rtp and by info at once */
    const char *digits;
    int64_t tone_ns, gap_ns; /* gap below 0: as usual; tone 0: as usual */
};

/* How an incoming call is refused. Its words live as long as the script. */
struct refusal {
    uint16_t status;
    const char *phrase; /* NULL: the usual one */
    const char *target; /* of a redirection: a SIP URI; NULL */
};

/* A command of the user. Its words live as long as the script. */
struct user_command {
    const char *command; /* for /bin/sh -c */
    int64_t timeout_ns;
};

/* The RTP that passes one place in one direction; clock_now() scale, EVENT_NONE: none came yet. */
struct flow {
    int64_t since_ns; /* the first packet behind the last pause */
    int64_t last_ns;  /* the newest packet */
};

/* Nothing for so long is a pause: audio that is sent only where there is some (Opus) comes every
 * 400 ms. */
#define FLOW_PAUSE_NS INT64_C(500000000)

/* What an endpoint and its partner see of their media. */
struct flows {
    struct flow sent, received;
    bool ours; /* the partner is an endpoint of this run and at the other end of the call: */
    struct flow partner_sent, partner_received;
    bool may_send, may_receive; /* as agreed */
};

/* What a phone can be asked for. Each returns NULL, and player_done() with this ticket follows,
 * perhaps before it returns; or why it cannot be done now: one static sentence, nothing follows. */
struct performer {
    /* Waits for another offer that is under way. */
    const char *(*offer)(void *who, uint32_t ticket, const struct proposal *change);
    /* Within the call; headers NULL, body NULL: none. */
    const char *(*request)(void *who, uint32_t ticket, const char *method, const char *type,
                           const char *body);
    const char *(*digits)(void *who, uint32_t ticket, const struct order *order);
    /* method: "INVITE", "UPDATE"; NULL: UPDATE when the peer knows it. */
    const char *(*refresh_session)(void *who, uint32_t ticket, const char *method);
    const char *(*reregister)(void *who, uint32_t ticket);
    /* Audio in place of what is sent: over and over, and it is done at once; or once, or at most
     * length_ns long (0: whatever it is), and it is done at its end, when what was sent before goes
     * on. */
    const char *(*play)(void *who, uint32_t ticket, const struct audio *audio, bool once,
                        int64_t length_ns);
    /* Silence is sent in place of audio, or no more: done at once. */
    const char *(*mute)(void *who, uint32_t ticket, bool mute);
    /* What is done to the packets that are sent, that are received, or both; NULL: nothing. Done at
     * once. */
    const char *(*impair)(void *who, uint32_t ticket, bool send, bool receive,
                          const struct impairment_config *config);
    const char *(*deregister)(void *who, uint32_t ticket);
    /* Of a call that came and was not answered; done with its ACK. */
    const char *(*answer)(void *who, uint32_t ticket);
    const char *(*refuse)(void *who, uint32_t ticket, const struct refusal *refusal);
    /* to: a SIP URI, or the name of a group. Done when the peer has told how it went; when that was
     * well the call is ended. */
    const char *(*transfer)(void *who, uint32_t ticket, const char *to, bool attended);
    /* To all endpoints of a group; NULL: to the partner. Done at once. */
    const char *(*signal)(void *who, uint32_t ticket, const char *name, const char *group);
    const char *(*run)(void *who, uint32_t ticket, const struct user_command *command);
    /* reason: value of a Reason header; NULL. */
    const char *(*hang_up)(void *who, uint32_t ticket, const char *reason);
    /* Not an action: what is seen of the media now. false: no media runs. NULL: the same. */
    bool (*flows)(void *who, struct flows *flows);
};

struct action {
    struct choice choice;
    bool needs_call; /* makes sense only while the call is up */
    bool listens;    /* waits for sound, and has no begin (listening.h) */
    bool decides;    /* whether an incoming call is answered: its group does not by itself */
    /* Asks the performer for it, as a performer answers. NULL: it only takes its length. */
    const char *(*begin)(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step);
    /* Of what can take its length: when that is over. NULL, or why it went wrong. NULL: it is done
     * when the performer says so. */
    const char *(*end)(const struct performer *performer, void *who, const struct step *step);
};

/* ---- what can happen ---- */

enum occurrence_kind {
    OCCURRED_REGISTERING, /* the first REGISTER leaves */
    OCCURRED_CALLING,     /* an INVITE leaves or comes */
    OCCURRED_RINGING,     /* 180 */
    OCCURRED_EARLY_MEDIA, /* media before the answer was agreed on */
    OCCURRED_ANSWERED,
    OCCURRED_HELD, /* the peer's offer ends our sending */
    OCCURRED_RESUMED,
    OCCURRED_OFFERED, /* a re-INVITE or UPDATE with any offer */
    OCCURRED_INFO,
    OCCURRED_MESSAGE,
    OCCURRED_DIGIT,
    OCCURRED_REFERRED,
    OCCURRED_REFRESHED, /* a session timer, by either side */
    OCCURRED_BYE,       /* the peer's */
    OCCURRED_STARTED,   /* the peer's packets: the first one, or the first after STOPPED */
    OCCURRED_STOPPED,   /* the last one of them, seen a little later */
    OCCURRED_AUDIO,     /* what is heard of the peer is audio from then on, ... */
    OCCURRED_SILENCE,   /* ... or silence; triggers of both wait until it has lasted */
    OCCURRED_SIGNAL,    /* of another step, by its name */
    OCCURRED_NEVER      /* of triggers that this version does not know yet */
};

/* Of a digit and of a signal, which one. */
struct occurrence {
    enum occurrence_kind kind;
    char digit;
    enum digit_method method; /* of the digit */
    const char *signal;
};

struct trigger {
    struct choice choice;
    /* Actions of the partner, one of which causes it, NULL-terminated; NULL: it happens by itself,
     * or somebody outside may cause it. */
    const char *const *caused_by;
    enum occurrence_kind kind;
};

/* ---- the steps of a group ---- */

enum step_when { STEP_AT, STEP_ON, STEP_AFTER };

enum media_state { MEDIA_ANY, MEDIA_FLOWING, MEDIA_STOPPED };

/* Of what is not expected, the value is 0 or NULL. */
struct step_expect {
    int64_t within_ns;
    uint16_t status;
    const char *direction, *codec; /* as agreed afterwards */
    /* Flowing: packets come and go where the agreed direction lets them; stopped: where it does
     * not let them (sendrecv: of what comes), none does any more. Where the partner is ours, what
     * it sees of the same packets must fit too. */
    enum media_state media;
    const char *dtmf; /* exactly these digits arrive at the partner, from the beginning on */
    const struct assertion *assertions; /* of the final response */
    size_t assertion_count;
    int64_t tone_ns; /* ... and each lasts at least so long, where that is known */
};

/* How the calls of a group are to end. */
struct call_expect {
    bool ends; /* outcome is expected */
    enum endpoint_outcome outcome;
    uint16_t status; /* final one of the INVITE, or of the REGISTER that failed; 0: any */
    const struct message_expect *messages; /* each of which must come, and be so every time */
    size_t message_count;
};

/* A key of an action or a trigger; of a list, there are several. A duration: ns, decimal. */
struct step_argument {
    const char *key, *value;
};

struct step {
    const char *name; /* NULL */
    const struct action *action;
    const struct step_argument *arguments;
    size_t argument_count;
    const struct audio *audio;                  /* of the key source; NULL */
    const struct impairment_config *impairment; /* of an action that impairs; NULL: nothing */
    enum step_when when;
    enum occurrence_kind from; /* STEP_AT: REGISTERING, RINGING or ANSWERED, ... */
    int64_t at_ns;             /* ... and so long after it */
    const struct trigger *on;  /* STEP_ON */
    uint32_t after;            /* STEP_AFTER: index of the step that must have been done well */
    uint32_t times;            /* STEP_ON: at most so often; 0: always */
    int64_t within_ns;         /* STEP_ON: must happen so soon after the answer; 0: whenever */
    struct step_expect expect;
    const struct step *otherwise; /* when it did not happen within; NULL: nothing is done */
};

/* Borrowed from a plan, shared by the endpoints of a group. */
struct script {
    const struct step *steps;
    size_t count;
};

/* Whether a step of it answers or refuses the calls that come. */
bool script_decides(const struct script *script);

/* An argument as text, NULL when it is not given; and the next one of that key, of a list. */
const char *step_text(const struct step *step, const char *key);
const char *step_text_at(const struct step *step, const char *key, size_t index);
/* ns; fallback when it is not given. */
int64_t step_duration(const struct step *step, const char *key, int64_t fallback);
/* fallback when it is not given. */
int64_t step_number(const struct step *step, const char *key, int64_t fallback);
/* false when it is not given. */
bool step_flag(const struct step *step, const char *key);

/* What starts the step of that index: "at 2.5 s", "at 1 s from ringing", "on dtmf_received",
 * "after first-hold". */
void step_describe_trigger(const struct script *script, uint32_t index, struct text *out);
/* "status 200, sendonly within 1 s"; nothing when nothing is expected. */
void step_describe_expected(const struct step *step, struct text *out);

/* NULL-terminated, in the order of table.def; the choices are those of the rows. */
extern const struct action *const actions[];
extern const struct trigger *const triggers[];
extern const struct choice *const action_choices[];
extern const struct choice *const trigger_choices[];

/* NULL when there is none. */
const struct action *action_find(const char *name);
const struct trigger *trigger_find(const char *name);

#endif
