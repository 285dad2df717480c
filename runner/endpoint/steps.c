/* The scenario of the endpoint: tells the player what happens, and does what it asks for. */
#include "cmtest/arena.h"
#include "cmtest/player.h"
#include "endpoint_private.h"

#include <stdlib.h>
#include <string.h>

/* Digits, offers, requests that are under way at once. */
#define WAITING_MAX 32
/* How often an offer that waits for another one is tried. */
#define AGAIN_NS (20 * NS_PER_MS)
/* What has happened and was not told to the player yet. What comes in one turn of the loop. */
#define NEWS_MAX 64

enum news_kind { NEWS_OCCURRED, NEWS_DONE };

/* Nothing is begun inside of the SIP stack's calls: news wait for the loop. */
struct news {
    enum news_kind kind;
    int64_t at_ns;
    enum occurrence_kind occurred;
    char digit;
    uint32_t ticket;
    bool ok;
    uint16_t status;
    const char *why; /* static */
    const char *direction, *codec;
};

struct steps {
    struct player *player;
    struct loop_timer timer;
    struct news news[NEWS_MAX + PLAYER_RUNS_MAX];
    size_t news_count;
    bool frozen; /* the call is over */
    /* Requests of the dialog that are not answered yet, the oldest first; 0: of a digit. */
    uint32_t requests[WAITING_MAX];
    size_t request_count;
    struct {
        uint32_t ticket;
        enum digit_method method;
        size_t left; /* digits to be sent */
    } orders[WAITING_MAX];
    size_t order_count;
    struct {
        uint32_t ticket;
        struct proposal proposal;
    } waiting[WAITING_MAX]; /* offers, the oldest first */
    size_t waiting_count;
    uint32_t offer, refresh, reregister, hangup; /* tickets; 0: none */
    struct session_local before;                 /* the offer that is under way */
};

/* ---- news ------------------------------------------------------------------------------------ */

static const char *direction_of(const struct session_media *media)
{
    return media->may_send      ? media->may_receive ? "sendrecv" : "sendonly"
           : media->may_receive ? "recvonly"
                                : "inactive";
}

static void drain(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    while (steps->news_count) {
        struct news news = steps->news[0];
        int64_t now = clock_now();
        /* More may come while it is told. */
        memmove(steps->news, steps->news + 1, --steps->news_count * sizeof news);
        if (news.kind == NEWS_OCCURRED)
            player_occurred(steps->player, now, news.at_ns, news.occurred, news.digit);
        else
            player_done(
                steps->player, news.at_ns, news.ticket,
                &(struct report){news.ok, news.status, news.why, news.direction, news.codec});
    }
}

static void serve(void *arg);
static void offer_what_waits(struct endpoint *endpoint);

static void set_timer(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    int64_t now = clock_now(), next = steps->news_count ? now : player_next(steps->player);
    if (steps->waiting_count && next > now + AGAIN_NS)
        next = now + AGAIN_NS;
    if (steps->frozen || next == PLAYER_NEVER)
        loop_timer_cancel(&steps->timer);
    else
        loop_timer_set(endpoint->loop, &steps->timer, next, serve, endpoint);
}

static void serve(void *arg)
{
    struct endpoint *endpoint = arg;
    drain(endpoint);
    if (endpoint->steps->frozen)
        return;
    player_tick(endpoint->steps->player, clock_now());
    offer_what_waits(endpoint);
    set_timer(endpoint);
}

static void add(struct endpoint *endpoint, const struct news *news)
{
    struct steps *steps = endpoint->steps;
    /* A peer that floods us in one turn of the loop is heard in part; what was asked for is always
     * told, for there are no more tickets than this at once. */
    if (steps->news_count >= (news->kind == NEWS_OCCURRED ? NEWS_MAX : NEWS_MAX + PLAYER_RUNS_MAX))
        return;
    steps->news[steps->news_count++] = *news;
    if (!steps->frozen)
        set_timer(endpoint);
}

void steps_occurred(struct endpoint *endpoint, enum occurrence_kind kind, char digit)
{
    if (endpoint->steps && !endpoint->steps->frozen)
        add(endpoint,
            &(struct news){
                .kind = NEWS_OCCURRED, .at_ns = clock_now(), .occurred = kind, .digit = digit});
}

static void done(struct endpoint *endpoint, uint32_t *ticket, bool ok, int status, const char *why)
{
    const struct call *call = &endpoint->call;
    struct news news = {.kind = NEWS_DONE,
                        .at_ns = clock_now(),
                        .ticket = *ticket,
                        .ok = ok,
                        .status = (uint16_t)(status > 0 ? status : 0),
                        .why = why};
    if (!*ticket)
        return;
    if (ticket == &endpoint->steps->offer && call->leg && call->leg->agreed) {
        news.direction = direction_of(&call->leg->media);
        news.codec = call->leg->media.codec ? call->leg->media.codec->name : NULL;
    }
    *ticket = 0;
    add(endpoint, &news);
}

/* ---- what the player asks for ---------------------------------------------------------------- */

/* The leg that something can be sent in; NULL: none. */
static struct leg *talking(const struct endpoint *endpoint)
{
    const struct call *call = &endpoint->call;
    bool up = call->leg && call->leg->dialog && call->confirmed && !call->leg->leaving;
    return up && !call->over ? call->leg : NULL;
}

static const char not_up[] = "there is no call that is up";

static bool set_direction(struct session_local *local, const char *word)
{
    static const char *const words[] = {"sendrecv", "sendonly", "recvonly", "inactive"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0) {
            local->direction = (enum session_direction)i;
            return true;
        }
    return false;
}

/* Those of the group that were named, in that order, and what goes beside speech. */
static const char *choose_codecs(const struct endpoint *endpoint, struct session_local *local,
                                 const struct proposal *change)
{
    const struct endpoint_config *config = &endpoint->config;
    size_t count = 0;
    for (size_t i = 0; i < change->codec_count + config->codec_count; i++) {
        bool named = i < change->codec_count;
        for (size_t j = 0; j < config->codec_count && count < SESSION_CODECS_MAX; j++) {
            const struct codec *codec = config->codecs[j];
            if (named ? codec != codec_find(change->codecs[i])
                      : j != i - change->codec_count || codec->kind == CODEC_AUDIO)
                continue;
            local->codecs[count] = codec;
            local->params[count++] = config->params ? config->params[j] : (struct codec_params){0};
        }
    }
    local->codec_count = count;
    for (size_t i = 0; i < count; i++)
        if (local->codecs[i]->kind == CODEC_AUDIO)
            return NULL;
    return "none of its codecs is one of the group's";
}

static const char *apply(struct endpoint *endpoint, struct session_local *local,
                         const struct proposal *change)
{
    if (change->direction && !set_direction(local, change->direction))
        return "no such direction";
    if (change->direction)
        local->address = change->zero ? "0.0.0.0" : agent_address(endpoint->agent);
    if (change->zero && strchr(agent_address(endpoint->agent), ':'))
        return "an IPv6 address has no old way to hold";
    if (change->rekey && !local->security.sdes)
        return "there are no SDES keys to renew";
    for (size_t i = 0; change->rekey && i < local->security.suite_count; i++)
        keying_secret_new(&local->secrets[i], local->security.suites[i]);
    return change->codec_count ? choose_codecs(endpoint, local, change) : NULL;
}

/* What we want is again what it was before the offer. */
static void take_back(struct leg *leg, const struct session_local *before)
{
    struct session_local *local = &leg->local;
    local->direction = before->direction;
    local->address = before->address;
    local->codec_count = before->codec_count;
    memcpy(local->codecs, before->codecs, sizeof local->codecs);
    memcpy(local->params, before->params, sizeof local->params);
    memcpy(local->secrets, before->secrets, sizeof local->secrets);
}

/* NULL: it went out, or (*busy) must wait. */
static const char *try_offer(struct endpoint *endpoint, uint32_t ticket,
                             const struct proposal *proposal, bool *busy)
{
    struct steps *steps = endpoint->steps;
    struct leg *leg = talking(endpoint);
    *busy = false;
    if (!leg)
        return not_up;
    *busy = steps->offer || leg->offering;
    if (*busy)
        return NULL;
    struct session_local before = leg->local;
    const char *why = apply(endpoint, &leg->local, proposal);
    if (why) {
        take_back(leg, &before);
        return why;
    }
    char *said = mem_strdup(before.said ? before.said : "");
    *busy = !dialog_renegotiate(leg->dialog, proposal->update ? "UPDATE" : "INVITE",
                                session_make_offer(leg));
    if (*busy) {
        take_back(leg, &before);
        session_unsay(leg, said, before.version);
    } else {
        steps->before = before;
        steps->offer = ticket;
    }
    free(said);
    return NULL;
}

static const char *offer(void *who, uint32_t ticket, const struct proposal *proposal)
{
    struct endpoint *endpoint = who;
    struct steps *steps = endpoint->steps;
    bool busy = steps->waiting_count > 0;
    const char *why = busy ? NULL : try_offer(endpoint, ticket, proposal, &busy);
    if (why || !busy)
        return why;
    if (steps->waiting_count == WAITING_MAX)
        return "too many offers wait for another one";
    steps->waiting[steps->waiting_count].ticket = ticket;
    steps->waiting[steps->waiting_count++].proposal = *proposal;
    return NULL;
}

static void offer_what_waits(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    bool busy = false;
    while (steps->waiting_count && !busy) {
        uint32_t ticket = steps->waiting[0].ticket;
        const char *why = try_offer(endpoint, ticket, &steps->waiting[0].proposal, &busy);
        if (busy)
            return;
        steps->waiting_count--;
        memmove(steps->waiting, steps->waiting + 1,
                steps->waiting_count * sizeof steps->waiting[0]);
        if (why)
            done(endpoint, &ticket, false, 0, why);
    }
}

static const char *request(void *who, uint32_t ticket, const char *method, const char *type,
                           const char *body)
{
    struct endpoint *endpoint = who;
    struct steps *steps = endpoint->steps;
    struct leg *leg = talking(endpoint);
    if (!leg)
        return not_up;
    if (steps->request_count == WAITING_MAX ||
        !dialog_request(leg->dialog, method, type, body, NULL))
        return "too many requests wait for their answers";
    steps->requests[steps->request_count++] = ticket;
    return NULL;
}

static const char *send_digits(void *who, uint32_t ticket, const struct order *order)
{
    struct endpoint *endpoint = who;
    struct steps *steps = endpoint->steps;
    struct digits digits = {.method = DIGIT_RTP,
                            .text = order->digits,
                            .tone_ns = order->tone_ns,
                            .gap_ns = order->gap_ns};
    for (int i = 0; i < DIGIT_METHODS; i++)
        if (strcmp(order->method, digit_method_name((enum digit_method)i)) == 0)
            digits.method = (enum digit_method)i;
    if (steps->order_count == WAITING_MAX)
        return "too many digits wait already";
    /* The first one may be told before it returns. */
    size_t slot = steps->order_count++;
    steps->orders[slot].ticket = ticket;
    steps->orders[slot].method = digits.method;
    steps->orders[slot].left = strlen(order->digits);
    const char *why = endpoint_send_digits(endpoint, &digits);
    if (why)
        steps->order_count--;
    return why;
}

static const char *refresh_session(void *who, uint32_t ticket)
{
    struct endpoint *endpoint = who;
    struct leg *leg = talking(endpoint);
    if (!leg)
        return not_up;
    if (!dialog_refresh(leg->dialog, leg->local.said))
        return "another offer is under way";
    endpoint->steps->refresh = ticket;
    return NULL;
}

static const char *reregister(void *who, uint32_t ticket)
{
    struct endpoint *endpoint = who;
    if (endpoint->steps->reregister || !endpoint->registration ||
        !registration_refresh(endpoint->registration))
        return "there is no registration, or a REGISTER is under way";
    endpoint->steps->reregister = ticket;
    return NULL;
}

static const char *hang_up(void *who, uint32_t ticket, const char *reason)
{
    struct endpoint *endpoint = who;
    struct leg *leg = talking(endpoint);
    if (!leg)
        return not_up;
    endpoint->steps->hangup = ticket;
    endpoint->call.hung_up = true;
    call_hang_up_because(endpoint, reason);
    return NULL;
}

static const struct performer performer = {.offer = offer,
                                           .request = request,
                                           .digits = send_digits,
                                           .refresh_session = refresh_session,
                                           .reregister = reregister,
                                           .hang_up = hang_up};

/* ---- what came of it ------------------------------------------------------------------------- */

void steps_agreed(struct leg *leg, int status)
{
    struct steps *steps = leg->endpoint->steps;
    if (!steps || leg != leg->endpoint->call.leg)
        return;
    bool ok = status >= 200 && status < 300;
    if (steps->offer && !ok) {
        take_back(leg, &steps->before);
        session_restate(leg);
    }
    done(leg->endpoint, &steps->offer, ok, status, NULL);
    if (!ok)
        done(leg->endpoint, &steps->refresh, ok, status, NULL);
}

void steps_refreshed(struct endpoint *endpoint, bool by_peer, bool ok)
{
    if (endpoint->steps && !by_peer)
        done(endpoint, &endpoint->steps->refresh, ok, ok ? 200 : 0, NULL);
    if (ok)
        steps_occurred(endpoint, OCCURRED_REFRESHED, 0);
}

void steps_requested(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    if (steps && steps->request_count < WAITING_MAX)
        steps->requests[steps->request_count++] = 0;
}

bool steps_replied(struct endpoint *endpoint, int status)
{
    struct steps *steps = endpoint->steps;
    if (!steps || !steps->request_count)
        return false;
    uint32_t ticket = steps->requests[0];
    steps->request_count--;
    memmove(steps->requests, steps->requests + 1, steps->request_count * sizeof ticket);
    if (!ticket)
        return false;
    done(endpoint, &ticket, status >= 200 && status < 300, status, NULL);
    return true;
}

void steps_digit(struct endpoint *endpoint, const struct event_digit *digit)
{
    struct steps *steps = endpoint->steps;
    if (digit->direction == DIRECTION_RECEIVE)
        steps_occurred(endpoint, OCCURRED_DIGIT, digit->digit);
    for (size_t i = 0; steps && digit->direction == DIRECTION_SEND && i < steps->order_count; i++) {
        if (steps->orders[i].method != digit->method)
            continue;
        if (--steps->orders[i].left)
            return;
        uint32_t ticket = steps->orders[i].ticket;
        steps->order_count--;
        memmove(&steps->orders[i], &steps->orders[i + 1],
                (steps->order_count - i) * sizeof steps->orders[0]);
        done(endpoint, &ticket, true, 0, NULL);
        return;
    }
}

void steps_reregistered(struct endpoint *endpoint, const struct event_registration *result)
{
    if (endpoint->steps)
        done(endpoint, &endpoint->steps->reregister, result->ok, result->status, NULL);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void tell(void *who, const struct event_action *action)
{
    struct endpoint *endpoint = who;
    struct event event = {.kind = EVENT_ACTION, .action = *action};
    struct event_action *told = &event.action;
    int64_t *const times[] = {&told->planned_ns, &told->began_ns, &told->ended_ns};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (*times[i] != EVENT_NONE)
            *times[i] = clock_utc(*times[i]);
    endpoint_emit(endpoint, &event);
    if (told->result == ACTION_FAILED)
        endpoint_worsen(endpoint, OUTCOME_CALL_FAILED, FAILURE_ACTION, told->status, NULL,
                        "step %u (%s%s%s, %s) failed: %s", told->step + 1, told->name,
                        told->name[0] ? ": " : "", told->action, told->trigger, told->detail);
}

void steps_start(struct endpoint *endpoint)
{
    const struct script *script = endpoint->config.script;
    if (!script || !script->count || endpoint->steps)
        return;
    endpoint->steps = mem_alloc(sizeof *endpoint->steps);
    endpoint->steps->player = player_new(script, &performer, endpoint, tell);
}

void steps_freeze(struct endpoint *endpoint, bool well)
{
    if (!endpoint->steps || endpoint->steps->frozen)
        return;
    done(endpoint, &endpoint->steps->hangup, well, 0, well ? NULL : "the BYE found no good answer");
    endpoint->steps->frozen = true;
    loop_timer_cancel(&endpoint->steps->timer);
}

void steps_end(struct endpoint *endpoint)
{
    struct steps *steps = endpoint->steps;
    if (!steps)
        return;
    steps_freeze(endpoint, true);
    drain(endpoint);
    if (endpoint->interrupted || endpoint->aborted)
        player_stop(steps->player, clock_now());
    else
        player_end(steps->player, clock_now());
}

void steps_free(struct endpoint *endpoint)
{
    if (!endpoint->steps)
        return;
    loop_timer_cancel(&endpoint->steps->timer);
    player_free(endpoint->steps->player);
    free(endpoint->steps);
    endpoint->steps = NULL;
}
