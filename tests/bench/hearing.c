/*
 * Prints the CPU time of receiving a packet of 20 ms, not decoded and decoded, in ns, in a release
 * build; and the memory of a stream, which cannot be seen from outside, as the growth by many:
 *
 *   ninja -C build/release bench_hearing && build/release/tests/bench_hearing
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <malloc.h>
#include <unistd.h>
#include "cmtest/arena.h"
#include "cmtest/stream.h"

#define PACKETS 20000
#define STREAMS 200
#define PTIME_MS 20
#define MS INT64_C(1000000)

static int64_t processor_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static struct stream_config config_of(struct arena *arena, const struct codec *codec,
                                      enum stream_decode decode)
{
    struct codec_params params = codec->usual;
    params.ptime_ms = PTIME_MS;
    return (struct stream_config){
        .codec = codec,
        .frames = frames_new(arena, &audio_usual, codec, &params, NULL),
        .payload_type = 96,
        .receive_payload_type = 96,
        .ptime_ms = PTIME_MS,
        .cname = "bench",
        .rtcp_interval_ns = 1000 * MS,
        .decode = decode,
        .seed = 1,
    };
}

static double measure(const struct codec *codec, enum stream_decode decode)
{
    struct arena *arena = arena_new();
    struct stream_config config = config_of(arena, codec, decode);
    struct stream *from = stream_new(&config, MS), *to = stream_new(&config, MS);
    uint8_t bytes[STREAM_PACKET_MAX];
    int64_t spent = 0;

    for (int64_t i = 0; i < PACKETS; i++) {
        size_t length = stream_send(from, bytes);
        int64_t before = processor_ns();
        if (length)
            stream_receive(to, bytes, length, (i + 1) * PTIME_MS * MS);
        spent += processor_ns() - before;
    }
    stream_free(from);
    stream_free(to);
    arena_free(arena);
    return (double)spent / PACKETS;
}

static long resident_bytes(void)
{
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

static double size_of(const struct codec *codec, enum stream_decode decode)
{
    struct arena *arena = arena_new();
    struct stream_config config = config_of(arena, codec, decode);
    static struct stream *streams[STREAMS];
    uint8_t bytes[STREAM_PACKET_MAX];
    struct stream *from = stream_new(&config, MS);
    long before = resident_bytes();

    for (int i = 0; i < STREAMS; i++)
        streams[i] = stream_new(&config, MS);
    for (int64_t i = 0; i < 50; i++) {
        size_t length = stream_send(from, bytes);
        for (int k = 0; length && k < STREAMS; k++)
            stream_receive(streams[k], bytes, length, (i + 1) * PTIME_MS * MS);
    }
    double each = (double)(resident_bytes() - before) / STREAMS;
    for (int i = 0; i < STREAMS; i++)
        stream_free(streams[i]);
    stream_free(from);
    arena_free(arena);
    malloc_trim(0);
    return each;
}

int main(void)
{
    static const char *const names[] = {"pcmu", "pcma", "g722", "opus"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct codec *codec = codec_find(names[i]);
        printf("%-5s %6.0f %6.0f ns a packet, %6.0f %6.0f bytes a stream\n", names[i],
               measure(codec, DECODE_NONE), measure(codec, DECODE_FULL),
               size_of(codec, DECODE_NONE), size_of(codec, DECODE_FULL));
    }
    return EXIT_SUCCESS;
}
