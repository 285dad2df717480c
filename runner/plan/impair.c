/* What is done to the packets of a group. */
#include "build.h"

#include <stdio.h>
#include <string.h>

#define MS INT64_C(1000000)
#define SHARE 1000.0 /* thousandths of a percent in a percent */

/* Where a profile is written, and which directions it is of. */
struct origin {
    const struct spec_profile *profile;
    char path[48];
    bool send, receive;
};

static bool written(const struct build *build, const struct origin *origin, const char *key)
{
    return spec_given(build->spec, "%s.%s", origin->path, key);
}

/* Loss and burst length to the chances of Gilbert and Elliott: a burst is the bad state, lasts
 * 1/leave packets, and has the share of all packets that makes up the loss. false: said. */
static bool set_burst(struct build *build, const struct origin *origin,
                      struct impairment_config *config)
{
    const struct spec_burst *burst = &origin->profile->burst;
    double loss = origin->profile->loss / SHARE;
    double in = burst->inside / SHARE, out = burst->outside / SHARE;
    struct place place = spec_place(build->spec, "%s.burst", origin->path);
    if (loss <= out || loss >= in) {
        if (!build_said(build, "impossible-burst", place))
            diag_add(build->diag, DIAG_ERROR, "impossible-burst", place,
                     "loss is that of all packets; more are lost inside of a burst, fewer outside",
                     "a loss of %g%% cannot come of %g%% inside of bursts and %g%% outside", loss,
                     in, out);
        return false;
    }
    double bad = (loss - out) / (in - out);
    double most = out + (in - out) * burst->length / (burst->length + 1.0);
    config->burst.leave = 100.0 / burst->length;
    config->burst.enter = config->burst.leave * bad / (1 - bad);
    config->burst.loss_bad = in;
    config->burst.loss_good = out;
    if (config->burst.enter <= 100)
        return true;
    if (!build_said(build, "impossible-burst", place))
        diag_add(build->diag, DIAG_ERROR, "impossible-burst", place,
                 "make the bursts longer, or the loss smaller",
                 "a loss of %g%% is too much for bursts of %u packets: with one packet between two "
                 "bursts it is %.1f%%",
                 loss, (unsigned)burst->length, most);
    return false;
}

/* Jitter that is too small to let anything overtake, which was allowed to. */
static void check_order(struct build *build, unsigned index, const struct origin *origin)
{
    const struct plan_group *group = &build->plan->groups[index];
    const struct spec_profile *profile = origin->profile;
    uint32_t shortest = 0;
    for (size_t i = 0; i < group->codec_count; i++) {
        if (group->codecs[i]->kind != CODEC_AUDIO)
            continue;
        uint32_t ptime = codec_ptime(group->codecs[i], group->params[i].ptime_ms);
        shortest = !shortest || ptime < shortest ? ptime : shortest;
    }
    if (!profile->order || strcmp(profile->order, "free") != 0 || !profile->jitter_ns ||
        2 * profile->jitter_ns > shortest * MS)
        return;
    struct place place = spec_place(build->spec, "%s.order", origin->path);
    if (!build_said(build, "never-overtakes", place))
        diag_add(build->diag, DIAG_WARNING, "never-overtakes", place,
                 "raise the jitter, or take \"reorder: 1%\" in its place",
                 "jitter of %lldms delays by at most %lldms, and packets are %u ms apart: none "
                 "overtakes",
                 (long long)(profile->jitter_ns / MS), (long long)(2 * profile->jitter_ns / MS),
                 shortest);
}

static const struct impairment_config *config_of(struct build *build, const struct origin *origin)
{
    const struct spec_profile *profile = origin->profile;
    struct impairment_config *config = arena_alloc(build->arena, sizeof *config);
    *config = (struct impairment_config){
        .loss = profile->loss / SHARE,
        .loss_every = profile->every,
        .delay_ns = profile->delay_ns,
        .jitter_ns = profile->jitter_ns,
        .keep_order = !profile->order || strcmp(profile->order, "free") != 0,
        .reorder = profile->reorder / SHARE,
        .distance = profile->distance,
        .duplicate = profile->duplicate / SHARE,
    };
    /* Without loss there is nothing to come in bursts: a matrix may begin with none. */
    if (profile->burst.length && profile->loss && set_burst(build, origin, config))
        config->loss = 0;
    if (config->loss <= 0 && config->burst.enter <= 0 && !config->loss_every && !config->delay_ns &&
        !config->jitter_ns && config->reorder <= 0 && config->duplicate <= 0)
        return NULL;
    return config;
}

static void take(struct build *build, unsigned index, const struct origin *origin)
{
    struct plan_group *group = &build->plan->groups[index];
    if (spec_faulty(build->spec, "%s", origin->path))
        return;
    const struct impairment_config *config = config_of(build, origin);
    check_order(build, index, origin);
    if (origin->send)
        group->impair[DIRECTION_SEND] = config;
    if (origin->receive)
        group->impair[DIRECTION_RECEIVE] = config;
}

/* What is for both directions cannot stand beside what is for one: which one counts would be a
 * guess. */
static bool mixed(struct build *build, const struct origin *both, const char *direction)
{
    static const char *const keys[] = {"loss",  "every",   "burst",    "delay",    "jitter",
                                       "order", "reorder", "distance", "duplicate"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!written(build, both, keys[i]))
            continue;
        struct place place = spec_place(build->spec, "%s.%s", both->path, keys[i]);
        if (!build_said(build, "choose-one", place))
            diag_add(build->diag, DIAG_ERROR, "choose-one", place,
                     "write it under send and under receive, as far as it is meant for them",
                     "impair has \"%s\" for both directions, and \"%s\" beside it", keys[i],
                     direction);
        return true;
    }
    return false;
}

void build_impair(struct build *build, unsigned index)
{
    const struct spec_impair *impair = &build->spec->groups[index].impair;
    struct origin both = {.profile = &impair->both, .send = true, .receive = true};
    struct origin send = {.profile = &impair->send, .send = true};
    struct origin receive = {.profile = &impair->receive, .receive = true};
    snprintf(both.path, sizeof both.path, "groups[%u].impair", index);
    snprintf(send.path, sizeof send.path, "groups[%u].impair.send", index);
    snprintf(receive.path, sizeof receive.path, "groups[%u].impair.receive", index);
    bool has_send = written(build, &both, "send"), has_receive = written(build, &both, "receive");
    if (!has_send && !has_receive) {
        take(build, index, &both);
        return;
    }
    if (mixed(build, &both, has_send ? "send" : "receive"))
        return;
    take(build, index, &send);
    take(build, index, &receive);
}
