/* What steps need of media: sources, impairments, packet times, decoded endpoints. */
#include "build.h"
#include "cmtest/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is(const struct step *step, const char *action)
{
    return step->action && strcmp(step->action->choice.word, action) == 0;
}

static int32_t number(const struct step *step, const char *key, int32_t fallback)
{
    const char *text = step_text(step, key);
    return text ? (int32_t)strtol(text, NULL, 10) : fallback;
}

static void take_source(struct build *build, unsigned group, const char *path, struct step *step)
{
    const char *name = step_text(step, "source");
    if (!name || spec_faulty(build->spec, "groups[%u].audio", group))
        return;
    const struct spec_source row = {.name = (char *)name,
                                    .frequency = (uint32_t)number(step, "frequency", 0),
                                    .level = number(step, "level", SOURCE_LEVEL_DBM0)};
    struct audio *audio = arena_alloc(build->arena, sizeof *audio);
    build_audio(build, group, &row, spec_place(build->spec, "%s.source", path), audio);
    step->audio = audio;
    const char *loop = step_text(step, "loop");
    if (!audio->source->render && loop && !step_flag(step, "loop"))
        diag_add(build->diag, DIAG_ERROR, "endless-source",
                 spec_place(build->spec, "%s.loop", path), "remove \"loop\"",
                 "an echo has no end, so it cannot be played once");
}

static double percent(const struct step *step, const char *key)
{
    const char *text = step_text(step, key);
    return text ? strtod(text, NULL) : 0;
}

static void take_impairment(struct build *build, struct step *step)
{
    struct impairment_config *config = arena_alloc(build->arena, sizeof *config);
    *config = (struct impairment_config){.loss = percent(step, "loss"),
                                         .delay_ns = step_duration(step, "delay", 0),
                                         .jitter_ns = step_duration(step, "jitter", 0),
                                         .keep_order = true,
                                         .reorder = percent(step, "reorder"),
                                         .distance = 1,
                                         .duplicate = percent(step, "duplicate")};
    bool any = config->loss > 0 || config->delay_ns || config->jitter_ns || config->reorder > 0 ||
               config->duplicate > 0;
    step->impairment = any ? config : NULL;
}

/* Whether one of the codecs that the step offers has such packets. */
static void check_ptime(struct build *build, unsigned group, const char *path,
                        const struct step *step)
{
    const struct plan_group *planned = &build->plan->groups[group];
    uint32_t ptime = (uint32_t)(step_duration(step, "ptime", 0) / 1000000);
    bool named = step_text(step, "codecs") != NULL, speech = false, possible = false;
    for (size_t i = 0; ptime && i < planned->codec_count; i++) {
        const struct codec *codec = planned->codecs[i];
        bool offered = !named;
        const char *name;
        for (size_t j = 0; (name = step_text_at(step, "codecs", j)); j++)
            offered = offered || codec_find(name) == codec;
        if (!offered || codec->kind != CODEC_AUDIO)
            continue;
        speech = true;
        possible = possible || codec_ptime(codec, ptime) == ptime;
    }
    if (speech && !possible)
        diag_add(build->diag, DIAG_ERROR, "impossible-ptime",
                 spec_place(build->spec, "%s.ptime", path), "10ms, 20ms, 40ms or 60ms",
                 "none of the codecs that are offered has packets of %u ms", (unsigned)ptime);
}

static bool hears(const struct step *step)
{
    bool triggered = step->when == STEP_ON && step->on &&
                     (step->on->kind == OCCURRED_AUDIO || step->on->kind == OCCURRED_SILENCE);
    return triggered || (step->action && step->action->listens);
}

/* Who is to hear is decoded; where the spec says otherwise, one of the two is a mistake. */
static void need_decoding(struct build *build, unsigned group, const char *path)
{
    struct plan_hearing *hearing = &build->plan->groups[group].hearing;
    bool said = spec_given(build->spec, "groups[%u].audio.decode", group);
    if (hearing->decode == DECODE_FULL ||
        (hearing->decode == DECODE_SAMPLED && hearing->decode_one_in == 1))
        return;
    if (!said) {
        hearing->decode = DECODE_FULL;
        return;
    }
    struct place place = spec_place(build->spec, "groups[%u].audio.decode", group);
    if (build_said(build, "not-decoded", place))
        return;
    diag_add(build->diag, DIAG_ERROR, "not-decoded", place, "decode: full, or leave decode out",
             "a step of %s listens to audio, which only endpoints that are decoded can",
             build->plan->groups[group].name);
    diag_related(build->diag, spec_place(build->spec, "%s", path), "it is this one");
}

static bool activates(const struct step *step)
{
    return is(step, "activate") || (is(step, "update_media") && step_text(step, "direction")) ||
           is(step, "resume") || (step->otherwise && activates(step->otherwise));
}

void build_deferred(struct build *build, unsigned group)
{
    const struct plan_group *planned = &build->plan->groups[group];
    bool found = !planned->deferred || spec_faulty(build->spec, "groups[%u].scenario", group);
    for (size_t i = 0; i < planned->script.count && !found; i++)
        found = activates(&planned->script.steps[i]);
    struct place place = spec_place(build->spec, "groups[%u].audio.deferred", group);
    if (!found && !build_said(build, "never-activated", place))
        diag_add(build->diag, DIAG_WARNING, "never-activated", place,
                 "give the group a step with \"do: activate, track: audio\"",
                 "the audio of %s stays inactive: no step activates it", planned->name);
}

void build_step_media(struct build *build, unsigned group, const char *path, struct step *step)
{
    if (hears(step))
        need_decoding(build, group, path);
    if (is(step, "play") || is(step, "update_media"))
        take_source(build, group, path, step);
    if (is(step, "impair"))
        take_impairment(build, step);
    if (is(step, "update_media"))
        check_ptime(build, group, path, step);
}
