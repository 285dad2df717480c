/*
 * mutate: hostile variants of a valid packet, the same ones in every run. Each lies in heap memory
 * of just its size, so that AddressSanitizer sees the first byte read behind it.
 */
#ifndef TESTS_MEDIA_MUTATE_H
#define TESTS_MEDIA_MUTATE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/random.h"

#define MUTATIONS 10000

static inline uint8_t mutate_byte(struct random *random)
{
    static const uint8_t edges[] = {0x00, 0xff, 0x7f, 0x80, 0x01, '\n', ' ', ':', '9'};

    if (random_below(random, 2) == 0)
        return edges[random_below(random, sizeof edges)];
    return (uint8_t)random_next(random);
}

/* Flips bits, sets bytes, cuts, doubles and inserts, one to eight times. Free the result. */
static inline uint8_t *mutate(struct random *random, const void *bytes, size_t length,
                              size_t *mutated)
{
    uint8_t work[8192];
    size_t size = length < sizeof work / 2 ? length : sizeof work / 2;

    memcpy(work, bytes, size);
    for (uint64_t times = 1 + random_below(random, 8); times > 0; times--) {
        size_t at = size ? random_below(random, size) : 0;
        size_t run = size ? random_below(random, size - at) + 1 : 0;

        switch (size ? random_below(random, 5) : 3) {
        case 0:
            work[at] ^= (uint8_t)(1u << random_below(random, 8));
            break;
        case 1:
            work[at] = mutate_byte(random);
            break;
        case 2:
            memmove(work + at, work + at + run, size - at - run);
            size -= run;
            break;
        case 3:
            if (size < sizeof work) {
                memmove(work + at + 1, work + at, size - at);
                work[at] = mutate_byte(random);
                size++;
            }
            break;
        default:
            run = run < sizeof work - size ? run : sizeof work - size;
            memmove(work + at + run, work + at, size - at);
            size += run;
        }
    }
    uint8_t *exact = mem_alloc(size);
    memcpy(exact, work, size);
    *mutated = size;
    return exact;
}

#endif
