/* Offers of the scenario: what they change, one after another, and what came of them. */
#include "steps_private.h"

#include <string.h>

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

/* Of each codec that has such packets; the others keep theirs. */
static const char *choose_ptime(struct session_local *local, uint32_t ptime_ms)
{
    bool any = false;
    for (size_t i = 0; i < local->codec_count; i++) {
        if (local->codecs[i]->kind != CODEC_AUDIO ||
            codec_ptime(local->codecs[i], ptime_ms) != ptime_ms)
            continue;
        local->params[i].ptime_ms = ptime_ms;
        any = true;
    }
    return any ? NULL : "none of the codecs has packets of that length";
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
    const char *why = change->codec_count ? choose_codecs(endpoint, local, change) : NULL;
    return why || !change->ptime_ms ? why : choose_ptime(local, change->ptime_ms);
}

/* What we want is again what it was before the offer. */
static void take_back(struct leg *leg, const struct session_kept *kept)
{
    const struct session_local *before = &kept->local;
    struct session_local *local = &leg->local;
    local->direction = before->direction;
    local->address = before->address;
    local->codec_count = before->codec_count;
    memcpy(local->codecs, before->codecs, sizeof local->codecs);
    memcpy(local->params, before->params, sizeof local->params);
    session_old_keys(leg, kept);
}

/* NULL: it went out, or (*busy) must wait. */
static const char *try_offer(struct endpoint *endpoint, uint32_t ticket,
                             const struct proposal *proposal, bool *busy)
{
    struct steps *steps = endpoint->steps;
    struct leg *leg = steps_talking(endpoint);
    *busy = false;
    if (!leg)
        return steps_not_up;
    *busy = steps->offer || leg->offering;
    if (*busy)
        return NULL;
    struct session_kept before;
    session_keep(leg, &before);
    const char *why = apply(endpoint, &leg->local, proposal);
    if (why) {
        take_back(leg, &before);
        return why;
    }
    *busy = !session_reoffer(leg, proposal->update ? "UPDATE" : "INVITE");
    if (*busy) {
        take_back(leg, &before);
    } else {
        steps->before = before;
        steps->offer = ticket;
        steps->asked = leg;
        steps->offered_audio = proposal->audio;
    }
    return NULL;
}

const char *steps_offer(void *who, uint32_t ticket, const struct proposal *proposal)
{
    struct endpoint *endpoint = who;
    struct steps *steps = endpoint->steps;
    bool busy = steps->waiting_count > 0;
    const char *why = busy ? NULL : try_offer(endpoint, ticket, proposal, &busy);
    if (why || !busy)
        return why;
    if (steps->waiting_count == STEPS_WAITING_MAX)
        return "too many offers wait for another one";
    steps->waiting[steps->waiting_count].ticket = ticket;
    steps->waiting[steps->waiting_count++].proposal = *proposal;
    return NULL;
}

void steps_offer_what_waits(struct endpoint *endpoint)
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
            steps_done(endpoint, &ticket, false, 0, why);
    }
}

const char *steps_refresh_session(void *who, uint32_t ticket, const char *method)
{
    struct endpoint *endpoint = who;
    struct leg *leg = steps_talking(endpoint);
    if (!leg)
        return steps_not_up;
    if (endpoint->steps->refresh)
        return "another refresh is under way";
    if (method && strcmp(method, "UPDATE") == 0 && !dialog_peer_updates(leg->dialog))
        return "the peer has not said that it takes UPDATE";
    if (!dialog_refresh(leg->dialog, method, leg->local.said))
        return "another offer is under way";
    endpoint->steps->refresh = ticket;
    endpoint->steps->asked = leg;
    return NULL;
}

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
    const char *why = NULL;
    if (steps->offer && ok && steps->offered_audio)
        why = steps_send(leg->endpoint, steps->offered_audio, false, &(int64_t){0});
    steps_done(leg->endpoint, &steps->offer, ok && !why, status, why);
    if (!ok)
        steps_done(leg->endpoint, &steps->refresh, ok, status, NULL);
}

void steps_refreshed(struct endpoint *endpoint, bool by_peer, bool ok)
{
    if (endpoint->steps && !by_peer)
        steps_done(endpoint, &endpoint->steps->refresh, ok, ok ? 200 : 0, NULL);
    if (ok)
        steps_occurred(endpoint, OCCURRED_REFRESHED);
}
