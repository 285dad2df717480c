/* What a stream sends and hears when that changes in mid-call. */
#include <stdio.h>
#include "media/pair.h"
#include "sound.h"

extern const struct source source_silence;
extern const struct codec codec_pcmu;

static const struct frames *silence_of(struct arena *arena, const struct codec *codec)
{
    static const struct audio silence = {.source = &source_silence};
    const struct codec_params params = {.ptime_ms = 20};
    return frames_new(arena, &silence, codec, &params, NULL);
}

/* The number of the frame that is sent next; -1: it is of other frames. */
static int frame_of(struct stream *stream, const struct frames *frames)
{
    static uint8_t out[STREAM_PACKET_MAX];
    struct rtp_packet packet;
    size_t length = stream_send(stream, out);
    assert_true(length > 0 && rtp_parse(out, length, &packet));
    for (uint32_t i = 0; i < frames->count; i++)
        if (packet.payload_length == frames->offsets[i + 1] - frames->offsets[i] &&
            memcmp(packet.payload, frames->bytes + frames->offsets[i], packet.payload_length) == 0)
            return (int)i;
    return -1;
}

/* Three frames that are each other's like in nothing. */
static const struct frames *prompt_of(struct arena *arena)
{
    static int16_t samples[480];
    const struct codec_params params = {.ptime_ms = 20};
    for (int i = 0; i < 480; i++)
        samples[i] = (int16_t)((i / 160 + 1) * 4000 * (i % 2 ? 1 : -1));
    return frames_of_samples(arena, samples, 480, &codec_pcma, &params);
}

static void another_source_begins_with_its_first_frame(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct stream_config config = config_of(arena, 7);
    struct stream *stream = stream_new(&config, EPOCH);
    const struct frames *prompt = prompt_of(arena);
    for (int i = 0; i < 7; i++)
        assert_int_equal(frame_of(stream, prompt), -1);
    assert_true(stream_play(stream, prompt, 0, STREAM_ENDLESS, NULL));
    for (int i = 0; i < 7; i++)
        assert_int_equal(frame_of(stream, prompt), i % 3);
    assert_true(stream_play(stream, prompt, 2, STREAM_ENDLESS, NULL));
    assert_int_equal(frame_of(stream, prompt), 2);
    stream_free(stream);
    arena_free(arena);
}

static void what_is_played_once_gives_way_to_the_next(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct stream_config config = config_of(arena, 7);
    struct stream *stream = stream_new(&config, EPOCH);
    const struct frames *prompt = prompt_of(arena), *then = silence_of(arena, &codec_pcma);
    assert_true(stream_play(stream, prompt, 0, 3, then));
    assert_int_equal(frame_of(stream, prompt), 0);
    /* Time goes on while nothing is sent, and the same media is no change. */
    stream_skip(stream, 1);
    config.frames = prompt;
    stream_update(stream, &config);
    assert_int_equal(frame_of(stream, prompt), 2);
    for (int i = 0; i < 4; i++)
        assert_true(frame_of(stream, then) >= 0);
    /* What is over already is not begun. */
    assert_true(stream_play(stream, prompt, 3, 3, then));
    assert_true(frame_of(stream, then) >= 0);
    stream_free(stream);
    arena_free(arena);
}

static void another_codec_ends_what_is_played_once(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct stream_config config = config_of(arena, 7);
    struct stream *stream = stream_new(&config, EPOCH);
    const struct frames *prompt = prompt_of(arena), *other = silence_of(arena, &codec_pcmu);
    assert_false(stream_play(stream, other, 0, STREAM_ENDLESS, NULL));
    assert_true(stream_play(stream, prompt, 0, 3, NULL));
    assert_int_equal(frame_of(stream, prompt), 0);
    config.codec = &codec_pcmu;
    config.payload_type = config.receive_payload_type = 0;
    config.frames = other;
    stream_update(stream, &config);
    for (int i = 0; i < 5; i++)
        assert_true(frame_of(stream, other) >= 0);
    stream_free(stream);
    arena_free(arena);
}

/* ---- what is heard --------------------------------------------------------------------------- */

struct scene {
    struct arena *arena;
    struct stream *near, *far;
    int64_t now;
    char seen[256]; /* "started@0 audio@60 ..." in ms */
};

static void look(struct scene *scene)
{
    static const char *const words[] = {"started", "stopped", "audio", "silence"};
    enum stream_change change;
    int64_t at;
    while (stream_changed(scene->near, scene->now, &change, &at)) {
        size_t length = strlen(scene->seen);
        snprintf(scene->seen + length, sizeof scene->seen - length, "%s%s@%lld", length ? " " : "",
                 words[change], (long long)((at - EPOCH) / MS));
    }
}

/* Packets come, or, not sending, time goes by. */
static void pass(struct scene *scene, int64_t ms, bool sending)
{
    uint8_t out[STREAM_PACKET_MAX];
    for (int64_t end = scene->now + ms * MS; scene->now < end; scene->now += 20 * MS) {
        if (sending)
            stream_receive(scene->near, out, stream_send(scene->far, out), scene->now);
        else
            stream_skip(scene->far, 1);
        look(scene);
    }
}

static void open_scene(struct scene *scene, enum stream_decode decode)
{
    *scene = (struct scene){.arena = arena_new(), .now = EPOCH};
    struct stream_config config = config_of(scene->arena, 7);
    scene->far = stream_new(&config, EPOCH);
    config.decode = decode;
    config.playout = (struct stream_playout){.fixed = true, .nominal_ms = 60};
    config.seed = 8;
    scene->near = stream_new(&config, EPOCH);
}

static void close_scene(struct scene *scene)
{
    stream_free(scene->near);
    stream_free(scene->far);
    arena_free(scene->arena);
}

static void media_starts_with_a_packet_and_stops_with_the_last_one(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, DECODE_NONE);
    pass(&scene, 300, false);
    assert_string_equal(scene.seen, "");
    pass(&scene, 1000, true);
    assert_string_equal(scene.seen, "started@300");
    pass(&scene, 440, false); /* a pause of DTX */
    pass(&scene, 20, true);
    pass(&scene, 480, false);
    assert_string_equal(scene.seen, "started@300");
    pass(&scene, 20, false);
    assert_string_equal(scene.seen, "started@300 stopped@1740");
    pass(&scene, 60, true);
    assert_string_equal(scene.seen, "started@300 stopped@1740 started@2260");
    close_scene(&scene);
}

static void audio_and_silence_are_told_when_they_were_heard(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, DECODE_FULL);
    pass(&scene, 1000, true);
    assert_string_equal(scene.seen, "started@0 audio@60");
    stream_play(scene.far, silence_of(scene.arena, &codec_pcma), 0, STREAM_ENDLESS, NULL);
    pass(&scene, 1000, true);
    assert_string_equal(scene.seen, "started@0 audio@60 silence@1060");
    close_scene(&scene);
}

/* Nothing is silence once something was heard; before, it is not known. */
static void packets_that_stop_are_silence(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, DECODE_FULL);
    pass(&scene, 2000, false);
    assert_string_equal(scene.seen, "");
    pass(&scene, 1000, true);
    pass(&scene, 400, false);
    assert_true(strncmp(scene.seen, "started@2000 audio@2060 silence@3", 33) == 0);
    close_scene(&scene);
}

static void clicks_and_pauses_between_syllables_change_nothing(void **state)
{
    (void)state;
    struct sound sound = {0};
    struct sound_change change;
    int64_t now = 0;
    const struct {
        bool audio;
        int64_t ms;
    } parts[] = {{false, 200}, {true, 30}, {false, 200}, {true, 300}, {false, 110}, {true, 50}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (int64_t ms = 0; ms < parts[i].ms; ms += 10, now += 10 * MS)
            sound_hear(&sound, now, 10 * MS, parts[i].audio);
    assert_true(sound_take(&sound, &change));
    assert_false(change.audio);
    assert_int_equal(change.at_ns, 0);
    assert_true(sound_take(&sound, &change));
    assert_true(change.audio);
    assert_int_equal(change.at_ns, 430 * MS);
    assert_false(sound_take(&sound, &change));
}

static void a_stream_that_is_not_decoded_hears_nothing(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, DECODE_NONE);
    pass(&scene, 1000, true);
    assert_string_equal(scene.seen, "started@0");
    close_scene(&scene);
}

SPECIFICATION(cmocka_unit_test(another_source_begins_with_its_first_frame),
              cmocka_unit_test(what_is_played_once_gives_way_to_the_next),
              cmocka_unit_test(another_codec_ends_what_is_played_once),
              cmocka_unit_test(media_starts_with_a_packet_and_stops_with_the_last_one),
              cmocka_unit_test(audio_and_silence_are_told_when_they_were_heard),
              cmocka_unit_test(packets_that_stop_are_silence),
              cmocka_unit_test(clicks_and_pauses_between_syllables_change_nothing),
              cmocka_unit_test(a_stream_that_is_not_decoded_hears_nothing))
