/*
 * Prints the CPU time of protecting and unprotecting a packet of 160 bytes, in a release build:
 *
 *   ninja -C build/release bench_keying && build/release/tests/bench_keying [SUITE] [PAIRS...]
 *
 * A pair is the keys of both directions, as one end of a stream has them; what it protects it
 * unprotects itself. "in turns" is what both cost together where each packet goes
 * through a socket in between, as in a run: what the kernel does there takes the caches. The
 * figures of a machine vary between runs: compare those of one.
 */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <malloc.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cmtest/arena.h"
#include "cmtest/keying.h"

#define PACKETS 400000
#define TURNS 60000
#define PAYLOAD_BYTES 160

extern const struct keying keying_sdes;

struct pair {
    struct keying_state *state;
    uint8_t bytes[12 + PAYLOAD_BYTES + SUITE_TRAILER_MAX];
    size_t length;
};

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double taken_kb(void)
{
    struct mallinfo2 info = mallinfo2();
    return (double)(info.uordblks + info.hblkhd) / 1e3;
}

static void open_pairs(struct pair *pairs, size_t count, const struct suite *suite)
{
    for (size_t i = 0; i < count; i++) {
        struct keying_config config = {.row = &keying_sdes};
        keying_secret_new(&config.local, suite);
        config.remote = config.local;
        pairs[i].state = keying_new(&config, 0);
    }
}

static void write_packets(struct pair *pairs, size_t count, unsigned sequence)
{
    for (size_t i = 0; i < count; i++) {
        const uint8_t head[12] = {
            0x80, 8, (uint8_t)(sequence >> 8), (uint8_t)sequence, 0, 0, 0, 0, 1, 2, 3, 4};
        memcpy(pairs[i].bytes, head, sizeof head);
        pairs[i].length = sizeof head + PAYLOAD_BYTES;
    }
}

/* A socket that hears itself; -1: none. */
static int open_echo(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd >= 0 && (bind(fd, (struct sockaddr *)&address, length) ||
                    getsockname(fd, (struct sockaddr *)&address, &length) ||
                    connect(fd, (struct sockaddr *)&address, length))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* As the media thread does for the streams behind the one whose turn it is. */
static void fetch(const struct pair *pairs, size_t count, size_t at)
{
    for (size_t i = at + 1; i < count && i <= at + 2; i++)
        keying_fetch(pairs[i].state, i == at + 1);
}

/* CPU time of a round in which each pair's packet goes through the socket. */
static double take_turns(struct pair *pairs, size_t count, int fd, bool secure)
{
    unsigned wrong = 0;
    double begin = cpu_ns();
    for (size_t i = 0; i < count; i++) {
        struct pair *pair = &pairs[i];
        if (secure)
            fetch(pairs, count, i);
        if (secure)
            wrong += keying_protect(pair->state, false, pair->bytes, &pair->length,
                                    sizeof pair->bytes) != KEYING_OK;
        wrong += send(fd, pair->bytes, pair->length, 0) != (ssize_t)pair->length;
        wrong += recv(fd, pair->bytes, sizeof pair->bytes, 0) != (ssize_t)pair->length;
        if (secure)
            wrong +=
                keying_unprotect(pair->state, false, pair->bytes, &pair->length, 0) != KEYING_OK;
    }
    if (wrong)
        printf("%u packets went WRONG\n", wrong);
    return cpu_ns() - begin;
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

/* ns that both ends of one packet add to its way through the socket: of the best rounds with and
 * without them, for other processes only add. */
static double measure_turns(struct pair *pairs, size_t count, unsigned sequence)
{
    unsigned rounds = (unsigned)(TURNS / count);
    double with = DBL_MAX, without = DBL_MAX;
    int fd = open_echo();
    for (unsigned round = 0; round < rounds && fd >= 0; round++) {
        write_packets(pairs, count, sequence + round);
        with = lesser(with, take_turns(pairs, count, fd, true));
        without = lesser(without, take_turns(pairs, count, fd, false));
    }
    if (fd >= 0)
        close(fd);
    return rounds ? (with - without) / (double)count : 0;
}

static void measure(size_t count, const struct suite *suite)
{
    struct pair *pairs = mem_array(count, sizeof *pairs);
    unsigned rounds = (unsigned)(PACKETS / count), wrong = 0;
    double protect = 0, unprotect = 0, begin = cpu_ns();
    double before = taken_kb();
    open_pairs(pairs, count, suite);
    double create = (cpu_ns() - begin) / (double)count;
    for (unsigned round = 0; round < rounds; round++) {
        write_packets(pairs, count, round);
        begin = cpu_ns();
        for (size_t i = 0; i < count; i++)
            wrong += keying_protect(pairs[i].state, false, pairs[i].bytes, &pairs[i].length,
                                    sizeof pairs[i].bytes) != KEYING_OK;
        double middle = cpu_ns();
        for (size_t i = 0; i < count; i++)
            wrong += keying_unprotect(pairs[i].state, false, pairs[i].bytes, &pairs[i].length, 0) !=
                     KEYING_OK;
        protect += middle - begin;
        unprotect += cpu_ns() - middle;
    }
    double turns = measure_turns(pairs, count, rounds);
    double taken = taken_kb() - before;
    double packets = (double)rounds * (double)count;
    printf("%-24s %6zu pairs: protect %5.0f ns, unprotect %5.0f ns, in turns %5.0f ns, make %4.1f "
           "us, %5.1f kB%s\n",
           suite->name, count, protect / packets, unprotect / packets, turns, create / 1e3,
           taken / (double)count, wrong ? ", WRONG" : "");
    for (size_t i = 0; i < count; i++) {
        keying_free(pairs[i].state);
    }
    free(pairs);
}

int main(int argc, char **argv)
{
    const char *const usual[] = {"64", "4096"};
    const struct suite *only = argc > 1 ? suite_find(argv[1]) : NULL;
    char **given = argv + (only ? 2 : 1);
    int given_count = argc - (only ? 2 : 1);
    for (int i = 0; i < (given_count ? given_count : 2); i++) {
        long pairs = strtol(given_count ? given[i] : usual[i], NULL, 10);
        for (size_t j = 0; suites[j] && pairs > 0 && pairs <= TURNS; j++) {
            if (!only || only == suites[j])
                measure((size_t)pairs, suites[j]);
        }
    }
    return 0;
}
