#include "cmtest/estimate.h"
#include "estimate_load.h"

#include <stdlib.h>
#include <string.h>

#define SECOND 1e9

static void take(struct estimate_stage *stage, int64_t at_ns)
{
    if (!stage->count || at_ns < stage->first_ns)
        stage->first_ns = at_ns;
    if (!stage->count || at_ns > stage->last_ns)
        stage->last_ns = at_ns;
    stage->count++;
}

/* ---- groups -----------------------------------------------------------------------------------
 */

static bool has_codec(const struct plan_group *group, const struct codec *codec)
{
    for (size_t i = 0; i < group->codec_count; i++)
        if (group->codecs[i] == codec)
            return true;
    return false;
}

/* Who makes the offer of a group's calls: with a late offer, who is called. */
static uint32_t offerer_of(const struct plan *plan, uint32_t caller)
{
    const struct plan_group *group = &plan->groups[caller];
    return group->late_offer && group->call == CALL_GROUP ? group->target : caller;
}

/* As an answer is made: the offer's order decides. The index in the offer, or its codec_count. */
static size_t agreed(const struct plan_group *offers, const struct plan_group *answers)
{
    size_t i = 0;
    while (i < offers->codec_count && (offers->codecs[i]->kind != CODEC_AUDIO ||
                                       (answers && !has_codec(answers, offers->codecs[i]))))
        i++;
    return i;
}

static void set_codec(struct estimate_group *own, const struct plan_group *group, size_t index)
{
    if (own->codec || index >= group->codec_count)
        return;
    const struct codec *codec = group->codecs[index];
    const struct codec_params *params = &group->params[index];
    uint32_t ptime = codec_ptime(codec, params->ptime_ms);
    uint32_t bits = params->bitrate ? params->bitrate : codec->bit_rate;
    own->codec = codec;
    own->frame_bytes = (uint32_t)((uint64_t)bits * ptime / 8000);
    own->packets = 1000.0 / ptime;
    own->bits = own->packets * 8 * (own->frame_bytes + ESTIMATE_OVERHEAD_BYTES);
}

/* Of the calls that a group makes. */
static void estimate_calls(const struct plan *plan, struct estimate *estimate, uint32_t caller,
                           struct arena *arena)
{
    const struct plan_group *group = &plan->groups[caller];
    uint32_t offerer = offerer_of(plan, caller);
    const struct plan_group *offers = &plan->groups[offerer];
    const struct plan_group *target =
        group->call == CALL_GROUP ? &plan->groups[group->target] : NULL;
    size_t codec = agreed(offers, offerer == caller ? target : group);
    set_codec(&estimate->groups[caller], offers, codec);
    if (target)
        set_codec(&estimate->groups[group->target], offers, codec);
    bool outside = group->late_offer && !target;
    if (!offers->codec_count || outside || estimate->groups[offerer].offer)
        return;
    struct text offer = {0};
    estimate_offer(plan, offerer, &offer);
    estimate->groups[offerer].offer = arena_strdup(arena, text_get(&offer));
    text_fini(&offer);
}

static void estimate_groups(const struct plan *plan, struct estimate *estimate, struct arena *arena)
{
    estimate->groups = arena_array(arena, plan->group_count, sizeof *estimate->groups);
    for (uint32_t g = 0; g < plan->group_count; g++) {
        const struct plan_group *group = &plan->groups[g];
        struct estimate_group *own = &estimate->groups[g];
        own->waits = group->callers < group->count && !group->called;
        estimate->waiting += own->waits ? group->count - group->callers : 0;
        if (group->callers)
            estimate_calls(plan, estimate, g, arena);
    }
    for (uint32_t g = 0; g < plan->group_count; g++)
        if (!plan->groups[g].callers && !plan->groups[g].called)
            set_codec(&estimate->groups[g], &plan->groups[g], agreed(&plan->groups[g], NULL));
}

static void estimate_registrars(const struct plan *plan, struct estimate *estimate,
                                struct arena *arena)
{
    estimate->registrars = arena_array(arena, plan->registrar_count, sizeof *estimate->registrars);
    for (size_t i = 0; i < plan->registrar_count; i++)
        estimate->registrars[i].given = plan->registrars[i].account_count;
    for (size_t g = 0; g < plan->group_count; g++)
        estimate->registrars[plan->groups[g].registrar].needed += plan->groups[g].count;
}

/* ---- time -------------------------------------------------------------------------------------
 */

static double rate(const struct estimate_stage *stage)
{
    if (stage->count < 2 || stage->last_ns <= stage->first_ns)
        return 0;
    return (stage->count - 1) * SECOND / (double)(stage->last_ns - stage->first_ns);
}

static void estimate_stages(const struct plan *plan, struct estimate *estimate)
{
    struct estimate_stage *stages = estimate->stages, answers = {0};
    double held = 0;
    for (uint32_t i = 0; i < plan->endpoint_count; i++) {
        const struct plan_endpoint *endpoint = &plan->endpoints[i];
        take(&stages[endpoint->caller ? STAGE_CALLERS : STAGE_RECEIVERS], endpoint->start_ns);
        if (!endpoint->caller)
            continue;
        struct load_call call = load_call(plan, i);
        take(&stages[STAGE_CALLING], call.dial_ns);
        if (call.end_ns > estimate->end_ns)
            estimate->end_ns = call.end_ns;
        if (call.refused)
            continue;
        take(&answers, call.answer_ns);
        take(&stages[STAGE_TEARDOWN], call.end_ns);
        held += (double)(call.end_ns - call.answer_ns) / SECOND;
    }
    estimate->calls = stages[STAGE_CALLING].count;
    stages[STAGE_MEDIA] =
        (struct estimate_stage){answers.count, answers.first_ns, stages[STAGE_TEARDOWN].last_ns, 0};
    for (int i = 0; i < STAGE_COUNT; i++)
        if (i != STAGE_MEDIA)
            stages[i].per_second = rate(&stages[i]);
    double span = (double)(stages[STAGE_MEDIA].last_ns - stages[STAGE_MEDIA].first_ns) / SECOND;
    if (answers.count)
        estimate->offered = stages[STAGE_CALLING].per_second * held / estimate->calls;
    estimate->mean = span > 0 ? held / span : 0;
}

/* Whoever waits for calls from outside, or is left without one, waits until none can come. */
static void estimate_end(const struct plan *plan, struct estimate *estimate)
{
    int64_t wait = plan->buildup_ns + plan->duration_ns + PLAN_TRANSACTION_NS;
    for (int i = STAGE_RECEIVERS; i <= STAGE_CALLERS; i++)
        if (estimate->stages[i].last_ns > estimate->end_ns)
            estimate->end_ns = estimate->stages[i].last_ns;
    if (estimate->waiting && wait > estimate->end_ns)
        estimate->end_ns = wait;
}

const struct estimate *estimate_new(const struct plan *plan, const struct machine *machine,
                                    struct arena *arena)
{
    struct estimate *estimate = arena_alloc(arena, sizeof *estimate);
    estimate_groups(plan, estimate, arena);
    estimate_registrars(plan, estimate, arena);
    estimate_stages(plan, estimate);
    estimate_end(plan, estimate);
    load_peaks(plan, estimate);
    estimate->workers = load_workers(plan, machine, estimate);
    load_resources(plan, machine, estimate);
    load_costs(plan, machine, estimate);
    return estimate;
}

const char *stage_name(enum stage stage)
{
    static const char *const names[] = {"registering receivers", "registering callers", "calling",
                                        "media", "teardown"};
    return names[stage];
}

const char *resource_name(enum resource resource)
{
    static const char *const names[] = {"descriptors", "RTP ports", "media thread", "memory"};
    return names[resource];
}

const char *fit_name(enum fit fit)
{
    static const char *const names[] = {"fits", "tight", "does not fit"};
    return names[fit];
}
