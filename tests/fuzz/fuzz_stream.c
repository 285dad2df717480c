/* What arrives at a stream, whose other end is a second stream that sends properly in between. 1
 * byte: codec (2 bits), echo (4), decoded (8), extended reports (16). Then steps of 2 bytes and
 * what belongs to them: milliseconds; what: a datagram on the RTP port (0) or the RTCP port (1)
 * with 1 byte of length, the same behind a proper RTP header of the peer's with 2 bytes each of
 * steps in sequence and time and 1 byte of payload type (2), a packet of the peer (3) in whose
 * payload one bit may be wrong, a report of the peer (4), one of ours (5), a second (6), another
 * codec (7). */
#include "fuzz.h"

#include "cmtest/arena.h"
#include "cmtest/stream.h"

#include <math.h>
#include <string.h>

#define MS INT64_C(1000000)
#define UTC INT64_C(1700000000000000000)

static const char *const names[] = {"pcma", "opus", "g722", "pcmu"};

struct input {
    const uint8_t *bytes;
    size_t length;
};

struct scene {
    struct stream *stream, *peer;
    struct stream_config config;
    struct random random;
    struct rtp_packet last; /* of the peer */
    int64_t now_ns;
};

static uint8_t take(struct input *input)
{
    if (!input->length)
        return 0;
    input->length--;
    return *input->bytes++;
}

/* In memory of just its size. */
static void arrive(struct scene *scene, bool rtcp, const uint8_t *bytes, size_t length)
{
    uint8_t *exact = malloc(length ? length : 1);
    ALWAYS(exact);
    if (length)
        memcpy(exact, bytes, length);
    if (rtcp)
        stream_rtcp_receive(scene->stream, exact, length, scene->now_ns, scene->now_ns + UTC);
    else
        stream_receive(scene->stream, exact, length, scene->now_ns);
    free(exact);
}

static void foreign(struct scene *scene, struct input *input, bool rtcp)
{
    size_t length = take(input);
    length = length < input->length ? length : input->length;
    arrive(scene, rtcp, input->bytes, length);
    input->bytes += length;
    input->length -= length;
}

static void crafted(struct scene *scene, struct input *input)
{
    uint8_t out[STREAM_PACKET_MAX];
    struct rtp_packet packet = scene->last;
    packet.sequence = (uint16_t)(packet.sequence + (take(input) << 8));
    packet.sequence = (uint16_t)(packet.sequence + take(input));
    uint32_t step = (uint32_t)take(input) << 24;
    packet.timestamp += step + take(input);
    uint8_t type = take(input);
    packet.payload_type = type & 0x7f;
    packet.ssrc += type >> 7;
    packet.payload_length = take(input);
    if (packet.payload_length > input->length)
        packet.payload_length = input->length;
    packet.payload = input->bytes;
    size_t length = rtp_write(&packet, out, sizeof out);
    input->bytes += packet.payload_length;
    input->length -= packet.payload_length;
    packet.payload = NULL;
    packet.payload_length = 0;
    scene->last = packet;
    arrive(scene, false, out, length);
}

static void proper(struct scene *scene, uint8_t what)
{
    uint8_t out[STREAM_PACKET_MAX];
    size_t length = stream_send(scene->peer, out);
    if (length > RTP_HEADER_BYTES && what & 0x80)
        out[RTP_HEADER_BYTES + what % (length - RTP_HEADER_BYTES)] ^= 1;
    if (!length || !rtp_parse(out, length, &scene->last))
        return;
    scene->last.payload = NULL;
    scene->last.payload_length = 0;
    arrive(scene, false, out, length);
    length = stream_send(scene->stream, out);
    if (length)
        stream_receive(scene->peer, out, length, scene->now_ns);
}

static void report(struct stream *from, struct stream *to, int64_t now_ns)
{
    uint8_t out[STREAM_PACKET_MAX];
    size_t length = stream_rtcp_send(from, now_ns, now_ns + UTC, now_ns, false, out);
    ALWAYS(length > 0 && length <= sizeof out);
    stream_rtcp_receive(to, out, length, now_ns, now_ns + UTC);
}

/* What is told is a number, and nothing is counted below zero (but for loss: RFC 3550 A.3). */
static void close_second(struct scene *scene)
{
    struct event_second seconds[2];
    struct stream_digit digit;
    stream_second(scene->stream, scene->now_ns, seconds);
    for (unsigned d = 0; d < 2; d++)
        for (unsigned r = 0; r < READING_COUNT; r++)
            if (second_knows(&seconds[d], (enum reading)r)) {
                ALWAYS(isfinite(seconds[d].value[r]));
                ALWAYS(fabs(seconds[d].value[r]) < 1e15);
            }
    static const enum reading scales[] = {READING_MOS, READING_MOS_CQ};
    for (unsigned i = 0; i < 2; i++)
        ALWAYS(!second_knows(&seconds[1], scales[i]) ||
               (seconds[1].value[scales[i]] >= 1 && seconds[1].value[scales[i]] <= 5));
    while (stream_digit(scene->stream, scene->now_ns, &digit))
        ALWAYS(digit.digit && digit.duration_ms >= 0);
}

/* Every codec but this one may come beside it. */
static void allow_others(struct stream_config *config, unsigned which)
{
    config->other_count = 0;
    for (unsigned i = 0; i < 4; i++)
        if (i != which)
            config->others[config->other_count++] =
                (struct codec_format){codec_find(names[i]), (uint8_t)(96 + i)};
}

/* alone: the peer changes its codec without a word. */
static void change(struct scene *scene, const struct frames *const frames[4], unsigned which,
                   bool alone)
{
    if (scene->config.other_count)
        allow_others(&scene->config, which);
    scene->config.codec = codec_find(names[which]);
    scene->config.payload_type = scene->config.receive_payload_type = (uint8_t)(96 + which);
    scene->config.frames = frames[which];
    stream_update(scene->peer, &scene->config);
    if (!alone)
        stream_update(scene->stream, &scene->config);
}

static void play(struct scene *scene, const struct frames *const frames[4], struct input *input)
{
    while (input->length >= 2) {
        scene->now_ns += take(input) * MS;
        uint8_t what = take(input);
        switch (what & 7) {
        case 0:
        case 1:
            foreign(scene, input, what & 1);
            break;
        case 2:
            crafted(scene, input);
            break;
        case 3:
            proper(scene, what);
            break;
        case 4:
            report(scene->peer, scene->stream, scene->now_ns);
            break;
        case 5:
            report(scene->stream, scene->peer, scene->now_ns);
            break;
        case 6:
            close_second(scene);
            break;
        default:
            change(scene, frames, what >> 3 & 3, what & 32);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct arena *arena;
    static const struct frames *frames[4];
    if (!arena) {
        struct codec_params params = {.ptime_ms = 20};
        arena = arena_new();
        for (unsigned i = 0; i < 4; i++)
            frames[i] = frames_new(arena, &audio_usual, codec_find(names[i]), &params, NULL);
    }
    struct input input = {bytes, length};
    uint8_t how = take(&input);
    struct scene scene = {.now_ns = 1000 * MS};
    scene.config = (struct stream_config){.codec = codec_find(names[how & 3]),
                                          .frames = frames[how & 3],
                                          .payload_type = 96 + (how & 3),
                                          .receive_payload_type = 96 + (how & 3),
                                          .events_payload_type = 101,
                                          .send_events_payload_type = 101,
                                          .noise_payload_type = 13,
                                          .ptime_ms = 20,
                                          .cname = "fuzz",
                                          .rtcp_interval_ns = 1000 * MS,
                                          .extended_reports = how & 16,
                                          .decode = how & 8 ? DECODE_FULL : DECODE_NONE,
                                          .seed = 1};
    if (how & 32)
        allow_others(&scene.config, how & 3);
    scene.peer = stream_new(&scene.config, scene.now_ns);
    if (how & 4)
        scene.config.frames = NULL;
    scene.config.seed = 2;
    scene.stream = stream_new(&scene.config, scene.now_ns);
    play(&scene, frames, &input);
    close_second(&scene);
    struct stream_totals totals;
    stream_totals(scene.stream, &totals);
    ALWAYS((int64_t)(totals.packets_expected - totals.packets_received) == totals.packets_lost);
    stream_free(scene.stream);
    stream_free(scene.peer);
    return 0;
}
