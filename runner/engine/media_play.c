/* What an endpoint sends, and what is done to its packets, when that changes in mid-call. */
#include "engine_private.h"

void media_usual(struct engine *engine, uint32_t id)
{
    const struct plan *plan = engine->plan;
    const struct plan_group *group = &plan->groups[plan->endpoints[id].group];
    struct seat *seat = &engine->seats[id];
    seat->audio = frames_audio(engine, id);
    seat->impair[DIRECTION_SEND] = group->impair[DIRECTION_SEND];
    seat->impair[DIRECTION_RECEIVE] = group->impair[DIRECTION_RECEIVE];
}

/* Tells the pacer what is to be sent now. */
static void send_now(struct engine *engine, uint32_t id, const struct session_media *media)
{
    struct seat *seat = &engine->seats[id];
    int64_t now = clock_now();
    bool once = !seat->muted && now < seat->once_ends_ns;
    /* A phone whose key for silence was pressed goes on where its source is by then. */
    int64_t began = once ? seat->once_began_ns : seat->audio_began_ns;
    uint64_t skip = (uint64_t)((now - began) / NS_PER_MS / media->ptime_ms);
    uint64_t length = (uint64_t)((seat->once_ends_ns - seat->once_began_ns) / NS_PER_MS);
    pacer_play(engine->pacer, id, frames_of(engine, id, media), skip,
               once ? (length + media->ptime_ms - 1) / media->ptime_ms : STREAM_ENDLESS,
               once ? frames_of_audio(engine, seat->audio, media) : NULL);
}

const char *media_play(void *service, uint32_t id, const struct session_media *media,
                       const struct audio *audio, bool once, int64_t *length_ns)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    const struct frames *frames = frames_of_audio(engine, audio, media);
    media_idle_start(engine, id);
    if (!frames && once)
        return "an echo has no end, so it cannot be played once";
    int64_t whole_ns = once ? (int64_t)frames->count * media->ptime_ms * NS_PER_MS : INT64_MAX;
    if (once && (!*length_ns || whole_ns < *length_ns))
        *length_ns = whole_ns;
    seat->once_ends_ns = 0;
    if (*length_ns) {
        seat->once = audio;
        seat->once_began_ns = clock_now();
        seat->once_ends_ns = seat->once_began_ns + *length_ns;
    } else {
        seat->audio = audio;
        seat->audio_began_ns = clock_now();
    }
    send_now(engine, id, media);
    return NULL;
}

const char *media_mute(void *service, uint32_t id, const struct session_media *media, bool mute)
{
    struct engine *engine = service;
    struct seat *seat = &engine->seats[id];
    if (seat->muted == mute)
        return NULL;
    media_idle_start(engine, id);
    seat->muted = mute;
    send_now(engine, id, media);
    return NULL;
}

void media_play_on(struct engine *engine, uint32_t id, const struct session_media *media)
{
    const struct seat *seat = &engine->seats[id];
    if (media->codec && !seat->muted && clock_now() < seat->once_ends_ns)
        send_now(engine, id, media);
}

/* Its fate follows from the run's seed and who it is, not from the moment of its call. */
static void tell_impairment(struct engine *engine, uint32_t id)
{
    const struct seat *seat = &engine->seats[id];
    pacer_impair(engine->pacer, id, seat->impair, engine->plan->seed ^ ((uint64_t)id + 1) << 32);
}

void media_impair_stream(struct engine *engine, uint32_t id)
{
    const struct seat *seat = &engine->seats[id];
    if (seat->impair[DIRECTION_SEND] || seat->impair[DIRECTION_RECEIVE])
        tell_impairment(engine, id);
}

void media_impair(void *service, uint32_t id, enum event_direction direction,
                  const struct impairment_config *config)
{
    struct engine *engine = service;
    media_idle_start(engine, id);
    engine->seats[id].impair[direction] = config;
    tell_impairment(engine, id);
}
