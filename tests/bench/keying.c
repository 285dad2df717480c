/*
 * Prints the CPU time of protecting and unprotecting a packet of 160 bytes, in a release build:
 *
 *   ninja -C build/release bench_keying && build/release/tests/bench_keying [PAIRS...]    64 4096
 *
 * A pair is both ends of a stream. The figures of a machine vary between runs: compare those of
 * one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cmtest/arena.h"
#include "cmtest/keying.h"

#define PACKETS 400000
#define PAYLOAD_BYTES 160

extern const struct keying keying_sdes;

struct pair {
    struct keying_state *from, *to;
    uint8_t bytes[12 + PAYLOAD_BYTES + SUITE_TRAILER_MAX];
    size_t length;
};

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static long resident_kb(void)
{
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return resident * 4;
}

static void open_pairs(struct pair *pairs, size_t count, const struct suite *suite)
{
    for (size_t i = 0; i < count; i++) {
        struct keying_config config = {.row = &keying_sdes};
        keying_secret_new(&config.local, suite);
        config.remote = config.local;
        pairs[i].from = keying_new(&config, 0);
        pairs[i].to = keying_new(&config, 0);
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

static void measure(size_t count, const struct suite *suite)
{
    struct pair *pairs = mem_array(count, sizeof *pairs);
    unsigned rounds = (unsigned)(PACKETS / count), wrong = 0;
    double protect = 0, unprotect = 0, begin = cpu_ns();
    long before = resident_kb();
    open_pairs(pairs, count, suite);
    double create = (cpu_ns() - begin) / (double)count;
    for (unsigned round = 0; round < rounds; round++) {
        write_packets(pairs, count, round);
        begin = cpu_ns();
        for (size_t i = 0; i < count; i++)
            wrong += keying_protect(pairs[i].from, false, pairs[i].bytes, &pairs[i].length,
                                    sizeof pairs[i].bytes) != KEYING_OK;
        double middle = cpu_ns();
        for (size_t i = 0; i < count; i++)
            wrong += keying_unprotect(pairs[i].to, false, pairs[i].bytes, &pairs[i].length, 0) !=
                     KEYING_OK;
        protect += middle - begin;
        unprotect += cpu_ns() - middle;
    }
    double packets = (double)rounds * (double)count;
    printf("%-24s %6zu pairs: protect %5.0f ns, unprotect %5.0f ns, make %4.1f us, %5.1f kB%s\n",
           suite->name, count, protect / packets, unprotect / packets, create / 1e3,
           (double)(resident_kb() - before) / (double)count, wrong ? ", WRONG" : "");
    for (size_t i = 0; i < count; i++) {
        keying_free(pairs[i].from);
        keying_free(pairs[i].to);
    }
    free(pairs);
}

int main(int argc, char **argv)
{
    const char *const usual[] = {"64", "4096"};
    size_t count = argc > 1 ? (size_t)argc - 1 : 2;
    for (size_t i = 0; i < count; i++) {
        long pairs = strtol(argc > 1 ? argv[i + 1] : usual[i], NULL, 10);
        for (size_t j = 0; suites[j] && pairs > 0 && pairs <= PACKETS; j++)
            measure((size_t)pairs, suites[j]);
    }
    return 0;
}
