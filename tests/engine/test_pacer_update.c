/* Media that changes in mid-call, as a peer on a real socket sees it. */
#include "support/specification.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "cmtest/rtp.h"
#include "pacer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 60000 /* only a guard against hanging */
#define SECONDS_MAX 16

struct scene {
    struct arena *arena;
    struct pacer *pacer;
    int rtp, rtcp; /* the peer's */
    struct session_media media;
    const struct frames *pcma, *pcmu;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct event_second seconds[2][SECONDS_MAX];
    unsigned count[2];
    bool closed, obeyed;
    struct stream_totals totals;
};

static int open_socket(struct sockaddr_storage *address)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof any;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &length), 0);
    if (address)
        memcpy(address, &any, sizeof any);
    return fd;
}

static void take_event(void *to, const struct event *event)
{
    struct scene *scene = to;
    if (event->kind != EVENT_SECOND || event->endpoint != 0)
        return;
    enum event_direction direction = event->second.direction;
    pthread_mutex_lock(&scene->lock);
    if (scene->count[direction] < SECONDS_MAX)
        scene->seconds[direction][scene->count[direction]++] = event->second;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void take_closed(void *owner, uint32_t endpoint, const struct stream_totals *totals)
{
    struct scene *scene = owner;
    pthread_mutex_lock(&scene->lock);
    if (endpoint == 0) {
        scene->totals = *totals;
        scene->closed = true;
    } else {
        scene->obeyed = true;
    }
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void begin(struct scene *scene, bool early)
{
    *scene = (struct scene){.arena = arena_new()};
    const struct codec *codec = codec_find("pcma");
    struct codec_params params = {.ptime_ms = 20}, longer = {.ptime_ms = 40};
    scene->pcma = frames_new(scene->arena, &audio_usual, codec, &params, NULL);
    scene->pcmu = frames_new(scene->arena, &audio_usual, codec_find("pcmu"), &longer, NULL);
    scene->media = (struct session_media){.codec = codec,
                                          .payload_type = 8,
                                          .receive_payload_type = 8,
                                          .ptime_ms = 20,
                                          .address_length = sizeof(struct sockaddr_in),
                                          .may_send = true,
                                          .may_receive = true};
    scene->rtp = open_socket(&scene->media.rtp);
    scene->rtcp = open_socket(&scene->media.rtcp);
    pthread_mutex_init(&scene->lock, NULL);
    pthread_cond_init(&scene->changed, NULL);
    scene->pacer = pacer_new(take_event, scene, take_closed, scene, 2);
    pacer_start(scene->pacer, 0, open_socket(NULL), open_socket(NULL), &scene->media, scene->pcma,
                early, 7, 0);
}

static void forget(struct scene *scene)
{
    close(scene->rtp);
    close(scene->rtcp);
    pthread_mutex_destroy(&scene->lock);
    pthread_cond_destroy(&scene->changed);
    arena_free(scene->arena);
}

static void end(struct scene *scene)
{
    pacer_close(scene->pacer, 0);
    pthread_mutex_lock(&scene->lock);
    while (!scene->closed)
        pthread_cond_wait(&scene->changed, &scene->lock);
    pthread_mutex_unlock(&scene->lock);
    pacer_free(scene->pacer);
    forget(scene);
}

/* The next packet on a socket of the peer. */
static struct rtp_packet next(int fd)
{
    static uint8_t bytes[STREAM_PACKET_MAX];
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    struct rtp_packet packet;
    assert_int_equal(poll(&waiting, 1, PATIENCE_MS), 1);
    ssize_t length = recv(fd, bytes, sizeof bytes, 0);
    assert_true(length > 0);
    assert_true(rtp_parse(bytes, (size_t)length, &packet));
    return packet;
}

/* Reads away what came; `last` becomes the last of it, when something did. */
static void empty(int fd, struct rtp_packet *last)
{
    static uint8_t bytes[STREAM_PACKET_MAX];
    ssize_t length;
    while ((length = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        if (last)
            assert_true(rtp_parse(bytes, (size_t)length, last));
}

/* Until the commands so far are obeyed, as one of another stream is that was given behind them. */
static void wait_until_obeyed(struct scene *scene)
{
    struct session_media nobody = scene->media;
    struct sockaddr_in discard = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
    nobody.may_send = false;
    memcpy(&nobody.rtp, &discard, sizeof discard);
    memcpy(&nobody.rtcp, &discard, sizeof discard);
    scene->obeyed = false;
    pacer_start(scene->pacer, 1, open_socket(NULL), open_socket(NULL), &nobody, scene->pcma, false,
                9, 0);
    pacer_close(scene->pacer, 1);
    pthread_mutex_lock(&scene->lock);
    while (!scene->obeyed)
        pthread_cond_wait(&scene->changed, &scene->lock);
    pthread_mutex_unlock(&scene->lock);
}

/* What was sent before the last command is read away, and some time has passed since. */
static void settle(struct scene *scene, struct rtp_packet *last)
{
    wait_until_obeyed(scene);
    clock_sleep_until(clock_now() + 60 * NS_PER_MS);
    empty(scene->rtp, last);
    empty(scene->rtcp, NULL);
}

static void wait_for_seconds(struct scene *scene, unsigned count)
{
    pthread_mutex_lock(&scene->lock);
    while (scene->count[DIRECTION_RECEIVE] < count)
        pthread_cond_wait(&scene->changed, &scene->lock);
    pthread_mutex_unlock(&scene->lock);
}

static void update(struct scene *scene, bool may_send)
{
    scene->media.may_send = may_send;
    pacer_update(scene->pacer, 0, &scene->media, scene->pcma, false);
}

static void hold_stops_rtp_and_not_rtcp_and_resume_goes_on_with_a_marker(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, false);
    struct rtp_packet first = next(scene.rtp), last = next(scene.rtp);
    assert_true(first.marker && !last.marker);
    update(&scene, false);
    settle(&scene, &last);
    struct pollfd waiting[2] = {{.fd = scene.rtp, .events = POLLIN},
                                {.fd = scene.rtcp, .events = POLLIN}};
    assert_true(poll(waiting, 2, PATIENCE_MS) > 0);
    assert_int_equal(waiting[0].revents, 0);
    assert_int_equal(waiting[1].revents, POLLIN);
    update(&scene, true);
    struct rtp_packet again = next(scene.rtp);
    assert_true(again.marker);
    assert_int_equal(again.ssrc, first.ssrc);
    assert_int_equal((uint16_t)(again.sequence - last.sequence), 1);
    /* The clock of the timestamps went on: at least the 60 ms of settle(). */
    assert_true(again.timestamp - last.timestamp >= 3 * 160);
    end(&scene);
}

static void another_codec_and_packet_time_go_on_with_the_same_source(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, false);
    struct rtp_packet before = next(scene.rtp);
    scene.media.codec = codec_find("pcmu");
    scene.media.payload_type = scene.media.receive_payload_type = 0;
    scene.media.ptime_ms = 40;
    pacer_update(scene.pacer, 0, &scene.media, scene.pcmu, false);
    struct rtp_packet after = next(scene.rtp);
    while (after.payload_type == 8)
        after = next(scene.rtp);
    assert_int_equal(after.payload_type, 0);
    assert_int_equal(after.payload_length, 320);
    assert_int_equal(after.ssrc, before.ssrc);
    struct rtp_packet third = next(scene.rtp);
    assert_int_equal((uint16_t)(third.sequence - after.sequence), 1);
    assert_int_equal(third.timestamp - after.timestamp, 320);
    end(&scene);
}

static void another_address_takes_the_packets(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, false);
    next(scene.rtp);
    int other = open_socket(&scene.media.rtp);
    update(&scene, true);
    next(other);
    settle(&scene, NULL);
    assert_true(recv(scene.rtp, &(char){0}, 1, MSG_DONTWAIT) < 0);
    close(other);
    end(&scene);
}

static void an_unspecified_address_keeps_the_way_of_rtcp(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, false);
    next(scene.rtp);
    struct sockaddr_in nowhere = {.sin_family = AF_INET, .sin_port = htons(7000)};
    memcpy(&scene.media.rtp, &nowhere, sizeof nowhere);
    memcpy(&scene.media.rtcp, &nowhere, sizeof nowhere);
    update(&scene, false);
    settle(&scene, NULL);
    struct pollfd waiting = {.fd = scene.rtcp, .events = POLLIN};
    assert_int_equal(poll(&waiting, 1, PATIENCE_MS), 1);
    end(&scene);
}

static void a_stream_that_is_taken_away_says_nothing_until_it_is_back(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, false);
    next(scene.rtp);
    struct session_media none = {0};
    pacer_update(scene.pacer, 0, &none, NULL, false);
    settle(&scene, NULL);
    struct pollfd waiting[2] = {{.fd = scene.rtp, .events = POLLIN},
                                {.fd = scene.rtcp, .events = POLLIN}};
    assert_int_equal(poll(waiting, 2, 300), 0);
    update(&scene, true);
    assert_true(next(scene.rtp).marker);
    end(&scene);
}

static void seconds_of_a_changed_or_early_direction_are_not_owed(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, true);
    next(scene.rtp);
    wait_for_seconds(&scene, 1);
    update(&scene, true); /* answered */
    wait_for_seconds(&scene, 3);
    scene.media.may_receive = false;
    update(&scene, true);
    wait_for_seconds(&scene, 5);
    end(&scene);
    static const bool owed[] = {false, false, true, false, false};
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(scene.seconds[DIRECTION_RECEIVE][i].agreed, owed[i]);
    assert_true(scene.seconds[DIRECTION_SEND][3].agreed);
    assert_false(scene.seconds[DIRECTION_SEND][0].agreed);
}

static void another_source_is_sent_from_the_command_on(void **state)
{
    (void)state;
    static const struct audio loud = {
        .source = &source_tone, .frequency_hz = 1000, .level_dbm0 = 0};
    struct scene scene;
    begin(&scene, false);
    const struct codec_params params = {.ptime_ms = 20};
    const struct frames *other = frames_new(scene.arena, &loud, scene.media.codec, &params, NULL);
    struct rtp_packet before = next(scene.rtp);
    assert_int_not_equal(memcmp(before.payload, other->bytes, 160), 0);
    pacer_play(scene.pacer, 0, other, 0, 3, scene.pcma);
    struct rtp_packet packet = next(scene.rtp);
    while (memcmp(packet.payload, other->bytes, 160) != 0)
        packet = next(scene.rtp);
    /* A marker is for what follows a silence, which this does not. */
    assert_false(packet.marker);
    assert_int_equal(packet.ssrc, before.ssrc);
    for (uint32_t i = 1; i < 3; i++) {
        packet = next(scene.rtp);
        assert_memory_equal(packet.payload, other->bytes + other->offsets[i], 160);
    }
    packet = next(scene.rtp);
    assert_memory_equal(packet.payload, scene.pcma->bytes, 160);
    end(&scene);
}

static void what_is_told_after_the_stop_has_no_effect_and_keeps_no_socket(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, false);
    wait_for_seconds(&scene, 1);
    pacer_stop(scene.pacer);
    int rtp = open_socket(NULL), rtcp = open_socket(NULL);
    pacer_update(scene.pacer, 0, &scene.media, scene.pcmu, false);
    pacer_close(scene.pacer, 0);
    pacer_start(scene.pacer, 0, rtp, rtcp, &scene.media, scene.pcma, false, 8, 0);
    pacer_stop(scene.pacer);
    pacer_free(scene.pacer);
    assert_false(scene.closed);
    assert_int_equal(fcntl(rtp, F_GETFD), -1);
    assert_int_equal(fcntl(rtcp, F_GETFD), -1);
    forget(&scene);
}

SPECIFICATION(cmocka_unit_test(hold_stops_rtp_and_not_rtcp_and_resume_goes_on_with_a_marker),
              cmocka_unit_test(another_codec_and_packet_time_go_on_with_the_same_source),
              cmocka_unit_test(another_address_takes_the_packets),
              cmocka_unit_test(an_unspecified_address_keeps_the_way_of_rtcp),
              cmocka_unit_test(a_stream_that_is_taken_away_says_nothing_until_it_is_back),
              cmocka_unit_test(seconds_of_a_changed_or_early_direction_are_not_owed),
              cmocka_unit_test(another_source_is_sent_from_the_command_on),
              cmocka_unit_test(what_is_told_after_the_stop_has_no_effect_and_keeps_no_socket))
