/* The frames that streams send: encoded before the first call as far as they can be foreseen, for
 * encoding takes longer than the answer to an INVITE may. */
#include "cmtest/dtmf.h"
#include "engine_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct source source_silence;

/* Of all together. What peers ask for beyond it they get as somebody else asked for it. */
#define BYTES_MAX (256u << 20)

const struct audio frames_silence = {.source = &source_silence};

const struct audio *frames_audio(const struct engine *engine, uint32_t id)
{
    const struct plan_endpoint *endpoint = &engine->plan->endpoints[id];
    const struct plan_group *group = &engine->plan->groups[endpoint->group];
    return &group->audios[endpoint->index % group->audio_count];
}

/* exact: with just these parameters; else only of that packet time. */
static const struct frames *find(const struct engine *engine, const struct audio *audio,
                                 const struct codec *codec, const struct codec_params *params,
                                 bool exact)
{
    for (const struct kept_frames *kept = engine->frames; kept; kept = kept->next) {
        const struct frames *frames = kept->frames;
        if (frames->codec == codec && audio_same(kept->audio, audio) &&
            (exact ? codec_same(&frames->params, params)
                   : frames->params.ptime_ms == params->ptime_ms))
            return frames;
    }
    return NULL;
}

static const struct frames *make(struct engine *engine, const struct audio *audio,
                                 const struct codec *codec, const struct codec_params *params,
                                 struct text *why)
{
    const struct frames *frames = find(engine, audio, codec, params, true);
    if (!frames && engine->frame_bytes > BYTES_MAX)
        frames = find(engine, audio, codec, params, false);
    if (frames)
        return frames;
    frames = frames_new(engine->arena, audio, codec, params, why);
    if (!frames)
        return NULL;
    struct kept_frames *kept = arena_alloc(engine->arena, sizeof *kept);
    *kept = (struct kept_frames){.audio = audio, .frames = frames, .next = engine->frames};
    engine->frames = kept;
    engine->frame_bytes += frames->offsets[frames->count];
    return frames;
}

const struct frames *frames_of_audio(struct engine *engine, const struct audio *audio,
                                     const struct session_media *media)
{
    struct text why = {0};
    if (!audio->source->render)
        return NULL;
    const struct frames *frames = make(engine, audio, media->codec, &media->send, &why);
    /* A file that was there at the start and is no more. */
    if (!frames)
        frames = make(engine, &frames_silence, media->codec, &media->send, &why);
    text_fini(&why);
    return frames;
}

const struct frames *frames_of(struct engine *engine, uint32_t id,
                               const struct session_media *media)
{
    const struct seat *seat = &engine->seats[id];
    const struct audio *once = clock_now() < seat->once_ends_ns ? seat->once : NULL;
    const struct audio *audio = seat->muted ? &frames_silence : once ? once : seat->audio;
    return frames_of_audio(engine, audio, media);
}

const struct frames *frames_of_digits(struct engine *engine, const struct session_media *media,
                                      const char *digits, const struct dtmf_timing *timing)
{
    for (const struct kept_tones *kept = engine->tones; kept; kept = kept->next)
        if (kept->timing.tone_ms == timing->tone_ms && kept->timing.gap_ms == timing->gap_ms &&
            strcmp(kept->digits, digits) == 0 && kept->frames->codec == media->codec &&
            codec_same(&kept->frames->params, &media->send))
            return kept->frames;
    if (engine->frame_bytes > BYTES_MAX)
        return NULL;
    size_t count;
    int16_t *samples = dtmf_render(digits, timing, media->codec->sample_rate, &count);
    struct kept_tones *kept = arena_alloc(engine->arena, sizeof *kept);
    *kept = (struct kept_tones){
        .digits = arena_strdup(engine->arena, digits),
        .timing = *timing,
        .frames = frames_of_samples(engine->arena, samples, count, media->codec, &media->send),
        .next = engine->tones};
    free(samples);
    engine->tones = kept;
    engine->frame_bytes += kept->frames->offsets[kept->frames->count];
    return kept->frames;
}

/* As a peer with those settings asks for it. */
static bool prepare(struct engine *engine, const struct audio *audio, const struct codec *codec,
                    const struct codec_params *own, const struct codec_params *peer,
                    struct text *why)
{
    struct codec_params send;
    struct text fmtp = {0};
    if (peer->fmtp)
        text_add(&fmtp, peer->fmtp);
    else if (codec->fmtp_write)
        codec->fmtp_write(peer, &fmtp);
    codec_agree(codec, own, text_get(&fmtp), peer->ptime_ms, &send);
    text_fini(&fmtp);
    return make(engine, audio, codec, &send, why) != NULL;
}

/* Of nobody outside it is known what they will ask for: they are taken to be as we are. */
static const struct plan_group *group_of_peer(const struct plan *plan, uint32_t id)
{
    const struct plan_endpoint *endpoint = &plan->endpoints[id];
    if (endpoint->partner != ROSTER_NONE)
        endpoint = &plan->endpoints[endpoint->partner];
    return &plan->groups[endpoint->group];
}

/* What one group sends to another, or to its like. */
struct pair {
    const struct plan_group *group, *peer;
};

/* In all codecs that both have. */
static bool prepare_all(struct engine *engine, const struct pair *pair, const struct audio *audio,
                        struct text *why)
{
    const struct plan_group *group = pair->group, *peer = pair->peer;
    for (size_t i = 0; i < group->codec_count && audio->source->render; i++)
        for (size_t k = 0; k < peer->codec_count; k++)
            if (group->codecs[i]->kind == CODEC_AUDIO && peer->codecs[k] == group->codecs[i] &&
                !prepare(engine, audio, group->codecs[i], &group->params[i], &peer->params[k], why))
                return false;
    return true;
}

static bool prepare_step(struct engine *engine, const struct pair *pair, const struct step *step,
                         struct text *why)
{
    bool good = !step->audio || prepare_all(engine, pair, step->audio, why);
    bool mutes = step->action && strcmp(step->action->choice.word, "mute") == 0;
    return good && (!mutes || prepare_all(engine, pair, &frames_silence, why)) &&
           (!step->otherwise || prepare_step(engine, pair, step->otherwise, why));
}

static bool prepare_script(struct engine *engine, const struct pair *pair, struct text *why)
{
    bool good = true;
    for (size_t i = 0; i < pair->group->script.count && good; i++)
        good = prepare_step(engine, pair, &pair->group->script.steps[i], why);
    return good;
}

bool frames_prepare(struct engine *engine, char *why, size_t why_size)
{
    const struct plan *plan = engine->plan;
    struct text text = {0};
    bool good = true;
    for (uint32_t id = 0; id < plan->endpoint_count && good; id++) {
        const struct plan_endpoint *endpoint = &plan->endpoints[id];
        struct pair pair = {&plan->groups[endpoint->group], group_of_peer(plan, id)};
        uint32_t audios = (uint32_t)pair.group->audio_count, index = endpoint->index;
        if (index < audios || group_of_peer(plan, id - audios) != pair.peer)
            good = prepare_all(engine, &pair, frames_audio(engine, id), &text);
        if (good && (!index || group_of_peer(plan, id - 1) != pair.peer))
            good = prepare_script(engine, &pair, &text);
    }
    if (!good)
        snprintf(why, why_size, "%s", text_get(&text));
    text_fini(&text);
    return good;
}
