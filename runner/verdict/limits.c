#include "limits.h"

#include <stdio.h>
#include <string.h>
#include "compare.h"
#include "judge.h"
#include "limit.h"

#define ROW(id) extern const struct limit limit_##id;
#include "limits/table.def"
#undef ROW
#define ROW(id) &limit_##id,
const struct limit *const limits[] = {
#include "limits/table.def"
    NULL};
#undef ROW

#define LATE_NS INT64_C(5000000)
/* Of packets, or of starts. */
#define NOT_PRODUCED_SHARE 0.05
/* Of the timers of SIP. */
#define SIP_LATE_SHARE 0.01
/* SIP repeats what is not answered after T1 (RFC 3261 17.1.1.1). */
#define STOPPED_NS INT64_C(500000000)
/* After so long calls are lost, however many timers were in time before and after it. */
#define STOPPED_ONCE_NS INT64_C(2000000000)
/* Two packets of audio; and what a delay of SIP is felt from. */
#define MEDIA_GAP_NS INT64_C(40000000)
#define SIP_GAP_NS INT64_C(100000000)
/* Of the samples: nearer to the ends a quantile is what a moment makes it. */
#define TAIL 0.05
/* Fewer starts have no rate. */
#define STARTS 20

/* ---- effects ---------------------------------------------------------------------------- */

bool limit_media_late(const struct result *result)
{
    const struct event_pacing *pacing = &result->pacing;
    return pacing->packets > 0 && pacing->p99_ns != EVENT_NONE && pacing->p99_ns > LATE_NS;
}

/* Packets that the network or the peer refused are not this machine's fault. */
bool limit_not_paced(const struct result *result, double *share)
{
    const struct event_pacing *pacing = &result->pacing;
    double refused = 0, bad = (double)pacing->over_20ms + (double)pacing->skipped;
    for (uint32_t i = 0; i < result->health_count; i++)
        if (strcmp(result->health[i].thread, "media") == 0)
            refused += (double)result->health[i].refused[REFUSAL_PATH];
    bad = bad > refused ? bad - refused : 0;
    if (pacing->packets == 0)
        return false;
    if (share)
        *share = bad / (double)pacing->packets;
    return bad > NOT_PRODUCED_SHARE * (double)pacing->packets;
}

bool limit_sip_late(const struct result *result)
{
    const struct result_health *thread = health_thread(result, "signalling");
    return thread && (double)thread->late > SIP_LATE_SHARE * (double)thread->turns;
}

bool limit_sip_stopped(const struct result *result)
{
    const struct result_health *thread = health_thread(result, "signalling");
    int64_t stopped_ns = limit_sip_late(result) ? STOPPED_NS : STOPPED_ONCE_NS;
    return thread && thread->lag_max_ns >= stopped_ns;
}

static int64_t longest_lag(const struct result *result, const char *name, int64_t least_ns)
{
    int64_t longest = 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        if (strcmp(result->health[i].thread, name) == 0 && result->health[i].lag_max_ns > longest)
            longest = result->health[i].lag_max_ns;
    return longest >= least_ns ? longest : 0;
}

int64_t limit_media_gap(const struct result *result)
{
    return result->pacing.packets ? longest_lag(result, "media", MEDIA_GAP_NS) : 0;
}

int64_t limit_sip_gap(const struct result *result)
{
    return longest_lag(result, "signalling", SIP_GAP_NS);
}

bool limit_starts_late(const struct result *result, uint64_t *late, uint64_t *asked)
{
    uint64_t done = 0;
    *asked = 0;
    for (uint32_t i = 0; i < result->health_count; i++) {
        const struct result_health *thread = &result->health[i];
        if (strcmp(thread->thread, "signalling") != 0)
            continue;
        *asked += thread->asked;
        done += thread->done;
    }
    if (*asked < STARTS || done > *asked)
        return false;
    *late = *asked - done;
    return (double)*late > NOT_PRODUCED_SHARE * (double)*asked;
}

uint32_t limit_fits(const struct result *result, double share)
{
    uint32_t peak = result->machine_known ? result->machine.endpoints : 0;
    double fits = (double)peak * share;
    if (!peak || !(share >= 0) || fits >= peak)
        return 0;
    return fits < 1 ? 1 : (uint32_t)fits;
}

uint32_t limit_fitted(const struct result *result)
{
    const struct event_machine *machine = &result->machine;
    return result->machine_known && machine->fits < machine->endpoints ? machine->fits : 0;
}

/* ---- measuring -------------------------------------------------------------------------- */

void limits_measure(struct result *result)
{
    result->limit_count = 0;
    for (size_t i = 0; limits[i] && result->limit_count < RESULT_LIMITS_MAX; i++) {
        struct result_limit *out = &result->limits[result->limit_count];
        unsigned effects = 0;
        *out = (struct result_limit){.resource = limits[i]->name};
        out->harm = limits[i]->measure(result, out, &effects);
        out->effects = effects;
        result->limit_count += out->harm != LIMIT_NONE;
    }
}

enum limit_harm limits_harm(const struct result *result)
{
    enum limit_harm worst = LIMIT_NONE;
    for (uint32_t i = 0; i < result->limit_count; i++)
        if (result->limits[i].harm > worst)
            worst = result->limits[i].harm;
    return worst;
}

/* ---- what bends what -------------------------------------------------------------------- */

/* The peer of a call of ours counts what we lost, and says so in its reports. */
static bool both_ends_ours(const struct result *result)
{
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++)
        if (result_partner(result, i) != ROSTER_NONE)
            return true;
    return false;
}

static bool lost_here(const struct result *result, const struct metric_key *key)
{
    if (key->metric->due != DUE_SIDE || key->metric->own_signalling ||
        strcmp(key->metric->name, "call.packets_sent") == 0)
        return false;
    return key->direction != METRIC_SEND || both_ends_ours(result);
}

/* Whether a moment in which this machine stood still makes its value. */
static bool is_extreme(const struct threshold *threshold)
{
    switch (threshold->statistic) {
    case STAT_MIN:
    case STAT_MAX:
    case STAT_STDDEV:
        return true;
    case STAT_QUANTILE:
        return threshold->quantile <= TAIL || threshold->quantile >= 1 - TAIL;
    case STAT_SUM:
    case STAT_COUNT:
        return threshold->window_ns > 0 || threshold->comparison == COMPARE_EQ;
    case STAT_VALUE:
    case STAT_AVG:
    case STAT_RATE:
        break;
    }
    return threshold->window_ns > 0;
}

static bool bends(const struct result *result, unsigned effects, const struct threshold *threshold)
{
    const struct metric *metric = threshold->key.metric;
    if (is_extreme(threshold) && (((effects & EFFECT_MEDIA_GAP) && metric->own_timing) ||
                                  ((effects & EFFECT_SIP_GAP) && metric->own_signalling)))
        return true;
    return ((effects & EFFECT_MEDIA_LATE) && metric->own_timing) ||
           ((effects & EFFECT_MEDIA_LOST) && lost_here(result, &threshold->key)) ||
           ((effects & EFFECT_SIP_LATE) && metric->own_signalling);
}

/* Each packet that was dropped here counts in one second of one stream; an average over many moves
 * by little. Twice that is allowed for streams of few packets. */
static bool small_loss(const struct result *result, const struct judgement *judgement)
{
    const struct threshold *threshold = judgement->threshold;
    const struct metric *metric = threshold->key.metric;
    uint64_t dropped = 0, received = 0;
    if (!judgement->measured || threshold_is_scoped(threshold) ||
        threshold->statistic != STAT_AVG || strcmp(metric->name, "packet_loss") != 0)
        return false;
    for (uint32_t i = 0; i < result->health_count; i++) {
        dropped += result->health[i].dropped;
        received += result->health[i].received;
    }
    double ours = 200 * (double)dropped / ((double)received + (double)dropped + 1);
    return !threshold_holds(judgement->observed - ours, threshold->comparison, threshold->limit);
}

/* ---- endpoints -------------------------------------------------------------------------- */

static bool ended_well(const struct result_endpoint *endpoint)
{
    return endpoint->outcome.outcome <= OUTCOME_COMPLETED_WITH_WARNINGS;
}

/* What says nothing of the peer but that we saw nothing of it in time. */
static bool is_silence(const struct event_outcome *outcome)
{
    bool unanswered = outcome->status == 0 || outcome->status == 408 || outcome->status == 487 ||
                      outcome->status == 504;
    switch (outcome->failure) {
    case FAILURE_NO_ANSWER:
    case FAILURE_NOT_ANSWERED:
    case FAILURE_NO_INVITE:
    case FAILURE_NO_ACK:
    case FAILURE_GIVEN_UP:
    case FAILURE_SESSION_EXPIRED:
    case FAILURE_CUT_OFF:
        return true;
    case FAILURE_REFUSED:
    case FAILURE_REFRESH:
    case FAILURE_UNREGISTER:
    case FAILURE_BYE:
    case FAILURE_ACTION:
    case FAILURE_EXPECTATION:
        return unanswered;
    default:
        return false;
    }
}

static bool caused(const struct result *result, uint32_t index, unsigned effects)
{
    const struct event_outcome *outcome = &result->endpoints[index].outcome;
    if (outcome->failure == FAILURE_LOCAL && result->endpoints[index].closed)
        return effects & EFFECT_UNABLE;
    if ((effects & EFFECT_SIP_STOPPED) && is_silence(outcome))
        return true;
    /* Steps look at times. */
    if ((effects & (EFFECT_SIP_LATE | EFFECT_MEDIA_LATE | EFFECT_MEDIA_LOST)) &&
        (outcome->failure == FAILURE_ACTION || outcome->failure == FAILURE_EXPECTATION))
        return is_silence(outcome);
    return (effects & EFFECT_MEDIA_LOST) &&
           (outcome->failure == FAILURE_NO_MEDIA || outcome->failure == FAILURE_SECURITY);
}

/* Who fails because its partner could not do its part fails by the same cause. */
static bool excused(const struct result *result, uint32_t index, unsigned effects)
{
    uint32_t partner = result_partner(result, index);
    if (caused(result, index, effects))
        return true;
    return partner != ROSTER_NONE && !ended_well(&result->endpoints[partner]) &&
           caused(result, partner, effects);
}

static uint32_t count_excused(const struct result *result, uint32_t group, unsigned effects,
                              uint32_t *failed)
{
    uint32_t count = 0;
    *failed = 0;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!judge_in_group(result, i, group) || ended_well(&result->endpoints[i]))
            continue;
        ++*failed;
        count += excused(result, i, effects);
    }
    return count;
}

static unsigned all_effects(const struct result *result)
{
    unsigned effects = 0;
    for (uint32_t i = 0; i < result->limit_count; i++)
        if (result->limits[i].harm >= LIMIT_BENDS)
            effects |= result->limits[i].effects;
    return effects;
}

/* ---- judgements ------------------------------------------------------------------------- */

/* Of a rate: whether it would hold if what this machine may have spoilt had gone well; and the
 * limit spoilt some of it. */
static bool share_excused(const struct result *result, const struct judgement *judgement,
                          uint32_t group, unsigned effects)
{
    const struct threshold *threshold = judgement->threshold;
    uint32_t failed, count = count_excused(result, group, effects, &failed);
    if (count)
        count = count_excused(result, group, all_effects(result), &failed);
    if (!count || !judgement->samples || threshold_is_scoped(threshold))
        return count > 0 && count == failed;
    /* Of some rates (calls.isa) each sample is a failure, and their limit is an upper one. */
    bool upper = threshold->comparison == COMPARE_LE || threshold->comparison == COMPARE_LT;
    double good = (double)judgement->numerator + (upper ? -(double)count : (double)count);
    double all = (double)judgement->denominator;
    good = good < 0 ? 0 : good > all ? all : good;
    return threshold_holds(100 * good / all, threshold->comparison, threshold->limit);
}

static bool excuses(const struct result *result, const struct result_limit *limit,
                    const struct judgement *judgement, uint32_t group)
{
    const struct threshold *threshold = judgement->threshold;
    uint32_t failed;
    if (limit->harm >= LIMIT_NOT_PRODUCED)
        return true;
    if (judgement->verdict != VERDICT_FAIL || limit->harm < LIMIT_BENDS)
        return false;
    if (threshold->key.metric->kind == METRIC_RATE)
        return share_excused(result, judgement, group, limit->effects);
    if (judgement->measured && bends(result, limit->effects, threshold))
        return !((limit->effects & EFFECT_MEDIA_LOST) && small_loss(result, judgement));
    /* No sample, or too few of them: because of endpoints that never got so far? */
    uint32_t count = count_excused(result, group, limit->effects, &failed);
    if ((judgement->measured && !judgement->note[0]) || !count)
        return false;
    return count_excused(result, group, all_effects(result), &failed) == failed;
}

static void note(struct judgement *judgement, const struct result_limit *limit)
{
    judgement->verdict = VERDICT_INCONCLUSIVE;
    snprintf(judgement->note, sizeof judgement->note, "limit of this machine: %s, %s",
             limit->resource,
             limit->harm >= LIMIT_NOT_PRODUCED ? "so the load that was asked for was not produced"
                                               : "which may have caused this failure");
}

void limits_excuse(struct result *result, struct judgement *judgement, uint32_t group)
{
    for (uint32_t i = 0; i < result->limit_count; i++) {
        struct result_limit *limit = &result->limits[i];
        if (!excuses(result, limit, judgement, group))
            continue;
        if (judgement->verdict != VERDICT_INCONCLUSIVE)
            note(judgement, limit);
        limit->decisive |= !judgement->threshold->warn || judgement->stopped;
    }
}

bool limits_excuse_endpoints(struct result *result)
{
    uint32_t failed, count = count_excused(result, ROSTER_NONE, all_effects(result), &failed);
    if (!count || count != failed)
        return false;
    for (uint32_t i = 0; i < result->limit_count; i++) {
        struct result_limit *limit = &result->limits[i];
        limit->decisive |= limit->harm >= LIMIT_BENDS &&
                           count_excused(result, ROSTER_NONE, limit->effects, &failed) > 0;
    }
    return true;
}
