/* What the media thread does to packets on purpose, measured from outside by real sockets: the
 * receiver's figures against the truth. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "cmtest/random.h"
#include "cmtest/rtp.h"
#include "media/near.h"
#include "pacer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINES_MAX 8
#define PTIME_MS 10
#define MS NS_PER_MS
#define PATIENCE (20 * NS_PER_S)

/* One stream of ours into a plain socket, and what came out of it. */
struct path {
    const char *codec;
    bool untouched;
    struct impairment_config config;
    int fd;
    struct rtp_receiver receiver;
    uint64_t count;
    uint32_t dropped;         /* for which the kernel had no room, because we did not read */
    int64_t base_ns;          /* when its first packet was due */
    uint32_t first_timestamp; /* of that packet */
    double delay_sum_ms, jitter_sum_ms;
    struct stream_totals totals;
};

struct scene {
    struct arena *arena;
    struct pacer *pacer;
    struct path *paths;
    unsigned count;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned closed;
};

static int open_socket(struct sockaddr_in *own)
{
    socklen_t length = sizeof *own;
    int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    *own = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)own, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)own, &length), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on), 0);
    /* Room for what comes while we are not let run; only root may have as much as it likes. */
    int room = 4 << 20;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
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
    pthread_mutex_lock(&scene->lock);
    scene->paths[endpoint].totals = *totals;
    scene->closed++;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

/* ---- the receiver ---------------------------------------------------------------------------- */

static bool take_packet(struct path *path, int64_t offset)
{
    uint8_t bytes[STREAM_PACKET_MAX];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t))];
    } ancillary;
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &ancillary,
                             .msg_controllen = sizeof ancillary};
    struct rtp_packet packet;
    struct timespec stamp = {0};
    ssize_t got = recvmsg(path->fd, &message, MSG_DONTWAIT);
    if (got < 0)
        return false;
    assert_true(rtp_parse(bytes, (size_t)got, &packet));
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_type == SO_TIMESTAMPNS)
            memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
        if (header->cmsg_type == SO_RXQ_OVFL)
            memcpy(&path->dropped, CMSG_DATA(header), sizeof path->dropped);
    }
    assert_true(stamp.tv_sec);
    int64_t arrival = (int64_t)stamp.tv_sec * NS_PER_S + stamp.tv_nsec + offset;
    rtp_receiver_packet(&path->receiver, &packet, arrival);
    if (!path->count++)
        path->first_timestamp = packet.timestamp;
    double sent_ms = (packet.timestamp - path->first_timestamp) * 1e3 / path->receiver.clock_rate;
    path->delay_sum_ms += (double)(arrival - path->base_ns) / (double)MS - sent_ms;
    path->jitter_sum_ms += rtp_receiver_jitter_ms(&path->receiver);
    return true;
}

static void receive_until(struct scene *scene, int64_t end_ns)
{
    struct pollfd fds[LINES_MAX];
    for (unsigned i = 0; i < scene->count; i++)
        fds[i] = (struct pollfd){.fd = scene->paths[i].fd, .events = POLLIN};
    /* Once more behind the end: it may have passed while we were not let run. */
    for (bool over = false; !over;) {
        int64_t now = clock_now();
        over = now >= end_ns;
        poll(fds, scene->count, over ? 0 : (int)((end_ns - now) / MS) + 1);
        int64_t offset = clock_from_realtime(0);
        for (unsigned i = 0; i < scene->count; i++)
            while (take_packet(&scene->paths[i], offset))
                ;
    }
}

/* Until so many more have come of each, duplicates too. */
static void receive_more(struct scene *scene, uint64_t more)
{
    uint64_t before[LINES_MAX];
    bool enough = false;
    for (unsigned i = 0; i < scene->count; i++)
        before[i] = scene->paths[i].count;
    for (int64_t end = clock_now() + PATIENCE; !enough && clock_now() < end;) {
        receive_until(scene, clock_now() + 10 * MS);
        enough = true;
        for (unsigned i = 0; i < scene->count; i++)
            enough &= scene->paths[i].count >= before[i] + more;
    }
    assert_true(enough);
}

/* A thread that came far too late leaves packets out: time alone does not make a thousand. */
static void receive_thousand(struct scene *scene)
{
    int64_t end = clock_now() + 2 * PATIENCE;
    for (unsigned i = 0; i < scene->count; i++)
        while (rtp_receiver_expected(&scene->paths[i].receiver) < 1020 && clock_now() < end)
            receive_until(scene, clock_now() + 10 * MS);
}

/* ---- the sender ------------------------------------------------------------------------------ */

static void start(struct scene *scene, unsigned index, uint64_t seed)
{
    struct path *path = &scene->paths[index];
    const struct codec *codec = codec_find(path->codec);
    struct codec_params params = codec->usual;
    struct sockaddr_in to, from, own;
    params.ptime_ms = PTIME_MS;
    path->fd = open_socket(&to);
    rtp_receiver_init(&path->receiver, codec->clock_rate);
    struct session_media media = {.codec = codec,
                                  .payload_type = 96,
                                  .receive_payload_type = 96,
                                  .ptime_ms = PTIME_MS,
                                  .address_length = sizeof to,
                                  .may_send = true};
    memcpy(&media.rtp, &to, sizeof to);
    to.sin_port = htons(9);
    memcpy(&media.rtcp, &to, sizeof to);
    const struct frames *frames = frames_new(scene->arena, &audio_usual, codec, &params, NULL);
    int rtp_fd = open_socket(&from), rtcp_fd = open_socket(&own);
    /* Packets of others, to whom the port belonged before, are none of ours. */
    assert_int_equal(connect(path->fd, (struct sockaddr *)&from, sizeof from), 0);
    /* In the midst of a millisecond, so that it is known which one its time counts from. */
    clock_sleep_until((clock_now() / MS + 1) * MS + MS / 10);
    pacer_start(scene->pacer, index, rtp_fd, rtcp_fd, &media, frames, false, seed, 0);
    path->base_ns = (clock_now() / MS + 1 + (int64_t)seed % PTIME_MS) * MS;
}

static void impair_all(struct scene *scene, const struct impairment_config *config)
{
    for (unsigned i = 0; i < scene->count; i++) {
        const struct impairment_config *own = config ? config : &scene->paths[i].config;
        if (scene->paths[i].untouched)
            continue;
        pacer_impair(scene->pacer, i, (const struct impairment_config *[2]){own, NULL}, i);
    }
}

static void open_scene(struct scene *scene, struct path *paths, unsigned count)
{
    assert_true(count <= LINES_MAX);
    *scene = (struct scene){.arena = arena_new(), .paths = paths, .count = count};
    pthread_mutex_init(&scene->lock, NULL);
    pthread_cond_init(&scene->changed, NULL);
    scene->pacer = pacer_new(take_event, scene, take_closed, scene, count);
}

static void close_scene(struct scene *scene)
{
    for (unsigned i = 0; i < scene->count; i++)
        pacer_close(scene->pacer, i);
    pthread_mutex_lock(&scene->lock);
    while (scene->closed < scene->count)
        pthread_cond_wait(&scene->changed, &scene->lock);
    pthread_mutex_unlock(&scene->lock);
    pacer_free(scene->pacer);
    for (unsigned i = 0; i < scene->count; i++)
        close(scene->paths[i].fd);
    pthread_mutex_destroy(&scene->lock);
    pthread_cond_destroy(&scene->changed);
    arena_free(scene->arena);
}

/* ---- what is proved -------------------------------------------------------------------------- */

/* Of what the kernel dropped, for it was read too late, nothing is known. */
static bool any_dropped(const struct scene *scene)
{
    for (unsigned i = 0; i < scene->count; i++)
        if (scene->paths[i].dropped)
            return true;
    return false;
}

/* The first packets are not impaired and the last ones come behind all others, because no receiver
 * can know what is lost before and behind what it gets. */
static bool fates_are_exact(void)
{
    static const struct impairment_config none = {0}, last = {.delay_ns = 100 * MS};
    struct path paths[] = {
        {.codec = "pcma", .config = {.loss = 5, .duplicate = 3}},
        {.codec = "opus", .config = {.burst = {2, 25, 0, 100}, .reorder = 5, .distance = 3}},
        {.codec = "pcmu", .config = {.loss_every = 10, .delay_ns = 20 * MS, .jitter_ns = 20 * MS}},
        {.codec = "opus",
         .config = {.loss = 2, .duplicate = 10, .reorder = 10, .distance = 2, .jitter_ns = 5 * MS}},
        {.codec = "pcma", .config = {.reorder = 50, .distance = 1}},
        {.codec = "pcma", .config = {.duplicate = 100}},
    };
    struct scene scene;
    open_scene(&scene, paths, sizeof paths / sizeof *paths);
    impair_all(&scene, &none);
    for (unsigned i = 0; i < scene.count; i++)
        start(&scene, i, i);
    receive_more(&scene, 1);
    impair_all(&scene, NULL);
    receive_thousand(&scene);
    impair_all(&scene, &last);
    receive_more(&scene, 30); /* far more than were on their way */
    for (unsigned i = 0; i < scene.count; i++)
        pacer_quiet(scene.pacer, i);
    receive_until(&scene, clock_now() + 600 * MS);
    close_scene(&scene);
    if (any_dropped(&scene))
        return false;
    for (unsigned i = 0; i < scene.count; i++) {
        const struct event_impairment *truth = &paths[i].totals.impaired[DIRECTION_SEND];
        const struct rtp_receiver *receiver = &paths[i].receiver;
        assert_true(truth->known && !paths[i].totals.impaired[DIRECTION_RECEIVE].known);
        assert_true(truth->packets > 1000);
        assert_int_equal(truth->waiting, 0);
        assert_int_equal(truth->overflowed, 0);
        assert_int_equal(paths[i].totals.packets_sent, truth->packets);
        assert_int_equal(rtp_receiver_expected(receiver), truth->packets);
        assert_int_equal(rtp_receiver_lost(receiver) + (int64_t)receiver->duplicates, truth->lost);
        assert_int_equal(receiver->duplicates, truth->duplicated);
        assert_int_equal(receiver->reordered, truth->reordered);
    }
    assert_true(paths[0].receiver.duplicates > 10 && paths[1].receiver.reordered > 10);
    assert_true(paths[2].totals.impaired[DIRECTION_SEND].lost >= 100);
    return true;
}

static void loss_duplicates_and_reordering_of_1000_packets_are_exact(void **state)
{
    (void)state;
    for (int attempt = 0; attempt < 3; attempt++)
        if (fates_are_exact())
            return;
    fail_msg("the kernel dropped packets before they were read, in every attempt");
}

/* The same fates, drawn once more: the delay of packet k, and its time on the wire. */
struct again {
    double mean_ms, jitter_ms, jitter_sum_ms;
};

static struct again draw_again(const struct path *path, unsigned index, uint64_t packets)
{
    struct random seeds;
    struct again again = {0};
    uint8_t bytes[IMPAIRMENT_BYTES] = {0};
    int64_t due_ns;
    double before = 0;
    random_init(&seeds, index);
    struct impairment *twin = impairment_new(&path->config, random_next(&seeds));
    for (uint64_t k = 0; k < packets; k++) {
        int64_t offered = (int64_t)k * PTIME_MS * MS;
        impairment_offer(twin, bytes, sizeof bytes, offered);
        assert_int_equal(impairment_take(twin, INT64_MAX, bytes, &due_ns), sizeof bytes);
        double delay = (double)(due_ns - offered) / (double)MS;
        again.mean_ms += delay / (double)packets;
        double difference = delay > before ? delay - before : before - delay;
        if (k)
            again.jitter_ms += (difference - again.jitter_ms) / 16;
        again.jitter_sum_ms += again.jitter_ms;
        before = delay;
    }
    impairment_free(twin);
    return again;
}

/* What the sender itself is late is no part of the impairment. A machine on which even a path that
 * nothing is done to is late, or on which we read too late to get all, proves nothing: false. */
static bool delays_are_true(void)
{
    struct path paths[] = {
        {.codec = "pcma", .untouched = true},
        {.codec = "pcma", .config = {.delay_ns = 40 * MS, .keep_order = true}},
        {.codec = "opus", .config = {.delay_ns = 7 * MS, .jitter_ns = 4 * MS, .keep_order = true}},
        {.codec = "pcmu", .config = {.jitter_ns = 20 * MS, .keep_order = true}},
        {.codec = "opus", .config = {.delay_ns = 300 * MS, .jitter_ns = 5 * MS}},
    };
    struct scene scene;
    open_scene(&scene, paths, sizeof paths / sizeof *paths);
    impair_all(&scene, NULL);
    for (unsigned i = 0; i < scene.count; i++)
        start(&scene, i, 0);
    receive_until(&scene, clock_now() + 5000 * MS);
    /* The one that nothing is done to goes on until the delayed ones are out: it tells of the
     * thread all that time. */
    for (unsigned i = 1; i < scene.count; i++)
        pacer_quiet(scene.pacer, i);
    receive_until(&scene, clock_now() + 500 * MS);
    pacer_quiet(scene.pacer, 0);
    receive_until(&scene, clock_now() + 100 * MS);
    close_scene(&scene);
    const struct path *clean = &paths[0];
    if (any_dropped(&scene))
        return false;
    if (clean->delay_sum_ms > .2 * (double)clean->count ||
        clean->jitter_sum_ms > .1 * (double)clean->count)
        return false;
    for (unsigned i = 1; i < scene.count; i++) {
        double count = (double)paths[i].count;
        assert_true(paths[i].count > 400);
        struct again again = draw_again(&paths[i], i, paths[i].count);
        struct event_impairment *truth = &paths[i].totals.impaired[DIRECTION_SEND];
        assert_int_equal(truth->packets, paths[i].count);
        assert_near((double)truth->delay_mean_ns / (double)MS, again.mean_ms, .001);
        assert_near(paths[i].delay_sum_ms / count, again.mean_ms, .5);
        double jitter = again.jitter_sum_ms / count;
        /* The thread's own, that of the clean path, comes twice: when it is offered, and when it
         * goes. */
        assert_near(paths[i].jitter_sum_ms / count, jitter, fmax(.05 * jitter, .2));
    }
    return true;
}

static void mean_delay_and_jitter_are_those_that_were_injected(void **state)
{
    (void)state;
    for (int attempt = 0; attempt < 4; attempt++)
        if (delays_are_true())
            return;
    print_message("the media thread was late in every attempt\n");
    skip();
}

SPECIFICATION(cmocka_unit_test(loss_duplicates_and_reordering_of_1000_packets_are_exact),
              cmocka_unit_test(mean_delay_and_jitter_are_those_that_were_injected))
