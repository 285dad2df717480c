/* Streams whose keys come from a handshake on the media thread. */
#include "support/specification.h"

#include "cmtest/loop.h"
#include "pacer.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PATIENCE_S 20

extern const struct keying keying_dtls;

/* Two streams of one pacer that send to each other. */
struct scene {
    struct pacer *pacer;
    struct arena *arena;
    const struct frames *frames;
    struct dtls_identity *identity;
    struct session_media media[2];
    int rtp[2], rtcp[2];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct stream_totals totals[2];
    unsigned closed, failed, received[2];
    double security[READING_COUNT]; /* what the seconds of the first told, added up */
    uint64_t known[READING_WORDS];
    char why[256];
};

static void take_event(void *to, const struct event *event)
{
    struct scene *scene = to;
    if (event->kind != EVENT_SECOND)
        return;
    pthread_mutex_lock(&scene->lock);
    for (unsigned i = READING_SRTP_FAILED; i <= READING_DTLS_REHANDSHAKES; i++)
        if (event->endpoint == 0 && second_knows(&event->second, (enum reading)i)) {
            scene->known[i / 64] |= UINT64_C(1) << i % 64;
            scene->security[i] += event->second.value[i];
        }
    if (event->second.direction != DIRECTION_RECEIVE) {
        pthread_mutex_unlock(&scene->lock);
        return;
    }
    scene->received[event->endpoint] += (unsigned)event->second.value[READING_PACKETS];
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void take_closed(void *owner, uint32_t endpoint, const struct stream_totals *totals)
{
    struct scene *scene = owner;
    pthread_mutex_lock(&scene->lock);
    scene->totals[endpoint] = *totals;
    scene->closed++;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void take_failed(void *owner, uint32_t endpoint, const char *why)
{
    struct scene *scene = owner;
    (void)endpoint;
    pthread_mutex_lock(&scene->lock);
    snprintf(scene->why, sizeof scene->why, "%s", why);
    scene->failed++;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static int open_socket(struct sockaddr_storage *address)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof any;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &length), 0);
    memcpy(address, &any, sizeof any);
    return fd;
}

static void prepare(struct scene *scene, bool mux)
{
    const struct codec *codec = codec_find("pcma");
    struct codec_params params = {.ptime_ms = 20};
    *scene = (struct scene){.arena = arena_new(), .identity = dtls_identity_new(time(NULL))};
    scene->frames = frames_new(scene->arena, &audio_usual, codec, &params, NULL);
    pthread_mutex_init(&scene->lock, NULL);
    pthread_cond_init(&scene->changed, NULL);
    scene->pacer = pacer_new(take_event, scene, take_closed, scene, 2);
    pacer_on_failure(scene->pacer, take_failed);
    for (int i = 0; i < 2; i++) {
        struct session_media *media = &scene->media[i], *other = &scene->media[!i];
        media->codec = codec;
        media->payload_type = media->receive_payload_type = 8;
        media->ptime_ms = 20;
        media->address_length = sizeof(struct sockaddr_in);
        media->may_send = media->may_receive = true;
        media->mux = mux;
        media->keying.row = &keying_dtls;
        media->keying.identity = scene->identity;
        media->keying.active = i;
        media->keying.separate = !mux;
        media->keying.fingerprints[0] = *dtls_identity_fingerprint(scene->identity);
        media->keying.fingerprint_count = 1;
        scene->rtp[i] = open_socket(&other->rtp);
        scene->rtcp[i] = open_socket(&other->rtcp);
    }
}

static void start(struct scene *scene)
{
    for (uint32_t i = 0; i < 2; i++)
        pacer_start(scene->pacer, i, scene->rtp[i], scene->rtcp[i], &scene->media[i], scene->frames,
                    false, i + 1, 0);
}

static void wait_for(struct scene *scene, const unsigned *count, unsigned wanted)
{
    struct timespec until;
    int failed = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&scene->lock);
    while (*count < wanted && !failed)
        failed = pthread_cond_timedwait(&scene->changed, &scene->lock, &until);
    pthread_mutex_unlock(&scene->lock);
    assert_int_equal(failed, 0);
}

static void finish(struct scene *scene)
{
    pacer_close(scene->pacer, 0);
    pacer_close(scene->pacer, 1);
    wait_for(scene, &scene->closed, 2);
    pacer_free(scene->pacer);
    dtls_identity_free(scene->identity);
    arena_free(scene->arena);
    pthread_mutex_destroy(&scene->lock);
    pthread_cond_destroy(&scene->changed);
}

static void media_flows_after_a_handshake_for_each_socket(void **state)
{
    (void)state;
    for (int mux = 0; mux < 2; mux++) {
        struct scene scene;
        prepare(&scene, mux);
        start(&scene);
        wait_for(&scene, &scene.received[0], 20);
        wait_for(&scene, &scene.received[1], 20);
        finish(&scene);
        assert_int_equal(scene.failed, 0);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(scene.totals[i].security.handshakes, mux ? 1 : 2);
            assert_int_equal(scene.totals[i].security.auth_failed, 0);
            assert_non_null(scene.totals[i].security.suite);
            assert_int_equal(scene.totals[i].packets_lost, 0);
            assert_int_equal(scene.totals[i].malformed, 0);
        }
    }
}

/* A packet that nobody encrypted, from the peer's address, twice. */
static void inject(const struct scene *scene)
{
    uint8_t plain[172] = {0x80, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    for (int i = 0; i < 2; i++)
        assert_true(sendto(scene->rtp[1], plain, sizeof plain, 0,
                           (const struct sockaddr *)&scene->media[1].rtp,
                           sizeof(struct sockaddr_in)) == sizeof plain);
}

static void seconds_tell_of_encryption_and_its_handshake_took_time(void **state)
{
    (void)state;
    struct scene scene;
    prepare(&scene, true);
    start(&scene);
    wait_for(&scene, &scene.received[0], 20);
    inject(&scene);
    wait_for(&scene, &scene.received[0], scene.received[0] + 20);
    finish(&scene);
    for (unsigned i = READING_SRTP_FAILED; i <= READING_DTLS_REHANDSHAKES; i++)
        if (!(scene.known[i / 64] >> i % 64 & 1))
            fail_msg("%s was never told", reading_name((enum reading)i));
    assert_true(scene.security[READING_SRTP_FAILED] == 2);
    assert_true(scene.security[READING_SRTP_FAILED_TOTAL] >= 2);
    assert_true(scene.security[READING_DTLS_HANDSHAKES] == 1);
    assert_true(scene.security[READING_SRTP_REPLAYS] == 0);
    assert_true(scene.security[READING_SRTP_REKEYINGS] == 0);
    for (int i = 0; i < 2; i++)
        assert_in_range(scene.totals[i].handshake_ns, 1, INT64_C(5000000000));
}

static void another_certificate_than_the_one_told_fails_the_stream_once(void **state)
{
    (void)state;
    struct scene scene;
    prepare(&scene, true);
    scene.media[1].keying.fingerprints[0].bytes[0] ^= 1;
    start(&scene);
    wait_for(&scene, &scene.failed, 1);
    finish(&scene);
    assert_in_range(scene.failed, 1, 2);
    assert_int_not_equal(strlen(scene.why), 0);
    assert_int_equal(scene.totals[1].packets_sent, 0);
    assert_true(scene.totals[1].handshake_ns == EVENT_NONE);
    assert_int_equal(scene.totals[1].packets_received, 0);
}

SPECIFICATION(cmocka_unit_test(media_flows_after_a_handshake_for_each_socket),
              cmocka_unit_test(seconds_tell_of_encryption_and_its_handshake_took_time),
              cmocka_unit_test(another_certificate_than_the_one_told_fails_the_stream_once))
