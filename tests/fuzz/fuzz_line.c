/* Datagrams that arrive at a line in a call, from the peer and from strangers. 1 byte: how media is
 * protected (2 bits: not, SDES, DTLS), rtcp-mux (4). Then each: milliseconds, from whom (2 bits:
 * the peer, the peer from elsewhere, two strangers) and on which socket (4), proper of its kind (8)
 * and which kind (16: RTCP), 1 byte of length, the datagram. */
#include "fuzz.h"

#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "line.h"

#include <netinet/in.h>
#include <string.h>
#include <time.h>

#define MS INT64_C(1000000)

extern const struct keying keying_sdes, keying_dtls;

static struct sockaddr_storage address_of(unsigned who)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)(4000 + who)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    memcpy(&storage, &address, sizeof address);
    return storage;
}

static void agree(struct session_media *media, unsigned how)
{
    static struct dtls_identity *identity;
    if (!identity)
        identity = dtls_identity_new(1700000000);
    *media = (struct session_media){.codec = codec_find("pcma"),
                                    .payload_type = 8,
                                    .receive_payload_type = 8,
                                    .ptime_ms = 20,
                                    .rtp = address_of(0),
                                    .rtcp = address_of(1),
                                    .address_length = sizeof(struct sockaddr_in),
                                    .may_send = true,
                                    .may_receive = true,
                                    .mux = how & 4};
    if ((how & 3) == 1) {
        media->keying.row = &keying_sdes;
        media->keying.local.suite = media->keying.remote.suite = suites[0];
    } else if ((how & 3) == 2) {
        media->keying.row = &keying_dtls;
        media->keying.identity = identity;
        media->keying.separate = !media->mux;
        media->keying.fingerprints[0] = *dtls_identity_fingerprint(identity);
        media->keying.fingerprint_count = 1;
    }
}

/* What the peer might say. Its keys are ours here: both directions have the same. */
static size_t proper(struct stream *peer, struct keying_state *keying, bool rtcp, int64_t now,
                     uint8_t *out)
{
    size_t length =
        rtcp ? stream_rtcp_send(peer, now, now, now, false, out) : stream_send(peer, out);
    if (keying)
        ALWAYS(keying_protect(keying, rtcp, out, &length, LINE_PACKET_MAX) == KEYING_OK);
    return length;
}

struct scene {
    struct line line;
    struct stream *peer;
    struct keying_state *keying; /* of the peer, SDES alone */
    int64_t now_ns;
};

static void open_scene(struct scene *scene, unsigned how, const struct frames *frames)
{
    struct session_media media;
    struct stream_config config = {.codec = codec_find("pcma"),
                                   .frames = frames,
                                   .payload_type = 8,
                                   .receive_payload_type = 8,
                                   .ptime_ms = 20,
                                   .cname = "fuzz",
                                   .rtcp_interval_ns = 1000 * MS,
                                   .seed = 1};
    *scene = (struct scene){.now_ns = 1000 * MS};
    agree(&media, how);
    scene->peer = stream_new(&config, scene->now_ns);
    config.seed = 2;
    scene->line.stream = stream_new(&config, scene->now_ns);
    scene->line.rtp_fd = scene->line.rtcp_fd = -1;
    line_aim(&scene->line, &media);
    line_secure(&scene->line, &media, scene->now_ns);
    if (media.keying.row == &keying_sdes)
        scene->keying = keying_new(&media.keying, scene->now_ns);
}

static void check(struct scene *scene, uint64_t from_strangers)
{
    struct stream_totals totals;
    struct event_second seconds[2];
    stream_totals(scene->line.stream, &totals);
    line_add_totals(&scene->line, &totals);
    ALWAYS(totals.strangers <= from_strangers);
    ALWAYS(totals.security.auth_failed < UINT64_MAX / 2 && totals.security.early < UINT64_MAX / 2);
    ALWAYS(totals.security.replayed < UINT64_MAX / 2 && totals.security.malformed < UINT64_MAX / 2);
    stream_second(scene->line.stream, scene->now_ns, seconds);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct arena *arena;
    static const struct frames *frames;
    struct codec_params params = {.ptime_ms = 20};
    if (length < 4)
        return -1;
    if (!arena) {
        arena = arena_new();
        frames = frames_new(arena, &audio_usual, codec_find("pcma"), &params, NULL);
    }
    struct scene scene;
    uint64_t others = 0;
    open_scene(&scene, bytes[0], frames);
    for (bytes++, length--; length >= 3;) {
        uint8_t how = bytes[1], out[LINE_PACKET_MAX];
        size_t size = bytes[2] < length - 3 ? bytes[2] : length - 3;
        struct sockaddr_storage from = address_of((how & 3u) * 2 + (how >> 2 & 1u));
        scene.now_ns += bytes[0] * MS;
        memcpy(out, bytes + 3, size);
        bytes += 3 + size;
        length -= 3 + size;
        if (how & 8)
            size = proper(scene.peer, scene.keying, how & 16, scene.now_ns, out);
        uint8_t *exact = malloc(size ? size : 1);
        ALWAYS(exact);
        memcpy(exact, out, size);
        others += (how & 3) != 0;
        line_arrived(&scene.line, how & 4,
                     &(struct datagram){exact, size, &from, sizeof(struct sockaddr_in)},
                     scene.now_ns, scene.now_ns);
        free(exact);
        (void)line_shake(&scene.line, scene.now_ns);
    }
    check(&scene, others);
    keying_free(scene.keying);
    keying_free(scene.line.keying);
    free(scene.line.agreed);
    stream_free(scene.line.stream);
    stream_free(scene.peer);
    return 0;
}
