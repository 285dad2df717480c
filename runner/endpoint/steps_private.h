/* What the files of steps share: the scenario of one endpoint, and what it waits for. */
#ifndef CMTEST_STEPS_PRIVATE_H
#define CMTEST_STEPS_PRIVATE_H

#include "cmtest/player.h"
#include "endpoint_private.h"

/* Digits, offers, requests that are under way at once. */
#define STEPS_WAITING_MAX 32
/* What has happened and was not told to the player yet. What comes in one turn of the loop. */
#define STEPS_NEWS_MAX 64

enum news_kind { NEWS_OCCURRED, NEWS_DONE, NEWS_ARRIVED /* a digit at the partner */ };

/* Nothing is begun inside of the SIP stack's calls: news wait for the loop. */
struct news {
    enum news_kind kind;
    int64_t at_ns;
    struct occurrence occurred;
    uint32_t ticket;
    bool ok;
    uint16_t status;
    const char *why; /* static */
    const char *direction, *codec;
    char *seen;          /* owned; NULL */
    int64_t duration_ns; /* of a digit that arrived; EVENT_NONE */
    char *answer;        /* the final response; owned; NULL */
    size_t answer_length;
};

/* A request of a dialog that is not answered yet. */
struct steps_request {
    const struct leg *leg;
    uint32_t ticket; /* 0: nobody waits for it any more */
    bool digit;      /* it is none of the scenario's */
};

struct steps {
    struct player *player;
    struct loop_timer timer;
    struct news news[STEPS_NEWS_MAX + PLAYER_RUNS_MAX];
    size_t news_count;
    bool frozen;                    /* the call is over */
    struct steps_request *requests; /* the oldest first; as many as the dialogs take */
    size_t request_count;
    struct {
        uint32_t ticket;
        enum digit_method method;
        size_t left; /* digits to be sent */
    } orders[STEPS_WAITING_MAX];
    size_t order_count;
    struct {
        uint32_t ticket;
        struct proposal proposal;
    } waiting[STEPS_WAITING_MAX]; /* offers, the oldest first */
    size_t waiting_count;
    uint32_t offer, refresh, reregister, deregister, hangup; /* tickets; 0: none */
    uint32_t answer, refusal, transfer;
    uint16_t refused_with;
    const struct leg *asked;           /* where the offer, or the refresh, is under way */
    struct session_kept before;        /* the offer that is under way */
    const struct audio *offered_audio; /* that is sent when it is accepted; NULL */
    uint32_t playing;                  /* ticket of what is played once, and when it is over */
    struct loop_timer play_timer;
    bool asserts;   /* some step looks into its answer */
    char *response; /* the newest final one, without credentials; NULL */
    size_t response_length;
    uint16_t response_status;
};

/* ---- of steps.c ---- */

/* Told to the player in the next turn of the loop. */
void steps_add(struct endpoint *endpoint, const struct news *news);
/* What came of *ticket, which is 0 afterwards; nothing when it is 0 already. why is static, or
 * NULL. */
void steps_done(struct endpoint *endpoint, uint32_t *ticket, bool ok, int status, const char *why);

/* The same with a few words for people; copied. */
void steps_done_seen(struct endpoint *endpoint, uint32_t *ticket, bool ok, int status,
                     const char *why, const char *seen);

/* The leg that something can be sent in; NULL: none. */
struct leg *steps_talking(const struct endpoint *endpoint);
extern const char steps_not_up[];

/* ---- what a performer does (scenario.h) ---- */

const char *steps_offer(void *who, uint32_t ticket, const struct proposal *proposal);
/* Tries again those that wait for another offer. */
void steps_offer_what_waits(struct endpoint *endpoint);
const char *steps_refresh_session(void *who, uint32_t ticket, const char *method);

const char *steps_request(void *who, uint32_t ticket, const char *method, const char *type,
                          const char *body);
const char *steps_digits(void *who, uint32_t ticket, const struct order *order);
const char *steps_reregister(void *who, uint32_t ticket);
const char *steps_deregister(void *who, uint32_t ticket);
const char *steps_answer(void *who, uint32_t ticket);
const char *steps_refuse(void *who, uint32_t ticket, const struct refusal *refusal);
const char *steps_transfer(void *who, uint32_t ticket, const char *to, bool attended);
const char *steps_signal(void *who, uint32_t ticket, const char *name, const char *group);
const char *steps_run(void *who, uint32_t ticket, const struct user_command *command);

/* of steps_expect.c */
bool steps_flows(void *who, struct flows *flows);
const char *steps_hang_up(void *who, uint32_t ticket, const char *reason);

const char *steps_play(void *who, uint32_t ticket, const struct audio *audio, bool once,
                       int64_t length_ns);
const char *steps_mute(void *who, uint32_t ticket, bool mute);
const char *steps_impair(void *who, uint32_t ticket, bool send, bool receive,
                         const struct impairment_config *config);
/* Audio goes out from now on, *length_ns as in media_service.play(). NULL, or why it does not. */
const char *steps_send(struct endpoint *endpoint, const struct audio *audio, bool once,
                       int64_t *length_ns);

#endif
