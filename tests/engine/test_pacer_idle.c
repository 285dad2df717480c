/* The media thread without lines, and streams through which nothing goes. */
#include "support/specification.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "pacer.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

struct scene {
    struct arena *arena;
    struct pacer *pacer;
    const struct frames *frames;
    struct session_media media;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct event_second seconds[2];
    struct stream_totals totals;
    uint32_t turns;
    bool closed;
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
    pthread_mutex_lock(&scene->lock);
    if (event->kind == EVENT_SECOND)
        scene->seconds[event->second.direction] = event->second;
    if (event->kind == EVENT_HEALTH)
        scene->turns += event->health.turns;
    pthread_mutex_unlock(&scene->lock);
}

static void take_closed(void *owner, uint32_t endpoint, const struct stream_totals *totals)
{
    struct scene *scene = owner;
    (void)endpoint;
    pthread_mutex_lock(&scene->lock);
    scene->totals = *totals;
    scene->closed = true;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void begin(struct scene *scene)
{
    const struct codec *codec = codec_find("pcma");
    struct codec_params params = {.ptime_ms = 20};
    struct sockaddr_in nobody = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(9)};
    *scene = (struct scene){.arena = arena_new()};
    scene->frames = frames_new(scene->arena, &audio_usual, codec, &params, NULL);
    scene->media = (struct session_media){.codec = codec,
                                          .payload_type = 8,
                                          .receive_payload_type = 8,
                                          .receive_events_payload_type = 101,
                                          .events_payload_type = 101,
                                          .ptime_ms = 20,
                                          .address_length = sizeof nobody};
    memcpy(&scene->media.rtp, &nobody, sizeof nobody);
    memcpy(&scene->media.rtcp, &nobody, sizeof nobody);
    pthread_mutex_init(&scene->lock, NULL);
    pthread_cond_init(&scene->changed, NULL);
    scene->pacer = pacer_new(take_event, scene, take_closed, scene, 1);
}

static void end(struct scene *scene)
{
    pacer_free(scene->pacer);
    pthread_mutex_destroy(&scene->lock);
    pthread_cond_destroy(&scene->changed);
    arena_free(scene->arena);
}

/* The whole life of a stream. */
static void pass(struct scene *scene, const struct plan_hearing *hearing, int rtcp_fd,
                 int64_t began_ns)
{
    pacer_hear(scene->pacer, 0, hearing, "group", 1, ROSTER_NONE);
    pacer_start(scene->pacer, 0, open_socket(), rtcp_fd, &scene->media, scene->frames, false, 0,
                began_ns);
    pacer_close(scene->pacer, 0);
    pthread_mutex_lock(&scene->lock);
    while (!scene->closed)
        pthread_cond_wait(&scene->changed, &scene->lock);
    pthread_mutex_unlock(&scene->lock);
}

/* A line has sent its last report. */
static bool is_of_reports(unsigned reading)
{
    return reading == READING_RTCP_PACKETS || reading == READING_RTCP_BYTES ||
           reading == READING_RECEIVER_REPORTS || reading == READING_EXTENDED_REPORTS ||
           reading == READING_RTCP_INTERVAL;
}

static void what_is_told_without_a_line_is_what_a_line_tells(void **state)
{
    (void)state;
    static const struct plan_hearing hearings[] = {
        {.decode = DECODE_FULL, .rtcp_interval_ns = NS_PER_S, .extended_reports = true},
        {.decode = DECODE_NONE, .rtcp_interval_ns = NS_PER_S}};
    for (size_t i = 0; i < sizeof hearings / sizeof hearings[0]; i++) {
        struct scene scene;
        struct event_second seconds[2];
        struct stream_totals totals;
        int64_t now = clock_now();
        begin(&scene);
        pass(&scene, &hearings[i], open_socket(), now - 100 * NS_PER_MS);
        pacer_nothing(&hearings[i], 1, &scene.media, scene.frames, now - 100 * NS_PER_MS, now,
                      seconds, &totals);
        for (int j = 0; j < 2; j++) {
            const struct event_second *line = &scene.seconds[j];
            assert_int_equal(seconds[j].direction, j);
            assert_int_equal(seconds[j].length_ms, 100);
            assert_int_equal(seconds[j].agreed, line->agreed);
            assert_int_equal(seconds[j].scale, line->scale);
            for (unsigned r = 0; r < READING_COUNT; r++) {
                assert_int_equal(second_knows(&seconds[j], r), second_knows(line, r));
                if (!is_of_reports(r))
                    assert_float_equal(seconds[j].value[r], line->value[r], 0);
            }
        }
        assert_int_equal(totals.packets_expected, 0);
        assert_int_equal(totals.first_packet_ns, scene.totals.first_packet_ns);
        assert_int_equal(totals.handshake_ns, scene.totals.handshake_ns);
        assert_false(totals.impaired[0].known || totals.impaired[1].known);
        assert_null(totals.security.suite);
        end(&scene);
    }
}

static void a_stream_that_gets_its_line_late_has_begun_before(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    pass(&scene, NULL, -1, clock_now() - 900 * NS_PER_MS);
    assert_int_equal(scene.seconds[DIRECTION_SEND].second, 0);
    assert_in_range(scene.seconds[DIRECTION_SEND].length_ms, 880, 60000);
    end(&scene);
}

static void a_thread_without_lines_rests(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    clock_sleep_until(clock_now() + 200 * NS_PER_MS);
    pacer_stop(scene.pacer);
    assert_in_range(scene.turns, 0, 20); /* of 200 that it would have on its grid */
    end(&scene);
}

SPECIFICATION(cmocka_unit_test(what_is_told_without_a_line_is_what_a_line_tells),
              cmocka_unit_test(a_stream_that_gets_its_line_late_has_begun_before),
              cmocka_unit_test(a_thread_without_lines_rests))
