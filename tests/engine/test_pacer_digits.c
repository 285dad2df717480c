/* Two running streams on loopback send each other digits, as events and in the audio. */
#include "support/specification.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "pacer.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ENDS 2
#define LISTENER 10 /* of streams, one in ten is decoded */
#define DIGITS "07#D"
#define COUNT 4

struct told {
    struct event_digit digit;
    int64_t at_ns;
};

struct scene {
    struct pacer *pacer;
    struct arena *arena;
    struct session_media media[ENDS];
    int rtp[ENDS], rtcp[ENDS];
    struct told told[ENDS][2][3 * COUNT]; /* by end and direction */
    unsigned count[ENDS][2];
    unsigned closed;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static uint32_t id_of(unsigned end)
{
    return end * LISTENER;
}

static int open_socket(struct sockaddr_storage *address)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof any;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &length), 0);
    memcpy(address, &any, sizeof any);
    return fd;
}

static void take_event(void *to, const struct event *event)
{
    (void)to;
    (void)event;
}

static void take_closed(void *owner, uint32_t endpoint, const struct stream_totals *totals)
{
    struct scene *scene = owner;
    (void)endpoint;
    (void)totals;
    pthread_mutex_lock(&scene->lock);
    scene->closed++;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void take_digit(void *owner, uint32_t endpoint, const struct event_digit *digit,
                       int64_t at_ns)
{
    struct scene *scene = owner;
    unsigned end = endpoint / LISTENER;
    pthread_mutex_lock(&scene->lock);
    unsigned *count = &scene->count[end][digit->direction];
    if (*count < 3 * COUNT)
        scene->told[end][digit->direction][(*count)++] =
            (struct told){.digit = *digit, .at_ns = at_ns};
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void begin(struct scene *scene, const char *codec_name)
{
    *scene = (struct scene){.arena = arena_new()};
    const struct codec *codec = codec_find(codec_name);
    struct codec_params params = {.ptime_ms = 20};
    const struct frames *frames = frames_new(scene->arena, &audio_usual, codec, &params, NULL);
    pthread_mutex_init(&scene->lock, NULL);
    pthread_cond_init(&scene->changed, NULL);
    scene->pacer = pacer_new(take_event, scene, take_closed, scene, id_of(ENDS - 1) + 1);
    pacer_on_digit(scene->pacer, take_digit);
    for (unsigned i = 0; i < ENDS; i++) {
        struct session_media *other = &scene->media[1 - i];
        *other = (struct session_media){.codec = codec,
                                        .payload_type = 96,
                                        .receive_payload_type = 96,
                                        .events_payload_type = 101,
                                        .receive_events_payload_type = 101,
                                        .ptime_ms = 20,
                                        .send = params,
                                        .address_length = sizeof(struct sockaddr_in),
                                        .may_send = true,
                                        .may_receive = true};
        scene->rtp[i] = open_socket(&other->rtp);
        scene->rtcp[i] = open_socket(&other->rtcp);
    }
    for (unsigned i = 0; i < ENDS; i++)
        pacer_start(scene->pacer, id_of(i), scene->rtp[i], scene->rtcp[i], &scene->media[i], frames,
                    false, i + 1, 0);
}

static void end(struct scene *scene)
{
    for (unsigned i = 0; i < ENDS; i++)
        pacer_close(scene->pacer, id_of(i));
    pthread_mutex_lock(&scene->lock);
    while (scene->closed < ENDS)
        pthread_cond_wait(&scene->changed, &scene->lock);
    pthread_mutex_unlock(&scene->lock);
    pacer_free(scene->pacer);
    pthread_mutex_destroy(&scene->lock);
    pthread_cond_destroy(&scene->changed);
    arena_free(scene->arena);
}

static void wait_for(struct scene *scene, unsigned count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    pthread_mutex_lock(&scene->lock);
    int late = 0;
    for (unsigned i = 0; i < ENDS; i++)
        for (unsigned d = 0; d < 2; d++)
            while (!late && scene->count[i][d] < count)
                late = pthread_cond_timedwait(&scene->changed, &scene->lock, &until);
    pthread_mutex_unlock(&scene->lock);
    if (late)
        fail_msg("sent %u and %u, received %u and %u of %u digits", scene->count[0][DIRECTION_SEND],
                 scene->count[1][DIRECTION_SEND], scene->count[0][DIRECTION_RECEIVE],
                 scene->count[1][DIRECTION_RECEIVE], count);
}

/* What one end sent is what the other one received; near_ms: how long may differ. */
static void check(const struct scene *scene, unsigned from, enum digit_method method,
                  int64_t near_ms)
{
    for (unsigned i = 0; i < COUNT; i++) {
        const struct told *sent = &scene->told[from][DIRECTION_SEND][i];
        const struct told *heard = &scene->told[1 - from][DIRECTION_RECEIVE][i];
        assert_int_equal(sent->digit.method, method);
        assert_int_equal(heard->digit.method, method);
        assert_int_equal(sent->digit.digit, DIGITS[i]);
        assert_int_equal(heard->digit.digit, DIGITS[i]);
        assert_false(heard->digit.incomplete);
        assert_int_equal(sent->digit.duration_ns, 100 * NS_PER_MS);
        if (llabs(heard->digit.duration_ns - sent->digit.duration_ns) > near_ms * NS_PER_MS)
            fail_msg("%c was heard for %lld us", DIGITS[i],
                     (long long)heard->digit.duration_ns / 1000);
        if (i > 0)
            assert_in_range(sent->at_ns - sent[-1].at_ns, 159 * NS_PER_MS, 400 * NS_PER_MS);
        /* The playout buffer, and a starved machine. */
        assert_in_range(heard->at_ns - sent->at_ns + NS_PER_MS, 0, 500 * NS_PER_MS);
    }
}

static void events_go_both_ways_with_their_times(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, "opus");
    struct dtmf_timing timing = {.tone_ms = 100, .gap_ms = 60};
    for (unsigned i = 0; i < ENDS; i++)
        pacer_digits(scene.pacer, id_of(i), NULL, DIGITS, &timing);
    wait_for(&scene, COUNT);
    check(&scene, 0, DIGIT_RTP, 0);
    check(&scene, 1, DIGIT_RTP, 0);
    end(&scene);
}

static void tones_go_both_ways_with_their_times(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene, "g722");
    const struct codec *codec = codec_find("g722");
    struct codec_params params = {.ptime_ms = 20};
    struct dtmf_timing timing = {.tone_ms = 100, .gap_ms = 60};
    size_t count;
    dtmf_timing_lead(&timing, codec);
    int16_t *samples = dtmf_render(DIGITS, &timing, 16000, &count);
    const struct frames *tones = frames_of_samples(scene.arena, samples, count, codec, &params);
    for (unsigned i = 0; i < ENDS; i++)
        pacer_digits(scene.pacer, id_of(i), tones, DIGITS, &timing);
    wait_for(&scene, COUNT);
    /* The playout buffer may leave a packet out, or insert one. */
    check(&scene, 0, DIGIT_INBAND, 26);
    check(&scene, 1, DIGIT_INBAND, 26);
    end(&scene);
    free(samples);
}

SPECIFICATION(cmocka_unit_test(events_go_both_ways_with_their_times),
              cmocka_unit_test(tones_go_both_ways_with_their_times))
