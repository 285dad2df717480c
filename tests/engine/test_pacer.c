/* The media thread with real sockets on loopback, stopped on purpose in its own callback. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "pacer_private.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

struct scene {
    struct pacer *pacer;
    const struct frames *frames;
    struct session_media media;
    struct event_pacing pacing; /* the last one told */
    bool stall;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned closed;
};

static int open_socket(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    return fd;
}

static void take_event(void *to, const struct event *event)
{
    struct scene *scene = to;
    if (event->kind == EVENT_PACING)
        scene->pacing = event->pacing;
}

/* On the media thread: the whole life of the second stream passes while it stands still. */
static void take_closed(void *owner, uint32_t endpoint, const struct stream_totals *totals)
{
    struct scene *scene = owner;
    (void)totals;
    if (endpoint == 0 && scene->stall) {
        pacer_start(scene->pacer, 1, open_socket(), open_socket(), &scene->media, scene->frames,
                    false, 0, 0);
        clock_sleep_until(clock_now() + 400 * NS_PER_MS);
        pacer_close(scene->pacer, 1);
    }
    pthread_mutex_lock(&scene->lock);
    scene->closed++;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void run(struct scene *scene, unsigned streams)
{
    struct arena *arena = arena_new();
    struct sockaddr_in nobody = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
    const struct codec *codec = codec_find("pcma");
    struct codec_params params = {.ptime_ms = 20};
    scene->frames = frames_new(arena, &audio_usual, codec, &params, NULL);
    scene->media = (struct session_media){.codec = codec,
                                          .payload_type = 8,
                                          .receive_payload_type = 8,
                                          .ptime_ms = 20,
                                          .address_length = sizeof nobody,
                                          .may_send = true,
                                          .may_receive = true};
    memcpy(&scene->media.rtp, &nobody, sizeof nobody);
    memcpy(&scene->media.rtcp, &nobody, sizeof nobody);
    pthread_mutex_init(&scene->lock, NULL);
    pthread_cond_init(&scene->changed, NULL);
    scene->pacer = pacer_new(take_event, scene, take_closed, scene, 2);
    pacer_start(scene->pacer, 0, open_socket(), open_socket(), &scene->media, scene->frames, false,
                0, 0);
    pacer_close(scene->pacer, 0);
    pthread_mutex_lock(&scene->lock);
    while (scene->closed < streams)
        pthread_cond_wait(&scene->changed, &scene->lock);
    pthread_mutex_unlock(&scene->lock);
    pacer_free(scene->pacer);
    pthread_mutex_destroy(&scene->lock);
    pthread_cond_destroy(&scene->changed);
    arena_free(arena);
}

static void packets_of_a_stream_that_was_never_served_count_as_skipped(void **state)
{
    (void)state;
    struct scene scene = {.stall = true};
    run(&scene, 2);
    assert_in_range(scene.pacing.skipped, 19,
                    10000); /* 400 ms of 20 ms, and more on a busy machine */
    assert_int_equal(scene.pacing.packets, scene.pacing.skipped);
}

static void ignore_event(void *to, const struct event *event)
{
    (void)to;
    (void)event;
}

static void ignore_closed(void *owner, uint32_t endpoint, const struct stream_totals *totals)
{
    (void)owner;
    (void)endpoint;
    (void)totals;
}

static size_t places_of(uint32_t streams)
{
    struct pacer *pacer = pacer_new(ignore_event, NULL, ignore_closed, NULL, 1);
    pacer_reserve(pacer, streams);
    size_t places = atomic_load(&pacer->vacant);
    pacer_free(pacer);
    return places;
}

static void memory_of_many_streams_is_there_before_the_first_of_them(void **state)
{
    (void)state;
    assert_true(places_of(1000) >= 1000);
    assert_int_equal(places_of(2), 0);
}

SPECIFICATION(cmocka_unit_test(packets_of_a_stream_that_was_never_served_count_as_skipped),
              cmocka_unit_test(memory_of_many_streams_is_there_before_the_first_of_them))
