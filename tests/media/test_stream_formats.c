/* A peer that changes among the codecs of its answer in mid-call (RFC 3264 6.1). */
#include "support/second.h"
#include "support/specification.h"
#include <string.h>
#include "cmtest/stream.h"
#include "media/near.h"

extern const struct codec codec_pcma, codec_pcmu, codec_opus;

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)
#define EPOCH (5 * SECOND)
#define OPUS 96
#define LEVEL (-20 - 3.14 - 3.01) /* of a tone of -20 dBm0, dBov */

/* Who hears, and who speaks by a codec at a time, under one SSRC. */
struct scene {
    struct arena *arena;
    struct stream *ear;
    struct rtp_packet packet;
    int64_t now;
    unsigned frame;
    const struct frames *pcma, *pcmu, *opus;
};

static const struct frames *tone(struct arena *arena, const struct codec *codec)
{
    struct audio audio = audio_usual;
    struct codec_params params = {.ptime_ms = 20};

    audio.level_dbm0 = -20;
    return frames_new(arena, &audio, codec, &params, NULL);
}

static const struct frames *frames_of(const struct scene *scene, const struct codec *codec)
{
    return codec == &codec_pcma ? scene->pcma : codec == &codec_pcmu ? scene->pcmu : scene->opus;
}

static void begin(struct scene *scene)
{
    *scene = (struct scene){.arena = arena_new(), .now = EPOCH};
    scene->pcma = tone(scene->arena, &codec_pcma);
    scene->pcmu = tone(scene->arena, &codec_pcmu);
    scene->opus = tone(scene->arena, &codec_opus);
    struct stream_config config = {
        .codec = &codec_pcma,
        .frames = scene->pcma,
        .payload_type = 8,
        .receive_payload_type = 8,
        .others = {{&codec_pcmu, 0}, {&codec_opus, OPUS}},
        .other_count = 2,
        .ptime_ms = 20,
        .cname = "c0ffee",
        .rtcp_interval_ns = SECOND,
        .decode = DECODE_FULL,
        .seed = 7,
    };
    scene->ear = stream_new(&config, EPOCH);
    scene->packet = (struct rtp_packet){.sequence = 65530, .timestamp = 1000, .ssrc = 99};
}

static void end(struct scene *scene)
{
    stream_free(scene->ear);
    arena_free(scene->arena);
}

/* One packet, in time. */
static void speak(struct scene *scene, const struct codec *codec, uint8_t payload_type)
{
    const struct frames *frames = frames_of(scene, codec);
    struct rtp_packet *packet = &scene->packet;
    uint8_t bytes[STREAM_PACKET_MAX];
    size_t index = scene->frame++ % frames->count;

    packet->payload_type = payload_type;
    packet->payload = frames->bytes + frames->offsets[index];
    packet->payload_length = frames->offsets[index + 1] - frames->offsets[index];
    size_t length = rtp_write(packet, bytes, sizeof bytes);
    stream_receive(scene->ear, bytes, length, scene->now);
    packet->sequence++;
    packet->timestamp += codec->clock_rate / 50;
    scene->now += 20 * MS;
}

static struct event_second speak_second(struct scene *scene, const struct codec *codec,
                                        uint8_t payload_type)
{
    struct event_second seconds[2];

    for (unsigned i = 0; i < 50; i++)
        speak(scene, codec, payload_type);
    stream_second(scene->ear, scene->now, seconds);
    return seconds[DIRECTION_RECEIVE];
}

static void check_clean(const struct event_second *second)
{
    assert_int_equal(COUNT(second, PACKETS), 50);
    assert_int_equal(COUNT(second, LOST), 0);
    assert_int_equal(COUNT(second, WRONG_TYPE), 0);
    assert_int_equal(COUNT(second, DECODER_ERRORS), 0);
    assert_near(VALUE(second, LEVEL_RMS), LEVEL, 0.5);
    assert_near(VALUE(second, JITTER), 0, 1e-6);
}

static void a_codec_of_the_same_clock_is_received_as_what_it_is(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    for (unsigned i = 0; i < 2; i++) {
        struct event_second second = speak_second(&scene, &codec_pcma, 8);
        check_clean(&second);
        second = speak_second(&scene, &codec_pcmu, 0);
        check_clean(&second);
    }
    end(&scene);
}

static void a_codec_of_another_clock_is_received_as_what_it_is(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    for (unsigned i = 0; i < 2; i++) {
        struct event_second second = speak_second(&scene, &codec_pcma, 8);
        check_clean(&second);
        assert_int_equal(second.scale, EMODEL_NARROW);
        speak_second(&scene, &codec_opus, OPUS);
        second = speak_second(&scene, &codec_opus, OPUS);
        check_clean(&second);
        assert_int_equal(second.scale, EMODEL_FULL);
    }
    end(&scene);
}

static void a_packet_that_the_change_overtook_does_not_take_it_back(void **state)
{
    struct scene scene;
    struct stream_totals totals;
    struct event_second seconds[2];

    (void)state;
    begin(&scene);
    speak_second(&scene, &codec_pcma, 8);
    struct rtp_packet late = scene.packet;
    scene.packet.sequence++;
    for (unsigned i = 0; i < 10; i++)
        speak(&scene, &codec_opus, OPUS);
    struct rtp_packet next = scene.packet;
    scene.packet.sequence = late.sequence;
    speak(&scene, &codec_pcma, 8);
    scene.packet = next;
    for (unsigned i = 0; i < 10; i++)
        speak(&scene, &codec_opus, OPUS);
    stream_second(scene.ear, scene.now, seconds);
    stream_totals(scene.ear, &totals);
    assert_int_equal(totals.packets_received, 71);
    assert_int_equal(totals.packets_lost, 0);
    assert_int_equal(totals.wrong_payload_type, 0);
    assert_int_equal(COUNT(&seconds[DIRECTION_RECEIVE], DECODER_ERRORS), 0);
    end(&scene);
}

static void another_source_may_begin_with_another_codec(void **state)
{
    struct scene scene;
    struct stream_totals totals;

    (void)state;
    begin(&scene);
    speak_second(&scene, &codec_pcma, 8);
    scene.packet.ssrc = 1234;
    scene.packet.sequence = 4000;
    speak_second(&scene, &codec_opus, OPUS);
    struct event_second second = speak_second(&scene, &codec_opus, OPUS);
    check_clean(&second);
    stream_totals(scene.ear, &totals);
    assert_int_equal(totals.packets_received, 150);
    assert_int_equal(totals.packets_lost, 0);
    assert_int_equal(totals.wrong_payload_type, 0);
    end(&scene);
}

static void one_packet_of_another_source_changes_no_codec(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    speak_second(&scene, &codec_pcma, 8);
    struct rtp_packet before = scene.packet;
    scene.packet.ssrc = 1234;
    speak(&scene, &codec_opus, OPUS);
    scene.packet = before;
    scene.now -= 20 * MS;
    speak_second(&scene, &codec_pcma, 8);
    struct event_second second = speak_second(&scene, &codec_pcma, 8);
    check_clean(&second);
    assert_int_equal(second.scale, EMODEL_NARROW);
    end(&scene);
}

static void what_is_in_no_answer_is_still_unexpected(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    speak_second(&scene, &codec_pcma, 8);
    struct event_second second = speak_second(&scene, &codec_opus, OPUS + 1);
    assert_int_equal(COUNT(&second, WRONG_TYPE), 50);
    end(&scene);
}

static void a_later_agreement_ends_the_choice(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    speak_second(&scene, &codec_opus, OPUS);
    struct stream_config config = {.codec = &codec_pcma,
                                   .frames = scene.pcma,
                                   .payload_type = 8,
                                   .receive_payload_type = 8,
                                   .ptime_ms = 20};
    stream_update(scene.ear, &config);
    speak_second(&scene, &codec_pcma, 8);
    struct event_second second = speak_second(&scene, &codec_pcma, 8);
    check_clean(&second);
    second = speak_second(&scene, &codec_pcmu, 0);
    assert_int_equal(COUNT(&second, WRONG_TYPE), 50);
    end(&scene);
}

SPECIFICATION(cmocka_unit_test(a_codec_of_the_same_clock_is_received_as_what_it_is),
              cmocka_unit_test(a_codec_of_another_clock_is_received_as_what_it_is),
              cmocka_unit_test(a_packet_that_the_change_overtook_does_not_take_it_back),
              cmocka_unit_test(another_source_may_begin_with_another_codec),
              cmocka_unit_test(one_packet_of_another_source_changes_no_codec),
              cmocka_unit_test(what_is_in_no_answer_is_still_unexpected),
              cmocka_unit_test(a_later_agreement_ends_the_choice))
