/* What a stream hears goes into a file whose times are those of the call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "support/specification.h"
#include "cmtest/recorder.h"
#include "media/near.h"
#include "media/pair.h"

#define PACKETS_PER_SECOND 50

struct scene {
    struct arena *arena;
    struct stream *stream;
    struct recorder_budget budget;
    struct recorder *recorder;
    struct rtp_packet packet;
    int64_t now_ms;
    uint8_t payload[160];
    char folder[64];
};

static int set_up(void **state)
{
    static struct scene scene;

    memset(&scene, 0, sizeof scene);
    snprintf(scene.folder, sizeof scene.folder, "/tmp/cmtest-stream-XXXXXX");
    if (!mkdtemp(scene.folder))
        return -1;
    scene.arena = arena_new();
    scene.budget.bytes = 1000000;
    scene.recorder = recorder_new(scene.folder, "phone-0", 8000, &scene.budget);
    memset(scene.payload, 0x55, sizeof scene.payload);
    scene.packet = (struct rtp_packet){.payload_type = 8,
                                       .sequence = 100,
                                       .ssrc = 1,
                                       .payload = scene.payload,
                                       .payload_length = sizeof scene.payload};
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    stream_free(scene->stream);
    unlink(recorder_path(scene->recorder));
    recorder_free(scene->recorder);
    arena_free(scene->arena);
    return rmdir(scene->folder);
}

static void open_stream(struct scene *scene, enum stream_decode decode)
{
    struct stream_config config = config_of(scene->arena, 7);

    config.decode = decode;
    config.recorder = scene->recorder;
    config.playout = (struct stream_playout){.fixed = true, .nominal_ms = 40};
    scene->stream = stream_new(&config, EPOCH);
}

static void speak(struct scene *scene, unsigned packets)
{
    uint8_t out[STREAM_PACKET_MAX];

    for (unsigned i = 0; i < packets; i++) {
        size_t length = rtp_write(&scene->packet, out, sizeof out);
        stream_receive(scene->stream, out, length, EPOCH + scene->now_ms * MS);
        scene->packet.sequence++;
        scene->packet.timestamp += 160;
        scene->now_ms += 20;
    }
}

/* Until everything has been heard. */
static double recorded_seconds(struct scene *scene)
{
    struct event_second seconds[2];

    stream_second(scene->stream, EPOCH + (scene->now_ms + 200) * MS, seconds);
    return (double)recorder_duration_ns(scene->recorder) / 1e9;
}

static void every_packet_is_in_the_file(void **state)
{
    struct scene *scene = *state;

    open_stream(scene, DECODE_FULL);
    speak(scene, 2 * PACKETS_PER_SECOND);
    /* Nobody knows at the end whether the sender pauses: a few packets are concealed. */
    assert_near(recorded_seconds(scene), 2.03, .04);
    assert_null(recorder_why(scene->recorder));
}

static void a_lost_packet_takes_its_time(void **state)
{
    struct scene *scene = *state;

    open_stream(scene, DECODE_FULL);
    speak(scene, PACKETS_PER_SECOND);
    scene->packet.sequence += 2;
    scene->packet.timestamp += 2 * 160;
    scene->now_ms += 2 * 20;
    speak(scene, PACKETS_PER_SECOND);
    assert_near(recorded_seconds(scene), 2.07, .04);
}

static void a_pause_of_the_sender_is_one_in_the_file(void **state)
{
    struct scene *scene = *state;

    open_stream(scene, DECODE_FULL);
    speak(scene, PACKETS_PER_SECOND);
    scene->packet.timestamp += 3 * 8000;
    scene->packet.marker = true;
    scene->now_ms += 3000;
    speak(scene, 1);
    scene->packet.marker = false;
    speak(scene, PACKETS_PER_SECOND - 1);
    assert_near(recorded_seconds(scene), 5.03, .05);
}

static void what_is_not_decoded_is_not_recorded(void **state)
{
    struct scene *scene = *state;

    open_stream(scene, DECODE_NONE);
    speak(scene, PACKETS_PER_SECOND);
    assert_near(recorded_seconds(scene), 0, 0);
    assert_null(recorder_why(scene->recorder));
}

static void another_sample_rate_ends_it_and_says_so(void **state)
{
    struct scene *scene = *state;
    extern const struct codec codec_g722;

    open_stream(scene, DECODE_FULL);
    speak(scene, PACKETS_PER_SECOND);
    struct stream_config config = config_of(scene->arena, 7);
    config.codec = &codec_g722;
    stream_update(scene->stream, &config);
    double before = (double)recorder_duration_ns(scene->recorder) / 1e9;
    assert_true(before > .9);
    speak(scene, PACKETS_PER_SECOND);
    assert_near(recorded_seconds(scene), before, 0);
    assert_non_null(strstr(recorder_why(scene->recorder), "another sample rate"));
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(every_packet_is_in_the_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_lost_packet_takes_its_time, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_pause_of_the_sender_is_one_in_the_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_is_not_decoded_is_not_recorded, set_up, tear_down),
    cmocka_unit_test_setup_teardown(another_sample_rate_ends_it_and_says_so, set_up, tear_down))
